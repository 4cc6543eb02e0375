"""Figures of the Attention page: weights, positions, masks, guesses, alignments, two layers."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import ACCENT, BASELINE, CLASS_COLOURS, DIVERGING, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from latentlab.checkpoints import Score
    from latentlab.data.text.spoken import SpokenWord
    from latentlab.tasks.attention import (
        Classed,
        Guess,
        NextLetter,
        OneHot,
        Places,
        Sharpness,
        Shuffled,
        Spoken,
        Trained,
    )

PLAIN, SCALED = CLASS_COLOURS[6], ACCENT
WAYS = {"without": PLAIN, "with 1/√d": SCALED}
PLACED = {"with positions": SCALED, "without": PLAIN}
LETTERS = {"network": SCALED, "bigram": BASELINE}
CLASSES = {"network": SCALED, "bag of words": BASELINE}
LAYERS = {
    "linear on one-hot": PLAIN,
    "embedding": SCALED,
    "embedding, sparse gradients": BASELINE,
}


def key(colours: Mapping[str, str]) -> str:
    """Return which colour means what; a figure's own legend would lie on itself in a hall."""
    entries = "".join(
        f"<span><i style='background:{colour}'></i>{escape(name)}</span>"
        for name, colour in colours.items()
    )
    return f"<p class=key>{entries}</p>"


# --- scale -------------------------------------------------------------------------------------


def two_softmaxes(found: "Sharpness") -> "Figure":
    """Return the weights of one query, the largest first, without and with the scale."""
    import plotly.graph_objects as go

    figure = go.Figure()
    keys = [str(n + 1) for n in range(len(found.plain))]
    for name, weights, colour in (
        ("without", found.plain, PLAIN),
        ("with 1/√d", found.scaled, SCALED),
    ):
        figure.add_bar(
            x=keys,
            y=weights.tolist(),
            name=name,
            marker={"color": colour},
            hovertemplate="%{y:.3f}<extra></extra>",
        )
    lay_out(
        figure,
        height=270,
        x="keys, the largest weight first",
        y="weight",
        legend=False,
    )
    figure.update_yaxes(range=[0, 1])
    return figure


