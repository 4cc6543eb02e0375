"""Figures of the Explore page: rows of pictures along axes, a cloud of codes (HTML)."""

import base64
import re
from collections.abc import Collection, Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from latentlab.tasks.explore import Cloud, Reading, Search, Traversal

MOST_ROWS = 16  # of a table of numbers
REACH = 3.5  # prior standard deviations to either side


def traversal(shown: "Traversal", *, title: str) -> str:
    """HTML of rows of pictures, one axis a row, from its low end to its high one.

    One picture and its labels, so that it fits any width: ``explore.css`` sets them.
    """
    from latentlab.pictures import images

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


def cloud(of: "Cloud") -> str:
    """HTML of a table: μ, σ and nats of the numbers of a code, and where draws of it lie."""
    order = of.nats.argsort(descending=True).tolist()
    rows = []
    for i in order[:MOST_ROWS]:
        dots = "".join(f"<i style='left:{_across(z):.1f}%'></i>" for z in of.codes[:, i].tolist())
        mean = float(of.mean[i])
        number = str(i + 1).translate(SUBSCRIPTS)
        rows.append(
            f"<tr><th scope='row'>z{number}</th><td>{_number(mean)}</td>"
            f"<td>{_number(float(of.std[i]))}</td><td>{_number(float(of.nats[i]))}</td>"
            f"<td class='strip' aria-hidden='true'><div><b></b>{dots}"
            f"<u style='left:{_across(mean):.1f}%'></u></div></td></tr>"
        )
    left = len(order) - len(rows)
    note = f"<figcaption>and {left} more that say less</figcaption>" if left else ""
    return (
        "<figure class='cloud'><table><thead><tr><td></td><th scope='col'>μ</th>"
        "<th scope='col'>σ</th><th scope='col'>nats</th>"
        f"<th scope='col'>{len(of.codes)} draws of z</th></tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>{note}</figure>"
    )


def path(picture: "torch.Tensor", of: "Search") -> str:
    """HTML of what a search for a picture has drawn on its way, with steps and errors."""
    sought = (
        f"<figure><img src='{_source(picture)}' alt='the picture sought for'>"
        "<figcaption>the picture</figcaption></figure>"
    )
    shown = "".join(
        f"<figure><img src='{_source(image)}' alt='after {step} steps'>"
        f"<figcaption>{step} steps<br>mse {error:.4f}</figcaption></figure>"
        for step, image, error in zip(of.steps, of.images, of.errors, strict=True)
    )
    return f"<div class='search'>{sought}{shown}</div>"


def readings(of: "Sequence[Reading]", undrawn: Collection[str]) -> str:
    """HTML of a table: every factor before and after; ``undrawn`` ones in grey."""
    rows = []
    for reading in of:
        kinds = ["gone"] if reading.factor in undrawn else ["moved"] if reading.changed else []
        sure = "" if reading.certainty is None else f"{100 * reading.certainty:.0f} %"
        rows.append(
            f"<tr class='{' '.join(kinds)}'><th scope='row'>{escape(reading.factor)}</th>"
            f"<td>{_value(reading.before)}</td>"
            f"<td>{'→ ' if reading.changed else ''}{_value(reading.after)}</td>"
            f"<td>{sure}</td></tr>"
        )
    return (
        "<figure class='readings' tabindex='0'><table><thead><tr><td></td>"
        "<th scope='col'>at the start</th><th scope='col'>now</th><th scope='col'>certain</th>"
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table></figure>"
    )


_COLOUR = re.compile(r"[0-9a-f]{6}")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _value(text: str) -> str:
    """A colour as a swatch; words that are run together, apart."""
    if _COLOUR.fullmatch(text):
        return f"<i style='background:#{text}'></i>#{text}"
    return escape(_HUMP.sub(" ", text).lower()).replace("-", "−")


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _across(z: float) -> float:
    return 50 + 50 * max(-1.0, min(1.0, z / REACH))


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _source(picture: "torch.Tensor") -> str:
    from latentlab.pictures import images

    return f"data:image/png;base64,{base64.b64encode(images.to_png(picture)).decode()}"
