"""Results of experiments: spread, files, and when two of them agree."""

import json
import math
import subprocess
import sys
from dataclasses import replace

import pytest
from conftest import ROOT

from latentlab import checkpoints
from latentlab.errors import InputError, UnknownNameError, UnsupportedError
from latentlab.experiments import base, experiments, runs
from latentlab.experiments.base import Axis, Curve, Line, Point, Result, load

LINE = Line(
    name="ours", label="Ours", group="digits", y=Axis("error", "dB"), higher_is_better=False
)
FLAT = replace(LINE, name="theirs", label="Theirs", baseline=True, seeded=False)


def result(*rows: tuple[float, ...], flat: tuple[float, ...] = (5.0, 5.0)) -> Result:
    return Result(
        experiment="test",
        version=1,
        quick=False,
        budget="none",
        seeds=tuple(range(len(rows))),
        curves=(Curve(LINE, (2, 8), rows), Curve(FLAT, (2, 8), (flat,))),
        seconds=1.5,
        machine="a test",
        versions=(("numpy", "2"), ("torch", "2.13")),
    )


# --- known answers ----------------------------------------------------------------------------


def test_spread_is_the_standard_deviation_of_a_sample() -> None:
    curve = Curve(LINE, (2, 8), ((1.0, 7.0), (2.0, 7.0), (6.0, 7.0)))
    assert curve.mean == (3.0, 7.0)
    assert curve.spread == pytest.approx((math.sqrt(7), 0.0))  # (4 + 1 + 9) / (3 - 1)


def test_one_seed_has_no_spread() -> None:
    assert Curve(LINE, (2,), ((1.0,),)).spread is None


def test_points_are_means_with_their_spread() -> None:
    found = result((1.0, 7.0), (3.0, 7.0))
    assert found.points("ours") == (Point(2, 2.0, math.sqrt(2), 2), Point(8, 7.0, 0.0, 2))
    assert found.points("theirs") == (Point(2, 5.0, None), Point(8, 5.0, None))
    assert found.points("nobody's") == ()
    assert Curve(LINE, ("here", "there"), ((1.0, 2.0),)).points == ()


def test_points_are_apart_when_their_bands_do_not_touch() -> None:
    one = Point(2, 1.0, 0.5, 3)
    assert one.apart(Point(2, 2.5, 0.75, 3)) and Point(2, 2.5, 0.75, 3).apart(one)
    assert not one.apart(Point(2, 2.0, 0.5, 3))
    assert not one.apart(Point(2, 50.0, None)) and not Point(2, 50.0, None).apart(one)


def test_a_result_agrees_with_itself() -> None:
    for found in (result((1.0, 2.0)), result((1.0, 2.0), (1.1, 2.0), (1.2, 2.0))):
        assert runs.check(found, found) == []


def test_without_a_spread_half_a_percent_is_allowed() -> None:
    shipped = result((1.0, 2.0))
    assert runs.check(shipped, result((1.0049, 2.0))) == []
    (sentence,) = runs.check(shipped, result((1.006, 2.0)))
    assert "ours at 2" in sentence and "1.006" in sentence
    (sentence,) = runs.check(shipped, result((1.0, 2.0), flat=(5.0, 5.03)))
    assert "theirs at 8" in sentence


def test_what_chance_explains_is_student_by_welch() -> None:
    rows = (1.0, 2.0), (2.0, 2.0), (3.0, 2.0)  # spread 1 and 0
    first, second = (result(*rows).curves[0] for _ in range(2))
    # Equal variances and counts: 4 degrees of freedom; t of 97.5 % is 2.776 by any table.
    allowed = runs._allowed(first, second, 0.05)
    assert allowed[0] == pytest.approx(2.7764 * math.sqrt(1 / 3 + 1 / 3) + 0.01, rel=1e-4)
    assert allowed[1] == pytest.approx(0.01)
    # One seed borrows the spread of the other side: 2 degrees, variance 1 + 1/3.
    alone = result((2.0, 2.0)).curves[0]
    for pair in ((alone, first), (first, alone)):
        allowed = runs._allowed(*pair, 0.05)
        assert allowed[0] == pytest.approx(4.3027 * math.sqrt(4 / 3) + 0.01, rel=1e-4)


