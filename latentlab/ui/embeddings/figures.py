"""Figures of the Embeddings page: pictures as points on a plane, and error over dimensions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentlab.ui.shared.figures import ACCENT, BASELINE, CLASS_COLOURS, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from latentlab.experiments import Curve

_HALO = "0 0 3px {0}, 0 0 3px {0}, 0 0 6px {0}, 0 0 6px {0}"
STAR = "#e6007e"  # no class has it, and it reads on white and on dark


@dataclass(frozen=True)
class Crowd:
    """The pictures that all planes of a page show, in one order.

    Attributes:
        labels: [N] whole numbers from 0.
        ids: [N], what a selection reports.
        class_names: what a label is called.
        shown: the classes in colour; the others are drawn in grey behind them. Empty = all.
    """

    labels: NDArray[np.int64]
    ids: NDArray[np.int64]
    class_names: tuple[str, ...]
    shown: tuple[int, ...] = ()


def plane(
    crowd: Crowd,
    points: NDArray[np.float32],
    *,
    chosen: Collection[int] = (),
    edition: int = 0,
    star: tuple[float, float] | None = None,
    select_by: str = "click",
    height: int = 430,
    dark: bool = False,
) -> "Figure":
    """Return a WebGL scatter plot of ``points`` [N,2], coloured by class.

    Both axes have one scale: distances are those of the plane, as nearest neighbours see them.
    The last trace but the star holds the coloured points; its custom data are their ids.

    Args:
        crowd: whose points these are.
        points: [N,2].
        chosen: ids to highlight; empty highlights nothing.
        edition: figures that differ in it alone look alike, but are different figures.
        star: where the picture that one follows lies.
        select_by: what a drag does: "click" moves the plane, and a click selects; "lasso" and
            "box" draw one around points.
        height: CSS pixels.
        dark: the theme, for the outlines of labels.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    size = float(np.clip(260 / np.sqrt(len(points)), 3.5, 9))
    coloured = np.isin(crowd.labels, crowd.shown or range(len(crowd.class_names)))
    labels, ids, places = crowd.labels[coloured], crowd.ids[coloured], points[coloured]
    if not coloured.all():
        _add_grey(figure, points[~coloured], size)
    _add_coloured(figure, places, labels, ids, crowd.class_names, chosen, size)
    if star is not None:
        _add_star(figure, star)
    _name_classes(figure, places, labels, crowd.class_names, dark)
    _lay_out_plane(figure, edition, select_by, height)
    return figure


def _add_grey(figure: "Figure", places: NDArray[np.float32], size: float) -> None:
    """The points of the classes that are not shown."""
    faint = {"marker": {"opacity": 0.18}}
    figure.add_scattergl(
        x=places[:, 0],
        y=places[:, 1],
        mode="markers",
        marker={"size": size, "color": BASELINE, "opacity": 0.18},
        selected=faint,  # nothing dims when points of the other trace are selected
        unselected=faint,
        hoverinfo="skip",
    )


def _add_coloured(
    figure: "Figure",
    places: NDArray[np.float32],
    labels: NDArray[np.int64],
    ids: NDArray[np.int64],
    class_names: Sequence[str],
    chosen: Collection[int],
    size: float,
) -> None:
    """The points of the classes that are shown; they can be selected."""
    figure.add_scattergl(
        x=places[:, 0],
        y=places[:, 1],
        mode="markers",
        # As numbers on a scale of steps: a tenth of the bytes of ten thousand colour names.
        marker={
            "size": size,
            "color": labels.astype(np.uint8),
            "colorscale": _STEPS,
            "cmin": -0.5,
            "cmax": len(CLASS_COLOURS) - 0.5,
            "opacity": 0.85,
        },
        customdata=ids.astype(np.int32),
        text=np.array(class_names)[labels],
        hovertemplate="<b>%{text}</b><br>test picture %{customdata}<extra></extra>",
        selectedpoints=np.flatnonzero(np.isin(ids, list(chosen))) if chosen else None,
        selected={"marker": {"opacity": 1, "size": size + 5}},
        unselected={"marker": {"opacity": 0.16}},
    )


