"""What the discriminator and the generator minimise: five losses.

``r`` is what the discriminator says of real points, ``f`` what it says of generated ones, both [N]
and without a sigmoid. Each function returns the mean over the batch.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from latentlab.registry import Registry

if TYPE_CHECKING:
    from torch import Tensor

Pair = Callable[["Tensor", "Tensor"], "Tensor"]


@dataclass(frozen=True)
class Loss:
    """A loss.

    Attributes:
        title: what people call it.
        paper: who proposed it.
        discriminator: what the discriminator minimises, without the penalty.
        generator: what the generator minimises.
        penalty: on the discriminator's gradient: "between" real and generated points, where its
            length is to be one; at "both" of them, where it is to be nothing (R1 and R2); or "".
        weight: of the penalty, where nobody asks for another.
        relative: whether only differences of what the discriminator says count, so that its last
            bias has no gradient; Adam would make steps of what rounding leaves of it.
    """

    title: str
    paper: str
    discriminator: Pair
    generator: Pair
    penalty: Literal["", "between", "both"] = ""
    weight: float = 0.0
    relative: bool = False


losses: Registry[Loss] = Registry("loss")


def softplus(x: "Tensor") -> "Tensor":
    """Return log(1 + e^x), without torch being loaded: pages name the losses."""
    return x.relu() + (-x.abs()).exp().log1p()


def _against(r: "Tensor", f: "Tensor") -> "Tensor":
    return (softplus(-r) + softplus(f)).mean()


losses.add(
    "minimax",
    Loss("Minimax", "Goodfellow et al. 2014", _against, lambda r, f: -softplus(f).mean()),
)
losses.add(
    "non_saturating",
    Loss("Non-saturating", "Goodfellow et al. 2014", _against, lambda r, f: softplus(-f).mean()),
)
losses.add(
    "least_squares",
    Loss(
        "Least squares",
        "Mao et al. 2017",
        lambda r, f: ((r - 1) ** 2 + f**2).mean() / 2,
        lambda r, f: ((f - 1) ** 2).mean() / 2,
    ),
)
losses.add(
    "wasserstein",
    Loss(
        "WGAN-GP",
        "Gulrajani et al. 2017",
        lambda r, f: (f - r).mean(),
        lambda r, f: -f.mean(),
        "between",
        1.0,
        relative=True,
    ),
)
losses.add(
    "relativistic",
    Loss(
        "Relativistic, R1 + R2",
        "Huang et al. 2024",
        lambda r, f: softplus(f - r).mean(),
        lambda r, f: softplus(r - f).mean(),
        "both",
        0.05,
        relative=True,
    ),
)
