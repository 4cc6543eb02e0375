"""The experiments on transfer: draws, plans, and cells on a few made pictures."""

from pathlib import Path

import numpy as np
import pytest

from latentlab.errors import DataError, InputError, UnsupportedError
from latentlab.experiments import base, experiments, transfer, transfer_depth, transfer_filters
from latentlab.experiments import transfer_domains as domains


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tasks of 40 and 20 made pictures, bright above or below."""

    def read(count: int) -> "domains.Arrays":
        chance = np.random.default_rng(count)
        labels = np.arange(count) % 2
        x = chance.integers(0, 60, (count, 1, 28, 28), dtype=np.uint8)
        x[labels == 0, :, :14] += 150
        x[labels == 1, :, 14:] += 150
        return x, labels.astype(np.int64)

    made = domains.Domain(
        "Made", (1, 28, 28), 2, lambda split: read(60 if split == "train" else 30)
    )
    monkeypatch.setattr(domains, "DOMAINS", {"mnist": made, "fashion_mnist": made})
    for cached in CACHES:
        cached.cache_clear()
    yield
    for cached in CACHES:
        cached.cache_clear()


CACHES = (
    domains.load,
    transfer.source_network,
    transfer.random_network,
    transfer.scratch,
    transfer._components,
)
PAIR = transfer.PAIRS[0]
EFFORT = base.Effort(quick=True)


@pytest.mark.parametrize("method", transfer.METHODS)
def test_every_method_measures_an_accuracy(small: None, method: str) -> None:
    found = transfer.MEASURES[method](PAIR, 3, 0, EFFORT)
    assert 0 <= found <= 100
    assert found == transfer.MEASURES[method](PAIR, 3, 0, EFFORT)


def test_classical_methods_solve_what_is_easy(small: None) -> None:
    for method in transfer.BASELINES:
        assert transfer.MEASURES[method](PAIR, 10, 0, EFFORT) == 100


def test_a_smaller_draw_of_labels_is_part_of_a_larger_one(small: None) -> None:
    few, known = transfer.labelled("mnist", 3, 4, "cpu")
    many, _ = transfer.labelled("mnist", 10, 4, "cpu")
    assert sorted(known.tolist()) == [0, 0, 0, 1, 1, 1]
    found = {picture.numpy().tobytes() for picture in many}
    assert {picture.numpy().tobytes() for picture in few} <= found
    other, _ = transfer.labelled("mnist", 3, 5, "cpu")
    assert not (few == other).all()


def test_training_a_target_leaves_its_source_alone(small: None) -> None:
    source = transfer.source_network("mnist", 0, True, "cpu")
    before = [p.detach().clone() for p in source.parameters()]
    made = transfer.trained(source, "mnist", 3, 0, EFFORT, copied=5)
    assert all((a == b).all() for a, b in zip(before, source.parameters(), strict=True))
    assert not all((a == b).all() for a, b in zip(before, made.parameters(), strict=True))


def test_with_no_layer_taken_over_all_three_are_the_network_from_scratch(small: None) -> None:
    found = {transfer_depth._accuracy(m, PAIR, 3, 0, 0, EFFORT) for m in transfer_depth.METHODS}
    assert found == {transfer.scratch(PAIR.target, 3, 0, EFFORT)}


def test_depths_are_those_of_the_network() -> None:
    from latentlab.training import transfer as training

    assert transfer_depth.LAYERS == training.LAYERS


@pytest.mark.parametrize("module", [transfer, transfer_depth])
def test_every_line_has_its_cells(module: object) -> None:
    name = module.__name__.rpartition(".")[2]  # type: ignore[attr-defined]
    experiment = experiments.get(name)
    plan = experiment.plan(False)
    assert {line for cell in plan for line, _ in cell.points} == {
        line.name for line in experiment.lines
    }
    assert len(experiment.lines) <= base.MAX_CURVES
    assert {line.name for line in experiment.lines if line.baseline} == {
        f"{method}.{target}"
        for method in transfer.BASELINES
        for target in transfer.TARGETS
        if module is transfer
    }


# --- the tasks ---------------------------------------------------------------------------------


def test_scikit_learns_digits_are_framed_as_mnist_is() -> None:
    train, test = (domains.load("digits", split) for split in ("train", "test"))
    assert (len(train.x), len(test.x)) == (1797 - 500, 500)
    border = train.x.clone()
    border[:, :, 4:24, 4:24] = 0
    assert border.max() == 0 and train.x.max() > 200
    assert sorted(set(test.labels.tolist())) == list(range(10))


def test_a_missing_or_damaged_file_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = domains._packed("omniglot28.npz", "character")
    monkeypatch.delenv("LATENTLAB_DATA", raising=False)
    with pytest.raises(DataError, match="not on this machine"):
        read("train")
    monkeypatch.setenv("LATENTLAB_DATA", str(tmp_path))
    with pytest.raises(DataError, match="not on this machine"):
        read("train")
    for content in (b"", b"no archive", b"PK\x03\x04 cut off"):
        (tmp_path / "omniglot28.npz").write_bytes(content)
        with pytest.raises(DataError):
            read("train")
    np.savez(tmp_path / "omniglot28.npz", train_images=np.zeros((2, 28, 28), np.uint8))
    with pytest.raises(DataError):
        read("train")
    np.savez(
        tmp_path / "omniglot28.npz",
        train_images=np.zeros((2, 28, 28), np.uint8),
        train_character=np.array([0, 242]),
    )
    with pytest.raises(DataError, match="not what they should be"):
        domains.load.__wrapped__("omniglot", "train")


# --- filters -----------------------------------------------------------------------------------


def test_filters_show_what_was_learnt(small: None) -> None:
    # The two tasks are one and the same here, so tuning may change little, but changes something.
    found = transfer_filters.filters_of(PAIR, EFFORT)
    assert found.shape == (3, transfer_filters.FILTERS, 5, 5, 3) and found.dtype == np.uint8
    assert (found[..., 0] == found[..., 2]).all()  # grey
    first, source, tuned = found
    assert (first != source).any() and (source != tuned).any()
    for moment in found:
        assert abs(int(moment.max()) - 127) == 127 or int(moment.min()) == 0


def sound() -> dict[str, np.ndarray]:
    pairs = len(transfer_depth.PAIRS)
    shape = (pairs, 3, transfer_filters.FILTERS, 5, 5, 3)
    return {
        "filters": np.zeros(shape, np.uint8),
        "seconds": np.ones((pairs, len(transfer_depth.DEPTHS)), np.float32),
    }


@pytest.mark.parametrize(
    "spoil",
    [
        {"filters": np.zeros((1, 3, 12, 5, 5, 3), np.uint8)},
        {"filters": sound()["filters"].astype(np.float32)},
        {"seconds": -sound()["seconds"]},
        {"seconds": sound()["seconds"] * np.float32(np.nan)},
        {"seconds": np.float32(1)},
    ],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, spoil: dict[str, np.ndarray]) -> None:
    file = tmp_path / "filters.npz"
    np.savez(file, **sound())
    transfer_filters.load(file)
    np.savez(file, **{**sound(), **spoil})
    with pytest.raises(InputError):
        transfer_filters.load(file)


def test_a_damaged_or_missing_file_of_filters_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError):
        transfer_filters.load(tmp_path / "none.npz")
    file = tmp_path / "filters.npz"
    for content in (b"", b"no archive", b"PK\x03\x04 cut off"):
        file.write_bytes(content)
        with pytest.raises(InputError):
            transfer_filters.load(file)


def test_every_depth_is_timed(small: None) -> None:
    seconds = transfer_filters.seconds_of(PAIR)
    assert len(seconds) == len(transfer_depth.DEPTHS) and min(seconds) > 0


def test_what_ships_is_whole() -> None:
    for name in ("transfer", "transfer_depth"):
        assert len(base.load(name).seeds) == experiments.get(name).seeds
    assert transfer_filters.load().filters.std() > 0
    assert transfer_filters.PATH.stat().st_size < 200_000
