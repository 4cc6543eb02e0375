"""Scores of what does not belong: known answers."""

import math

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from latentlab.errors import InputError, ShapeError
from latentlab.metrics import anomalies


def test_auroc_by_hand() -> None:
    # Of six pairs the outlier is above in four, and one is a tie.
    assert anomalies.auroc([1.0, 2.0, 5.0], [2.0, 6.0]) == pytest.approx(4.5 / 6)
    assert anomalies.auroc([1.0], [2.0]) == 1 and anomalies.auroc([2.0], [1.0]) == 0


def test_auroc_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    normal, outliers = rng.integers(0, 9, 50).astype(float), rng.integers(3, 12, 70).astype(float)
    labels = np.r_[np.zeros(50), np.ones(70)]
    wanted = roc_auc_score(labels, np.r_[normal, outliers])
    assert anomalies.auroc(torch.tensor(normal), outliers) == pytest.approx(wanted)


def test_alarms_by_hand() -> None:
    found = anomalies.alarms([1.0, 2.0, 5.0, 0.0], [2.0, 6.0], threshold=2.0)
    assert (found.recall, found.false_alarms, found.precision) == (0.5, 0.25, 0.5)
    assert math.isnan(anomalies.alarms([1.0], [1.0], threshold=3.0).precision)


def test_the_threshold_of_a_share_lets_that_share_pass() -> None:
    normal = np.arange(100.0)
    threshold = anomalies.quantile_threshold(normal, 0.05)
    assert anomalies.alarms(normal, [0.0], threshold).false_alarms == 0.05
    with pytest.raises(InputError, match="from 0 to 1"):
        anomalies.quantile_threshold(normal, 2)


def test_the_best_threshold_parts_what_can_be_parted() -> None:
    threshold = anomalies.best_threshold([1.0, 2.0, 3.0], [4.0, 5.0, 2.5])
    found = anomalies.alarms([1.0, 2.0, 3.0], [4.0, 5.0, 2.5], threshold)
    # Youden's J is 2/3 at a threshold of 3 as of 2: the lower one is as good.
    assert found.recall - found.false_alarms == pytest.approx(2 / 3)


@pytest.mark.parametrize("normal", [[], [math.nan], [[1.0]]])
def test_scores_that_are_none_are_refused(normal: list[float]) -> None:
    with pytest.raises(InputError, match="normal scores"):
        anomalies.auroc(normal, [1.0])


def test_errors_by_hand() -> None:
    x = torch.zeros(1, 1, 4, 4)
    x[0, 0, 1, 1] = 3.0
    again = torch.zeros_like(x)
    assert anomalies.squared_error(x, again).item() == pytest.approx(9 / 16)
    # Smoothed, the residual of 3 is 1/3 at nine pixels: squares of 1 in all, and the ink is 3.
    assert anomalies.smoothed_error(x, again).item() == pytest.approx(1 / 3)
    # A blank picture is not divided by nothing.
    assert anomalies.smoothed_error(again, again).item() == 0
    assert anomalies.smoothed_error(again, x).item() == pytest.approx(1.0)
    bound = anomalies.negative_bound(x, again, torch.tensor([2.0]), sigma=0.5)
    assert bound.item() == pytest.approx(9 / 0.5 + 2)
    with pytest.raises(ShapeError):
        anomalies.squared_error(x, again[:, :, :2])


def test_an_edge_half_a_pixel_off_costs_less_than_a_missing_stroke() -> None:
    x = torch.zeros(1, 1, 12, 12)
    x[..., 3:9, 5:7] = 1
    shifted, missing = x.roll(1, dims=3), x.clone()
    missing[..., 3:6, 5:7] = 0

    def ratio(score) -> float:
        return (score(x, shifted) / score(x, missing)).item()

    assert ratio(anomalies.smoothed_error) < 0.5 * ratio(anomalies.squared_error)


def test_neighbours_by_hand() -> None:
    known = torch.tensor([[0.0, 0.0], [3.0, 4.0], [9.0, 0.0]])
    assert anomalies.neighbour_distance(known, torch.zeros(1, 2), 2).tolist() == [2.5]
    with pytest.raises(InputError, match="4 neighbours"):
        anomalies.neighbour_distance(known, known, 4)
    with pytest.raises(ShapeError):
        anomalies.neighbour_distance(known, torch.zeros(1, 3), 1)


def test_a_forest_finds_what_lies_apart() -> None:
    known = torch.randn(128, 2, generator=torch.Generator().manual_seed(0))
    near, far = anomalies.isolation(known)(torch.tensor([[0.0, 0.0], [8.0, 8.0]]))
    assert 0 < near < far < 1
