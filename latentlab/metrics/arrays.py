"""What metrics demand of the arrays that they are given."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentlab.errors import InputError, ShapeError


def matrix(what: str, values: ArrayLike | Tensor) -> NDArray[Any]:
    """Return a float64 matrix [N,D] of finite numbers, or say what is wrong with it."""
    if isinstance(values, Tensor):
        values = values.detach().cpu().numpy()
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 2:
        raise ShapeError(what, "[N,D]", list(found.shape))
    if not np.isfinite(found).all():
        raise InputError(f"{what} should hold finite numbers, but some are not.")
    return found


def at_most(what: str, k: int, most: int) -> None:
    """Raise an InputError unless ``k`` is from 1 to ``most``."""
    if not 1 <= k <= most:
        raise InputError(f"{k} {what} cannot be had here.", f"Ask for 1 to {most}.")
