"""Measuring experiments: progress, kills, trials, and the command."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from small_models import small_config

from latentlab import __main__ as cli
from latentlab import checkpoints
from latentlab.data import ImageDataset, Images
from latentlab.errors import DataError, InputError, TrainingError
from latentlab.evaluation import shared
from latentlab.experiments import base, bottleneck, experiments, runs
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Result, Work
from latentlab.training.recipes import bottleneck as bottleneck_recipes
from latentlab.training.recipes import recipes

CALLS: list[str] = []


def _measure(name: str, factor: float, seed: int, effort: Effort) -> Work:
    CALLS.append(f"{name}@{seed}")
    yield 0.5
    return [factor + seed, 2 * factor + seed] if name == "both" else [factor * (1 + seed)]


def _plan(quick: bool) -> tuple[Cell, ...]:
    cells = (
        Cell("flat", (("theirs", 1),), partial(_measure, "flat", 3.0)),
        Cell("both", (("ours", 1), ("mine", 1)), partial(_measure, "both", 10.0)),
        Cell("ours_2", (("ours", 2),), partial(_measure, "ours_2", 20.0)),
        Cell("mine_2", (("mine", 2),), partial(_measure, "mine_2", 40.0)),
    )
    return cells[:2] if quick else cells


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An experiment of arithmetic; where we stand is an empty folder, and nothing has shipped."""
    line = Line(name="ours", label="", group="", y=Axis("y"), higher_is_better=True)
    experiment = Experiment(
        name="toy",
        title="Toy",
        question="Is it one?",
        x=Axis("x"),
        data=(),
        lines=(
            line,
            replace(line, name="theirs", baseline=True, seeded=False),
            replace(line, name="mine"),
        ),
        plan=_plan,
        budget="all",
        quick_budget="little",
        seeds=3,
    )
    monkeypatch.setitem(experiments._entries, "toy", experiment)
    monkeypatch.setattr(base, "RESULTS", tmp_path / "results")
    monkeypatch.chdir(tmp_path)
    CALLS.clear()
    return "toy"


def finish(*arguments: object) -> Result:
    *_, last = runs.run(*arguments)
    assert last.result is not None and last.done == last.total
    return last.result


def test_values_land_at_their_seed_and_place(toy: str) -> None:
    result = finish(toy)
    assert result.seeds == (0, 1, 2)
    assert [curve.line.name for curve in result.curves] == ["ours", "theirs", "mine"]
    ours, theirs, mine = result.curves
    assert ours.x == mine.x == (1, 2) and theirs.x == (1,)
    assert ours.values == ((10, 20), (11, 40), (12, 60))
    assert mine.values == ((20, 40), (21, 80), (22, 120))
    assert theirs.values == ((3,),)  # chance has no part in it: measured once
    assert CALLS[:5] == ["flat@0", "both@0", "ours_2@0", "mine_2@0", "both@1"]
    assert len(CALLS) == 10 and len(set(CALLS)) == 10


def test_progress_rises_to_the_end(toy: str) -> None:
    steps = list(runs.run(toy, 2))
    assert [step.done for step in steps] == [half / 2 for half in range(15)]
    assert {step.total for step in steps} == {7}
    assert [step.result is None for step in steps] == [True] * 14 + [False]
    assert steps[2].cell == "both, seed 0" and steps[0].cell == "flat"


@pytest.mark.parametrize("steps", [1, 4, 6, 11])
def test_a_killed_run_goes_on_to_the_same_result(toy: str, steps: int) -> None:
    whole = finish(toy)
    CALLS.clear()
    killed = runs.run(toy)
    for _ in range(steps):
        next(killed)
    killed.close()
    assert runs.measured_before(toy) == (steps - 1) // 2
    again = finish(toy)
    assert replace(again, seconds=0) == replace(whole, seconds=0)
    interrupted = steps % 2 == 0  # in the middle of a cell, which is then measured twice
    assert len(CALLS) == 10 + interrupted and len(set(CALLS)) == 10
    assert runs.measured_before(toy) == 0  # nothing is left to go on with


def test_more_seeds_take_what_the_killed_run_had(toy: str) -> None:
    killed = runs.run(toy, 1)
    for _ in range(7):
        next(killed)
    killed.close()
    before = len(CALLS)
    assert finish(toy, 2).seeds == (0, 1)
    assert len(set(CALLS)) == 7 and len(CALLS) - before == 4


