"""Scores of separated codes: answers that are known, and what must not change them."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from latentlab.errors import InputError, ShapeError
from latentlab.metrics import disentanglement as d

N, FACTORS, LEVELS = 10_000, 4, 10


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def factors() -> NDArray[np.int64]:
    return torch.randint(LEVELS, (N, FACTORS), generator=rng(1)).numpy()


@pytest.fixture(scope="module")
def identity(factors: NDArray[np.int64]) -> NDArray[np.float64]:
    jitter = 0.02 * torch.randn(N, FACTORS, generator=rng(2)).numpy()
    return (factors + jitter).astype(np.float64)


@pytest.fixture(scope="module")
def rotated(identity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each pair of numbers turned by 45 degrees."""
    turn = np.array([[1, -1], [1, 1]]) / np.sqrt(2)
    centred = identity - identity.mean(0)
    return np.concatenate([centred[:, :2] @ turn, centred[:, 2:] @ turn], axis=1)


def noise(size: int = FACTORS) -> NDArray[np.float64]:
    return d.random_codes(N, size, rng(3))


# --- mutual information ------------------------------------------------------------------------


def test_the_gap_of_known_codes(
    factors: NDArray[np.int64], identity: NDArray[np.float64], rotated: NDArray[np.float64]
) -> None:
    assert d.mutual_information_gap(identity, factors, rng()).mean >= 0.95
    assert d.mutual_information_gap(rotated, factors, rng()).mean <= 0.05
    assert d.mutual_information_gap(noise(), factors, rng()).mean <= 0.02


def test_one_outlier_changes_next_to_nothing(
    factors: NDArray[np.int64], identity: NDArray[np.float64]
) -> None:
    far = identity.copy()
    far[0] = 200 * LEVELS
    before, after = (d.mutual_information_gap(codes, factors, rng()) for codes in (identity, far))
    assert np.abs(before.each - after.each).max() < 0.02


def test_whole_numbers_are_read_as_well(factors: NDArray[np.int64]) -> None:
    """Codes with ties: equal numbers share a bin."""
    assert d.mutual_information_gap(factors.astype(float), factors, rng()).mean >= 0.95


def test_information_is_in_nats(factors: NDArray[np.int64], identity: NDArray[np.float64]) -> None:
    found = d.mutual_information(identity, factors, rng())
    assert np.diag(found) == pytest.approx(np.log(LEVELS), abs=0.15)
    assert found[~np.eye(FACTORS, dtype=bool)].max() < 0.02


def test_a_constant_tells_nothing(factors: NDArray[np.int64]) -> None:
    """scikit-learn's estimator gives it 200 times the entropy of the factor."""
    constant = np.column_stack([np.ones(N), np.zeros(N)])
    assert d.mutual_information(constant, factors, rng()).max() == 0


def test_a_monotone_change_of_codes_changes_nothing(
    factors: NDArray[np.int64], identity: NDArray[np.float64]
) -> None:
    before, after = (
        d.mutual_information_gap(codes, factors, rng()).mean
        for codes in (identity, np.exp(identity))
    )
    assert before == pytest.approx(after, abs=1e-9)


# --- importance --------------------------------------------------------------------------------


def halves(codes: NDArray[np.float64], factors: NDArray[np.int64]) -> d.DCI:
    train, test = slice(0, 2000), slice(2000, 4000)
    return d.dci(codes[train], factors[train], codes[test], factors[test], rng())


def test_disentanglement_of_known_codes(
    factors: NDArray[np.int64], identity: NDArray[np.float64], rotated: NDArray[np.float64]
) -> None:
    perfect, mixed, nothing = (halves(codes, factors) for codes in (identity, rotated, noise()))
    assert min(perfect.disentanglement, perfect.completeness, perfect.informativeness) >= 0.95
    # Every number matters for two factors alike: 1 - ln 2 / ln 4.
    assert mixed.disentanglement == pytest.approx(0.5, abs=0.1)
    assert mixed.completeness == pytest.approx(0.5, abs=0.1)
    assert nothing.disentanglement <= 0.02
    assert nothing.informativeness == pytest.approx(1 / LEVELS, abs=0.05)
    assert perfect.importance.sum(0) == pytest.approx(1)


# --- one number alone --------------------------------------------------------------------------


def test_separation_of_known_codes(
    factors: NDArray[np.int64], identity: NDArray[np.float64], rotated: NDArray[np.float64]
) -> None:
    choices, numbers = [False] * FACTORS, [True] * FACTORS
    sap = d.separated_attribute_predictability
    assert sap(identity, factors, choices) >= 0.85  # chance gets a tenth right
    assert sap(identity, factors, numbers) >= 0.95
    assert sap(rotated, factors, choices) <= 0.05
    assert sap(rotated, factors, numbers) <= 0.05
    assert sap(noise(), factors, choices) <= 0.02
    assert sap(noise(), factors, numbers) <= 0.02
    # The scale of codes decides nothing.
    scaled = identity * np.array([1e-4, 1, 1e3, 1e6])
    assert sap(scaled, factors, choices) == pytest.approx(sap(identity, factors, choices))


def test_a_dead_number_separates_nothing(factors: NDArray[np.int64]) -> None:
    dead = np.zeros((N, 3))
    assert d.separated_attribute_predictability(dead, factors, [False, True] * 2) == 0


# --- pairs that share a factor -----------------------------------------------------------------


def test_the_shared_factor_of_known_codes(
    factors: NDArray[np.int64], identity: NDArray[np.float64]
) -> None:
    assert d.beta_vae_score(identity, factors, rng()) >= 0.99
    assert d.beta_vae_score(noise(), factors, rng()) == pytest.approx(1 / FACTORS, abs=0.1)


# --- what stands beside a score ----------------------------------------------------------------


def test_a_perfect_and_a_random_code_read_as_such(factors: NDArray[np.int64]) -> None:
    perfect = d.perfect_codes(factors, 7, rng())
    assert perfect.shape == (N, 7)
    assert d.mutual_information_gap(perfect, factors, rng()).mean >= 0.95
    assert d.mutual_information_gap(noise(7), factors, rng()).mean <= 0.02


def test_what_does_not_fit_is_refused(factors: NDArray[np.int64]) -> None:
    with pytest.raises(ShapeError, match="factors"):
        d.mutual_information(noise()[:-1], factors, rng())
    with pytest.raises(InputError, match="finite"):
        d.mutual_information_gap(noise() * np.nan, factors, rng())
    with pytest.raises(InputError, match="two numbers"):
        d.mutual_information_gap(noise(1), factors, rng())
    with pytest.raises(InputError, match="two numbers"):
        d.separated_attribute_predictability(noise(1), factors, [True] * FACTORS)
    with pytest.raises(ShapeError, match="numbers"):
        d.separated_attribute_predictability(noise(), factors, [True])
    with pytest.raises(ShapeError, match="test codes"):
        d.dci(noise(), factors, noise(3), factors, rng())
    with pytest.raises(InputError, match="do not fit"):
        d.perfect_codes(factors, 3, rng())
