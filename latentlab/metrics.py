"""Scores, each with its unit and direction.

Three kinds: pairwise metrics of pictures (the registry ``metrics``), scores of codes (nearest
neighbours, trustworthiness), and distances between two sets of features (coverage, density,
Fréchet distance).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentlab.errors import InputError, ShapeError
from latentlab.registry import Registry


@dataclass(frozen=True)
class Metric:
    """A comparison of pictures, one number each; take means yourself.

    Attributes:
        name: the registry's name.
        label: what people call it.
        unit: "" when it has none.
        higher_is_better: its direction.
        paper: where it comes from, "" when it needs none.
        compare: (x, y) of one shape [B,C,H,W] -> [B].
    """

    name: str
    label: str
    unit: str
    higher_is_better: bool
    paper: str
    compare: Callable[[Tensor, Tensor], Tensor]

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """Return one score [B], float32, for each pair of pictures [B,C,H,W] in [0,1].

        Raises:
            ShapeError: the shapes are not [B,C,H,W] or differ.
        """
        if x.ndim != 4:
            raise ShapeError("A batch of pictures", "[B,C,H,W]", list(x.shape))
        if x.shape != y.shape:
            raise ShapeError("The second batch", list(x.shape), list(y.shape))
        return self.compare(x.float(), y.float())


def _mse(x: Tensor, y: Tensor) -> Tensor:
    return (x - y).square().mean(dim=(1, 2, 3))


def _psnr(x: Tensor, y: Tensor) -> Tensor:
    """-10 log10(mse), since the peak is 1; infinite for equal pictures."""
    return -10 * torch.log10(_mse(x, y))


def _ssim(x: Tensor, y: Tensor) -> Tensor:
    """Wang et al. (2004): Gaussian window of 11 x 11 with sigma 1.5, population covariance.

    Mean over the positions where the window lies inside the picture, and over channels. A picture
    with a side below 11 has too few or none of these; then the outermost count too, with the
    picture mirrored at its border.
    """
    from skimage.metrics import structural_similarity

    side = min(x.shape[2:])
    window = min(11, side - 1 + side % 2)  # odd, at most the side
    first, second = (pictures.detach().cpu().double().numpy() for pictures in (x, y))
    scores = [
        structural_similarity(  # type: ignore[no-untyped-call]
            a,
            b,
            win_size=window,
            data_range=1.0,
            channel_axis=0,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
        for a, b in zip(first, second, strict=True)
    ]
    return torch.tensor(scores, dtype=torch.float32)


metrics: Registry[Metric] = Registry("metric")
metrics.add("mse", Metric("mse", "Mean squared error", "", False, "", _mse))
metrics.add("psnr", Metric("psnr", "Peak signal-to-noise ratio", "dB", True, "", _psnr))
metrics.add(
    "ssim",
    Metric(
        "ssim",
        "Structural similarity",
        "",
        True,
        "Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity "
        "(2004)",
        _ssim,
    ),
)


def _matrix(what: str, values: ArrayLike | Tensor) -> NDArray[Any]:
    """Return a float64 matrix [N,D] of finite numbers, or say what is wrong with it."""
    if isinstance(values, Tensor):
        values = values.detach().cpu().numpy()
    matrix = np.asarray(values, dtype=np.float64)
    if matrix.ndim != 2:
        raise ShapeError(what, "[N,D]", list(matrix.shape))
    if not np.isfinite(matrix).all():
        raise InputError(f"{what} should hold finite numbers, but some are not.")
    return matrix


def _labels(labels: ArrayLike | Tensor, count: int) -> NDArray[Any]:
    values = np.asarray(labels)
    if values.shape != (count,):
        raise ShapeError("The labels", [count], list(values.shape))
    return values


def _at_most(what: str, k: int, most: int) -> None:
    if not 1 <= k <= most:
        raise InputError(f"{k} {what} cannot be had here.", f"Ask for 1 to {most}.")


def knn_accuracy(
    train_codes: ArrayLike | Tensor,
    train_labels: ArrayLike | Tensor,
    test_codes: ArrayLike | Tensor,
    test_labels: ArrayLike | Tensor,
    k: int = 10,
) -> float:
    """Return the share of test codes whose class is that of most of their k nearest train codes.

    Args:
        train_codes: [N,D]; euclidean distances.
        train_labels: [N] whole numbers; of classes with equally many votes the smallest wins.
        test_codes: [M,D].
        test_labels: [M].
        k: number of neighbours.

    Raises:
        ShapeError: the shapes do not fit one another.
        InputError: ``k`` is not from 1 to N, or a code is not finite.
    """
    from sklearn.neighbors import NearestNeighbors

    train, test = _matrix("The train codes", train_codes), _matrix("The test codes", test_codes)
    if train.shape[1] != test.shape[1]:
        raise ShapeError("The test codes", ["M", train.shape[1]], list(test.shape))
    _at_most("nearest neighbours", k, len(train))
    voters = _labels(train_labels, len(train))
    nearest = NearestNeighbors(n_neighbors=k).fit(train).kneighbors(test, return_distance=False)
    return _vote_accuracy(voters[nearest], _labels(test_labels, len(test)))


def knn_accuracy_within(
    codes: ArrayLike | Tensor, labels: ArrayLike | Tensor, k: int = 10
) -> float:
    """Return `knn_accuracy` of codes [N,D] among themselves, each left out of its own neighbours.

    Raises:
        ShapeError: the shapes do not fit one another.
        InputError: ``k`` is not from 1 to N - 1, or a code is not finite.
    """
    from sklearn.neighbors import NearestNeighbors

    matrix = _matrix("The codes", codes)
    _at_most("nearest neighbours", k, len(matrix) - 1)
    truth = _labels(labels, len(matrix))
    nearest = NearestNeighbors(n_neighbors=k).fit(matrix).kneighbors(return_distance=False)
    return _vote_accuracy(truth[nearest], truth)


def _vote_accuracy(votes: NDArray[Any], truth: NDArray[Any]) -> float:
    """Share of rows of ``votes`` [M,k] whose most frequent value equals ``truth`` [M]."""
    classes = np.unique(votes)
    counts = (votes[:, :, None] == classes).sum(axis=1)  # [M,K]
    return float((classes[counts.argmax(axis=1)] == truth).mean())


def trustworthiness(
    x: ArrayLike | Tensor,
    y: ArrayLike | Tensor,
    rng: torch.Generator,
    n_neighbors: int = 10,
    limit: int = 2000,
) -> float:
    """Return how far neighbours on the map are neighbours in truth: 1 is all, 0.5 about chance.

    Venna & Kaski, "Neighborhood Preservation in Nonlinear Projection Methods" (2001). A point
    among the ``n_neighbors`` nearest on the map costs as many ranks as it is too far away.

    Time and memory grow with the square of the number of points, so at most ``limit`` points are
    compared, chosen by ``rng``. Fewer points lie further apart: compare values of one ``limit``.

    Args:
        x: originals [N,D].
        y: the same points on the map [N,d].
        rng: which points to take; unused when there are at most ``limit``.
        n_neighbors: less than half of the points compared.
        limit: the most points to compare.

    Raises:
        ShapeError: unequal numbers of points.
        InputError: too few points for ``n_neighbors``, or a value that is not finite.
    """
    from sklearn import manifold

    originals, mapped = _matrix("The originals", x), _matrix("The map", y)
    if len(originals) != len(mapped):
        raise ShapeError("The map", [len(originals), "d"], list(mapped.shape))
    _at_most("nearest neighbours", n_neighbors, (min(len(mapped), limit) - 1) // 2)
    if len(mapped) > limit:
        chosen = torch.randperm(len(mapped), generator=rng)[:limit].numpy()
        originals, mapped = originals[chosen], mapped[chosen]
    return float(manifold.trustworthiness(originals, mapped, n_neighbors=n_neighbors))


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
    _at_most("nearest neighbours", k, len(real) - 1)
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
    first, second = _matrix("The first features", a), _matrix("The second features", b)
    if first.shape[1] != second.shape[1]:
        raise ShapeError("The second features", ["M", first.shape[1]], list(second.shape))
    return first, second
