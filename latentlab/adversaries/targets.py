"""What the generator is to imitate: distributions of points in two dimensions.

Each is a mixture of equal round Gaussians around anchors. A ring has one anchor a mode; a curve has
hundreds, closer together than they are wide. So one meter serves them all: a point belongs to the
part of its nearest anchor, and lies within three standard deviations of it or does not.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from latentlab.adversaries import draws
from latentlab.errors import InputError
from latentlab.registry import Registry

Points = NDArray[np.float64]  # [N, 2]

STRETCHES = 16  # of a curve, each of which is a part that can be missing
ALONG = 256  # anchors of a curve
MAX_DRAWN = 400  # anchors of a drawing


@dataclass(frozen=True)
class Target:
    """A distribution of points.

    Attributes:
        name: in the registry; "drawn" for a drawing.
        title: what people call it.
        part: what one of its parts is called, and several.
        anchors: [K, 2] centres of equal Gaussians.
        parts: [K] to which part each belongs, from 0.
        sigma: their standard deviation in each direction.
    """

    name: str
    title: str
    part: tuple[str, str]
    anchors: Points
    parts: NDArray[np.int64]
    sigma: float

    @property
    def count(self) -> int:
        """How many parts there are."""
        return int(self.parts.max()) + 1

    @property
    def scale(self) -> float:
        """The largest coordinate of an anchor, at least 1: what networks see is divided by it."""
        return max(float(np.abs(self.anchors).max()), 1.0)

    def sample(self, count: int, *key: int) -> NDArray[np.float32]:
        """Return [count, 2] points that follow from a key (``draws``)."""
        chosen = (draws.uniform(count, *key, 0) * len(self.anchors)).astype(np.int64)
        noise = draws.normal(2 * count, *key, 1).reshape(count, 2)
        return (self.anchors[chosen] + self.sigma * noise).astype(np.float32)


targets: Registry[Callable[[], Target]] = Registry("distribution")


def get(name: str) -> Target:
    """Return the distribution called ``name``.

    Raises:
        UnknownNameError: there is none.
    """
    return targets.get(name)()


MODE, STRETCH = ("mode", "modes"), ("stretch", "stretches")


def _modes(name: str, title: str, anchors: Sequence[tuple[float, float]], sigma: float) -> Target:
    return Target(name, title, MODE, np.array(anchors, float), np.arange(len(anchors)), sigma)


@targets.register("ring")
def ring() -> Target:
    """Eight Gaussians of σ .01 on a circle of radius 1 (Lin et al. 2018, PacGAN)."""
    angles = [2 * math.pi * i / 8 for i in range(8)]
    return _modes("ring", "Ring of 8", [(math.cos(a), math.sin(a)) for a in angles], 0.01)


@targets.register("grid")
def grid() -> Target:
    """Twenty-five Gaussians of σ .05, two apart (Lin et al. 2018, PacGAN)."""
    at = range(-4, 5, 2)
    return _modes("grid", "Grid of 25", [(x, y) for y in at for x in at], 0.05)


@targets.register("moons")
def moons() -> Target:
    """Two half circles that reach into each other."""
    angles = np.linspace(0, math.pi, ALONG // 2)
    upper = np.stack([np.cos(angles) - 0.5, np.sin(angles) - 0.25], 1)
    lower = np.stack([0.5 - np.cos(angles), 0.25 - np.sin(angles)], 1)
    return _curve("moons", "Two moons", [upper, lower], 0.05)


@targets.register("spiral")
def spiral() -> Target:
    """A spiral of one and a half turns."""
    t = np.sqrt(np.linspace(0.02, 1, ALONG))  # so that anchors lie about equally far apart
    angles = 3 * math.pi * t
    return _curve(
        "spiral", "Spiral", [t[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)], 0.03
    )


@targets.register("gaussian")
def gaussian() -> Target:
    """One Gaussian, away from where a generator begins."""
    return _modes("gaussian", "One Gaussian", [(0.5, 0.5)], 0.2)


@targets.register("point")
def point() -> Target:
    """Nearly one point: what the Dirac GAN has to find (Mescheder et al. 2018)."""
    return _modes("point", "One point", [(0.0, 0.0)], 0.01)


def drawn(points: Sequence[tuple[float, float]], sigma: float = 0.04) -> Target:
    """Return a distribution around points that somebody drew, in the order of the pen.

    Raises:
        InputError: none or too many, or coordinates beyond [-1, 1].
    """
    anchors = np.array(points, float).reshape(-1, 2)
    if not 1 <= len(anchors) <= MAX_DRAWN:
        raise InputError(f"A drawing here is 1 to {MAX_DRAWN} points.")
    if not (np.abs(anchors) <= 1).all():  # False for NaN, too
        raise InputError("A drawing here lies between -1 and 1.")
    return _curve("drawn", "Your drawing", [anchors], sigma)


def _curve(name: str, title: str, lines: Sequence[Points], sigma: float) -> Target:
    anchors = np.concatenate(lines)
    stretches = min(STRETCHES, len(anchors))
    parts = np.arange(len(anchors)) * stretches // len(anchors)
    return Target(name, title, STRETCH, anchors, parts, sigma)
