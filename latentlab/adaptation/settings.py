"""What a run in two dimensions depends on, beside what was played; no torch."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["source", "dann", "mmd"]
METHODS: dict[Method, str] = {"source": "Source only", "dann": "DANN", "mmd": "MMD"}


@dataclass(frozen=True, kw_only=True)
class Plane:
    """What a run depends on beside its method and what was played.

    Attributes:
        angle: by which the target is turned, in degrees.
        share: of the target's points that lie on the upper moon; the source's are half of all.
        seed: of all draws.
        batch: points of each domain a step.
        width: units of a hidden layer.
        depth: hidden layers between points and features.
        features: numbers that a point becomes; two of them can be drawn as they are.
        rate: learning rate.
    """

    angle: float = 35.0
    share: float = 0.5
    seed: int = 0
    batch: int = 64
    width: int = 16
    depth: int = 1
    features: int = 2
    rate: float = 0.003
