"""Scores of codes: nearest neighbours, and how far a map keeps them."""

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor

from latentlab.errors import InputError, ShapeError
from latentlab.metrics.arrays import at_most, matrix


def _labels(labels: ArrayLike | Tensor, count: int) -> NDArray[Any]:
    values = np.asarray(labels)
    if values.shape != (count,):
        raise ShapeError("The labels", [count], list(values.shape))
    return values


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

    train, test = matrix("The train codes", train_codes), matrix("The test codes", test_codes)
    if train.shape[1] != test.shape[1]:
        raise ShapeError("The test codes", ["M", train.shape[1]], list(test.shape))
    at_most("nearest neighbours", k, len(train))
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

    points = matrix("The codes", codes)
    at_most("nearest neighbours", k, len(points) - 1)
    truth = _labels(labels, len(points))
    nearest = NearestNeighbors(n_neighbors=k).fit(points).kneighbors(return_distance=False)
    return _vote_accuracy(truth[nearest], truth)


def probe_accuracy(
    train_codes: ArrayLike | Tensor,
    train_labels: ArrayLike | Tensor,
    test_codes: ArrayLike | Tensor,
    test_labels: ArrayLike | Tensor,
    balanced: bool = False,
) -> float:
    """Return the accuracy of logistic regression on codes: a linear probe (Alain & Bengio 2016).

    Codes are standardised by the training codes first, so that their scale does not decide; the
    penalty is scikit-learn's own, C = 1.

    Args:
        train_codes: [N,D].
        train_labels: [N] whole numbers, at least two different ones.
        test_codes: [M,D].
        test_labels: [M].
        balanced: every class counts alike, however rare: the mean of the classes' own accuracies.

    Raises:
        ShapeError: the shapes do not fit one another.
        InputError: there is only one class, or a code is not finite.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, balanced_accuracy_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    train, test = matrix("The train codes", train_codes), matrix("The test codes", test_codes)
    if train.shape[1] != test.shape[1]:
        raise ShapeError("The test codes", ["M", train.shape[1]], list(test.shape))
    known, truth = _labels(train_labels, len(train)), _labels(test_labels, len(test))
    if len(np.unique(known)) < 2:
        raise InputError("A probe needs codes of two classes at least.")
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    guesses = probe.fit(train, known).predict(test)
    return float((balanced_accuracy_score if balanced else accuracy_score)(truth, guesses))


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

    originals, mapped = matrix("The originals", x), matrix("The map", y)
    if len(originals) != len(mapped):
        raise ShapeError("The map", [len(originals), "d"], list(mapped.shape))
    at_most("nearest neighbours", n_neighbors, (min(len(mapped), limit) - 1) // 2)
    if len(mapped) > limit:
        chosen = torch.randperm(len(mapped), generator=rng)[:limit].numpy()
        originals, mapped = originals[chosen], mapped[chosen]
    return float(manifold.trustworthiness(originals, mapped, n_neighbors=n_neighbors))
