"""How far each number of a code stands for one factor: scores of separated ("disentangled") codes.

    gap = mutual_information_gap(codes, factors, rng)     # gap.mean, gap.each
    dci(train_codes, train_factors, test_codes, test_factors, rng).disentanglement

Published code disagrees widely. Numbers are cut into bins of equal counts here: with bins of equal
widths one outlier turns a perfect score into none (tried: .997 into .000). What chance alone gives
is subtracted: shuffled codes share .05 nats with a factor of five values where there are 800
pictures. Scores mean little without what a perfect and a random code get: `perfect_codes` and
`random_codes` give such for the same factors.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentlab.errors import InputError, ShapeError
from latentlab.metrics.arrays import matrix

BINS = 20
SHUFFLES = 10
TREES = 20
PAIRS, POINTS = 32, 1500  # of a batch, and batches, for the beta-VAE score


class Gap(NamedTuple):
    """The mutual information gap: its mean over factors, and that of each ``[F]``."""

    mean: float
    each: NDArray[np.float64]


class DCI(NamedTuple):
    """Disentanglement, completeness and informativeness; all from 0 to 1, higher is better.

    Attributes:
        disentanglement: 1 where every number of the code matters for one factor alone.
        completeness: 1 where every factor is held by one number alone.
        informativeness: balanced accuracy on test codes, the mean over factors.
        importance: ``[D, F]``, columns sum to one.
    """

    disentanglement: float
    completeness: float
    informativeness: float
    importance: NDArray[np.float64]


def mutual_information(
    codes: ArrayLike | Tensor, factors: ArrayLike | Tensor, rng: torch.Generator
) -> NDArray[np.float64]:
    """Return how many nats each number of a code tells of each factor, ``[D, F]``.

    Codes are cut into 20 bins of equal counts; equal codes share a bin, so a constant tells
    nothing. The plug-in estimate I is adjusted for chance E, the mean over ten shuffles: H (I - E)
    / (H - E), as Vinh et al. 2010, eq. 14, with H the factor's entropy; below zero it is zero.

    Args:
        codes: ``[N, D]``.
        factors: ``[N, F]`` whole numbers, 0 and up or not; each different number is a value.
        rng: draws the shuffles.

    Raises:
        ShapeError: the numbers of rows differ.
        InputError: a code is not finite.
    """
    points, known = _pair(codes, factors)
    bins = np.stack([_binned(column) for column in points.T])  # [D, N]
    values = np.stack([np.unique(column, return_inverse=True)[1] for column in known.T])
    found = _information(bins, values)
    floor = np.zeros_like(found)
    for _ in range(SHUFFLES):
        order = torch.randperm(len(points), generator=rng).numpy()
        floor += _information(bins[:, order], values) / SHUFFLES
    whole = np.array([_entropy(column) for column in known.T])
    return whole * np.maximum(found - floor, 0) / np.maximum(whole - floor, 1e-12)


def mutual_information_gap(
    codes: ArrayLike | Tensor, factors: ArrayLike | Tensor, rng: torch.Generator
) -> Gap:
    """Return the MIG: by how much the best number of a code leads the second best.

    Chen et al. 2018, eq. 6: 1/F sum_f (I(z_first; v_f) - I(z_second; v_f)) / H(v_f), with
    `mutual_information`. Arguments and errors as there; codes need two numbers at least.
    """
    points, known = _pair(codes, factors)
    if points.shape[1] < 2:
        raise InputError("A gap needs codes of two numbers at least.")
    best = np.sort(mutual_information(points, known, rng), axis=0)
    each = (best[-1] - best[-2]) / np.array([_entropy(column) for column in known.T])
    return Gap(float(each.mean()), each)


def dci(
    train_codes: ArrayLike | Tensor,
    train_factors: ArrayLike | Tensor,
    test_codes: ArrayLike | Tensor,
    test_factors: ArrayLike | Tensor,
    rng: torch.Generator,
) -> DCI:
    """Return disentanglement, completeness and informativeness (Eastwood & Williams 2018, sec. 2).

    A random forest a factor says how important each number is; scores are one minus the entropy of
    these importances, over factors or over numbers, to the base of how many there are. Numbers
    count by their share of all importance.

    Args:
        train_codes: ``[N, D]``.
        train_factors: ``[N, F]`` whole numbers.
        test_codes: ``[M, D]``.
        test_factors: ``[M, F]``.
        rng: seeds the forests.

    Raises:
        ShapeError: the shapes do not fit one another.
        InputError: a code is not finite.
    """
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import balanced_accuracy_score

    train, known = _pair(train_codes, train_factors)
    test, truth = _pair(test_codes, test_factors)
    if train.shape[1] != test.shape[1]:
        raise ShapeError("The test codes", ["M", train.shape[1]], list(test.shape))
    columns, accuracies = [], []
    for of_train, of_test in zip(known.T, truth.T, strict=True):
        seed = int(torch.randint(2**31, (), generator=rng))
        forest = RandomForestClassifier(
            TREES, min_samples_leaf=5, class_weight="balanced", max_features=None, random_state=seed
        ).fit(train, of_train)
        columns.append(forest.feature_importances_)
        accuracies.append(balanced_accuracy_score(of_test, forest.predict(test)))
    importance = np.stack(columns, axis=1)  # [D, F]
    weight = importance.sum(1) / importance.sum()
    return DCI(
        float((weight * (1 - _entropies(importance))).sum()),
        float((1 - _entropies(importance.T)).mean()),
        float(np.mean(accuracies)),
        importance,
    )


def separated_attribute_predictability(
    codes: ArrayLike | Tensor, factors: ArrayLike | Tensor, numbers: Sequence[bool]
) -> float:
    """Return the SAP score: by how much the best number predicts a factor better than the second.

    Kumar et al. 2018, section 3: a linear classifier sees one number of the code alone. Here its
    score is balanced accuracy, so that a frequent value is no merit, from linear discriminants,
    which do not depend on the scale of codes; for numbers it is the squared correlation.

    Args:
        codes: ``[N, D]``, D ≥ 2.
        factors: ``[N, F]`` whole numbers.
        numbers: which factors are numbers rather than choices, F of them.

    Raises:
        ShapeError: the shapes do not fit one another.
        InputError: a code is not finite, or has one number only.
    """
    points, known = _pair(codes, factors)
    if points.shape[1] < 2:
        raise InputError("A gap needs codes of two numbers at least.")
    if len(numbers) != known.shape[1]:
        raise ShapeError("Which factors are numbers", [known.shape[1]], [len(numbers)])
    gaps = []
    for column, number in zip(known.T, numbers, strict=True):
        each = sorted(_alone(code, column, number) for code in points.T)
        gaps.append(each[-1] - each[-2])
    return float(np.mean(gaps))


def beta_vae_score(
    codes: ArrayLike | Tensor, factors: ArrayLike | Tensor, rng: torch.Generator
) -> float:
    """Return how well one finds the factor that pairs of pictures share from how codes differ.

    Higgins et al. 2017, section 3: of 32 pairs with one factor in common the absolute differences
    of codes are averaged; a linear classifier names the factor. Codes are standardised first. Two
    thirds of 1,500 such averages train it; the accuracy on the others is returned. Chance is 1/F.

    Args:
        codes: ``[N, D]``.
        factors: ``[N, F]`` whole numbers.
        rng: draws factors and pairs.

    Raises:
        ShapeError: the numbers of rows differ.
        InputError: a code is not finite.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    points, known = _pair(codes, factors)
    points = (points - points.mean(0)) / np.maximum(points.std(0), 1e-12)
    alike = [_groups(column) for column in known.T]
    shared = torch.randint(known.shape[1], (POINTS,), generator=rng).numpy()
    averages = np.empty((POINTS, points.shape[1]))
    for row, factor in enumerate(shared):
        one = torch.randint(len(points), (PAIRS,), generator=rng).numpy()
        draws = torch.rand(PAIRS, generator=rng).numpy()
        order, start, count = alike[factor]
        other = order[start[one] + (draws * count[one]).astype(int)]
        averages[row] = np.abs(points[one] - points[other]).mean(0)
    cut = POINTS * 2 // 3
    linear = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    linear.fit(averages[:cut], shared[:cut])
    return float(linear.score(averages[cut:], shared[cut:]))


