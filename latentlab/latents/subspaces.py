"""Subspaces, and how far one is turned from another.

Björck & Golub 1973, "Numerical methods for computing angles between linear subspaces", Mathematics
of Computation 27: cosines tell small angles badly and sines large ones, so each is used where it is
good.
"""

import torch
from torch import Tensor

from latentlab.errors import ShapeError


def principal_angles(a: Tensor, b: Tensor) -> Tensor:
    """Return the principal angles between the spans of columns, ascending, in degrees ``[k]``.

    The first is the smallest angle between a direction of one and a direction of the other, the
    next the smallest among what is orthogonal to those two, and so on. All are 0 where one span
    holds the other.

    Args:
        a: ``[D, k]`` columns, linearly independent.
        b: ``[D, m]`` columns, likewise; k <= m.

    Raises:
        ShapeError: they are not two matrices of as many rows, or ``a`` has more columns.
    """
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b) or a.shape[1] > b.shape[1]:
        raise ShapeError("The second span", [len(a), "at least k"], list(b.shape))
    one, other = (torch.linalg.qr(x.double()).Q for x in (a, b))
    across = other.T @ one
    cosines = torch.linalg.svdvals(across).clamp(0, 1)  # descending: of ascending angles
    sines = torch.linalg.svdvals(one - other @ across).clamp(0, 1).flip(0)
    angles = torch.where(cosines > 0.7, torch.arcsin(sines), torch.arccos(cosines))
    return torch.rad2deg(angles).float()


def axis_angles(a: Tensor, b: Tensor) -> Tensor:
    """Return the angle between each column of ``a`` and the same column of ``b``, ``[k]`` degrees.

    From 0 to 90: an axis points both ways.

    Raises:
        ShapeError: the matrices are not both ``[D, k]``.
    """
    if a.ndim != 2 or a.shape != b.shape:
        raise ShapeError("The other axes", list(a.shape), list(b.shape))
    one, other = (torch.nn.functional.normalize(x.double(), dim=0) for x in (a, b))
    cosines = (one * other).sum(0)
    apart = (one - other * cosines).norm(dim=0)  # the sine, good near 0
    return torch.rad2deg(torch.atan2(apart, cosines.abs())).float()


def left_axes(weights: Tensor) -> Tensor:
    """Return the left singular vectors of a matrix ``[D, k]``, by falling singular value.

    They are the axes of the ellipsoid that it makes of a sphere of codes: orthonormal ``[D, k]``.
    """
    axes: Tensor = torch.linalg.svd(weights.double(), full_matrices=False).U
    return axes.float()


def pointed_as(axes: Tensor, other: Tensor) -> Tensor:
    """Return ``axes`` ``[D, k]``, those negated that point away from the same column of another."""
    return axes * torch.where((axes * other).sum(0) < 0, -1.0, 1.0)