def _add_star(figure: "Figure", place: tuple[float, float]) -> None:
    """The picture that one follows."""
    figure.add_scatter(
        x=[place[0]],
        y=[place[1]],
        mode="markers",
        marker={
            "symbol": "star",
            "size": 24,
            "color": STAR,
            "line": {"width": 2, "color": "white"},
        },
        hovertemplate="the picture that you follow<extra></extra>",
    )


def _name_classes(
    figure: "Figure",
    places: NDArray[np.float32],
    labels: NDArray[np.int64],
    class_names: Sequence[str],
    dark: bool,
) -> None:
    """The name of every class that is shown, in the middle of its points."""
    font = {
        "size": 17,
        "color": "white" if dark else "black",
        # A halo instead of a box: it hides fewer points.
        "shadow": _HALO.format("#10131c" if dark else "white"),
    }
    middles = {
        k: np.median(places[labels == k], axis=0).tolist() for k in np.unique(labels).tolist()
    }
    # All at once: plotly checks every label again whenever one is added.
    figure.update_layout(
        annotations=[
            {
                "x": x,
                "y": y,
                "text": f"<b>{class_names[k]}</b>",
                "showarrow": False,
                "font": font,
                "captureevents": False,
            }
            for k, (x, y) in middles.items()
        ]
    )


def _lay_out_plane(figure: "Figure", edition: int, select_by: str, height: int) -> None:
    """Bare axes of one scale, on a ground that fits both themes."""
    lay_out(figure, height=height, legend=False)
    figure.update_layout(
        dragmode={"click": "pan", "lasso": "lasso", "box": "select"}[select_by],
        meta=edition,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        plot_bgcolor="rgba(128,136,160,0.07)",  # the plane's own ground, light or dark
    )
    bare = {
        "showticklabels": False,
        "showgrid": False,
        "ticks": "",
        "automargin": False,
        "title": None,
    }
    figure.update_xaxes(bare)
    figure.update_yaxes(bare, scaleanchor="x")


def _steps() -> list[tuple[float, str]]:
    count = len(CLASS_COLOURS)
    return [(edge / count, colour) for k, colour in enumerate(CLASS_COLOURS) for edge in (k, k + 1)]


_STEPS = _steps()


def error_curve(
    curves: "Sequence[Curve]", others: Sequence[tuple[str, int, float]] = ()
) -> "Figure":
    """Return the error on the test split over k, with the spread over seeds as bars.

    Args:
        curves: of one data set, baselines among them; drawn in this order.
        others: single models: (name, k, mse).
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for curve in curves:
        line, spread = curve.line, curve.spread
        colour, symbol = (BASELINE, "square") if line.baseline else (ACCENT, "circle")
        figure.add_scatter(
            x=curve.x,
            y=curve.mean,
            error_y=None if spread is None else {"array": spread, "thickness": 2, "width": 6},
            name=line.label,
            mode="lines+markers",
            line={"color": colour, "width": 3},
            marker={"size": 11, "symbol": symbol},
            hovertemplate=f"{line.label}, k = %{{x}}<br>mse %{{y:.4f}}<extra></extra>",
        )
    for symbol, (name, k, mse) in zip(("diamond", "cross", "x", "star"), others, strict=False):
        figure.add_scatter(
            x=[k],
            y=[mse],
            name=name,
            mode="markers",
            marker={"size": 12, "symbol": symbol, "color": "#bd1f01"},
            hovertemplate=f"{name}<br>mse %{{y:.4f}}<extra></extra>",
        )
    lay_out(figure, height=380, x="k, numbers kept of a picture", y="mean squared error")
    ticks = sorted({k for curve in curves for k in curve.x if not isinstance(k, str)})
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[f"{k:g}" for k in ticks])
    figure.update_yaxes(rangemode="tozero")
    return figure