def over_widths(every: "Mapping[int, Sharpness]", width: int) -> "Figure":
    """Return the mean entropy over widths, without and with the scale, one width marked."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_vline(x=width, line={"width": 14, "color": "rgba(91,110,225,0.22)"})
    for place, (name, colour) in enumerate((("without", PLAIN), ("with 1/√d", SCALED))):
        figure.add_scatter(
            x=list(every),
            y=[found.entropies[place] for found in every.values()],
            name=name,
            mode="lines+markers",
            line={"color": colour, "width": 3},
            marker={"size": 9, "symbol": ("x", "circle")[place]},
            hovertemplate="d = %{x}<br>%{y:.2f} nats<extra></extra>",
        )
    lay_out(figure, height=270, x="d, numbers in a query", y="entropy, nats", legend=False)
    figure.update_xaxes(type="log", tickvals=list(every), ticktext=[str(n) for n in every])
    figure.update_yaxes(rangemode="tozero")
    return figure


# --- positions ---------------------------------------------------------------------------------


def vectors(found: "Places") -> "Figure":
    """Return what is added at each position, as a picture."""
    return _picture(found.vectors.tolist(), "number of the vector", "position", "what is added")


def alike(found: "Places") -> "Figure":
    """Return the cosine between every two positions."""
    return _picture(found.products.tolist(), "position", "position", "how alike two positions are")


def _picture(rows: list[list[float]], x: str, y: str, title: str) -> "Figure":
    import plotly.graph_objects as go

    most = max(abs(value) for row in rows for value in row) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=rows,
            zmin=-most,
            zmax=most,
            colorscale=DIVERGING,
            showscale=False,
            hovertemplate=f"{y} %{{y}}, {x} %{{x}}: %{{z:.2f}}<extra></extra>",
        )
    )
    lay_out(figure, height=270, x=x, y=y, legend=False)
    figure.update_layout(title={"text": title, "font": {"size": 16}}, margin={"t": 36})
    figure.update_yaxes(autorange="reversed")
    return figure


def moved(found: "Shuffled") -> "Figure":
    """Return how far the code of each word moves when the words are shuffled."""
    import plotly.graph_objects as go

    # Numbered: a word may be there twice, and an axis of names would draw it once.
    names = [f"{n + 1}. {word}" for n, word in enumerate(found.order)]
    figure = go.Figure()
    for name, values, colour in (
        ("with positions", found.placed, SCALED),
        ("without", found.unplaced, PLAIN),
    ):
        figure.add_bar(
            x=[100 * value for value in values],
            y=[escape(each) for each in names],
            name=name,
            orientation="h",
            marker={"color": colour},
            hovertemplate="%{x:.3g} %<extra></extra>",
        )
    lay_out(figure, height=270, legend=False)
    figure.update_layout(
        title={"text": "how much a word’s code changes, %", "font": {"size": 16}},
        margin={"t": 36},
    )
    figure.update_yaxes(autorange="reversed")
    return figure


def without_positions(rows: Sequence[tuple[str, float, float, str]]) -> str:
    """Return losses with and without positions as an HTML table: (title, with, without, unit)."""
    body = "".join(
        f"<tr><th scope=row>{escape(title)}</th><td class=best>{placed:.2f}</td>"
        f"<td>{bare:.2f}</td><td>{escape(unit)}</td></tr>"
        for title, placed, bare, unit in rows
    )
    return (
        "<div class=wide tabindex=0><table class=worth><thead><tr><td></td><th scope=col>with"
        "</th><th scope=col>without</th><td></td></tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


# --- three architectures -----------------------------------------------------------------------


def mask(names: Sequence[str], kind: str) -> str:
    """Return who may look at whom as an HTML table: "full" or "causal"."""
    rows = []
    for i, name in enumerate(names):
        cells = "".join(
            f"<td{' class=sees' if kind == 'full' or j <= i else ''}></td>"
            for j in range(len(names))
        )
        rows.append(f"<tr><th dir=auto>{escape(name)}</th>{cells}</tr>")
    sees = "every word" if kind == "full" else "itself and the past"
    return (
        f"<table class=sight role=img aria-label='Each word sees {sees}.'>"
        f"<tbody>{''.join(rows)}</tbody></table><p class=legend>Each word (row) sees {sees}.</p>"
    )


def guesses(found: "Sequence[Guess]", true: str = "") -> str:
    """Return guesses as bars; the one that is right is marked."""
    rows = "".join(
        f"<tr{' class=best' if one.token == true else ''}><th dir=auto>{escape(one.token)}</th>"
        f"<td><i style='width:{100 * one.chance:.1f}%'></i></td><td>{one.chance:.1%}</td></tr>"
        for one in found
    )
    return f"<table class=guesses><tbody>{rows}</tbody></table>"


def classes(found: "Classed") -> str:
    """Return the chance of each class, by the network and by a bag of words, as an HTML table."""
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th>"
        f"<td><i style='width:{100 * network:.1f}%'></i>"
        f"<i class=counted style='width:{100 * words:.1f}%'></i></td>"
        f"<td>{network:.1%}<small>{words:.1%}</small></td></tr>"
        for name, network, words in zip(found.classes, found.network, found.words, strict=True)
    )
    return f"<table class='guesses letters classes'><tbody>{rows}</tbody></table>"


def alignment(spoken: "Spoken", layer: int) -> str:
    """Return cross-attention of one layer, the mean over its heads, as an HTML table."""
    weights = spoken.weights[layer].mean(0).tolist()
    head = "".join(f"<th scope=col>{escape(letter)}</th>" for letter in spoken.letters)
    rows = "".join(
        f"<tr><th scope=row>{escape(sound)}</th>"
        + "".join(f"<td style='--w:{weight:.3f}' title='{weight:.2f}'></td>" for weight in row)
        + "</tr>"
        for sound, row in zip(spoken.sounds, weights, strict=True)
    )
    return (
        "<div class=wide tabindex=0><table class=alignment>"
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def spoken(sounds: Sequence[str], known: "SpokenWord | None") -> str:
    """Return how network, dictionary and counts speak a word, as an HTML table.

    Where the dictionary is known, a mark says who agrees with one of its ways to speak the word.
    """
    rows: list[tuple[str, Sequence[str], bool]] = [("network", sounds, True)]
    if known is not None:
        rows.append(("n-grams", known.counted, True))
        rows += [("dictionary", way, False) for way in known.spoken]
    body = []
    for who, said, judged in rows:
        mark = ""
        if known is not None and judged:
            right = tuple(said) in known.spoken
            mark = f"<span title='{'as' if right else 'not as'} in the dictionary'>" + (
                "✓</span>" if right else "✗</span>"
            )
        words = escape(" ".join(said)) or "–"
        body.append(f"<tr><th scope=row>{who}</th><td>{words}</td><td>{mark}</td></tr>")
    return f"<table class=said><tbody>{''.join(body)}</tbody></table>"


def scores(rows: "Sequence[tuple[str, str, Score]]") -> str:
    """Return scores beside their baselines as an HTML table, the better one marked."""
    body = []
    for title, data, score in rows:
        better = score.baseline is not None and (
            (score.value > score.baseline) == score.higher_is_better
        )
        ours = " class=best" if better else ""
        theirs = " class=best" if score.baseline is not None and not better else ""
        counted = "–" if score.baseline is None else _score(score.baseline, score.unit)
        named = escape(score.baseline_name or "")
        body.append(
            f"<tr><th scope=row>{escape(title)}<small>{escape(data)}</small></th>"
            f"<td class=name>{escape(score.name)}</td>"
            f"<td{ours}>{_score(score.value, score.unit)}</td>"
            f"<td{theirs}>{counted}<small>{named}</small></td></tr>"
        )
    return (
        "<div class=wide tabindex=0><table class=worth><thead><tr><td></td><th scope=col>score</th>"
        "<th scope=col>network</th><th scope=col>by counting</th></tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )


def _score(value: float, unit: str) -> str:
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:.3f} {escape(unit)}".strip()


# --- letter by letter --------------------------------------------------------------------------


def next_letters(found: "Sequence[NextLetter]") -> str:
    """Return the likeliest next letters with the chance that network and bigram give each.

    The longest bar is the largest chance shown.
    """
    most = max(max(one.network, one.bigram) for one in found)
    rows = "".join(
        f"<tr><th scope=row>{escape(one.letter)}</th>"
        f"<td><i style='width:{100 * one.network / most:.1f}%'></i>"
        f"<i class=counted style='width:{100 * one.bigram / most:.1f}%'></i></td>"
        f"<td>{one.network:.1%}<small>{one.bigram:.1%}</small></td></tr>"
        for one in found
    )
    return f"<table class='guesses letters'><tbody>{rows}</tbody></table>"


def made_up(columns: "Mapping[str, Sequence[str]]", begun: int) -> str:
    """Return words in columns as an HTML table; their first letters are those that were given."""
    most = max((len(words) for words in columns.values()), default=0)
    head = "".join(f"<th scope=col>{escape(title)}</th>" for title in columns)
    rows = "".join(
        "<tr>"
        + "".join(f"<td>{_word(words, place, begun)}</td>" for words in columns.values())
        + "</tr>"
        for place in range(most)
    )
    return (
        f"<div class=wide tabindex=0><table class=made><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def _word(words: Sequence[str], place: int, begun: int) -> str:
    if place >= len(words):
        return ""
    return f"<span>{escape(words[place][:begun])}</span>{escape(words[place][begun:])}"


# --- one-hot and embedding ---------------------------------------------------------------------


def two_layers(found: "OneHot", words: int, width: int, batch: int) -> str:
    """Return what the two layers cost as an HTML table."""
    rows = (
        ("weights", (f"{words * width:,}", f"{words * width:,}")),
        ("multiplications", tuple(f"{n:,}" for n in found.multiplications)),
        ("input, bytes", tuple(f"{n:,}" for n in found.bytes)),
        ("time, µs", tuple(f"{n:,.0f}" for n in found.microseconds)),
    )
    body = "".join(
        f"<tr><th scope=row>{name}</th><td>{one}</td><td>{other}</td></tr>"
        for name, (one, other) in rows
    )
    return (
        "<table class=worth><thead><tr><td></td><th scope=col>linear on one-hot</th>"
        f"<th scope=col>embedding</th></tr></thead><tbody>{body}</tbody></table>"
        f"<p class=legend>{batch} words of {words:,}, {width} numbers each; time on this"
        " server, now.</p>"
    )


def rare_word(found: "Trained") -> "Figure":
    """Return how far the vector of a rare word has moved, step by step, in three layers."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for step in found.seen:
        figure.add_vline(x=step + 0.5, line={"width": 10, "color": "rgba(138,143,152,0.25)"})
    for name, path, colour, dash in (
        ("linear on one-hot", found.linear, PLAIN, "solid"),
        ("embedding", found.dense, SCALED, "dash"),
        ("embedding, sparse gradients", found.sparse, BASELINE, "dot"),
    ):
        figure.add_scatter(
            x=list(range(len(path))),
            y=path,
            name=name,
            mode="lines",
            line={"color": colour, "width": 4, "dash": dash},
            hovertemplate="after step %{x}: %{y:.3f}<extra></extra>",
        )
    lay_out(figure, height=270, x="steps (grey: the word is in the batch)", y="moved", legend=False)
    return figure
