"""What a run of two adversaries depends on beside its target; no torch."""

from dataclasses import dataclass
from typing import Literal

Move = Literal["step", "discriminator", "generator"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a run depends on beside the target.

    Attributes:
        losses: (moment, name of a loss) in the order of moments, the first at 0: which holds from
            that moment on.
        seed: of all draws.
        batch: points of each sort a step.
        noise: what the generator is given: "normal", "uniform" in (-1, 1), or "none", all zeros.
        noise_size: how many numbers of it.
        width: units of a hidden layer, of the generator and of the discriminator.
        depth: hidden layers, likewise; with none, a network is linear.
        rate: learning rates, likewise.
        turns: steps of the discriminator before one of the generator.
        penalty: weight of the gradient penalty; None = the loss's own.
        spectral: divide the discriminator's weights by their largest singular value.
        length: moment at which the learning rates have fallen to nothing, in a straight line; 0 =
            they stay.
    """

    losses: tuple[tuple[int, str], ...] = ((0, "non_saturating"),)
    seed: int = 0
    batch: int = 128
    noise: Literal["normal", "uniform", "none"] = "normal"
    noise_size: int = 2
    width: tuple[int, int] = (64, 64)
    depth: tuple[int, int] = (2, 2)
    rate: tuple[float, float] = (0.001, 0.001)
    turns: int = 1
    penalty: float | None = None
    spectral: bool = False
    length: int = 0
