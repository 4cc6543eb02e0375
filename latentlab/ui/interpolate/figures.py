"""Filmstrips and grids of the Interpolate page, as HTML without streamlit.

HTML and not plotly: a strip's pictures and the classifier's bars under them share one grid at every
width of the window, and a strip is one image file. Colours follow the theme through currentColor;
the style sheet is ``interpolate.css``.
"""

import base64
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.interpolate import results
from latentlab.ui.shared.figures import class_colour, ink_on

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.interpolate import Grid, Prediction, Strip

_SPRITE = 112  # pixels of one picture in a strip: about what a wide screen shows
_VISIBLE = 0.05  # a class below this probability everywhere gets no entry in the legend


def _filmstrip(strip: "Strip", verdict: "Prediction | None", class_names: Sequence[str]) -> str:
    """Return one path as a row of pictures, with the classifier's probabilities under each."""
    reading = verdict.reading(class_names) if verdict is not None else ""
    columns = "".join(
        f"<span class='column' style='--step:{step}'>"
        + (_stack(verdict.probabilities[step], step, class_names) if verdict is not None else "")
        + "</span>"
        for step in range(len(strip.images))
    )
    form = "" if verdict is None else " judged"
    alt = f"{strip.label} path in {len(strip.images)} pictures"
    return (
        f"<figure class='walk-strip{form}' style='--frames:{len(strip.images)}'>"
        f"<figcaption><b>{escape(strip.label)}</b> <span>{escape(reading)}</span></figcaption>"
        f"<img alt='{escape(alt)}' src='{_source(_row(strip.images), enlarge=True)}'>"
        f"<div class='ribbon'>{columns}</div></figure>"
    )


def filmstrips(
    strips: "Sequence[Strip]", verdicts: "Sequence[Prediction] | None", class_names: Sequence[str]
) -> str:
    """Return all paths under one another, their columns aligned."""
    each: Sequence[Prediction | None] = verdicts or [None] * len(strips)
    return "".join(
        _filmstrip(strip, verdict, class_names) for strip, verdict in zip(strips, each, strict=True)
    )


def grids(
    squares: "Sequence[Grid]", verdicts: "Sequence[Prediction] | None", class_names: Sequence[str]
) -> str:
    """Return squares of pictures side by side; ``class_names`` are the classifier's."""
    each: Sequence[Prediction | None] = verdicts or [None] * len(squares)
    drawn = (_grid(*pair, class_names) for pair in zip(squares, each, strict=True))
    return f"<div class='walk-grids'>{''.join(drawn)}</div>"


def _grid(square: "Grid", verdict: "Prediction | None", class_names: Sequence[str]) -> str:
    """Return a square of pictures, each underlined in the colour of the class the classifier sees.

    The line is the fainter the less certain the classifier is.
    """
    from latentlab.pictures import images

    side = len(square.images)
    sheet = images.grid(square.images.flatten(0, 1), columns=side, gap=0)
    cells = ""
    if verdict is not None:
        cells = "".join(
            f"<span title='{escape(class_names[k])} {_percent(certainty)}' "
            f"style='--class:{class_colour(k)};opacity:{certainty:.2f}'></span>"
            for k, certainty in zip(verdict.classes, verdict.certainty.tolist(), strict=True)
        )
    alt = f"{square.label}: {side} by {side} pictures between four corners"
    return (
        f"<figure class='walk-grid'><figcaption><b>{escape(square.label)}</b></figcaption>"
        f"<div style='--side:{side}'><img alt='{escape(alt)}' "
        f"src='{_source(sheet, enlarge=True, across=side)}'><div class='cells'>{cells}</div></div>"
        "</figure>"
    )


def legend(verdicts: "Sequence[Prediction]", class_names: Sequence[str], title: str) -> str:
    """Return the colours of the classes that the classifier sees anywhere."""
    import torch

    highest = torch.cat([verdict.probabilities for verdict in verdicts]).amax(0)
    entries = "".join(
        f"<span><i style='background:{class_colour(k)}'></i>{escape(name)}</span>"
        for k, name in enumerate(class_names)
        if highest[k] >= _VISIBLE
    )
    return f"<div class='walk-legend'><b>{escape(title)}</b>{entries}</div>"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _stack(probabilities: "Tensor", step: int, class_names: Sequence[str]) -> str:
    """Return one bar: the classes on one another, each as high as it is probable."""
    values = probabilities.tolist()
    order = sorted(range(len(values)), key=lambda k: -values[k])
    words = ", ".join(f"{class_names[k]} {_percent(values[k])}" for k in order[:3])
    parts = "".join(
        f"<i style='flex-grow:{value:.3f};background:{class_colour(k)};"
        f"color:{ink_on(class_colour(k))}'>"
        # A name that fits is written into its part, so that colour is not all there is.
        f"{escape(class_names[k]) if value >= 0.4 and len(class_names[k]) <= 2 else ''}</i>"
        for k, value in enumerate(values)
        if value >= 0.005
    )
    return f"<span class='stack' title='{escape(f'step {step + 1}: {words}')}'>{parts}</span>"


def _row(frames: "Tensor") -> "Tensor":
    """Return frames [T,C,H,W] side by side, [C,H,T·W]."""
    return frames.permute(1, 2, 0, 3).flatten(2)


def _source(picture: "Tensor", *, enlarge: bool = False, across: int = 0) -> str:
    """Return a picture as the source of an ``img``.

    A browser that shrinks whole pixels smooths their edges, one that enlarges by a broken factor
    makes them unequal: ``enlarge`` therefore enlarges a strip of pictures, or a square with
    ``across`` of them in a row, beyond what is shown.
    """
    height = picture.shape[1] // across if across else picture.shape[1]
    scale = max(1, round(_SPRITE / height)) if enlarge else 1
    return "data:image/png;base64," + base64.b64encode(results.png(picture, scale)).decode()
