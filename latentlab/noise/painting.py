"""Damage painted into regions of a photograph.

    painted = paint(pixels, [Stroke("gaussian", 0.5, 0.05, ((0.2, 0.5), (0.8, 0.5)))], seed=0)

Every pixel belongs to the last stroke over it, which damages what the clean picture has there: a
later stroke replaces an earlier one's damage. What a stroke does to a pixel follows from the seed
and the place alone, so that more strokes elsewhere, or one taken back, leave it as it was.
"""

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor
from torch.nn import functional as F

from latentlab.errors import InputError, ShapeError, UnknownNameError
from latentlab.noise import field
from latentlab.noise.field import Box

BLOCK, NEAR = 16, 4  # pixels: of `level_map`
MOST_STROKES, MOST_POINTS = 200, 4000  # in all; the strokes are counted in one byte a pixel


class Kind(NamedTuple):
    """One kind of damage, and how far it goes."""

    weak: float  # at strength 0
    strong: float  # at strength 1
    label: str  # what people call it
    geometric: bool = False  # whether equal steps of strength multiply

    def at(self, strength: float) -> float:
        """Return the parameter of a strength from 0 to 1."""
        if self.geometric:
            return float(self.weak * (self.strong / self.weak) ** strength)
        return self.weak + strength * (self.strong - self.weak)


KINDS = {
    "gaussian": Kind(10 / 255, 100 / 255, "Gaussian"),  # standard deviation where white is 1
    "poisson": Kind(200, 5, "Poisson", geometric=True),  # photons that a white pixel gets
    "salt_and_pepper": Kind(0.02, 0.40, "Salt and pepper"),  # share of pixels hit
    "jpeg": Kind(40, 2, "JPEG"),  # quality from 1 to 100
}


@dataclass(frozen=True)
class Stroke:
    """One stroke of the brush: round, of one size and strength, along a line through points.

    Attributes:
        kind: a name in ``KINDS``.
        strength: from 0, weak, to 1, strong.
        radius: share of the picture's longer side, up to 0.5.
        points: (x, y) as shares of width and height, one or more.

    Raises:
        UnknownNameError: on construction, no such kind.
        InputError: on construction, a number is out of its range or none.
    """

    kind: str
    strength: float
    radius: float
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise UnknownNameError("kind of damage", self.kind, KINDS)
        # Written so that NaN fails too.
        if not 0 <= self.strength <= 1:
            raise InputError("The strength of a stroke must be a number from 0 to 1.")
        if not 0 < self.radius <= 0.5:
            raise InputError("The radius of a stroke must be a number above 0, up to 0.5.")
        if not self.points:
            raise InputError("A stroke goes through at least one point.")
        if not all(0 <= share <= 1 for point in self.points for share in point):
            raise InputError("The points of a stroke must lie on the picture, from 0 to 1.")


def paint(pixels: NDArray[Any], strokes: Sequence[Stroke], seed: int) -> NDArray[Any]:
    """Return a picture with strokes of damage; ``pixels`` stays as it is.

    Args:
        pixels: uint8 or uint16, ``[H, W]`` grey or ``[H, W, 3]``.
        strokes: in the order in which they were painted.
        seed: of the noise; equal seeds give equal damage.

    Returns:
        The same shape and type; noise is clipped to [0, white], as a file would clip it.

    Raises:
        ShapeError: ``pixels`` is no such picture.
        InputError: there are more than ``MOST_STROKES``, or ``MOST_POINTS`` in all.
    """
    if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
        raise ShapeError("The picture", "[H,W] or [H,W,3]", list(pixels.shape))
    if len(strokes) > MOST_STROKES or sum(len(s.points) for s in strokes) > MOST_POINTS:
        raise InputError(
            f"More than {MOST_STROKES} strokes or {MOST_POINTS} points cannot be painted.",
            "Take some back.",
        )
    painted = pixels.copy()
    if not strokes:
        return painted
    height, width = pixels.shape[:2]
    owner = _last_stroke(height, width, strokes)
    # What belongs to nobody has number 0: no kind, and nothing of it.
    kinds = np.array(["", *(stroke.kind for stroke in strokes)])
    parameters = np.array([0.0, *(KINDS[s.kind].at(s.strength) for s in strokes)], np.float32)
    damage = _Damage(pixels, seed)
    for top, left, *_ in field.squares(Box(0, 0, height, width)):
        box = Box(top, left, min(field.SQUARE, height - top), min(field.SQUARE, width - left))
        owned = owner[box.slices]
        for kind in np.unique(kinds[np.unique(owned)]):
            here = kinds[owned] == kind
            if kind:
                damaged = damage.of(kind, box, np.where(here, parameters[owned], 0))
                painted[box.slices][here] = damaged[here]
    return painted


