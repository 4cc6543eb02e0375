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
        colours: of the classes; empty = as everywhere on the site.
    """

    labels: NDArray[np.int64]
    ids: NDArray[np.int64]
    class_names: tuple[str, ...]
    shown: tuple[int, ...] = ()
    colours: tuple[str, ...] = ()


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
    The last trace holds the coloured points; its custom data are their ids. Labels and the star are
    annotations, which lie over all points; the star comes last, over the labels too.

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
    _add_coloured(figure, places, labels, ids, crowd, chosen, size)
    notes = _name_classes(places, labels, crowd.class_names, height, dark, faint=bool(chosen))
    if star is not None:
        notes.append(_star(star))
    figure.update_layout(annotations=notes)  # at once: plotly checks all whenever one is added
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
    crowd: Crowd,
    chosen: Collection[int],
    size: float,
) -> None:
    """The points of the classes that are shown; they can be selected."""
    colours = crowd.colours or CLASS_COLOURS
    figure.add_scattergl(
        x=places[:, 0],
        y=places[:, 1],
        mode="markers",
        # As numbers on a scale of steps: a tenth of the bytes of ten thousand colour names.
        marker={
            "size": size,
            "color": labels.astype(np.uint8),
            "colorscale": _steps(colours),
            "cmin": -0.5,
            "cmax": len(colours) - 0.5,
            "opacity": 0.85,
            # Colours of things, black hair for one, may be those of the ground.
            "line": {"width": 1 if crowd.colours else 0, "color": BASELINE},
        },
        customdata=ids.astype(np.int32),
        text=np.array(crowd.class_names)[labels],
        hovertemplate="<b>%{text}</b><br>test picture %{customdata}<extra></extra>",
        selectedpoints=np.flatnonzero(np.isin(ids, list(chosen))) if chosen else None,
        selected={"marker": {"opacity": 1, "size": size + 5}},
        unselected={"marker": {"opacity": 0.16}},
    )


def _star(place: tuple[float, float]) -> dict[str, object]:
    """The picture that one follows. No trace: those that are not WebGL lie under the points."""
    return {
        "x": place[0],
        "y": place[1],
        "text": "★",
        "showarrow": False,
        "font": {"size": 34, "color": STAR, "shadow": _HALO.format("white")},
        "hovertext": "the picture that you follow",
        "name": "star",
    }


def _name_classes(
    places: NDArray[np.float32],
    labels: NDArray[np.int64],
    class_names: Sequence[str],
    height: int,
    dark: bool,
    faint: bool,
) -> list[dict[str, object]]:
    """The name of every class that is shown, about in the middle of its points."""
    font = {
        "size": 17,
        "color": "white" if dark else "black",
        # A halo instead of a box: it hides fewer points.
        "shadow": _HALO.format("#10131c" if dark else "white"),
    }
    present = np.unique(labels).tolist()
    middles = [np.median(places[labels == k], axis=0) for k in present]
    # About as the browser will scale the plane: its longer side fills the chart.
    unit = 0.9 * height / max(float(np.ptp(places, axis=0).max()), 1e-9) if len(places) else 1.0
    widths = [10.0 * len(class_names[k]) for k in present]
    shifts = _apart(np.array(middles).reshape(-1, 2) * unit, widths)
    return [
        {
            "x": float(middle[0]),
            "y": float(middle[1]),
            "yshift": shift,
            "text": f"<b>{class_names[k]}</b>",
            "showarrow": False,
            "font": font,
            "opacity": 0.35 if faint else 1,  # the selection reads through them
            "captureevents": False,
        }
        for k, middle, shift in zip(present, middles, shifts, strict=True)
    ]


_LINE = 20  # pixels that a label is high


def _apart(middles: NDArray[np.float64], widths: Sequence[float]) -> list[int]:
    """Return by how many pixels each label moves up or down, so that none lies on another.

    Args:
        middles: [N,2] where they would stand, in pixels.
        widths: of the labels, in pixels.
    """
    taken: list[tuple[float, float, float]] = []
    shifts = []
    for (x, y), width in zip(middles.tolist(), widths, strict=True):
        for tries in range(2 * len(widths) + 1):  # 0, 1 line up, 1 down, 2 up, …
            shift = _LINE * ((tries + 1) // 2) * (1 if tries % 2 else -1)
            if all(
                abs(x - other) >= (width + wide) / 2 + 2 or abs(y + shift - high) >= _LINE
                for other, high, wide in taken
            ):
                break
        taken.append((x, y + shift, width))
        shifts.append(shift)
    return shifts


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


def _steps(colours: Sequence[str]) -> list[tuple[float, str]]:
    count = len(colours)
    return [(edge / count, colour) for k, colour in enumerate(colours) for edge in (k, k + 1)]


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
