"""Random numbers that lie on the plane of a picture: any part of them can be had without the rest.

The plane is cut into squares, and each draws its numbers from the seed and its place. A window of
a noisy picture is so the same window of the noisy whole, and the whole never has to be in memory.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SQUARE = 256  # pixels a side; drawing part of a square costs all of it

Draw = Callable[[np.random.Generator, tuple[int, int, int]], NDArray[np.float32]]


class Box(NamedTuple):
    """A rectangle of pixels of a picture."""

    top: int
    left: int
    height: int
    width: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """What cuts it out of an array ``[H, W]`` or ``[H, W, C]``."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )


def squares(box: Box) -> Iterator[Box]:
    """Yield the squares of the plane that ``box`` touches, whole, row by row."""
    for top in range(box.top // SQUARE * SQUARE, box.top + box.height, SQUARE):
        for left in range(box.left // SQUARE * SQUARE, box.left + box.width, SQUARE):
            yield Box(top, left, SQUARE, SQUARE)


def normal(seed: int, box: Box, channels: int) -> NDArray[np.float32]:
    """Return standard normal numbers ``[height, width, channels]``, float32.

    Equal seeds give a pixel the same numbers, whatever box it is asked for in.
    """
    return _drawn(seed, box, channels, lambda rng, shape: rng.standard_normal(shape, np.float32))


def uniform(seed: int, box: Box, channels: int) -> NDArray[np.float32]:
    """Return numbers ``[height, width, channels]`` spread evenly over [0, 1), as ``normal``."""
    return _drawn(seed, box, channels, lambda rng, shape: rng.random(shape, np.float32))


def _drawn(seed: int, box: Box, channels: int, draw: Draw) -> NDArray[np.float32]:
    numbers = np.empty((box.height, box.width, channels), np.float32)
    for square in squares(box):
        place = (square.top // SQUARE, square.left // SQUARE)
        rng = np.random.default_rng([seed, *place])
        whole = draw(rng, (SQUARE, SQUARE, channels))
        top, left = max(box.top, square.top), max(box.left, square.left)
        bottom = min(box.top + box.height, square.top + SQUARE)
        right = min(box.left + box.width, square.left + SQUARE)
        numbers[top - box.top : bottom - box.top, left - box.left : right - box.left] = whole[
            top - square.top : bottom - square.top, left - square.left : right - square.left
        ]
    return numbers
