"""Figures of the Transfer page: answers of four ways, drawings, curves over labels, the tables."""

import base64
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure
    from torch import Tensor

    from latentlab.experiments import Point, Result
    from latentlab.tasks.transfer import Lesson, Row, Way
    from latentlab.ui.transfer.lesson import Own

COLOURS = {
    "frozen": CLASS_COLOURS[0],
    "tuned": CLASS_COLOURS[6],
    "probed": CLASS_COLOURS[4],
    "scratch": CLASS_COLOURS[1],
    "random": CLASS_COLOURS[7],
    "knn": BASELINE,
    "pixels": CLASS_COLOURS[3],
}
SYMBOLS = {
    "frozen": "circle",
    "tuned": "diamond",
    "probed": "triangle-up",
    "scratch": "x",
    "random": "cross",
    "knn": "square",
    "pixels": "square-open",
}
TITLES = {
    "network": "Features",
    "random": "Random weights",
    "pca": "PCA codes",
    "pixels": "Pixels",
}
WAY_COLOURS = {
    "network": CLASS_COLOURS[0],
    "random": CLASS_COLOURS[7],
    "pca": BASELINE,
    "pixels": CLASS_COLOURS[3],
}


# --- a lesson ----------------------------------------------------------------------------------


def answers(
    names: Sequence[str],
    ways: "Mapping[str, Way]",
    found: "Mapping[str, NDArray[np.float64]]",
    scores: "Mapping[str, Mapping[str, float | None]]",
    image: "Tensor | None",
    words: str,
) -> str:
    """Return what every way makes of a picture as an HTML table, a row for each class.

    Args:
        names: of the classes.
        ways: in the order of the columns.
        found: way -> a probability for every class; none where there is no picture.
        scores: title of a row below -> way -> per cent of drawings classified right.
        image: what is classified.
        words: what that is.
    """
    heads = "".join(
        f"<th style='--way:{WAY_COLOURS[name]}'>{escape(TITLES[name])}"
        f"<small>{way.numbers} numbers</small></th>"
        for name, way in ways.items()
    )
    rows = []
    for place, title in enumerate(names):
        cells = []
        for name in ways:
            given = found.get(name)
            if given is None:
                cells.append("<td>–</td>")
                continue
            share = 100 * float(given[place])
            best = " class=best" if place == int(given.argmax()) else ""
            cells.append(
                f"<td{best}><span class=bar style='--share:{share:.0f}%;"
                f"--way:{WAY_COLOURS[name]}'></span>{share:.0f}<small> %</small></td>"
            )
        rows.append(f"<tr><th>{escape(title)}</th>{''.join(cells)}</tr>")
    for title, by_way in scores.items():
        cells = [
            "<td>–</td>" if (score := by_way.get(name)) is None else f"<td>{score:.0f} %</td>"
            for name in ways
        ]
        rows.append(f"<tr class=score><th>{escape(title)}</th>{''.join(cells)}</tr>")
    if image is None:
        corner = "<small>Draw something to see it classified.</small>"
    else:
        alt = f"What is classified, as it is seen: {words}"
        corner = f"<img src='{_png(_bytes(image))}' alt='{escape(alt)}'>"
        corner += f"<small>{escape(words)}</small>"
    return (
        f"<div class=wide><table class=answers><thead><tr><td>{corner}</td>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def shelf(names: Sequence[str], learnt: "Lesson | None", own: "Own") -> str:
    """Return the drawings of a lesson, a row for each class; those of the visitor come last."""
    rows = []
    for place, name in enumerate(names):
        if learnt is None:
            pictures = own.drawings.get(name, [])
        else:
            held = [at for at, label in enumerate(learnt.labels) if label == place]
            pictures = [_bytes(learnt.pictures[at]) for at in held]
        shown = "".join(f"<img src='{_png(picture)}' alt=''>" for picture in pictures)
        count = len(pictures)
        said = f"{count} drawing{'s' * (count != 1)}" if count else "no drawing yet"
        rows.append(f"<div><b>{escape(name)}</b><small>{said}</small><span>{shown}</span></div>")
    return f"<div class=shelf>{''.join(rows)}</div>"


def _bytes(image: "Tensor") -> "NDArray[np.uint8]":
    found: NDArray[np.uint8] = np.rint(255 * image[0].numpy()).astype(np.uint8)
    return found


def _png(pixels: "NDArray[np.uint8]") -> str:
    return _png_of(pixels.tobytes(), pixels.shape[0])


@lru_cache(maxsize=1024)
def _png_of(pixels: bytes, side: int) -> str:
    """Return a picture as an address; the drawings of a lesson are shown with every stroke."""
    from latentlab.pictures import images

    picture = images.from_uint8(np.frombuffer(pixels, np.uint8).reshape(side, side).copy())
    return f"data:image/png;base64,{base64.b64encode(images.to_png(picture)).decode()}"


# --- over labels -------------------------------------------------------------------------------


def over_labels(curves: "Mapping[str, Sequence[Point]]", chosen: int, height: int) -> "Figure":
    """Return test accuracy over labels a class, with the chosen number marked."""
    import plotly.graph_objects as go

    from latentlab.tasks.transfer import METHODS

    figure = go.Figure()
    figure.add_vline(x=chosen, line={"width": 14, "color": "rgba(91,110,225,0.22)"})
    for method, points in curves.items():
        if not points:
            continue
        colour = COLOURS[method]
        at = [point.x for point in points]
        above = [point.mean + (point.spread or 0) for point in points]
        below = [point.mean - (point.spread or 0) for point in points]
        figure.add_scatter(
            x=[*at, *reversed(at)],
            y=[*above, *reversed(below)],
            mode="lines",
            fill="toself",
            fillcolor=_pale(colour),
            line={"width": 0},
            hoverinfo="skip",
            showlegend=False,
        )
        title = METHODS[method]
        classical = method in ("knn", "pixels")
        figure.add_scatter(
            x=at,
            y=[point.mean for point in points],
            name=title,
            mode="lines+markers",
            line={"color": colour, "width": 3, "dash": "dash" if classical else "solid"},
            marker={"size": 10, "symbol": SYMBOLS[method]},
            hovertemplate=f"{title}, %{{x}} labels a class<br>%{{y:.1f}} %<extra></extra>",
        )
    lay_out(figure, height=height, x="labels of each class", y="test accuracy, %", legend=False)
    ticks = sorted({point.x for points in curves.values() for point in points})
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[str(n) for n in ticks])
    return figure


