"""Figures of the Disentangle page: heat maps and rows of pictures (HTML), and a plot."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import ACCENT, BASELINE, lay_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure
    from torch import Tensor

    from latentlab.experiments import Result
    from latentlab.tasks.disentangle import Sweep

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def heat(
    title: str,
    values: "NDArray[np.floating]",
    order: Sequence[int],
    factors: Sequence[str],
    words: str,
) -> str:
    """HTML of a map of numbers of the code by factors, ``[D, F]`` from 0 to 1.

    Args:
        title: above it.
        values: what a cell shows; its colour grows with the square root, so that a little shows.
        order: the rows that are shown, in their order.
        factors: names of the columns.
        words: what a full cell means.
    """
    head = "".join(f"<th scope='col'><span>{escape(name)}</span></th>" for name in factors)
    rows = []
    for d in order:
        name = f"z{str(d + 1).translate(SUBSCRIPTS)}"
        cells = "".join(
            f"<td style='--part:{100 * max(0.0, float(value)) ** 0.5:.0f}%'"
            f" title='{name}, {escape(factor)}: {value:.2f}'></td>"
            for factor, value in zip(factors, values[d], strict=True)
        )
        rows.append(f"<tr><th scope='row'>{name}</th>{cells}</tr>")
    return (
        f"<figure class='heat'>"
        f"<figcaption><b>{escape(title)}</b> {escape(words)}</figcaption>"
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        "</figure>"
    )


def sweep(of: "Sweep", tells: Sequence[str]) -> str:
    """HTML of rows of pictures; ``tells`` says of each number which factor it tells most of."""
    from latentlab.pictures import images

    columns = of.images.shape[1]
    sheet = images.grid(of.images.flatten(0, 1), columns=columns, gap=2, background=0.5)
    names = "".join(
        f"<span>z{str(number + 1).translate(SUBSCRIPTS)} <small>{escape(factor)}</small></span>"
        for number, factor in zip(of.numbers, tells, strict=True)
    )
    source = base64.b64encode(images.to_png(sheet)).decode()
    return (
        f"<figure class='sweep'><div class='names'>{names}</div>"
        f"<img src='data:image/png;base64,{source}' alt='Every row moves one number of the code"
        " from end to end'></figure>"
    )


def strips(rows: "Tensor", titles: Sequence[str]) -> str:
    """HTML of rows of pictures ``[R, C, channels, H, W]``, each with a title."""
    from latentlab.pictures import images

    sheet = images.grid(rows.flatten(0, 1), columns=rows.shape[1], gap=2, background=0.5)
    names = "".join(f"<span>{escape(title)}</span>" for title in titles)
    source = base64.b64encode(images.to_png(sheet)).decode()
    return (
        f"<figure class='sweep wide'><div class='names'>{names}</div>"
        f"<img src='data:image/png;base64,{source}' alt='Every row moves one face along one"
        " direction'></figure>"
    )


def over_shares(result: "Result") -> "Figure":
    """How often the beard switches and the hair colour drifts, over shares."""
    import plotly.graph_objects as go

    from latentlab.experiments import correlated

    figure = go.Figure()
    for method, colour in zip(correlated.METHODS, (BASELINE, ACCENT), strict=True):
        for finding, dash in (("other", "solid"), ("switched", "dot")):
            curve = result.curve(correlated.line_name(method, finding))
            if curve is None:
                continue
            what = "hair colour changes" if finding == "other" else "beard switches"
            held = ", others held" if method.startswith("conditioned") else ""
            figure.add_trace(
                go.Scatter(
                    x=list(curve.x),
                    y=[100 * value for value in curve.mean],
                    name=what + held,
                    mode="lines+markers",
                    line={"color": colour, "width": 3, "dash": dash},
                    hovertemplate="%{x} %: %{y:.0f} % of test faces<extra></extra>",
                )
            )
    lay_out(
        figure,
        height=360,
        x="faces in which beard and dark hair go together, %",
        y="% of test faces",
    )
    figure.update_yaxes(range=[0, 105])
    return figure


def trade(
    rows: "Mapping[str, Mapping[str, float]]",
    labels: Mapping[str, str],
    series: Sequence[str],
    score: str,
    title: str,
) -> "Figure":
    """Error against a score: a point a model, those of a series on a line, PCA in grey."""
    import plotly.graph_objects as go

    # Those of a series lie close together: the names of its ends stand aside.
    beside = {series[0]: "middle left", series[-1]: "bottom right"}
    figure = go.Figure()
    for baseline in (False, True):
        names = [n for n in rows if "mse" in rows[n] and score in rows[n]]
        chosen = [n for n in names if (n == "pca") == baseline]
        figure.add_trace(
            go.Scatter(
                x=[rows[n]["mse"] for n in chosen],
                y=[rows[n][score] for n in chosen],
                text=[labels[n] for n in chosen],
                mode="markers+text",
                textposition=[beside.get(n, "top center") for n in chosen],
                marker={"size": 14, "color": BASELINE if baseline else ACCENT},
                hovertemplate="%{text}<br>error %{x:.4f}<br>%{y:.3f}<extra></extra>",
                cliponaxis=False,
            )
        )
    joined = [rows[n] for n in series if "mse" in rows[n] and score in rows[n]]
    figure.add_trace(
        go.Scatter(
            x=[row["mse"] for row in joined],
            y=[row[score] for row in joined],
            mode="lines",
            line={"color": ACCENT, "width": 2, "dash": "dot"},
            hoverinfo="skip",
        )
    )
    lay_out(figure, height=340, x="mean squared error of test faces", y=title, legend=False)
    figure.update_xaxes(range=[0, 1.15 * max(row["mse"] for row in rows.values() if "mse" in row)])
    figure.update_yaxes(rangemode="tozero")
    return figure
