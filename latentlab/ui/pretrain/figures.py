"""Figures of the Pretrain page: errors over labels, the table, and a number made too good."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, ink_on, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from latentlab.experiments import Point
    from latentlab.tasks.pretrain import Hindsight, Published, Row

# By method, so that each keeps its colour in both eras.
COLOURS = {
    "svm": BASELINE,
    "scratch": CLASS_COLOURS[6],
    "greedy": CLASS_COLOURS[8],
    "denoising": CLASS_COLOURS[0],
    "joint": CLASS_COLOURS[4],
}
SYMBOLS = {
    "svm": "square",
    "scratch": "x",
    "greedy": "diamond",
    "denoising": "circle",
    "joint": "triangle-up",
}
PRINTED = "star-open"
# The same in both eras, so that the gap is seen to close; 90 % is guessing.
LOWEST, HIGHEST = 0.7, 100.0
TICKS = (1, 2, 5, 10, 20, 50, 90)


def over_labels(
    curves: "Mapping[str, Sequence[Point]]",
    chosen: int,
    printed: "Sequence[Published]",
    height: int,
) -> "Figure":
    """Return test error over labels, both axes logarithmic, with the chosen number marked."""
    import math

    import plotly.graph_objects as go

    from latentlab.tasks.pretrain import METHODS

    figure = go.Figure()
    figure.add_vline(x=chosen, line={"width": 14, "color": "rgba(91,110,225,0.22)"})
    for method, points in curves.items():
        if not points:
            continue
        colour, x = COLOURS[method], [point.x for point in points]
        banded = [point for point in points if point.spread is not None]
        above = [point.mean + (point.spread or 0) for point in banded]
        below = [max(point.mean - (point.spread or 0), LOWEST) for point in banded]
        at = [point.x for point in banded]
        figure.add_scatter(
            x=[*at, *reversed(at)],
            y=[*above, *reversed(below)],
            fill="toself",
            fillcolor=_pale(colour),
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
        )
        title = METHODS[method]
        figure.add_scatter(
            x=x,
            y=[point.mean for point in points],
            name=title,
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": "dash" if method == "svm" else "solid"},
            marker={"size": 10, "symbol": SYMBOLS[method]},
            hovertemplate=f"{title}, %{{x:,}} labels<br>%{{y:.2f}} %<extra></extra>",
        )
    for row, one in enumerate(printed):
        figure.add_scatter(
            x=[labels for labels, _ in one.errors],
            y=[error for _, error in one.errors],
            name=f"{one.title}, in print",
            mode="markers",
            marker={"size": 13, "symbol": PRINTED, "color": CLASS_COLOURS[(7, 1, 2)[row % 3]]},
            hovertemplate=f"{escape(one.title)} ({escape(one.source)}), %{{x:,}} labels<br>"
            "%{y:.2f} % in print<extra></extra>",
        )
    lay_out(figure, height=height, x="labelled pictures", y="test error, %", legend=False)
    ticks = sorted({point.x for points in curves.values() for point in points})
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{n:,}" for n in ticks])
    figure.update_yaxes(
        type="log",
        tickvals=TICKS,
        ticktext=[str(tick) for tick in TICKS],
        range=[math.log10(LOWEST), math.log10(HIGHEST)],
    )
    return figure


def table(
    rows: "Sequence[Row]",
    winner: str,
    printed: "Sequence[Published]",
    labels: int,
    longer: "Point | None" = None,
) -> str:
    """Return errors at one number of labels as an HTML table, rows in print below."""
    from latentlab.experiments.pretrain import LONGER

    ours = "".join(
        f"<tr{' class=best' if row.method == winner else ''}>"
        f"<td><i style='background:{COLOURS[row.method]}'></i>{escape(row.title)}</td>"
        f"<td>{_number(row.point.mean)}</td><td>{_spread(row.point.spread)}</td></tr>"
        for row in rows
    )
    if longer is not None:
        ours += (
            f"<tr><td><i></i>From nothing, {LONGER} × longer</td><td>{_number(longer.mean)}</td>"
            f"<td>{_spread(longer.spread)}</td></tr>"
        )
    there = "".join(
        f"<tr><td><i></i>{escape(one.title)} <small>{escape(one.source)}</small></td>"
        f"<td>{_number(error)}</td><td></td></tr>"
        for one in printed
        if (error := one.error(labels)) is not None
    )
    below = "<tr class=part><th colspan=3>In print, other networks</th></tr>" if there else ""
    return (
        "<table class='errors'><thead><tr>"
        f"<th>With {labels:,} labels</th><th>error, %</th><th>±</th></tr></thead>"
        f"<tbody>{ours}{below}{there}</tbody></table>"
    )


def cheating(found: "Hindsight", labels: int, mended: bool) -> str:
    """Return the sentence on a number that was tuned on the test split."""
    from latentlab.tasks.pretrain import percent

    reported = f"With {labels:,} labels, somebody reports an error of **{percent(found.draw)}**"
    if not mended:
        return f"{reported}: the best moment of the best method on the best draw, by the test set."
    return (
        f"{reported}. Honest is **{percent(found.honest)}**: choosing by the test set made it look "
        f"**{found.flattery:.1f} points better than it is**."
    )


def steps_down(found: "Hindsight", mended: bool, thickness: int) -> "Figure":
    """Return the same error as bars, each with one more choice made by the test split."""
    import plotly.graph_objects as go

    bars = [
        ("Honest: all fixed in advance", found.honest, BASELINE),
        ("Stopped at the best moment", found.moment, CLASS_COLOURS[1]),
        ("… of the best of 4 methods", found.row, CLASS_COLOURS[6]),
        (f"… on the best of {found.draws} draws", found.draw, CLASS_COLOURS[2]),
    ]
    if not mended:
        bars = bars[-1:]
    figure = go.Figure(
        go.Bar(
            x=[value for _, value, _ in bars],
            y=[title for title, _, _ in bars],
            orientation="h",
            marker={"color": [colour for _, _, colour in bars]},
            text=[f"{value:.1f} %" if value >= 10 else f"{value:.2f} %" for _, value, _ in bars],
            # Inside: where the type is large, it would run into the bar from outside.
            textposition="inside",
            insidetextanchor="end",
            textfont={"color": [ink_on(colour) for _, _, colour in bars], "size": 18},
            hoverinfo="skip",
        )
    )
    lay_out(figure, height=80 + thickness * len(bars), x="test error, %", legend=False)
    figure.update_xaxes(range=[0, 1.05 * max(found.honest, found.draw)])
    figure.update_yaxes(autorange="reversed")
    return figure


def _number(value: float) -> str:
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _spread(value: float | None) -> str:
    return "" if value is None else _number(value) if value >= 0.005 else "0"


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.22)"