def test_a_difference_beyond_the_spread_is_one_sentence() -> None:
    tight = result((1.0, 2.0), (1.01, 2.0), (1.02, 2.0))
    wide = result((1.02, 2.0), (1.04, 2.0), (1.06, 2.0))
    assert runs.check(tight, wide) == []
    far = result((2.0, 2.0), (2.01, 2.0), (2.02, 2.0))
    (sentence,) = runs.check(tight, far)
    assert "ours at 2" in sentence


def test_honest_repetitions_are_rarely_rejected() -> None:
    import random

    chance = random.Random(0)

    def draw() -> Result:
        return result(*((chance.gauss(1, 0.2), chance.gauss(3, 0.2)) for _ in range(3)))

    rejected = sum(bool(runs.check(draw(), draw())) for _ in range(400))
    assert rejected <= 12  # four are expected at one in a hundred


def test_what_was_not_measured_or_not_shipped_is_said() -> None:
    shipped = result((1.0, 2.0))
    fewer = replace(shipped, curves=shipped.curves[:1])
    assert runs.check(shipped, fewer) == ["the curve theirs was not measured"]
    assert runs.check(fewer, shipped) == ["the curve theirs was not shipped"]
    assert "budget" in runs.check(shipped, replace(shipped, budget="more"))[0]
    moved = replace(shipped.curves[0], x=(2, 9))
    assert "points" in runs.check(shipped, replace(shipped, curves=(moved, shipped.curves[1])))[0]


# --- files ------------------------------------------------------------------------------------


def test_a_file_gives_the_same_result_back() -> None:
    for x in ((2, 8), (0.5, 8), ("shirt", "bag")):
        found = result((1 / 3, 2e-9))
        found = replace(found, curves=tuple(replace(curve, x=x) for curve in found.curves))
        again = Result.from_json(found.to_json())
        assert again == found and again.to_json() == found.to_json()


def broken(*path: str | int, value: object) -> str:
    content = json.loads(result((1.0, 2.0), (3.0, 4.0)).to_json())
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"format": 1}',
        "[" * 100_000,
        "9" * 10_000,
        " " * (base.MAX_BYTES + 1),
        broken("format", value=2),
        broken("extra", value=1),
        broken("experiment", value=7),
        broken("machine", value="x" * 1000),
        broken("budget", value="two\nlines"),
        broken("version", value=True),
        broken("version", value=10**400),
        broken("quick", value=0),
        broken("seconds", value=-1),
        broken("seconds", value=math.nan),
        broken("seeds", value=[]),
        broken("seeds", value=[0, 0]),
        broken("seeds", value=[0, 1, 2]),
        broken("seeds", value=[0, 1.5]),
        broken("seeds", value="01"),
        broken("versions", value=["torch"]),
        broken("versions", value={"torch": 2}),
        broken("versions", value={str(n): "1" for n in range(99)}),
        broken("curves", value=[]),
        broken("curves", value={}),
        broken("curves", 1, "line", "name", value="ours"),
        broken("curves", 0, "line", "seeded", value=False),
        broken("curves", 0, "line", "baseline", value="no"),
        broken("curves", 0, "line", "y", value="error"),
        broken("curves", 0, "line", value=None),
        broken("curves", 0, "x", value=[]),
        broken("curves", 0, "x", value=[8, 2]),
        broken("curves", 0, "x", value=[2, 2]),
        broken("curves", 0, "x", value=[2, "8"]),
        broken("curves", 0, "x", value=[2, None]),
        broken("curves", 0, "x", value=[2, 8, 9]),
        broken("curves", 0, "x", value=[[2], [8]]),
        broken("curves", 0, "values", value=[]),
        broken("curves", 0, "values", value=[[1.0], [2.0]]),
        broken("curves", 0, "values", value=[[1.0, 2.0], [2.0]]),
        broken("curves", 0, "values", value=[[1.0, 2.0], 3.0]),
        broken("curves", 0, "values", 0, 0, value=math.inf),
        broken("curves", 0, "values", 0, 0, value=10**400),
        broken("curves", 0, "values", 0, 0, value="1"),
        broken("curves", 0, "values", 0, 0, value=True),
        broken("curves", 0, "values", 0, 0, value=None),
    ],
    ids=lambda text: text[:20],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Result.from_json(text)


