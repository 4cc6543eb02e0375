"""Figures of the Explore page: rows of pictures along axes (HTML), and the latent plane."""

import base64
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.figures import class_colour, lay_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import torch
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from latentlab.tasks.explore import Plane, Traversal

CLICKS = 41  # points along a side of the plane's invisible grid


def traversal(shown: "Traversal", *, title: str) -> str:
    """HTML of rows of pictures, one axis a row, from its low end to its high one.

    One picture and its labels, so that it fits any width: ``assets/explore.css`` sets them.
    """
    from latentlab import images

    columns = shown.images.shape[1]
    sheet = images.grid(shown.images.flatten(0, 1), columns=columns, gap=2, background=0.5)
    names = "".join(f"<span>{escape(name)}</span>" for name in shown.names)
    return (
        f"<figure class='traversal'><figcaption>{escape(title)}</figcaption>"
        "<div class='ends'><span>low</span><span>high</span></div>"
        f"<div class='names'>{names}</div>"
        f"<img src='{_source(sheet)}' alt='{escape(title)}: every row moves one slider from end"
        " to end'></figure>"
    )


def plane(
    decoded: "Plane",
    codes: "torch.Tensor",
    labels: "NDArray[np.int64]",
    class_names: "Sequence[str]",
    here: "tuple[float, float]",
) -> "Figure":
    """The latent plane: what is decoded where, the codes of the data, and the code shown.

    The last trace but one is invisible and fills the plane with points, so that a click anywhere
    selects one: pictures in a figure report no clicks.

    Args:
        decoded: the backdrop.
        codes: [N,2] of pictures of the data.
        labels: [N] their classes.
        class_names: names of the classes.
        here: the code shown.
    """
    import numpy as np
    import plotly.graph_objects as go

    from latentlab import images

    side = len(decoded.images)
    sheet = images.grid(decoded.images.flatten(0, 1), columns=side, gap=0)
    (left, bottom), (right, top) = decoded.low, decoded.high
    figure = go.Figure()
    for k, name in enumerate(class_names):
        own = codes[labels == k].numpy()
        figure.add_trace(
            go.Scattergl(
                x=own[:, 0],
                y=own[:, 1],
                mode="markers",
                name=name,
                hoverinfo="skip",
                marker={"color": class_colour(k), "size": 6, "opacity": 0.8},
            )
        )
    across, up = np.meshgrid(np.linspace(left, right, CLICKS), np.linspace(bottom, top, CLICKS))
    figure.add_trace(
        go.Scattergl(
            x=across.ravel(),
            y=up.ravel(),
            mode="markers",
            showlegend=False,
            marker={"color": "rgba(0,0,0,0)", "size": 14},
            hovertemplate="z₁ %{x:.2f}, z₂ %{y:.2f}<extra>click to decode</extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[here[0]],
            y=[here[1]],
            mode="markers",
            showlegend=False,
            hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 24, "color": "#ffffff", "line": {"width": 9}},
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[here[0]],
            y=[here[1]],
            mode="markers",
            showlegend=False,
            hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 24, "color": "#000000", "line": {"width": 4}},
        )
    )
    lay_out(figure, height=560, x="z₁", y="z₂")
    figure.add_layout_image(
        source=_source(sheet),
        x=left,
        y=top,
        sizex=right - left,
        sizey=top - bottom,
        xref="x",
        yref="y",
        sizing="stretch",
        layer="below",
        opacity=0.75,
    )
    figure.update_xaxes(range=[left, right], showgrid=False)
    figure.update_yaxes(range=[bottom, top], showgrid=False)
    # A click anywhere finds the nearest grid point; the chosen point must not dim the others.
    figure.update_layout(hovermode="closest", hoverdistance=40, clickmode="event+select")
    still = {"marker": {"opacity": 0.8}}
    figure.update_traces(selected=still, unselected=still, selector={"type": "scattergl"})
    return figure


def _source(picture: "torch.Tensor") -> str:
    from latentlab import images

    return f"data:image/png;base64,{base64.b64encode(images.to_png(picture)).decode()}"
