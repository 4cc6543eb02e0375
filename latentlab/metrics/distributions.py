"""Distances between two sets of features: coverage, density, Fréchet distance."""

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentlab.errors import InputError, ShapeError
from latentlab.metrics.arrays import at_most, matrix


class Coverage(NamedTuple):
    """Diversity and fidelity of samples.

    Attributes:
        coverage: share of real pictures with a sample nearby, 0 to 1; higher is better.
        density: how many neighbourhoods of real pictures a sample falls into, in units of what
            is expected of real pictures: 1 is as good as real, more is too tame.
    """

    coverage: float
    density: float


def coverage_and_density(
    real_features: ArrayLike | Tensor, fake_features: ArrayLike | Tensor, k: int = 5
) -> Coverage:
    """Return coverage and density of samples in the features of some network.

    Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models" (2020),
    section 3, strictly inside the balls as in the authors' code. With X_i real, Y_j
    fake, and B_i the ball around X_i that reaches to its k-th nearest other real feature::

        coverage = 1/N  Σ_i 1[some Y_j in B_i]
        density  = 1/kM Σ_j Σ_i 1[Y_j in B_i]

    Args:
        real_features: [N,F], N > k.
        fake_features: [M,F], M ≥ 1; compare values of one N, M and k only.
        k: which neighbour sets the radius.

    Raises:
        ShapeError: unequal numbers of features.
        InputError: ``k`` is not from 1 to N - 1, there is no fake, or a feature is not finite.
    """
    real, fake = _feature_pair(real_features, fake_features)
    at_most("nearest neighbours", k, len(real) - 1)
    if not len(fake):
        raise InputError("There is no sample to score.")
    x, y = torch.from_numpy(real), torch.from_numpy(fake)
    covered = inside = 0
    for start in range(0, len(x), 1000):  # 1000 rows of distances at a time, not all N²
        centres = x[start : start + 1000]
        own = torch.arange(len(centres))
        to_real = torch.cdist(centres, x)
        to_real[own, own + start] = torch.inf
        radius = to_real.kthvalue(k, dim=1, keepdim=True).values
        hits = torch.cdist(centres, y) < radius
        covered += int(hits.any(dim=1).sum())
        inside += int(hits.sum())
    return Coverage(covered / len(x), inside / (k * len(y)))


def frechet_distance(a: ArrayLike | Tensor, b: ArrayLike | Tensor) -> float:
    """Return the squared Fréchet distance of two Gaussians fitted to features; lower is better.

    Heusel et al., "GANs Trained by a Two Time-Scale Update Rule" (2017), equation (6); called FID
    when the features are those of the Inception network::

        |μ_a - μ_b|² + Tr(Σ_a + Σ_b - 2 (Σ_a Σ_b)^½)

    Unbiased covariances, as in the authors' code. The root's trace is that of the symmetric
    (Σ_a^½ Σ_b Σ_a^½)^½, found by eigenvalues, so that it is real and exists also for singular
    covariances. The estimate falls with the number of features: compare equal numbers only.

    Args:
        a: features [N,F], N ≥ 2.
        b: features [M,F], M ≥ 2.

    Raises:
        ShapeError: unequal numbers of features.
        InputError: fewer than two rows, or a feature that is not finite.
    """
    first, second = _feature_pair(a, b)
    if min(len(first), len(second)) < 2:
        raise InputError("A covariance needs at least two rows of features.")
    shift = first.mean(axis=0) - second.mean(axis=0)
    cov_a, cov_b = (np.atleast_2d(np.cov(f, rowvar=False)) for f in (first, second))
    values, vectors = np.linalg.eigh(cov_a)
    root_a = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root_a @ cov_b @ root_a).clip(min=0)).sum()
    distance = shift @ shift + np.trace(cov_a) + np.trace(cov_b) - 2 * cross
    return max(float(distance), 0.0)  # rounding can leave -1e-15 for equal sets


def _feature_pair(
    a: ArrayLike | Tensor, b: ArrayLike | Tensor
) -> tuple[NDArray[Any], NDArray[Any]]:
    first, second = matrix("The first features", a), matrix("The second features", b)
    if first.shape[1] != second.shape[1]:
        raise ShapeError("The second features", ["M", first.shape[1]], list(second.shape))
    return first, second
