"""A domain made with one's own hands: digits turned, thickened, inverted, laid on a photograph.

shifted = apply(digits, Shift(rotation=30, background=0.5))      # uint8 [N, 28, 28] -> the same
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from latentlab.adaptation.domains import SIDE, Pictures, on_backgrounds
from latentlab.data.photographs import SAMPLES

if TYPE_CHECKING:
    from torch import Tensor

Pen = Literal["as written", "thin", "broad nib"]
PENS: tuple[Pen, ...] = ("as written", "thin", "broad nib")
PLACES = 11  # seed of the pieces of photographs


@dataclass(frozen=True, kw_only=True)
class Shift:
    """What is done to every digit, in the order of the attributes. The defaults do nothing.

    Attributes:
        pen: "thin" draws the middle lines of the strokes again, one pixel wide; "broad nib" draws
            these with a nib of three pixels at 45 degrees.
        thickness: pixels by which strokes grow on each side; below zero they shrink.
        rotation: degrees, counter-clockwise.
        shear: by how many pixels a row moves to the right for every pixel that it is higher.
        blur: standard deviation of a Gaussian, in pixels.
        contrast: what all pixels are multiplied by.
        invert: black on white.
        background: |digit - piece| with pieces of photographs, which are multiplied by this.
    """

    pen: Pen = "as written"
    thickness: float = 0.0
    rotation: float = 0.0
    shear: float = 0.0
    blur: float = 0.0
    contrast: float = 1.0
    invert: bool = False
    background: float = 0.0

    @property
    def parts(self) -> "dict[str, Shift]":
        """Every single thing that this shift does, alone, by the name of its field."""
        nothing = Shift()
        return {
            each.name: replace(nothing, **{each.name: getattr(self, each.name)})
            for each in fields(self)
            if getattr(self, each.name) != getattr(nothing, each.name)
        }


def apply(pictures: Pictures, shift: Shift) -> Pictures:
    """Return digits, shifted.

    Args:
        pictures: uint8 ``[N, 28, 28]``, white on black.
        shift: what is done to them. The same digit always gets the same piece of a photograph.
    """
    import torch
    from torch.nn import functional as F

    if shift.pen != "as written":
        pictures = _redrawn(pictures, shift.pen)
    x = torch.from_numpy(np.ascontiguousarray(pictures))[:, None].float() / 255
    if shift.thickness:
        x = _thickened(x, shift.thickness)
    if shift.rotation or shift.shear:
        turn = np.deg2rad(shift.rotation)
        # From a place of the result to the place of the digit that is shown there; y runs down.
        back = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        back = np.array([[1, shift.shear], [0, 1]]) @ back
        matrix = torch.tensor(np.column_stack([back, [0, 0]]), dtype=torch.float32)
        grid = F.affine_grid(
            matrix.expand(len(x), 2, 3), [len(x), 1, SIDE, SIDE], align_corners=False
        )
        x = F.grid_sample(x, grid, align_corners=False)
    if shift.blur:
        x = _blurred(x, shift.blur)
    x = x.clamp(0, 1) * shift.contrast
    if shift.invert:
        x = 1 - x
    made: Pictures = (x[:, 0] * 255).round().byte().numpy()
    if shift.background:
        grounds = [(g * shift.background).round().astype(np.uint8) for g in backgrounds()]
        made = on_backgrounds(made, grounds, np.random.default_rng(PLACES))
    return made


@cache
def backgrounds() -> tuple[Pictures, ...]:
    """Return grey photographs of scikit-image, which are CC0 or in the public domain."""
    grey = []
    for name in ("chelsea", "coffee", "rocket", "camera", "astronaut"):
        pixels = SAMPLES.get(name).pixels()
        weights = np.array([0.299, 0.587, 0.114])
        grey.append((pixels @ weights if pixels.ndim == 3 else pixels).round().astype(np.uint8))
    return tuple(grey)


def _thickened(x: "Tensor", by: float) -> "Tensor":
    """Return strokes that are thicker by so many pixels on each side; parts of one are mixed in."""
    from torch.nn import functional as F

    sign = 1 if by > 0 else -1
    x = sign * x
    whole = int(abs(by))
    for _ in range(whole):
        x = F.max_pool2d(x, 3, 1, 1)
    rest = abs(by) - whole
    if rest:
        x = (1 - rest) * x + rest * F.max_pool2d(x, 3, 1, 1)
    return sign * x


def _blurred(x: "Tensor", sigma: float) -> "Tensor":
    import torch
    from torch.nn import functional as F

    reach = int(np.ceil(3 * sigma))
    kernel = torch.exp(-(torch.arange(-reach, reach + 1).float() ** 2) / (2 * sigma**2))
    kernel = kernel / kernel.sum()
    x = F.conv2d(x, kernel[None, None, None], padding=(0, reach))
    return F.conv2d(x, kernel[None, None, :, None], padding=(reach, 0))


def _redrawn(pictures: Pictures, pen: Pen) -> Pictures:
    """Return the middle lines of strokes, drawn with another pen."""
    from skimage.morphology import skeletonize

    lines = np.stack([skeletonize(picture > 100) for picture in pictures])
    if pen == "thin":
        return (lines * 255).astype(np.uint8)
    return (_nib(lines) * 255).astype(np.uint8)


def _nib(lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    drawn = np.zeros_like(lines)
    for step in _steps():
        drawn |= np.roll(lines, step, (1, 2))
    return drawn


def _steps() -> Sequence[tuple[int, int]]:
    """Return the places that a nib of three pixels at 45 degrees covers, without gaps."""
    ends = [(-i, i) for i in range(-1, 2)]
    return [*ends, *((down, right + 1) for down, right in ends[1:])]
