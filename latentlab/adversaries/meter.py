"""How well points cover a distribution, and what a perfect sampler of the same size would read.

Counting a part as covered by a single point of it rewards noise, so the fair share stands beside
it. A Gaussian in two dimensions has 1 - e^-4.5 = 98.9 % of its points within three standard
deviations: more than a perfect sampler is a failure, too, and called "too narrow".
"""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from latentlab.adversaries import draws
from latentlab.adversaries.targets import Target

POINTS = 2500  # of a reading, as in PacGAN
FAIR = 0.25  # of what a part should get
REPEATS = 40  # perfect samplers, for the range of what they read
_EXTRA = 2**20  # apart from all moments of a run


@dataclass(frozen=True)
class Reading:
    """What the meter says of some points.

    Attributes:
        covered: parts with at least one point within three standard deviations.
        fair: parts with at least a quarter of the points that they should have, likewise.
        inside: share of all points within three standard deviations of an anchor.
        divergence: Kullback-Leibler divergence over the parts, in nats, of the points' shares from
            equal ones: "reverse", since it weighs by what the generator makes.
    """

    covered: int
    fair: int
    inside: float
    divergence: float


def read(target: Target, points: NDArray[np.float32]) -> Reading:
    """Return what the meter says of points [N, 2]; each counts for the part of its nearest anchor.

    The divergence is over all points, as PacGAN counts it, since else it would forgive a generator
    whatever it throws between the modes.
    """
    x, anchors = points.astype(float), target.anchors
    squares = (x**2).sum(1)[:, None] - 2 * x @ anchors.T + (anchors**2).sum(1)
    nearest, away = squares.argmin(1), squares.min(1)
    good = away <= (3 * target.sigma) ** 2  # False for NaN
    part = target.parts[nearest]
    near = np.bincount(part[good], minlength=target.count)
    whole = np.bincount(part, minlength=target.count) / len(points)
    share = np.bincount(target.parts, minlength=target.count) / len(target.parts)
    seen = whole > 0
    return Reading(
        covered=int((near > 0).sum()),
        fair=int((near >= FAIR * share * len(points)).sum()),
        inside=float(good.mean()),
        divergence=float((whole[seen] * np.log(whole[seen] / share[seen])).sum()),
    )


@dataclass(frozen=True)
class Perfect:
    """What samplers of the distribution itself read: the lowest and the highest of ``REPEATS``."""

    low: Reading
    high: Reading


def perfect(target: Target, count: int = POINTS) -> Perfect:
    """Return the range of what perfect samplers of ``count`` points read."""
    made = [
        read(target, target.sample(count, 0, draws.LOOK, _EXTRA, repeat))
        for repeat in range(REPEATS)
    ]

    columns = list(zip(*(astuple(one) for one in made), strict=True))
    low, high = (Reading(*map(choose, columns)) for choose in (min, max))
    return Perfect(low, high)