def test_a_broken_file_is_named(tmp_path) -> None:
    path = tmp_path / "mine.json"
    for content in (b"\xff\xfe", b"{}", b"1e999"):
        path.write_bytes(content)
        with pytest.raises(InputError, match=r"mine\.json"):
            base.read(path)
    with pytest.raises(InputError, match=r"mine\.json"):
        base.read(path.with_name("no") / "mine.json")


def test_load_refuses_what_is_not_the_result_of_this_version(tmp_path, monkeypatch) -> None:
    right = load("bottleneck")
    monkeypatch.setattr(base, "RESULTS", tmp_path)
    with pytest.raises(UnsupportedError, match="no result yet"):
        load("bottleneck")
    for wrong in (
        replace(right, version=99),
        replace(right, quick=True),
        replace(right, experiment="other"),
    ):
        (tmp_path / "bottleneck.json").write_text(wrong.to_json(), encoding="utf-8")
        with pytest.raises(InputError, match="Measure it again"):
            load("bottleneck")
    with pytest.raises(UnknownNameError, match="bottleneck"):
        load("bottlenek")


# --- what ships -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", experiments.names())
def test_every_experiment_ships_what_its_plan_says(name: str) -> None:
    experiment, shipped = experiments.get(name), load(name)
    assert experiment.name == name and experiment.question.endswith("?")
    assert (ROOT / "latentlab" / "experiments" / f"{name}.py").is_file()
    assert tuple(curve.line for curve in shipped.curves) == experiment.lines
    assert shipped.budget == experiment.budget
    for quick in (False, True):
        plan = experiment.plan(quick)
        assert len({cell.name for cell in plan}) == len(plan)
        for curve in shipped.curves:
            points = [x for cell in plan for line, x in cell.points if line == curve.line.name]
            assert set(points) <= set(curve.x) if quick else tuple(points) == curve.x


def test_no_result_ships_without_its_experiment() -> None:
    assert {path.stem for path in base.RESULTS.glob("*.json")} == set(experiments.names())


def test_the_shipped_bottleneck_is_that_of_the_cards() -> None:
    shipped = load("bottleneck")
    assert shipped.seeds[0] == 0
    for data in ("mnist", "fashion_mnist"):
        ours, pca = (shipped.curve(f"{kind}.{data}.error") for kind in ("autoencoder", "pca"))
        assert ours.x == pca.x == (1, 2, 4, 8, 16, 32, 64)
        for index, k in enumerate(ours.x):
            score = checkpoints.read_card(f"autoencoder.{data}_stack_k{k}").score("mse")
            # Some cards were measured before their weights were stored in half precision.
            assert ours.values[0][index] == pytest.approx(score.value, rel=1e-4)
            assert pca.values[0][index] == pytest.approx(score.baseline, rel=1e-5)


def test_reading_results_loads_nothing_slow_and_nothing_that_trains() -> None:
    script = (
        "import sys\n"
        "from latentlab import experiments\n"
        "experiments.load('bottleneck')\n"
        "wrong = ('torch', 'sklearn', 'scipy', 'latentlab.models', 'latentlab.training',"
        " 'latentlab.evaluation')\n"
        "print([name for name in wrong if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr
