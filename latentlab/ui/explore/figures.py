"""Figures of the Explore page: rows of pictures along axes, a cloud of codes (HTML)."""

import base64
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from latentlab.tasks.explore import Cloud, Traversal

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


SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _across(z: float) -> float:
    return 50 + 50 * max(-1.0, min(1.0, z / REACH))


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def _source(picture: "torch.Tensor") -> str:
    from latentlab.pictures import images

    return f"data:image/png;base64,{base64.b64encode(images.to_png(picture)).decode()}"
