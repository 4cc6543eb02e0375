"""Figures of the Embeddings page: error over dimensions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import ACCENT, BASELINE, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from latentlab.experiments import Curve


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
