"""What the Domain adaptation page says, on small networks and on numbers made up for it."""

import pytest
import torch

from latentlab.adaptation.settings import Plane
from latentlab.adaptation.shifts import Shift
from latentlab.errors import UnsupportedError
from latentlab.experiments import (
    Curve,
    Result,
    adaptation,
    adaptation_photographs,
    adaptation_tries,
    adapting,
)
from latentlab.experiments.base import Line
from latentlab.tasks import adaptation as task


class Reader(torch.nn.Module):
    """Ten features, the digit that the picture's top left pixel says; a real one would not know."""

    def features(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([x[:, 0, :14].mean((1, 2)), x[:, 0, 14:].mean((1, 2))], 1)

    def logits_of(self, features: torch.Tensor) -> torch.Tensor:
        return features @ torch.linspace(-1, 1, 20).view(2, 10)


def test_a_survey_counts_what_is_read_in_both_domains() -> None:
    reader = Reader()
    source = task.source_of(reader)  # type: ignore[arg-type]
    same = task.survey(reader, source, Shift())  # type: ignore[arg-type]
    assert same.source == same.target == source.readers and same.count == 300
    assert same.target.neighbours > 0.8, "digits are near other digits"
    lost = task.survey(reader, source, Shift(invert=True))  # type: ignore[arg-type]
    assert lost.target.neighbours < 0.2 and lost.source == same.source
    assert lost.before.shape == lost.after.shape == (8, 28, 28)
    assert lost.truth.tolist() == list(range(8))
    other = task.survey(reader, source, Shift(), scikit=True)  # type: ignore[arg-type]
    assert not (other.after == other.before).all() and other.truth.tolist() == list(range(8))


def test_single_shifts_are_read_one_by_one() -> None:
    reader = Reader()
    both = Shift(rotation=40, invert=True)
    found = task.single(reader, both)  # type: ignore[arg-type]
    assert set(found) == {"rotation", "invert"}
    assert {name: len(v) for name, v in task.ladder(reader).items()} == {  # type: ignore[arg-type]
        name: len(steps) for name, steps in task.LADDER.items()
    }


def made(values: dict[str, tuple[float, ...]], x: tuple[float | str, ...]) -> Result:
    lines: dict[str, Line] = {line.name: line for line in adaptation.LINES}
    curves = [
        Curve(lines[adapting.line_name(method, m)], x, (row, tuple(v + 1 for v in row)))
        for method, row in values.items()
        for m in adapting.MEASURES
    ]
    return Result(
        experiment="adaptation",
        version=1,
        quick=False,
        budget="",
        seeds=(0, 1),
        curves=tuple(curves),
        seconds=1.0,
        machine="",
    )


def test_the_verdict_names_the_best_and_who_hurts() -> None:
    pair = ("a → b",)
    result = made(
        {
            "source": (80.0,),
            "coral": (82.0,),
            "mmd": (90.0,),
            "dann": (60.0,),
            "oracle": (97.0,),
        },
        pair,
    )
    rows = task.scores(result, pair[0])
    assert [row.method for row in rows] == ["source", "coral", "mmd", "dann", "oracle"]
    said = task.verdict(rows)
    assert "**80.5 %**" in said and "MMD brings it to **90.5 %**" in said
    assert "(CORAL) to 82.5 %" in said and "**DANN hurts** here" in said
    assert "seeds differ" not in said
    close = task.scores(made({"source": (80.0,), "coral": (82.0,), "mmd": (82.5,)}, pair), pair[0])
    assert "seeds differ as much" in task.verdict(close)
    assert "worth more than all of them" not in task.framing(rows, rows)
    better = task.scores(made({"source": (95.0,), "mmd": (96.0,)}, pair), pair[0])
    assert "worth more than all of them** (95.5 %" in task.framing(better, rows)
    with pytest.raises(UnsupportedError):
        task.scores(result, "elsewhere")


def test_a_fall_is_read_at_both_ends() -> None:
    values = {m: (95.0, 60.0) for m in ("mmd", "im")} | {"source": (92.0, 94.0)}
    result = made(values, (50, 100))
    assert task.fall(result, "mmd") == (95.5, 60.5, 60.5)
    assert "reads **60.5 %**" in task.wrong(result) and "**94.5 %**" in task.wrong(result)
    with pytest.raises(UnsupportedError):
        task.fall(result, "dann")


@pytest.mark.parametrize(
    ("text", "moves"),
    [("", ()), ("300x50", ((50, 300),)), ("1x0.2x100", ((0, 1), (100, 2)))],
)
def test_an_address_holds_moves(text: str, moves: tuple[tuple[int, int], ...]) -> None:
    assert task.read_moves(text) == moves


@pytest.mark.parametrize(
    "text", ["300", "x50", "0x50", "3x101", "7000x1", "1x1." * 121 + "1x1", "3×5"]
)
def test_what_is_no_moves_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        task.read_moves(text)


def test_browsers_are_told_what_a_run_depends_on() -> None:
    plane = Plane(angle=20, share=0.8, seed=4)
    assert task.told_target(plane) == {"angle": 20, "share": 0.8}
    told = task.told_settings(plane)
    assert told["seed"] == 4 and told["length"] == task.MAX_STEPS and "angle" not in told


def test_tries_say_what_a_rule_without_labels_would_choose_and_what_labels_would() -> None:
    pair, domain = next(iter(adaptation_photographs.PAIRS.items()))
    tried = [name for name, (where, _) in adaptation_tries.TRIES.items() if where == domain]
    alone = next(name for name in tried if "source only" in name)
    taken = adaptation_photographs.TAKEN[domain]
    other = next(name for name in tried if name not in (taken, alone) and "source" not in name)

    def result(target: tuple[float, ...]) -> Result:
        values = {"target": target, "source": (99, 98, 97.5), "domains": (1, 2, 3)}
        values["told"] = (2.2, 2.0, 1.0)
        curves = tuple(
            Curve(line, (alone, taken, other), (values[line.name],))
            for line in adaptation_tries.LINES
        )
        return Result(
            experiment="adaptation_tries",
            version=1,
            quick=False,
            budget="",
            seeds=(0,),
            curves=curves,
            seconds=1,
            machine="",
        )

    rows = task.tries(result((99, 60, 70)), pair)
    assert [row.name for row in rows] == [alone, taken, other]
    assert [(row.taken, row.alone) for row in rows] == [(False, True), (True, False), (False,) * 2]
    assert [row.ruled for row in rows] == [False, True, False]
    assert rows[1].source == 98 and rows[1].domains == 2
    said = task.tries_words(rows)
    assert taken in said and "60.0 %" in said and f"would choose {other}: 70.0 %" in said
    assert "So would anybody" in task.tries_words(task.tries(result((99, 60, 50)), pair))
    with pytest.raises(UnsupportedError):
        task.tries(result((1, 2, 3)), "MNIST → elsewhere")
