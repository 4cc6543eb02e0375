"""Figures of the Domain adaptation page: digits before and after, tables, curves over shares."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from latentlab.experiments import Result
    from latentlab.tasks.adaptation import Readers, Score, Survey, Try

COLOURS = {
    "source": CLASS_COLOURS[7],
    "plain": CLASS_COLOURS[1],
    "mmd": CLASS_COLOURS[0],
    "dann": CLASS_COLOURS[6],
    "drcn": CLASS_COLOURS[8],
    "im": CLASS_COLOURS[4],
    "oracle": CLASS_COLOURS[2],
}


def show(html: str) -> None:
    """Draw HTML that this module made."""
    import streamlit as st

    st.html(html)


def _table(head: str, rows: str) -> str:
    """Return a table that scrolls by itself, also by keys, where a screen is narrow."""
    return (
        "<div class='wide' tabindex=0 role=region aria-label='Table'><table class='domains'>"
        f"<thead>{head}</thead><tbody>{rows}</tbody></table></div>"
    )


# --- the workshop --------------------------------------------------------------------------------


def before_and_after(seen: "Survey") -> str:
    """Return digits of source and target, one above the other, with what each is taken for."""
    cells = []
    for before, after, said, truth in zip(
        seen.before, seen.after, seen.said.tolist(), seen.truth.tolist(), strict=True
    ):
        right = said == truth
        cells.append(
            f"<figure>{_picture(before, f'{truth} of the source')}"
            f"{_picture(after, f'{truth} of the target')}"
            f"<figcaption class={'right' if right else 'wrong'}>read as {said}"
            f"{'' if right else ' ✗'}</figcaption></figure>"
        )
    return f"<div class='shifted'>{''.join(cells)}</div>"


def _picture(pixels: "object", alt: str) -> str:
    import io

    from PIL import Image

    held = io.BytesIO()
    Image.fromarray(pixels).save(held, "PNG")  # type: ignore[arg-type]
    data = base64.b64encode(held.getvalue()).decode()
    return f"<img src='data:image/png;base64,{data}' alt='{escape(alt)}' width=28 height=28>"


def readers_sentence(seen: "Survey", target: str) -> str:
    """Return what the classifier reads before and after."""
    return (
        f"Of {seen.count} digits the classifier reads **{seen.source.classifier:.0%}** in its own"
        f" domain, and **{seen.target.classifier:.0%}** in the target ({target})."
    ).replace("%", " %")


def readers_table(seen: "Survey") -> str:
    """Return how many digits each reader reads, in source and target."""
    titles = {
        "classifier": "Classifier, source only",
        "standardised": "Classifier, features standardised",
        "neighbours": "5 nearest pictures of 1,700",
    }

    def cell(readers: "Readers", name: str) -> str:
        return f"<td>{100 * getattr(readers, name):.1f}</td>"

    rows = "".join(
        f"<tr><td>{title}</td>{cell(seen.source, name)}{cell(seen.target, name)}</tr>"
        for name, title in titles.items()
    )
    head = "<tr><th>read rightly, %</th><th>source</th><th>target</th></tr>"
    return _table(head, rows)


def parts_table(parts: Mapping[str, float]) -> str:
    """Return how the classifier reads under each part of a shift alone, the worst first."""
    from latentlab.tasks.adaptation import SHIFTS

    rows = "".join(
        f"<tr><td>{SHIFTS[name]}</td><td>{100 * value:.1f}</td></tr>"
        for name, value in sorted(parts.items(), key=lambda part: part[1])
    )
    return _table("", rows)


def ladder_table(found: Mapping[str, Sequence[float]]) -> str:
    """Return accuracies under single shifts, one row a shift."""
    from latentlab.tasks.adaptation import LADDER, SHIFTS

    rows = []
    for name, values in found.items():
        cells = "".join(
            f"<td>{100 * value:.1f} <small>{escape(_setting(getattr(step, name)))}</small></td>"
            for value, step in zip(values, LADDER[name], strict=True)
        )
        rows.append(f"<tr><td>{SHIFTS[name]}</td>{cells}{'<td></td>' * (3 - len(values))}</tr>")
    head = "<tr><th>one shift alone</th><th colspan=3>read rightly, %, and how strong</th></tr>"
    return _table(head, "".join(rows))


def _setting(value: object) -> str:
    if value is True:
        return "inverted"
    return f"{value:g}".replace("-", "−") if isinstance(value, int | float) else str(value)


# --- experiments ---------------------------------------------------------------------------------


def scores_table(rows: "Sequence[Score]", beside: "Sequence[Score] | None", seeds: int) -> str:
    """Return what every method scored on a pair; ``beside``: stretched, where rows are framed."""
    best = max((r.target for r in rows if r.method != "oracle"), default=0)
    other = {row.method: row for row in beside or ()}
    body = []
    for row in rows:
        colour = BASELINE if row.classical else COLOURS[row.method]
        spread = "" if row.spread is None else f" <small>± {row.spread:.1f}</small>"
        more = f"<td>{other[row.method].target:.1f}</td>" if other else ""
        mark = " class=best" if row.target == best else ""
        body.append(
            f"<tr{mark}><td><i style='background:{colour}'></i>{escape(row.title)}</td>"
            f"<td>{row.target:.1f}{spread}</td>{more}<td>{row.source:.1f}</td>"
            f"<td>{row.domains:.1f}</td></tr>"
        )
    more = "<th>stretched</th>" if other else ""
    head = (
        f"<tr><th>{seeds} seeds</th><th>{'framed' if other else 'target'}, %</th>{more}"
        "<th>source, %</th><th>domains’ error, %</th></tr>"
    )
    return _table(head, "".join(body))


def tries_table(rows: "Sequence[Try]") -> str:
    """Return what was tried, as it is ordered, with what the rule sees and what it does not."""
    body = "".join(
        f"<tr{' class=best' if row.taken else ''}><td>{escape(row.name)}</td>"
        f"<td>{row.told:.2f}</td><td>{row.source:.1f}</td><td>{row.domains:.1f}</td>"
        f"<td>{row.target:.1f}</td></tr>"
        for row in rows
    )
    head = (
        "<tr><th>tried</th><th>told, nats</th><th>source, %</th><th>domains’ error, %</th>"
        "<th>target, %: unseen by the rule</th></tr>"
    )
    return _table(head, body)


def published_table(rows: Sequence[tuple[str, str, str]]) -> str:
    """Return MNIST → USPS as printed."""
    body = "".join(
        f"<tr><td>{escape(title)}</td><td>{escape(value)}</td><td>{escape(where)}</td></tr>"
        for title, value, where in rows
    )
    head = "<tr><th>MNIST → USPS in print</th><th>target, %</th><th>protocol</th></tr>"
    return _table(head, body)


def legend(methods: Sequence[str]) -> str:
    """Return what the colours of methods mean, in one line."""
    from latentlab.experiments.adapting import METHODS

    parts = (
        f"<span><i style='background:{COLOURS[method]}'></i>{escape(METHODS[method])}</span>"
        for method in methods
    )
    return f"<p class='legend'>{''.join(parts)}</p>"


def over_shares(result: "Result", measure: str, height: int) -> "Figure":
    """Return a measure over the share of the first five digits, one line a method."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for curve in result.group(measure):
        method = curve.line.name.split(".")[0]
        spread = curve.spread
        figure.add_scatter(
            x=list(curve.x),
            y=list(curve.mean),
            error_y=None if spread is None else {"array": list(spread), "thickness": 1.5},
            name=curve.line.label,
            mode="lines+markers",
            line={"color": COLOURS[method], "width": 3},
            marker={"size": 9},
            hovertemplate=f"{escape(curve.line.label)}<br>%{{x}} %: %{{y:.1f}} %<extra></extra>",
        )
    lay_out(figure, height=height, x="digits 0 to 4 in the target, %", y="%", legend=False)
    figure.update_xaxes(tickvals=[50, 70, 90, 100])
    figure.update_yaxes(range=[40, 101] if measure == "target" else [0, 55])
    return figure
