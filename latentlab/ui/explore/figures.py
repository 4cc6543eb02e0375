"""Figures of the Explore page: rows of pictures along axes (HTML)."""

import base64
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

    from latentlab.tasks.explore import Traversal


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


def _source(picture: "torch.Tensor") -> str:
    from latentlab.pictures import images

    return f"data:image/png;base64,{base64.b64encode(images.to_png(picture)).decode()}"