def perfect_codes(
    factors: ArrayLike | Tensor, size: int, rng: torch.Generator
) -> NDArray[np.float64]:
    """Return codes ``[N, size]`` with a number for each factor ``[N, F]``, and noise in the rest.

    Raises:
        InputError: there are more factors than numbers.
    """
    known = matrix("The factors", factors)
    if known.shape[1] > size:
        raise InputError(f"{known.shape[1]} factors do not fit into {size} numbers.")
    codes = random_codes(len(known), size, rng)
    spread = np.maximum(known.std(0), 1e-12)
    codes[:, : known.shape[1]] *= 0.02
    codes[:, : known.shape[1]] += (known - known.mean(0)) / spread
    return codes


def random_codes(count: int, size: int, rng: torch.Generator) -> NDArray[np.float64]:
    """Return codes ``[count, size]`` of a standard normal, which know nothing of any factor."""
    return torch.randn(count, size, generator=rng, dtype=torch.float64).numpy()


def _pair(
    codes: ArrayLike | Tensor, factors: ArrayLike | Tensor
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    points, known = matrix("The codes", codes), matrix("The factors", factors)
    if len(points) != len(known):
        raise ShapeError("The factors", [len(points), "F"], list(known.shape))
    return points, known.astype(np.int64)


def _binned(code: NDArray[Any]) -> NDArray[np.int64]:
    """Return which of the bins of equal counts each number ``[N]`` lies in."""
    edges = np.unique(np.quantile(code, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.searchsorted(edges, code, side="right").astype(np.int64)


def _information(bins: NDArray[np.int64], values: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the plug-in mutual information in nats, ``[D, F]``, of ``[D, N]`` and ``[F, N]``."""
    found = np.empty((len(bins), len(values)))
    for f, value in enumerate(values):
        width = int(value.max()) + 1
        for d, cell in enumerate(bins):
            counts = np.bincount(cell * width + value, minlength=BINS * width)
            joint = counts.reshape(-1, width) / len(value)
            apart = joint.sum(1, keepdims=True) * joint.sum(0)
            there = joint > 0
            found[d, f] = (joint[there] * np.log(joint[there] / apart[there])).sum()
    return found


def _entropy(column: NDArray[Any]) -> float:
    share = np.unique(column, return_counts=True)[1] / len(column)
    # A factor that never varies has nothing to be known; any gap over it is none.
    return max(float(-(share * np.log(share)).sum()), 1e-12)


def _entropies(importance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy of every row, from 0 to 1; of rows without importance 1."""
    total = importance.sum(1, keepdims=True)
    share = np.where(total > 0, importance / np.maximum(total, 1e-300), 1 / importance.shape[1])
    nats: NDArray[np.float64] = -(share * np.log(np.maximum(share, 1e-300))).sum(1)
    scaled: NDArray[np.float64] = nats / np.log(importance.shape[1])
    return scaled


def _alone(code: NDArray[Any], factor: NDArray[np.int64], number: bool) -> float:
    """Return how well one number of the code predicts one factor, 0 to 1."""
    from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
    from sklearn.metrics import balanced_accuracy_score

    if code.std() < 1e-9 * max(1.0, abs(float(code.mean()))):
        return 0.0 if number else 1 / len(np.unique(factor))
    if number:
        return float(np.corrcoef(code, factor)[0, 1] ** 2)
    values = len(np.unique(factor))
    even = np.full(values, 1 / values)
    linear = LinearDiscriminantAnalysis(priors=even).fit(code[:, None], factor)
    return float(balanced_accuracy_score(factor, linear.predict(code[:, None])))


def _groups(
    column: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return places by value, and of every item where its value's places begin and their number."""
    order = np.argsort(column, kind="stable")
    _, inverse, counts = np.unique(column, return_inverse=True, return_counts=True)
    begins = np.cumsum(counts) - counts
    return order, begins[inverse], counts[inverse]
