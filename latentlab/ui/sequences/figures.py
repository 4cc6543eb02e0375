"""Figures of the Sequences page: curves over gap, steps, length and cost."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from latentlab.ui.sequences.binding import COLOURS
from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from latentlab.experiments import Point
    from latentlab.sequences.lessons import Moment

SYMBOLS = {
    "rnn": "x",
    "lstm": "circle",
    "gru": "diamond",
    "cnn": "square",
    "transformer": "star",
    "learnt": "star",
    "sinusoidal": "triangle-up",
    "rotary": "circle",
    "none": "cross",
}
PLACES = {  # colours of Transformers by how they know places; the usual one has its own
    "learnt": COLOURS["transformer"],
    "sinusoidal": CLASS_COLOURS[6],
    "rotary": CLASS_COLOURS[0],
    "none": CLASS_COLOURS[3],
}
FLOOR = "Remembers nothing"
FEW = 4  # points of a curve that are named one by one below it
HALL = 28  # CSS pixels of letters in a lecture hall, as present.css has them


def _style(name: str) -> dict[str, object]:
    if name == "floor":
        return {"color": BASELINE, "width": 3, "dash": "dash"}
    return {"color": {**COLOURS, **PLACES}[name], "width": 3, "dash": "solid"}


def curves(
    of: "Mapping[str, Sequence[Point]]",
    titles: Mapping[str, str],
    *,
    x: str,
    y: str,
    height: int,
    at: float | None = None,
    logarithmic: bool = False,
    share: bool = True,
    presents: bool = False,
) -> "Figure":
    """Return curves with bands of one standard deviation; the floor is dashed.

    Args:
        of: points by name of the network; “floor” is who remembers nothing.
        titles: by name, for the legend.
        x: title of the axis.
        y: likewise.
        height: CSS pixels.
        at: where to mark x.
        logarithmic: both axes.
        share: whether y is in per cent.
        presents: whether it is for a lecture hall, where letters are larger.
    """
    from plotly.graph_objects import Figure

    points = tuple((name, tuple(curve)) for name, curve in of.items())
    drawn = _curves(points, tuple(titles.items()), x, y, height, logarithmic, share, presents)
    figure = Figure(drawn)  # a copy: what is kept is drawn for others too
    if at is not None:
        figure.layout.shapes = [
            {
                "type": "line",
                "x0": at,
                "x1": at,
                "y0": 0,
                "y1": 1,
                "yref": "y domain",
                "line": {"width": 14, "color": "rgba(91,110,225,0.22)"},
            }
        ]
    return figure


@lru_cache(maxsize=16)
def _curves(
    of: "tuple[tuple[str, tuple[Point, ...]], ...]",
    titles: tuple[tuple[str, str], ...],
    x: str,
    y: str,
    height: int,
    logarithmic: bool,
    share: bool,
    presents: bool,
) -> "Figure":
    """Return the figure of `curves` without a mark. Building it takes as long as all networks."""
    import plotly.graph_objects as go

    figure = go.Figure()
    named = dict(titles)
    xs: list[float] = []
    for name, points in of:
        if not points:
            continue
        title, line = named.get(name, FLOOR), _style(name)
        xs = [point.x for point in points]
        banded = [point for point in points if point.spread is not None]
        if banded:
            most = 100.0 if share else math.inf  # no share lies beyond
            above = [min(point.mean + (point.spread or 0), most) for point in banded]
            below = [max(point.mean - (point.spread or 0), 0.0) for point in banded]
            places = [point.x for point in banded]
            figure.add_scatter(
                x=[*places, *reversed(places)],
                y=[*above, *reversed(below)],
                mode="lines",
                fill="toself",
                fillcolor=_pale(str(line["color"])),
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        unit = " %" if share else ""
        figure.add_scatter(
            x=xs,
            y=[point.mean for point in points],
            name=title,
            mode="lines" if name == "floor" else "lines+markers",
            line=line,
            marker={"size": 9, "symbol": SYMBOLS.get(name, "star-open")},
            hovertemplate=f"{title}, %{{x:,}}<br>%{{y:.3~g}}{unit}<extra></extra>",
        )
    lay_out(figure, height=height, x=x, y=y)
    if presents:  # or entries lie on one another: plotly measures them before CSS enlarges them
        figure.update_layout(legend_font_size=HALL)
    if logarithmic:
        figure.update_xaxes(type="log", tickvals=xs, ticktext=[f"{n:,.0f}" for n in xs])
        figure.update_yaxes(type="log", dtick=1)
    elif share:
        figure.update_yaxes(range=[0, 103])
    if 0 < len(xs) <= FEW:
        figure.update_xaxes(tickvals=xs)  # plotly would write places between them
    return figure


def race(
    moments: "Sequence[Moment]",
    titles: Mapping[str, str],
    floor: float,
    at: int,
    *,
    height: int,
    presents: bool = False,
) -> "Figure":
    """Return right answers over steps as far as the training has come, with one moment marked."""
    import plotly.graph_objects as go

    figure = go.Figure()
    steps = [moment.step for moment in moments]
    if moments:
        figure.add_vline(x=steps[at], line={"width": 10, "color": "rgba(91,110,225,0.22)"})
    for name in moments[0].right if moments else ():
        figure.add_scatter(
            x=steps,
            y=[100 * moment.right[name] for moment in moments],
            name=titles[name],
            mode="lines",
            line=_style(name),
            hovertemplate=f"{titles[name]}, step %{{x:,}}<br>%{{y:.1f}} %<extra></extra>",
        )
    figure.add_hline(y=100 * floor, line={"color": BASELINE, "width": 3, "dash": "dash"})
    lay_out(figure, height=height, x="steps of each network", y="right answers, %")
    if presents:
        figure.update_layout(legend_font_size=HALL)
    figure.update_yaxes(range=[0, 103])
    return figure


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