def level_map(clean: NDArray[Any], painted: NDArray[Any]) -> Tensor:
    """Return how strong the damage is from place to place, for a network conditioned on it.

    Args:
        clean: uint8 or uint16, ``[H, W]`` or ``[H, W, 3]``.
        painted: the same with damage, as ``paint`` returns it.

    Returns:
        float32 ``[H, W]``, white is 1: the root mean square of the damage in a block of ``BLOCK``
        pixels a side, where there is any within ``NEAR`` pixels; else 0.

    Raises:
        ShapeError: the pictures differ in shape.
    """
    if clean.shape != painted.shape:
        raise ShapeError("The painted picture", list(clean.shape), list(painted.shape))
    height, width = clean.shape[:2]
    levels = torch.empty(height, width)
    # Square by square, each of whole blocks: 50 megapixels at once would take a gigabyte.
    for square in field.squares(Box(0, 0, height, width)):
        top, left = max(0, square.top - NEAR), max(0, square.left - NEAR)
        bottom, right = square.top + square.height + NEAR, square.left + square.width + NEAR
        around = _squared_damage(clean[top:bottom, left:right], painted[top:bottom, left:right])
        # Salt and pepper leaves most pixels of its stroke as they are: what lies near counts too.
        near = F.max_pool2d((around > 0).float()[None, None], 2 * NEAR + 1, 1, NEAR)
        rows, columns = (
            slice(start - first, start - first + field.SQUARE)
            for start, first in ((square.top, top), (square.left, left))
        )
        inner, near = around[None, None, rows, columns], near[..., rows, columns]
        sums, counts = (F.avg_pool2d(x, BLOCK, ceil_mode=True) for x in (inner, near))
        blocks = F.interpolate((sums / counts.clamp(min=1e-6)).sqrt(), scale_factor=BLOCK)
        levels[square.slices] = (blocks[..., : near.shape[2], : near.shape[3]] * near)[0, 0]
    return levels


def _squared_damage(clean: NDArray[Any], painted: NDArray[Any]) -> Tensor:
    """Return the squared difference of two pictures, mean of channels, white is 1, ``[H, W]``."""
    a, b = (torch.from_numpy(x.astype(np.float32)) for x in (clean, painted))
    square = ((b - a) / float(np.iinfo(clean.dtype).max)).square_()
    return square.mean(2) if square.ndim == 3 else square


def _last_stroke(height: int, width: int, strokes: Sequence[Stroke]) -> NDArray[np.uint8]:
    """Return ``[H, W]``: 1 for pixels that the first stroke was the last to reach …; 0 for none."""
    owner = Image.new("L", (width, height))
    draw = ImageDraw.Draw(owner)
    for number, stroke in enumerate(strokes, start=1):
        radius = stroke.radius * max(width, height)
        # The middle of Pillow's pixel 0 is at 0, of a share it is at half a pixel.
        points = [(x * width - 0.5, y * height - 0.5) for x, y in stroke.points]
        for a, b in pairwise(points):
            draw.polygon(_band(a, b, radius), fill=number)
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=number)
    return np.asarray(owner)


def _band(
    a: tuple[float, float], b: tuple[float, float], radius: float
) -> list[tuple[float, float]]:
    """Return the corners of what lies within ``radius`` beside the line from a to b."""
    length = math.dist(a, b) or 1.0
    across = (radius * (a[1] - b[1]) / length, radius * (b[0] - a[0]) / length)
    return [
        (x + s * across[0], y + s * across[1]) for (x, y), s in ((a, 1), (b, 1), (b, -1), (a, -1))
    ]


