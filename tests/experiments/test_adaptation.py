"""What the experiments on domain adaptation measure, and what they may see."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from latentlab.errors import InputError, UnsupportedError
from latentlab.experiments import (
    adaptation,
    adaptation_balance,
    adaptation_moments,
    adaptation_photographs,
    adaptation_tries,
    adapting,
    adapting_photographs,
    base,
    experiments,
    runs,
)
from latentlab.experiments.base import Effort, Result
from latentlab.training import adaptation as training
from latentlab.training import photographs
from latentlab.training.adaptation import Labelled


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Sixty pictures a domain; labels of targets would be told by their brightness."""

    def digits(domain: str, split: str, *_: object) -> Labelled:
        rng = torch.Generator().manual_seed(sum(map(ord, domain + split)))
        return Labelled(torch.rand(60, 1, 28, 28, generator=rng), torch.arange(60) % 10)

    def bytes_(domain: str, split: str, *_: object) -> Labelled:
        found, colours = digits(domain, split), 3 if domain.endswith("colour") else 1
        return Labelled((255 * found.x).byte().repeat(1, colours, 1, 1), found.labels)

    monkeypatch.setattr(adapting, "_labelled", digits)
    monkeypatch.setattr(adapting_photographs, "_pictures", bytes_)
    monkeypatch.setattr(adaptation_tries, "QUICK_HELD", 20)
    monkeypatch.setattr(
        adapting,
        "_rehearsal",
        lambda *_: (digits("a", "train"), digits("b", "train").x, digits("b", "test")),
    )
    monkeypatch.setattr(adapting, "QUICK_STEPS", 2)
    monkeypatch.setattr(training, "BATCH", 8)
    monkeypatch.setattr(runs, "_require", lambda experiment: None)
    monkeypatch.chdir(tmp_path)
    for kept in (adapting._networks, adapting._rehearsals):
        kept.clear()
    yield
    for kept in (adapting._networks, adapting._rehearsals):
        kept.clear()


def finished(name: str) -> Result:
    *_, last = runs.run(name, 2, Effort(quick=True))
    assert last.result is not None
    return last.result


def test_all_methods_are_read_by_all_meters(small: None) -> None:
    result = finished("adaptation")
    assert {curve.line.name for curve in result.curves} == {
        adapting.line_name(method, measure)
        for method in adapting.METHODS
        if method not in ("plain", "statistics")
        for measure in adapting.MEASURES
    }
    for curve in result.curves:
        assert curve.x == (adaptation.QUICK_PAIR,)
        assert all(0 <= value <= 100 for row in curve.values for value in row)
    classical = {c.line.name.split(".")[0] for c in result.curves if c.line.baseline}
    assert classical == {"pixels", "features", "coral"}


def test_imbalance_and_rehearsal_are_measured_too(small: None) -> None:
    balance = finished("adaptation_balance")
    assert {curve.x for curve in balance.curves} == {adaptation_balance.QUICK_SHARES}
    rehearsal = finished("adaptation_rehearsal")
    assert {curve.line.name: curve.x for curve in rehearsal.curves} == {
        adapting.line_name(method): known for method, known in training.STRENGTHS.items()
    }


def test_the_strength_is_that_which_was_best_in_the_rehearsal(small: None) -> None:
    effort = Effort(quick=True)
    adapting._rehearsals[0, True, "cpu"] = {
        "mmd": {0.3: 50.0, 1.0: 70.0, 3.0: 60.0},
        "dann": {0.1: 50.0, 0.3: 50.0, 1.0: 40.0},
    }
    work = adapting.strengths(0, effort)
    with pytest.raises(StopIteration) as end:
        next(work)
    assert end.value.value == {"mmd": 1.0, "dann": 0.1}


