"""Subspaces of pictures: where the codes of linear methods can reach."""

import torch
from torch import Tensor

from latentlab.errors import ShapeError


def principal_angles(a: Tensor, b: Tensor) -> Tensor:
    """Return the angles between the spans of the columns of two matrices, in degrees, ascending.

    Björck & Golub 1973, "Numerical methods for computing angles between linear subspaces": the
    singular values of QaᵀQb are their cosines; small angles come from sines, which float well.

    Args:
        a: ``[D, k]``, of full rank.
        b: ``[D, m]``, of full rank.

    Returns:
        ``[min(k, m)]`` float64, from 0 to 90.

    Raises:
        ShapeError: they are no matrices, or not of as many rows.
    """
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b):
        raise ShapeError("The second basis", [len(a), "m"], list(b.shape))
    if a.shape[1] < b.shape[1]:
        a, b = b, a
    first, second = (torch.linalg.qr(matrix.double())[0] for matrix in (a, b))
    shared = first.T @ second
    cosines = torch.linalg.svdvals(shared).clamp(max=1)
    sines = torch.linalg.svdvals(second - first @ shared).clamp(max=1).flip(0)
    angles = torch.where(cosines > 0.7, torch.asin(sines), torch.acos(cosines))
    return torch.rad2deg(angles)


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
