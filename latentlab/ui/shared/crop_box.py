"""A box over an upload that says which part is meant; ``crop_box.js`` is what a visitor sees of it.

crop_box(key="denoise_pic.upload.crop", pixels=given.pixels, of=given.digest, box=given.box, …)
box = read_box(st.session_state["denoise_pic.upload.crop"].get("box"), given.digest)
"""

import base64
import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import InputError
from latentlab.ui.shared import component

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST = 8  # pixels of the upload along a side of the box
_SHOWN = 480  # pixels along the longer side of what the browser gets: some 20 kB


@dataclass(frozen=True)
class Box:
    """A part of a picture, as shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def slices(self, height: int, width: int) -> tuple[slice, slice]:
        """Return the rows and columns of the part."""
        return _span(self.top, self.bottom, height), _span(self.left, self.right, width)


def _span(start: float, stop: float, length: int) -> slice:
    first = min(math.floor(start * length + 0.5), length - 1)
    return slice(first, max(math.floor(stop * length + 0.5), first + 1))


def crop_box(
    *,
    key: str,
    pixels: "NDArray[np.uint8]",
    of: str,
    box: Box | None,
    ratio: float | None,
    label: str,
    note: str,
    on_crop: Callable[[], None],
) -> None:
    """Draw a picture with a box over it; ``st.session_state[key]["box"]`` is for ``read_box``.

    Args:
        key: of the component.
        pixels: the picture, [H,W,3].
        of: tells it from other pictures; with another one the browser takes ``box`` from here.
        box: where the box is at first; None = around everything.
        ratio: width to height that every box has, in pixels; None = any.
        label: what a screen reader calls the picture.
        note: a sentence below it.
        on_crop: called after the box was moved.
    """
    height, width = pixels.shape[:2]
    data = {
        "picture": _jpeg(of, pixels),
        "size": [width, height],
        "box": [box.left, box.top, box.right, box.bottom] if box else None,
        "least": [min(LEAST / width, 1.0), min(LEAST / height, 1.0)],
        "ratio": ratio,
        "revision": of,
        "label": label,
        "note": note,
    }
    component.mount("draw/crop_box")(key=key, data=data, on_box_change=on_crop)


@st.cache_data(max_entries=64, show_spinner=False)
def _jpeg(of: str, _pixels: "NDArray[np.uint8]") -> str:
    """A small JPEG of a picture known by ``of``, as base64."""
    from PIL import Image

    picture = Image.fromarray(_pixels)
    picture.thumbnail((_SHOWN, _SHOWN))
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return base64.b64encode(file.getvalue()).decode()


def read_box(report: object, of: str) -> Box | None:
    """Return where a visitor wants the box; None = around everything, or on another picture.

    Args:
        report: from outside; anything.
        of: the picture that it is about.

    Raises:
        InputError: it is no box.
    """
    if report is None:
        return None
    if isinstance(report, dict) and isinstance(report.get("of"), str):
        box = report.get("box")
        if report["of"] != of or box is None:
            return None
        if isinstance(box, list) and len(box) == 4 and all(_is_share(part) for part in box):
            left, top, right, bottom = (float(part) for part in box)
            if left < right and top < bottom:
                return Box(left, top, right, bottom)
    raise InputError("The box did not arrive whole.", "Draw it once more.")


def _is_share(number: object) -> bool:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    return bool(0 <= number <= 1)  # False for NaN