def test_no_label_of_the_target_takes_part(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its labels mixed up, only accuracies on the target and the oracle can change."""
    honest = finished("adaptation")
    small_digits = adapting._labelled

    def mixed(domain: str, split: str, *rest: object) -> Labelled:
        found = small_digits(domain, split, *rest)  # type: ignore[arg-type]
        if domain != "scikit":
            return found
        return Labelled(found.x, (found.labels * 3 + 1) % 10)

    adapting._networks.clear()
    monkeypatch.setattr(adapting, "_labelled", mixed)
    other = finished("adaptation")
    for curve in honest.curves:
        method, measure = curve.line.name.split(".")
        again = other.curve(curve.line.name)
        assert again is not None
        if method != "oracle" and measure != "target":
            assert again.values == curve.values, curve.line.name


def test_every_line_is_in_the_plans() -> None:
    for name in ("", "_balance", "_rehearsal", "_photographs", "_tries"):
        experiment = experiments.get(f"adaptation{name}")
        planned = {line for cell in experiment.plan(False) for line, _ in cell.points}
        assert planned == {line.name for line in experiment.lines}
        assert experiment.seeds == {"_tries": 1, "_photographs": 3}.get(name, 5)


# --- photographs -------------------------------------------------------------------------------


def test_on_photographs_all_methods_are_read_and_no_label_of_the_target_takes_part(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured() -> Result:
        *_, last = runs.run("adaptation_photographs", 1, Effort(quick=True))
        assert last.result is not None
        return last.result

    honest, digits = measured(), adapting_photographs._pictures
    assert {curve.line.name.split(".")[0] for curve in honest.curves} == set(
        adaptation_photographs.METHODS
    )
    classical = {c.line.name.split(".")[0] for c in honest.curves if c.line.baseline}
    assert classical == {"statistics", "pixels", "features", "coral"}

    def mixed(domain: str, split: str, *rest: object) -> Labelled:
        found = digits(domain, split, *rest)  # type: ignore[arg-type]
        moved = found.labels if domain == "mnist" else (found.labels * 3 + 1) % 10
        return Labelled(found.x, moved)

    monkeypatch.setattr(adapting_photographs, "_pictures", mixed)
    other = measured()
    for curve in honest.curves:
        method, measure = curve.line.name.split(".")
        assert curve.x == tuple(adaptation_photographs.PAIRS)
        assert all(0 <= value <= 100 for row in curve.values for value in row)
        again = other.curve(curve.line.name)
        assert again is not None
        if method != "oracle" and measure != "target":
            assert again.values == curve.values, curve.line.name


def test_a_try_is_read_where_it_was_not_trained(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def train(network: object, setting: object, source: Labelled, target: object, *_: object):  # type: ignore[no-untyped-def]
        seen.append((len(source.x), len(target)))  # type: ignore[arg-type]
        yield 1.0

    monkeypatch.setattr(photographs, "train", train)
    *_, last = runs.run("adaptation_tries", 1, Effort(quick=True))
    assert last.result is not None and seen == [(40, 40)] * adaptation_tries.QUICK_TRIES
    assert [curve.line.name for curve in last.result.curves] == list(adaptation_tries.MEASURES)


def test_the_rule_takes_what_tells_most_among_those_that_read_the_source(small: None) -> None:
    """Accuracy on the target is higher for another, which the rule cannot know."""
    of = [n for n, (d, _) in adaptation_tries.TRIES.items() if d == "photographs"]
    of = sorted(of, key=lambda name: adaptation_tries.TRIES[name][1].get("method") != "source")
    of = [of[0], *(name for name in of if "source only" not in name)][:5]
    values = {
        "target": (99, 50, 98, 60, 70),
        "source": (99, 98, 90, 97.5, 97.4),  # the third has forgotten its source
        "domains": (1, 2, 3, 4, 5),
        "told": (2.3, 1.0, 2.2, 1.5, 1.4),
    }
    curves = tuple(
        base.Curve(line, tuple(of), (values[line.name],)) for line in adaptation_tries.LINES
    )
    result = Result(
        experiment="adaptation_tries",
        version=1,
        quick=False,
        budget="",
        seeds=(0,),
        curves=curves,
        seconds=1,
        machine="",
    )
    assert adaptation_tries.chosen(result, "photographs") == of[3]


def test_what_is_measured_over_seeds_is_one_of_the_tries() -> None:
    tries = base.load("adaptation_tries")
    for domain, name in adaptation_photographs.TAKEN.items():
        assert name in adaptation_tries.names(tries, domain)


# --- moments -----------------------------------------------------------------------------------


def test_moments_are_kept_and_read_again(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adaptation_moments, "POINTS", 30)
    monkeypatch.setattr(adaptation_moments, "BATCH", 8)
    monkeypatch.setattr(photographs, "BATCH", 8)
    monkeypatch.setattr(adapting, "QUICK_STEPS", 100)
    monkeypatch.setattr(adapting, "meters", lambda *_: (1.0, 2.0, 3.0))
    made = adaptation_moments.measure(Effort(quick=True))
    file = tmp_path / "moments.npz"
    np.savez_compressed(file, **vars(made))
    read = adaptation_moments.load(file)
    assert np.abs(read.points).max(axis=(1, 2, 3)).min() == 32_767
    first, last = read.points[:, 0].astype(int), read.points[:, -1].astype(int)
    assert np.abs(first - last).max() > 100, "features move"
    assert read.meters[0, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "spoil",
    [
        {"points": np.zeros((5, 20, 500, 2), np.float32)},
        {"said": np.full((5, 20, 500), 10, np.uint8)},
        {"meters": np.full((5, 20, 3), np.nan, np.float32)},
        {"labels": np.zeros(3, np.uint8)},
    ],
)
def test_moments_of_something_else_are_refused_in_one_sentence(
    tmp_path: Path, spoil: dict[str, np.ndarray]
) -> None:
    sound = {
        "points": np.zeros((5, 20, 500, 2), np.int16),
        "said": np.zeros((5, 20, 500), np.uint8),
        "labels": np.zeros((5, 500), np.uint8),
        "meters": np.zeros((5, 20, 3), np.float32),
    }
    file = tmp_path / "moments.npz"
    np.savez(file, **sound)
    adaptation_moments.load(file)
    np.savez(file, **{**sound, **spoil})
    with pytest.raises(InputError):
        adaptation_moments.load(file)
    with pytest.raises(UnsupportedError):
        adaptation_moments.load(tmp_path / "none.npz")
    file.write_bytes(b"no archive")
    with pytest.raises(InputError):
        adaptation_moments.load(file)
