"""Scores of what does not belong, and how well a score tells it from what does.

A score is a number for every picture, the higher the stranger. What is measured of it:

    auroc(normal, outliers)               # how often an outlier scores above a normal picture
    alarms(normal, outliers, threshold)   # precision, recall and false alarms of one threshold
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor
from torch.nn import functional as F

from latentlab.errors import InputError, ShapeError

LEAST_INK = 1.0  # strength of a picture; a digit has about 9, and a blank one must not divide by 0
BOX = 3  # pixels over which a residual is averaged
TREES = 100


# --- scores -----------------------------------------------------------------------------------


def squared_error(x: Tensor, again: Tensor) -> Tensor:
    """Return the mean squared error ``[B]`` of pictures ``[B,C,H,W]`` made again.

    Raises:
        ShapeError: the two are not alike.
    """
    return _residual(x, again).square().flatten(1).mean(1)


def smoothed_error(x: Tensor, again: Tensor) -> Tensor:
    """Return the error ``[B]`` of a smoothed residual, divided by how much there is in a picture.

    The residual is averaged over 3 x 3 pixels before it is squared: an edge that is half a pixel
    off cancels out, a stroke that is missing does not. Divided by the Euclidean length of the
    picture: one with little ink cannot have a large error, however badly it is made again.

    Raises:
        ShapeError: the two are not alike.
    """
    residual = F.avg_pool2d(_residual(x, again), BOX, stride=1, padding=BOX // 2)
    ink = x.flatten(1).norm(dim=1).clamp(min=LEAST_INK)
    errors: Tensor = residual.square().flatten(1).sum(1) / ink
    return errors


def negative_bound(x: Tensor, again: Tensor, rate: Tensor, sigma: float) -> Tensor:
    """Return minus the evidence lower bound in nats, ``[B]``, up to a constant.

    |x - x'|² / 2σ² + KL, with the mean of the posterior for z: the same picture always has the
    same score.

    Args:
        x: pictures [B,C,H,W].
        again: what is decoded from the means of their posteriors.
        rate: KL of these to the prior, [B].
        sigma: standard deviation of a pixel.

    Raises:
        ShapeError: pictures are not alike.
    """
    return _residual(x, again).square().flatten(1).sum(1) / (2 * sigma**2) + rate


def neighbour_distance(known: Tensor, x: Tensor, k: int = 5) -> Tensor:
    """Return the mean distance ``[B]`` from rows ``x`` [B,D] to the ``k`` nearest of ``known``.

    Raises:
        ShapeError: the rows are not of one length.
        InputError: fewer than ``k`` are known.
    """
    if known.ndim != 2 or x.ndim != 2 or known.shape[1] != x.shape[1]:
        raise ShapeError("Rows to compare", ["B", known.shape[-1]], list(x.shape))
    if not 1 <= k <= len(known):
        raise InputError(f"{k} neighbours cannot be found among {len(known)}.")
    parts = [
        torch.cdist(part, known).topk(k, largest=False).values.mean(1) for part in x.split(1000)
    ]
    return torch.cat(parts) if parts else x.new_zeros(0)


def isolation(known: Tensor, seed: int = 0) -> Callable[[Tensor], Tensor]:
    """Return the scores that an isolation forest grown on rows ``known`` gives: [B,D] -> [B].

    Liu, Ting & Zhou 2008: what a few random cuts part from all others is strange. In (0,1).
    """
    from sklearn.ensemble import IsolationForest

    forest = IsolationForest(n_estimators=TREES, random_state=seed).fit(known.numpy())
    return lambda x: torch.from_numpy(-forest.score_samples(x.numpy())).float()


def _residual(x: Tensor, again: Tensor) -> Tensor:
    if x.ndim != 4 or x.shape != again.shape:
        raise ShapeError("Pictures made again", list(x.shape), list(again.shape))
    return again - x


# --- how well they tell -----------------------------------------------------------------------


@dataclass(frozen=True)
class Alarms:
    """What one threshold does; an alarm is a score above it.

    Attributes:
        precision: share of the alarms that are outliers; NaN where there is no alarm.
        recall: share of the outliers that raise one.
        false_alarms: share of the normal pictures that raise one.
    """

    precision: float
    recall: float
    false_alarms: float


def auroc(normal: ArrayLike | Tensor, outliers: ArrayLike | Tensor) -> float:
    """Return the area under the ROC curve: 1 = every outlier scores above every normal picture.

    The same as the share of pairs in which the outlier has the higher score, ties counted half
    (Hanley & McNeil 1982), and computed so: no threshold is chosen.

    Raises:
        InputError: one side is empty, or holds what is no number.
    """
    from scipy.stats import rankdata

    below, above = _scores(normal, "normal"), _scores(outliers, "outliers'")
    ranks = rankdata(np.concatenate([below, above]))[len(below) :]
    wins = ranks.sum() - len(above) * (len(above) + 1) / 2
    return float(wins / (len(below) * len(above)))


def alarms(normal: ArrayLike | Tensor, outliers: ArrayLike | Tensor, threshold: float) -> Alarms:
    """Return precision, recall and false alarms of a threshold.

    Raises:
        InputError: as ``auroc``.
    """
    below, above = _scores(normal, "normal"), _scores(outliers, "outliers'")
    false, found = int((below > threshold).sum()), int((above > threshold).sum())
    return Alarms(
        precision=found / (found + false) if found + false else math.nan,
        recall=found / len(above),
        false_alarms=false / len(below),
    )


def quantile_threshold(normal: ArrayLike | Tensor, false_alarms: float) -> float:
    """Return the threshold that the given share of normal scores lies above.

    Raises:
        InputError: as ``auroc``; or the share is not in [0,1].
    """
    if not 0 <= false_alarms <= 1:
        raise InputError(f"A share of {false_alarms:g} is not from 0 to 1.")
    return float(np.quantile(_scores(normal, "normal"), 1 - false_alarms))


def best_threshold(normal: ArrayLike | Tensor, outliers: ArrayLike | Tensor) -> float:
    """Return the threshold with the most recall minus false alarms (Youden 1950): by hindsight.

    It has seen the answers of the very pictures that it is then measured on.

    Raises:
        InputError: as ``auroc``.
    """
    below, above = np.sort(_scores(normal, "normal")), np.sort(_scores(outliers, "outliers'"))
    places = np.unique(np.concatenate([below, above]))
    recall = 1 - np.searchsorted(above, places, side="right") / len(above)
    false = 1 - np.searchsorted(below, places, side="right") / len(below)
    return float(places[int((recall - false).argmax())])


def _scores(values: ArrayLike | Tensor, whose: str) -> NDArray[np.float64]:
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or not len(found) or not np.isfinite(found).all():
        raise InputError(f"The {whose} scores are none, or not all numbers.")
    return found
