"""Figures of the Bottleneck page: curves over k with their spread, and copies side by side."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure
    from torch import Tensor

    from latentlab.experiments import Curve
    from latentlab.tasks.bottleneck import Lead

MEASURES = {
    "error": "Error of pictures",
    "neighbours": "10-NN accuracy",
    "probe": "Linear probe",
}
NOTES = {
    "error": "Mean squared error of test pictures made again from k numbers.",
    "neighbours": "Does the majority of the 10 nearest codes have the same class?",
    "probe": "A linear classifier, trained on the codes.",
}
# By method, so that each keeps its colour whichever others are there.
COLOURS = {
    "pca": BASELINE,
    "linear": CLASS_COLOURS[1],
    "shallow": CLASS_COLOURS[4],
    "autoencoder": CLASS_COLOURS[0],
    "bce": CLASS_COLOURS[2],
}
SYMBOLS = {
    "pca": "square",
    "linear": "diamond",
    "shallow": "triangle-up",
    "autoencoder": "circle",
    "bce": "x",
}


def over_k(curves: "Sequence[Curve]") -> "Figure":
    """Return the curves of one measure of one data set."""
    import plotly.graph_objects as go

    figure = go.Figure()
    scale = 1.0 if not curves[0].line.higher_is_better else 100.0  # accuracies in per cent
    for curve in curves:
        method = curve.line.name.partition(".")[0]
        colour = COLOURS.get(method, CLASS_COLOURS[5])
        mean = [scale * value for value in curve.mean]
        if curve.spread is not None:
            above = [m + scale * s for m, s in zip(mean, curve.spread, strict=True)]
            below = [m - scale * s for m, s in zip(mean, curve.spread, strict=True)]
            figure.add_scatter(
                x=[*curve.x, *reversed(curve.x)],
                y=[*above, *reversed(below)],
                fill="toself",
                fillcolor=_pale(colour),
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        figure.add_scatter(
            x=curve.x,
            y=mean,
            name=curve.line.label,
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": "dash" if curve.line.baseline else "solid"},
            marker={"size": 10, "symbol": SYMBOLS.get(method, "circle")},
            hovertemplate=f"{curve.line.label}, k = %{{x}}<br>%{{y:.4g}}<extra></extra>",
        )
    unit = "" if scale == 1.0 else ", %"
    lay_out(figure, height=400, x="k, numbers kept of a picture", y=curves[0].line.y.label + unit)
    ticks = sorted({k for curve in curves for k in curve.x if not isinstance(k, str)})
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{k:g}" for k in ticks])
    if scale == 1.0:
        figure.update_yaxes(rangemode="tozero")
    return figure


def verdict(measure: str, leads: "Sequence[Lead]") -> str:
    """Return the sentence that says where PCA is ahead of a network."""
    what = {"error": "has the smaller error than", "neighbours": "parts the classes better than"}
    verb = what.get(measure, "lets a linear classifier read more than")
    if not leads:
        return "**Nowhere does PCA win here.**"
    parts = [f"the {_lower(lead.label)} at k = {listed(lead.sizes)}" for lead in leads]
    return f"**PCA wins, too:** it {verb} {'; than '.join(parts)}."


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def listed(sizes: Sequence[int]) -> str:
    """Return sizes of codes as they stand in a sentence: 2, 4 and 8."""
    *most, last = (str(k) for k in sizes)
    return f"{', '.join(most)} and {last}" if most else last


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.22)"


COPIES, FORGETS = 0.5, 0.25  # likeness from which something comes back; below which it does not


@dataclass(frozen=True)
class Column:
    """Pictures [C,H,W] under one another, each with a few words."""

    title: str
    pictures: "tuple[tuple[Tensor, str], ...]"


def copies(columns: Sequence[Column]) -> str:
    """Return columns of pictures side by side, as HTML."""
    from latentlab.pictures import images

    parts = []
    for column in columns:
        shown = "".join(
            f"<img alt='{escape(column.title)}: {escape(words)}' src='data:image/png;base64,"
            f"{base64.b64encode(images.to_png(x)).decode()}'><figcaption>{escape(words)}"
            "</figcaption>"
            for x, words in column.pictures
        )
        parts.append(f"<figure><h4>{escape(column.title)}</h4>{shown}</figure>")
    return f"<div class='copies'>{''.join(parts)}</div>"


def copying(wide: float | None, narrow: float | None) -> str:
    """Return the sentence on how much of pure noise comes back; None: not shown."""
    parts = []
    if wide is not None:
        verdict = "it copies" if wide > COPIES else "hardly anything comes back"
        parts.append(f"through 1,024 numbers with likeness {wide:.2f}: **{verdict}**")
    if narrow is not None:
        verdict = "noise cannot pass" if narrow < FORGETS else "some of it passes"
        parts.append(f"through 8 numbers with {narrow:.2f}: **{verdict}**")
    return f"Pure noise comes back {'; '.join(parts)}."
