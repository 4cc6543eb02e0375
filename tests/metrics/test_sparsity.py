"""How a code uses its units, against values worked out by hand."""

import numpy as np
import pytest
import torch

from latentlab import metrics
from latentlab.errors import InputError


def test_population_sparseness_of_known_codes() -> None:
    # One unit of four alone: 1. All alike: 0. Two of four: (1 - (2/4)² / (2/4)) / (3/4) = 2/3.
    for row, expected in (([1, 0, 0, 0], 1), ([0.3] * 4, 0), ([1, 1, 0, 0], 2 / 3)):
        found = metrics.population_sparseness(torch.tensor([row, row], dtype=torch.float32))
        assert found == pytest.approx(expected)


def test_lifetime_sparseness_looks_along_the_other_axis() -> None:
    codes = torch.tensor([[1.0, 0.5], [0.0, 0.5], [0.0, 0.5], [0.0, 0.5]])
    assert metrics.lifetime_sparseness(codes) == pytest.approx((1 + 0) / 2)
    assert metrics.population_sparseness(codes.T) == metrics.lifetime_sparseness(codes)


def test_a_picture_that_nobody_answers_to_counts_nothing() -> None:
    assert metrics.population_sparseness(torch.zeros(3, 5)) == 0
    with pytest.raises(InputError, match="two values"):
        metrics.population_sparseness(torch.ones(3, 1))


def test_dead_units_are_those_that_never_change_wherever_they_stand() -> None:
    lively = np.tile([0.2, 0.8], 50)
    codes = np.stack([lively, np.zeros(100), np.ones(100), np.full(100, 0.5)], axis=1)
    assert metrics.dead_units(codes) == 3
    codes[:, 1] += 0.02 * (np.arange(100) % 2)  # a standard deviation of .01
    assert metrics.dead_units(codes) == 2


def test_active_units_have_means_that_vary_by_more_than_a_hundredth() -> None:
    signs = np.tile([-1.0, 1.0], 50)
    means = np.stack([0.2 * signs, 0.099 * signs, 3 + 0 * signs], axis=1)  # .04, .0098, 0
    assert metrics.active_units(means) == 1
    with pytest.raises(InputError):
        metrics.active_units(np.full((4, 2), np.nan))
