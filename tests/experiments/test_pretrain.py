"""What the pretraining experiments train on, and what they keep of a training."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from latentlab.errors import InputError, UnsupportedError
from latentlab.experiments import base, experiments, pretrain, pretrain_moments, runs
from latentlab.experiments.base import Effort, Result
from latentlab.training import pretraining

ASKED: list[str] = []


@pytest.fixture
def digits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Forty pictures of ten classes; the splits are told apart by their brightness."""

    def pictures_of(split: str) -> tuple[torch.Tensor, torch.Tensor]:
        ASKED.append(split)
        rng = torch.Generator().manual_seed(0)
        x = torch.rand(40, 784, generator=rng) / 2 + (0.5 if split == "test" else 0)
        return x, torch.arange(40) % 10

    def codes_of(split: str) -> tuple[torch.Tensor, torch.Tensor]:
        x, labels = pictures_of(split)
        return x[:, :5], labels

    monkeypatch.setattr(pretrain, "pictures_of", pictures_of)
    monkeypatch.setattr(pretrain, "_codes", codes_of)
    monkeypatch.setattr(runs, "_require", lambda experiment: None)
    monkeypatch.setattr(pretrain, "QUICK_LABELS", (10,))
    monkeypatch.chdir(tmp_path)
    ASKED.clear()
    for cached in (pretrain._prepared, pretrain._svm_error):
        cached.cache_clear()
    yield
    for cached in (pretrain._prepared, pretrain._svm_error):
        cached.cache_clear()


def finished(name: str) -> Result:
    *_, last = runs.run(name, 2, Effort(quick=True))
    assert last.result is not None
    return last.result


def test_every_method_is_measured_in_both_eras(digits: None) -> None:
    result = finished("pretrain")
    for era in pretrain.ERAS:
        for method in pretrain.METHODS:
            honest, hindsight = (
                result.curve(pretrain.line_name(era, method, measure))
                for measure in ("error", "hindsight")
            )
            assert honest is not None and hindsight is not None
            assert honest.x == (10,) and len(honest.values) == 2
            for (one,), (other,) in zip(honest.values, hindsight.values, strict=True):
                assert 0 <= other <= one <= 100, "who looks at the test split finds no more errors"
    machine = result.curve(pretrain.line_name("any", "svm"))
    assert machine is not None and machine.line.baseline


def test_nothing_of_the_test_split_is_trained_on(
    digits: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[torch.Tensor] = []
    for name in ("greedy", "joint", "fine_tune"):
        procedure = getattr(pretraining, name)

        def watched(stack, x, *args, procedure=procedure):  # type: ignore[no-untyped-def]
            seen.append(x)
            return procedure(stack, x, *args)

        monkeypatch.setattr(pretraining, name, watched)
    finished("pretrain")
    assert len(seen) > 10
    assert all(x.max() <= 0.5 for x in seen), "test pictures are brighter"


def test_pretraining_sees_no_test_picture_and_draws_share_it(digits: None) -> None:
    one = pretrain._prepared("2006", "denoising", 0, True)
    assert set(ASKED) == {"train"}
    assert pretrain._prepared("2006", "denoising", 0, True) is one
    assert len(one) == 3 and pretrain._prepared("2006", "scratch", 0, True) == []


def test_both_experiments_are_asked_for_their_own_numbers_of_labels() -> None:
    for name, labels in (("pretrain", pretrain.LABELS), ("pretrain_many", (10_000, 60_000))):
        plan = experiments.get(name).plan(False)
        places = {x for cell in plan for _, x in cell.points}
        assert places == set(labels)
        lines = {line.name for line in experiments.get(name).lines}
        assert {line for cell in plan for line, _ in cell.points} == lines
    assert set(pretrain.EPOCHS) == {*pretrain.LABELS, 10_000, 60_000}


# --- moments -----------------------------------------------------------------------------------


def test_moments_are_kept_and_read_again(
    digits: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, labels = pretrain.pictures_of("train")
    many = x.repeat(13, 1)[:500], labels.repeat(13)[:500]
    monkeypatch.setattr(pretrain, "pictures_of", lambda split: many)
    made = pretrain_moments.measure(epochs=1)
    file = tmp_path / "moments.npz"
    np.savez_compressed(file, **vars(made))
    read = pretrain_moments.load(file)
    # From nothing, pretraining is waited for: its four moments are one.
    assert [len(set(row)) for row in read.which.tolist()] == [7, 10, 7]
    assert read.layer(1, 9, 3).shape == (10, 28, 28) and read.layer(0, 0, 0).shape == (12, 28, 28)
    assert read.gradient(2, 0, 0) > 100 * read.gradient(0, 0, 0) > 0
    assert read.epochs[0] == 0 and read.errors.shape == read.losses.shape == (3, len(read.epochs))


@pytest.mark.parametrize(
    "spoil",
    [
        {"which": np.full((3, 10), 200, np.uint8)},
        {"gradients": np.zeros((2, 4), np.float32)},
        {"errors": np.full((3, 2), np.nan, np.float32)},
        {"pictures": np.zeros((24, 46, 28, 28), np.float32)},
        {"epochs": np.float32(0)},
    ],
)
def test_a_file_of_something_else_is_refused_in_one_sentence(
    tmp_path: Path, spoil: dict[str, np.ndarray]
) -> None:
    sound = {
        "pictures": np.zeros((24, 46, 28, 28), np.uint8),
        "gradients": np.zeros((24, 4), np.float32),
        "which": np.zeros((3, 10), np.uint8),
        "epochs": np.arange(2, dtype=np.float32),
        "losses": np.zeros((3, 2), np.float32),
        "errors": np.zeros((3, 2), np.float32),
    }
    file = tmp_path / "moments.npz"
    np.savez(file, **sound)
    pretrain_moments.load(file)
    np.savez(file, **{**sound, **spoil})
    with pytest.raises(InputError):
        pretrain_moments.load(file)


def test_a_damaged_or_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError):
        pretrain_moments.load(tmp_path / "none.npz")
    file = tmp_path / "moments.npz"
    for data in (b"", b"no archive", b"PK\x03\x04 cut off"):
        file.write_bytes(data)
        with pytest.raises(InputError):
            pretrain_moments.load(file)
    np.savez(file, pictures=np.array([{}], dtype=object))
    with pytest.raises(InputError):
        pretrain_moments.load(file)


def test_what_ships_is_whole() -> None:
    few, many, moments = base.load("pretrain"), base.load("pretrain_many"), pretrain_moments.load()
    for found in (few, many):
        assert len(found.seeds) == experiments.get(found.experiment).seeds
    assert moments.epochs[-1] == pretrain_moments.EPOCHS
    assert pretrain_moments.PATH.stat().st_size < 1 << 20