class _Damage:
    """Damages squares of a clean picture.

    Each kind takes a square and its parameter at every pixel, float32 ``[h, w]``, 0 where the
    square is not to be damaged, and returns the square ``[h, w, C]`` with white at 1.
    """

    def __init__(self, pixels: NDArray[Any], seed: int) -> None:
        self._pixels = pixels
        self._white = np.iinfo(pixels.dtype).max
        self._seed = seed
        self._steps = cache(_poisson_steps)  # as many as there are strengths in use

    def of(self, kind: str, box: Box, parameter: NDArray[np.float32]) -> NDArray[Any]:
        """Return a square with one kind of damage, in the type and with the axes of the picture."""
        kinds: dict[str, Callable[[Box, NDArray[np.float32]], NDArray[Any]]] = {
            "gaussian": self._gaussian,
            "poisson": self._poisson,
            "salt_and_pepper": self._salt_and_pepper,
            "jpeg": self._jpeg,
        }
        x = kinds[kind](box, parameter).clip(0, 1)
        stored: NDArray[Any] = np.rint(x * self._white).astype(self._pixels.dtype)
        return stored.reshape(*parameter.shape, *self._pixels.shape[2:])

    def _clean(self, box: Box) -> NDArray[np.float32]:
        x = self._pixels[box.slices].astype(np.float32) / np.float32(self._white)
        return x.reshape(box.height, box.width, -1)

    def _gaussian(self, box: Box, sigma: NDArray[np.float32]) -> NDArray[Any]:
        x = self._clean(box)
        return x + sigma[..., None] * field.normal(self._seed, box, x.shape[2])

    def _salt_and_pepper(self, box: Box, share: NDArray[np.float32]) -> NDArray[Any]:
        u, half = field.uniform(self._seed, box, 1), share[..., None] / 2
        return np.where(u < half, 0, np.where(u >= 1 - half, 1, self._clean(box)))

    def _poisson(self, box: Box, peak: NDArray[np.float32]) -> NDArray[Any]:
        """Count photons: the least k with P(Poisson(rate) ≤ k) > u, for one even u a sample.

        Looked up in a table over 256 levels of brightness; of a sample of 16 bits, what lies
        between two levels is added after. `latentlab.noise` does without a table, and takes ten
        times as long.
        """
        x = self._clean(box)
        level = np.rint(255 * x)
        u = level + field.uniform(self._seed, box, x.shape[2]).astype(np.float64)
        noisy = x - level / 255
        for each in np.unique(peak[peak > 0]):
            here, steps = peak == each, self._steps(float(each))
            # The table has as many counts for each level.
            k = np.searchsorted(steps, u[here], side="right") % (len(steps) // 256)
            noisy[here] += k.astype(np.float32) / each
        return noisy

    def _jpeg(self, box: Box, quality: NDArray[np.float32]) -> NDArray[Any]:
        """Compress; JPEG works in squares of 16 pixels, whose colours reach one pixel further."""
        top, left = max(0, box.top - 16), max(0, box.left - 16)
        around = self._pixels[top : box.top + box.height + 16, left : box.left + box.width + 16]
        eight = np.rint(around * np.float32(255 / self._white)).astype(np.uint8)
        inside = Box(box.top - top, box.left - left, box.height, box.width).slices
        x = self._clean(box)
        qualities = np.rint(quality)
        for each in np.unique(qualities[qualities > 0]):
            file = io.BytesIO()
            Image.fromarray(eight).save(file, "JPEG", quality=int(each))
            with Image.open(file) as picture:
                stored = np.asarray(picture)[inside].reshape(x.shape)
            here = qualities == each
            x[here] = stored[here] / np.float32(255)
        return x


def _poisson_steps(peak: float) -> NDArray[np.float64]:
    """Return where level + u steps from count to count, ascending, ``[256 · counts]``.

    Level l, of 255, has the rate peak · l / 255. Its last step is at l + 1, as u < 1.
    """
    most = math.ceil(peak + 8 * math.sqrt(peak) + 8)  # beyond it lies less than 1e-9
    k = np.arange(most + 1)
    logarithms = np.concatenate([[0.0], np.log(np.arange(1, most + 1)).cumsum()])  # of k!
    rate = peak * np.arange(256)[:, None] / 255
    with np.errstate(divide="ignore", invalid="ignore"):
        powers = np.where(k == 0, 0.0, k * np.log(rate))
    distribution = np.exp(powers - rate - logarithms).cumsum(1).clip(max=1)  # [256, most + 1]
    distribution[:, -1] = 1
    steps: NDArray[np.float64] = (np.arange(256)[:, None] + distribution).ravel()
    return steps
