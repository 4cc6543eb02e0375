"""What the Models page writes on a card: scores beside their baselines, and the facts, as HTML.

Cards may come from strangers, so every text is escaped here. No streamlit: strings in, strings out.
"""

import math
from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from latentlab.checkpoints import Checkpoint, ModelCard, Score

MODEL, BASELINE, TIE = "model", "baseline", "tie"
Row = dict[str, str | float | None]


def winner(score: "Score") -> Literal["model", "baseline", "tie"] | None:
    """Who is better, the model or the method that it has to beat; None where nothing is compared.

    A draw is a draw in the four digits that are shown.
    """
    if (
        score.baseline is None
        or not math.isfinite(score.value)
        or not math.isfinite(score.baseline)
    ):
        return None
    if number(score.value, score.unit) == number(score.baseline, score.unit):
        return "tie"
    return "model" if (score.value > score.baseline) == score.higher_is_better else "baseline"


def number(value: float, unit: str) -> str:
    """A score as text: four digits, a share in per cent, a dash for what is no number."""
    if not math.isfinite(value):
        return "–"
    if unit == "share":
        return f"{100 * value:.1f} %"
    return f"{value:#.4g}".rstrip(".") + (f" {unit}" if unit else "")


def lines(found: "Iterable[tuple[str, str]]") -> str:
    """What a network for sequences or text makes of a few examples: a title and a text a row."""
    rows = "".join(f"<dt>{escape(title)}</dt><dd>{escape(text)}</dd>" for title, text in found)
    return f"<dl class='lines'>{rows}</dl>"


def score_rows(scores: "Iterable[Score]") -> str:
    """Table of a card's scores, one a row, the better of model and baseline marked."""
    body = "".join(_score_row(score) for score in scores)
    head = "<thead><tr><td></td><th scope='col'>model</th><th scope='col'>to beat</th></tr></thead>"
    return f"<figure class='scores'><table>{head}<tbody>{body}</tbody></table></figure>"


def _score_row(score: "Score") -> str:
    arrow, words = ("↑", "higher") if score.higher_is_better else ("↓", "lower")
    best = winner(score)
    baseline = "<td>–</td>"
    if score.baseline is not None:
        method = f"<small>{escape(score.baseline_name or '')}</small>"
        baseline = _cell(
            escape(number(score.baseline, score.unit)) + method, best in (BASELINE, TIE)
        )
    model = _cell(escape(number(score.value, score.unit)), best in (MODEL, TIE))
    return (
        f"<tr><th scope='row'>{escape(score.name)} <span title='{words} is better'>{arrow}</span>"
        f"</th>{model}{baseline}</tr>"
    )


def _cell(text: str, best: bool) -> str:
    return f"<td class='best'><em>best</em> {text}</td>" if best else f"<td>{text}</td>"


def heading(checkpoint: "Checkpoint") -> str:
    """Name of a model, the size of its code, and its one line."""
    card = checkpoint.card
    code = "" if card.k is None else f" <span>k = {card.k}</span>"
    return (
        f"<div class='model'><h2>{escape(checkpoint.card.title)}{code}</h2>"
        f"<code>{escape(checkpoint.name)}</code><p>{escape(checkpoint.card.summary)}</p></div>"
    )


def facts(checkpoint: "Checkpoint") -> str:
    """Parameters, file size, training time, licence and credit of a model."""
    card = checkpoint.card
    minutes = f"{max(1, round(card.seconds / 60))} min of training"
    values = (f"{card.parameters:,} parameters", f"{checkpoint.size / 1e6:.1f} MB", minutes)
    return (
        f"<p class='facts'>{'<span>·</span>'.join(values)}</p>"
        f"<p class='credit'>Licence: {escape(card.licence)}. {escape(card.credit)}.</p>"
    )


def table(cards: "Mapping[str, ModelCard]") -> list[Row]:
    """Every score of every card as a row of plain values, for a table or a file."""
    return [
        {
            "model": name,
            "score": score.name,
            "value": score.value,
            "to beat": score.baseline,
            "winner": winner(score),
            "which is": score.baseline_name,
            "unit": score.unit,
            "better": "higher" if score.higher_is_better else "lower",
            "data": card.data,
        }
        for name, card in cards.items()
        for score in card.scores
    ]


def to_csv(rows: list[Row]) -> bytes:
    """Rows of ``table`` as a CSV file: UTF-8 after the byte order mark that spreadsheets need."""
    import csv
    import io

    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else ["model"])
    writer.writeheader()
    writer.writerows({key: _defused(value) for key, value in row.items()} for row in rows)
    return file.getvalue().encode("utf-8-sig")


def _defused(value: str | float | None) -> str | float | None:
    # A spreadsheet runs what begins like a formula, and a card may come from a stranger.
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value