def state(**wrong: object) -> str:
    """The text of a state file with one cell, in which something is wrong."""
    sound = {"values": [3], "seconds": 1, "machine": "mine", "versions": {}}
    return json.dumps({"run": {}, "cells": {"flat@0": sound | wrong}})


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"run": {}, "cells": {}}',
        '{"run": {}, "cells": []}',
        '{"run": {}, "cells": {"flat@0": [3]}}',
        state(values=["3"]),
        state(values=[float("nan")]),
        state(seconds=float("inf")),
        state(machine=None),
        state(versions=[]),
    ],
)
def test_a_state_of_another_run_or_a_damaged_one_is_refused(toy: str, content: str) -> None:
    path = runs.state_folder(toy) / "cells.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.raises(TrainingError, match=r"Delete .*cells\.json"):
        finish(toy)


def test_parts_are_put_together_and_every_machine_is_named(
    toy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = finish(toy)
    CALLS.clear()
    for number, machine in ((1, "one fast machine"), (3, "a slow one")):
        monkeypatch.setattr(runs, "_machine", lambda device, name=machine: name)
        *_, last = runs.run(toy, part=(number, 4))
        assert last.result is None and last.done == last.total
    assert runs.measured_before(toy) == len(CALLS) == 4
    together = finish(toy)  # what nobody has measured yet, on the slow one
    assert len(CALLS) == len(set(CALLS)) == 10
    assert together.machine == "a slow one; one fast machine"
    assert replace(together, seconds=0, machine=whole.machine) == replace(whole, seconds=0)
    assert runs.measured_before(toy) == 0


def test_parts_are_the_whole_and_no_cell_is_in_two(toy: str) -> None:
    for number in range(1, 8):
        list(runs.run(toy, part=(number, 7)))
    assert len(CALLS) == len(set(CALLS)) == 10
    finish(toy)
    assert len(CALLS) == 10
    with pytest.raises(InputError, match="no part"):
        list(runs.run(toy, part=(8, 7)))


def test_a_changed_procedure_does_not_go_on_with_old_numbers(toy: str) -> None:
    killed = runs.run(toy)
    for _ in range(4):
        next(killed)
    killed.close()
    experiments._entries[toy] = replace(experiments.get(toy), version=2)
    with pytest.raises(TrainingError, match="another kind"):
        finish(toy)


def test_a_quick_run_is_smaller_and_keeps_its_own_state(toy: str) -> None:
    killed = runs.run(toy)
    for _ in range(4):
        next(killed)
    result = finish(toy, None, Effort(quick=True))
    assert result.quick and result.budget == "little" and result.seeds == (0, 1)
    assert result.curve("ours").x == (1,)
    assert runs.measured_before(toy) == 1


@pytest.mark.parametrize("seeds", [0, -1])
def test_no_seeds_are_refused(toy: str, seeds: int) -> None:
    with pytest.raises(InputError):
        finish(toy, seeds)


def test_a_cell_that_gives_no_number_is_named(toy: str) -> None:
    def nothing(seed: int, effort: Effort) -> Work:
        yield 0.0
        return [float("nan")]

    plan = (Cell("flat", (("theirs", 1),), nothing),)
    experiments._entries[toy] = replace(experiments.get(toy), plan=lambda quick: plan)
    with pytest.raises(TrainingError, match="flat"):
        finish(toy)


# --- the command ------------------------------------------------------------------------------


def command(*arguments: str) -> object:
    """What the command exits with."""
    with pytest.raises(SystemExit) as caught:
        cli.main(["experiment", *arguments])
    return caught.value.code


def test_without_a_name_the_command_lists_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert command() == 0
    written = capsys.readouterr().out
    assert all(name in written for name in experiments)
    assert "error_over_q" in str(command("error_over_q"))


def test_measure_write_agree_and_disagree(toy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(toy) == 0  # nothing has shipped: nothing to disagree with
    assert (runs.state_folder(toy) / "result.json").is_file()
    assert not base.RESULTS.exists()
    assert command(toy, "--write", "--seeds", "3") == 0
    assert "40 ± 20" in capsys.readouterr().out
    assert command(toy, "--out", "mine.json") == 0
    assert "agrees" in capsys.readouterr().out
    assert base.read(Path("mine.json")).seeds == (0, 1, 2)
    shipped = base.RESULTS / "toy.json"
    content = json.loads(shipped.read_text())
    content["curves"][1]["values"] = [[3.1]]
    shipped.write_text(json.dumps(content))
    before = shipped.read_bytes()
    assert command(toy) == 1
    written = capsys.readouterr().out
    assert "WRONG: theirs at 1: the shipped result states 3.1, measured 3" in written
    assert shipped.read_bytes() == before


def test_a_quick_run_is_never_compared_nor_shipped(
    toy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(toy, "--write") == 0
    before = (base.RESULTS / "toy.json").read_bytes()
    assert command(toy, "--quick") == 0
    assert "not compared" in capsys.readouterr().out
    assert "never ships" in str(command(toy, "--quick", "--write"))
    assert (base.RESULTS / "toy.json").read_bytes() == before


def test_a_part_is_measured_by_command(toy: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(toy, "--part", "2/2") == 0
    assert "part 2/2 is measured" in capsys.readouterr().out and len(CALLS) == 5
    assert "no part" in str(command(toy, "--part", "half"))
    assert "no result" in str(command(toy, "--part", "1/2", "--write"))
    assert command(toy) == 0
    assert "5 cells were measured before" in capsys.readouterr().out and len(CALLS) == 10


def test_missing_data_is_one_sentence_before_anything_is_measured(
    toy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(self: ImageDataset, split: str) -> Images:
        raise DataError("The data are not there.", "Get them.")

    monkeypatch.setattr(ImageDataset, "load", missing)
    experiments._entries[toy] = replace(experiments.get(toy), data=("mnist",))
    assert command(toy) == "latentlab: The data are not there. Get them."
    assert CALLS == []


# --- the bottleneck, on few pictures and small networks ---------------------------------------


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rng = np.random.default_rng(0)
    few = Images(
        images=rng.integers(0, 256, (130, 1, 28, 28), dtype=np.uint8),
        labels=np.arange(130) % 10,
        ids=np.arange(130),
        split="test",
        complete=True,
    )
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: replace(few, split=split))
    monkeypatch.setattr(bottleneck_recipes, "STACK", (8, 6, 5))
    monkeypatch.setattr(bottleneck_recipes, "EPOCHS", 2)
    monkeypatch.setattr(bottleneck, "LABELS", 100)
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    monkeypatch.chdir(tmp_path)
    shared.splits.cache_clear()
    shared._all_components.cache_clear()
    yield
    shared.splits.cache_clear()
    shared._all_components.cache_clear()


def test_an_experiment_goes_on_within_a_network(
    tiny: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latentlab.training import fit

    monkeypatch.setattr(fit, "SAVE_SECONDS", -1.0)  # after every step
    quick = Effort(quick=True)
    monkeypatch.setattr(bottleneck, "QUICK_EPOCHS", 4)  # steps enough to be killed between
    (whole,) = [step.result for step in runs.run("bottleneck", 1, quick) if step.result]
    killed = runs.run("bottleneck", 1, quick)
    for step in killed:
        if step.cell == "autoencoder.mnist_k8, seed 0" and step.done % 1 > 0.4:
            break
    killed.close()
    folder = runs.state_folder("bottleneck", quick=True) / "autoencoder.mnist_k8@0"
    assert (folder / "training.safetensors").is_file()
    (again,) = [step.result for step in runs.run("bottleneck", 1, quick) if step.result]
    assert replace(again, seconds=0) == replace(whole, seconds=0)
    assert not folder.exists()


def test_seed_0_is_the_checkpoint_that_ships_unless_retrained(
    tiny: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from small_models import write_checkpoint

    from latentlab.experiments import networks
    from latentlab.models import Autoencoder

    name = "autoencoder.mnist_k2"
    small = replace(recipes.get(name), config=small_config("autoencoder"), epochs=2, batch_size=64)
    monkeypatch.setitem(recipes._entries, name, small)
    assert networks.shipped(small) is None
    write_checkpoint(tmp_path, name)

    def steps(seed: int, effort: Effort) -> int:
        work = networks.obtain(small, seed, effort, quick_epochs=1)
        count = 0
        while True:
            try:
                next(work)
            except StopIteration as end:
                assert isinstance(end.value, Autoencoder)
                return count
            count += 1

    assert steps(0, Effort()) == 0
    assert steps(1, Effort()) == steps(0, Effort(retrain=True)) == 4
    assert steps(0, Effort(quick=True)) == 2  # the budget of the other seeds
    other = replace(small, config=replace(small.config, latent_size=5))
    assert networks.shipped(other) is None


def test_the_bottleneck_end_to_end(tiny: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert bottleneck.SIZES == bottleneck_recipes.SIZES  # written twice: recipes load torch
    assert command("bottleneck", "--quick", "--seeds", "2") == 0
    result = base.read(runs.state_folder("bottleneck", quick=True) / "result.json")
    assert result.quick and result.seeds == (0, 1)
    assert "±" in capsys.readouterr().out
    for data in bottleneck.DATA:
        errors = {curve.line.name.split(".")[0]: curve for curve in result.group(f"{data}.error")}
        assert list(errors) == list(bottleneck.METHODS)
        assert errors["pca"].line.baseline and len(errors["pca"].values) == 1
        # After an epoch of noise nobody has learnt more than principal components have.
        assert all(min(curve.mean) >= errors["pca"].mean[0] for curve in errors.values())
        for measure in ("neighbours", "probe"):
            for curve in result.group(f"{data}.{measure}"):
                assert all(0 <= value <= 1 for row in curve.values for value in row)
        (angle,) = result.group(f"{data}.angle")
        assert angle.line.label == "Linear autoencoder" and 0 < angle.mean[0] <= 90