def table(rows: "Sequence[Row]", winner: str, labels: int) -> str:
    """Return accuracies at one number of labels as an HTML table."""
    body = "".join(
        f"<tr{' class=best' if row.method == winner else ''}>"
        f"<td><i style='background:{COLOURS[row.method]}'></i>{escape(row.title)}</td>"
        f"<td>{row.point.mean:.1f}</td><td>{_spread(row.point.spread)}</td></tr>"
        for row in rows
    )
    return (
        f"<table class=accuracies><thead><tr><th>With {labels} a class</th><th>accuracy, %</th>"
        f"<th>±</th></tr></thead><tbody>{body}</tbody></table>"
    )


def all_pairs(result: "Result", labels: int) -> str:
    """Return every pair at one number of labels: the best that is transferred, beside others."""
    from latentlab.tasks import transfer

    said = {"helps": "helps", "hurts": "hurts", "within": "within chance"}
    body = ""
    for name, pair in transfer.PAIRS.items():
        rows = {row.method: row.point for row in transfer.compare(result, name, labels)}
        found = transfer.verdict(transfer.compare(result, name, labels), name, labels)
        best = max(transfer.TRANSFERRED, key=lambda method: rows[method].mean)
        classical = max(("knn", "pixels"), key=lambda method: rows[method].mean)
        cells = "".join(
            f"<td>{rows[method].mean:.1f} ± {_spread(rows[method].spread)}</td>"
            for method in (best, "scratch", "random", classical)
        )
        body += (
            f"<tr class={found.transfer}><td>{escape(pair.title)}<small>"
            f" {escape(transfer.METHODS[best].lower())}</small></td>{cells}"
            f"<td>{said[found.transfer]}</td></tr>"
        )
    return (
        "<div class=wide><table class=accuracies><thead><tr>"
        f"<th>With {labels} a class, %</th><th>best transferred</th>"
        "<th>scratch</th><th>random, frozen</th><th>classical</th><th>transfer</th></tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _spread(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"
