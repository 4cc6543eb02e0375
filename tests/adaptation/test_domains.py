"""Domains of digits, and how far apart two clouds are."""

from pathlib import Path

import numpy as np
import pytest

from latentlab.adaptation import domains, meter
from latentlab.errors import DataError, UnknownNameError


def test_scikit_learns_digits_are_framed_as_mnist_is() -> None:
    parts = {split: domains.domains.get("scikit").load(split) for split in ("train", "test")}
    assert [len(parts[s]) for s in ("train", "test")] == [1_297, 500]
    for digits in parts.values():
        assert digits.pictures.shape[1:] == (28, 28) and digits.pictures.dtype == np.uint8
        assert set(digits.labels.tolist()) == set(range(10))
        assert digits.pictures[:, :4].max() == digits.pictures[:, :, -4:].max() == 0
        assert digits.pictures.max() == 255


def test_what_is_fitted_fills_its_box_and_no_more() -> None:
    white = np.ones((2, 16, 16), np.float32)
    framed, stretched = domains.fit(white, 20), domains.fit(white, 28)
    assert stretched.min() == 255
    assert framed[:, 4:-4, 4:-4].min() == 255 and framed.sum() == 2 * 400 * 255


def test_a_digit_on_a_photograph_is_their_difference() -> None:
    ground = np.full((40, 50), 100, np.uint8)
    digits = np.zeros((3, 28, 28), np.uint8)
    digits[:, 10:12] = 255
    made = domains.on_backgrounds(digits, [ground], np.random.default_rng(0))
    assert (made[:, 10:12] == 155).all() and (made[:, :10] == 100).all()


def test_usps_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usps = domains.domains.get("usps_framed")
    monkeypatch.delenv("LATENTLAB_DATA", raising=False)
    with pytest.raises(DataError, match="LATENTLAB_DATA"):
        usps.load("test")
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    with pytest.raises(DataError, match="not there"):
        usps.load("test")
    (tmp_path / "usps.npz").write_bytes(b"nothing")
    with pytest.raises(DataError, match="cannot be read"):
        usps.load("test")
    (tmp_path / "usps.npz").unlink()
    np.savez(tmp_path / "usps.npz", test_images=np.zeros((2, 8, 8)), test_labels=np.zeros(2))
    with pytest.raises(DataError, match="does not hold"):
        usps.load("test")
    pictures = np.zeros((3, 16, 16), np.uint8)
    pictures[:] = 255
    np.savez(tmp_path / "usps.npz", test_images=pictures, test_labels=np.arange(3))
    assert usps.load("test").pictures.sum() == 3 * 400 * 255
    assert domains.domains.get("usps_stretched").load("test").pictures.min() == 255


def test_an_unknown_domain_is_one_sentence() -> None:
    with pytest.raises(UnknownNameError):
        domains.domains.get("usps_upside_down")


def test_clouds_that_are_alike_cannot_be_told_apart() -> None:
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(900, 5)).astype(np.float32) for _ in range(2))
    error = meter.domain_error(a, b, rng)
    assert 0.42 < error < 0.58
    apart = meter.domain_error(a, b + 6, rng)
    assert apart < 0.01
    assert meter.a_distance(apart) > 1.95 and meter.a_distance(0.5) == 0
    assert meter.a_distance(0.6) == 0, "worse than guessing is guessing"


def test_the_larger_domain_does_not_win_by_its_size() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(40, 2)).astype(np.float32), rng.normal(size=(4000, 2))
    assert 0.2 < meter.domain_error(a, b.astype(np.float32), rng) < 0.8
