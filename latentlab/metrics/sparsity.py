"""How a code uses its units: how few at a time, and which never."""

from numpy.typing import ArrayLike
from torch import Tensor

from latentlab.errors import InputError
from latentlab.metrics.arrays import matrix

DEAD = 0.01  # standard deviation of an activation in [0, 1] below which a unit says nothing
ACTIVE = 0.01  # variance of a posterior's mean above which a dimension is used


def population_sparseness(codes: ArrayLike | Tensor) -> float:
    """Return how few units share a picture's activity, its mean over pictures, in [0, 1].

    (1 - (Σ|a|/n)² / (Σa²/n)) / (1 - 1/n) over the n units: 0 = all alike, 1 = one alone
    (Vinje & Gallant 2000, after Rolls & Tovee 1995). A picture that no unit answers to counts 0.

    Args:
        codes: [N,n] activations of N pictures.

    Raises:
        ShapeError, InputError: these are no finite numbers in two dimensions, or n is 1.
    """
    return _sparseness(codes, axis=1)


def lifetime_sparseness(codes: ArrayLike | Tensor) -> float:
    """Return how few pictures share a unit's activity, its mean over units; as for populations.

    Raises:
        ShapeError, InputError: as ``population_sparseness``, of N.
    """
    return _sparseness(codes, axis=0)


def _sparseness(codes: ArrayLike | Tensor, axis: int) -> float:
    values = abs(matrix("The codes", codes).astype("float64"))
    count = values.shape[axis]
    if count < 2:
        raise InputError("Sparseness needs two values at least.")
    squares = (values**2).mean(axis)
    spread = values.mean(axis) ** 2 / squares.clip(min=1e-300)
    spread[squares == 0] = 1  # nobody answers: no activity to share
    return float(((1 - spread) / (1 - 1 / count)).mean())


def dead_units(codes: ArrayLike | Tensor) -> int:
    """Return how many units say nothing: their activation varies by less than .01 over pictures.

    Args:
        codes: [N,n] activations in [0,1]. A unit may be stuck at either end, or between.

    Raises:
        ShapeError, InputError: these are no finite numbers in two dimensions.
    """
    return int((matrix("The codes", codes).astype("float64").std(0) < DEAD).sum())


def active_units(means: ArrayLike | Tensor) -> int:
    """Return how many dimensions of a VAE are used: var(E[z | x]) > .01 over the data.

    Burda et al. 2016, section 5.2. The rest has collapsed onto the prior.

    Args:
        means: [N,k] of the posterior, of all pictures and not of a batch.

    Raises:
        ShapeError, InputError: these are no finite numbers in two dimensions.
    """
    return int((matrix("The means", means).astype("float64").var(0) > ACTIVE).sum())
