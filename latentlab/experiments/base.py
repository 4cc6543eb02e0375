"""What an experiment is, and what came of it.

    experiment = experiments.get("bottleneck")   # what is asked, and how it is measured
    result = load("bottleneck")                  # what was measured: curves over seeds
    curve = result.curve("autoencoder.mnist.error")
    curve.x, curve.mean, curve.spread              # spread is None where there is one seed

Pages import this module: nothing here needs torch, and a result is some kilobytes of JSON. Such a
file may come from a stranger, so whatever is read is checked: keys, types, lengths, finite numbers.
"""

import json
import math
import statistics
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from latentlab.errors import InputError, UnsupportedError
from latentlab.registry import Registry

FORMAT = 1  # of the file; raised when old code could no longer read a new file
RESULTS = Path(__file__).with_name("results")  # what ships

MAX_BYTES = 1 << 20
MAX_LETTERS = 300
MAX_CURVES, MAX_SEEDS, MAX_POINTS, MAX_VERSIONS = 64, 64, 1024, 16

X = float | str  # where a point lies on the x axis: a number, or a name where there is no scale


@dataclass(frozen=True)
class Axis:
    """What is laid off along an axis; ``unit`` is empty for counts and plain ratios."""

    label: str
    unit: str = ""

    @property
    def title(self) -> str:
        """Label and unit, as they stand beside an axis."""
        return f"{self.label}, {self.unit}" if self.unit else self.label


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a curve is, before anything has been measured.

    Attributes:
        name: unique within the experiment.
        label: in a legend.
        group: what is drawn together, such as the name of a data set.
        y: what is measured.
        higher_is_better: its direction.
        baseline: whether this is the classical method that the other curves have to beat.
        seeded: whether chance takes part. Without it a curve is measured once for all seeds.
    """

    name: str
    label: str
    group: str
    y: Axis
    higher_is_better: bool
    baseline: bool = False
    seeded: bool = True


@dataclass(frozen=True)
class Point:
    """A mean over seeds at a number on the x axis.

    Attributes:
        x: that number.
        mean: of the values.
        spread: their standard deviation; None = there is a single one.
        seeds: how many values there are.
    """

    x: float
    mean: float
    spread: float | None
    seeds: int = 1

    def apart(self, other: "Point") -> bool:
        """Whether the bands of one standard deviation do not touch; without any, nobody knows."""
        if self.spread is None or other.spread is None:
            return False
        return abs(self.mean - other.mean) > self.spread + other.spread


@dataclass(frozen=True)
class Curve:
    """A line as it was measured.

    Attributes:
        line: what it is.
        x: [points], all numbers, ascending, or all names.
        values: [seeds][points], in the order of the result's seeds; a single row where the line
            is not seeded.

    Raises:
        InputError: lengths that do not fit, x out of order or twice, numbers that are not finite.
    """

    line: Line
    x: tuple[X, ...]
    values: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        name, x = self.line.name, self.x
        numbers = [place for place in x if _is_number(place)]
        if not (len(numbers) == len(x) or all(isinstance(place, str) for place in x)):
            raise InputError(f"The x of the curve “{name}” mix numbers and names.")
        if not 1 <= len(x) <= MAX_POINTS or len(set(x)) < len(x) or numbers != sorted(numbers):  # type: ignore[type-var]
            raise InputError(f"The x of the curve “{name}” are none, too many or out of order.")
        if not 1 <= len(self.values) <= MAX_SEEDS or {len(row) for row in self.values} != {len(x)}:
            raise InputError(f"The curve “{name}” does not have one value for every x and seed.")
        if not all(_is_number(value) for row in self.values for value in row):
            raise InputError(f"The curve “{name}” holds values that are no finite numbers.")

    @property
    def mean(self) -> tuple[float, ...]:
        """The mean over seeds at every x."""
        return tuple(statistics.fmean(column) for column in zip(*self.values, strict=True))

    @property
    def spread(self) -> tuple[float, ...] | None:
        """The standard deviation over seeds at every x (of a sample: n - 1 below the line).

        None with fewer than two rows of values: a single one has no spread, which is not zero.
        """
        if len(self.values) < 2:
            return None
        return tuple(statistics.stdev(column) for column in zip(*self.values, strict=True))

    @property
    def points(self) -> tuple[Point, ...]:
        """What was measured at every x; empty where x are names."""
        spreads = self.spread or (None,) * len(self.x)
        return tuple(
            Point(x, mean, spread, len(self.values))
            for x, mean, spread in zip(self.x, self.mean, spreads, strict=True)
            if not isinstance(x, str)
        )


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of an experiment.

    Attributes:
        experiment: its name.
        version: of its procedure.
        quick: whether this was a trial, with another budget than what ships.
        budget: what each seed got, in words.
        seeds: of the rows of all seeded curves.
        curves: in the order of the experiment's lines.
        seconds: of computing, over all sessions.
        machine: what computed.
        versions: (package, version), sorted.

    Raises:
        InputError: seeds or curves are none, too many or there twice; rows do not fit the seeds.
    """

    experiment: str
    version: int
    quick: bool
    budget: str
    seeds: tuple[int, ...]
    curves: tuple[Curve, ...]
    seconds: float
    machine: str
    versions: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = [curve.line.name for curve in self.curves]
        if not 1 <= len(names) <= MAX_CURVES or len(set(names)) < len(names):
            raise InputError("The curves of a result are none, too many or there twice.")
        if not 1 <= len(self.seeds) <= MAX_SEEDS or len(set(self.seeds)) < len(self.seeds):
            raise InputError("The seeds of a result are none, too many or there twice.")
        for curve in self.curves:
            if len(curve.values) != (len(self.seeds) if curve.line.seeded else 1):
                raise InputError(f"The curve “{curve.line.name}” does not fit the seeds.")
        if not _is_number(self.seconds) or self.seconds < 0:
            raise InputError("The seconds of a result are no time.")

    def curve(self, name: str) -> Curve | None:
        """Return the curve of that name, if there is one."""
        return next((curve for curve in self.curves if curve.line.name == name), None)

    def points(self, name: str) -> tuple[Point, ...]:
        """Return the points of the curve of that name; empty where it was not measured."""
        curve = self.curve(name)
        return () if curve is None else curve.points

    def group(self, name: str) -> tuple[Curve, ...]:
        """Return the curves that are drawn together, such as those of one data set."""
        return tuple(curve for curve in self.curves if curve.line.group == name)

    def to_json(self) -> str:
        """Return the text of a result file."""
        content = asdict(self) | {"versions": dict(self.versions)}
        return json.dumps({"format": FORMAT, **content}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Result":
        """Return the result that ``to_json`` wrote.

        Raises:
            InputError: this is no such text; the message says what is wrong.
        """
        if len(text) > MAX_BYTES:
            raise InputError(f"A result file may have {MAX_BYTES >> 20} MB at most.")
        try:
            found = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise InputError("This is no JSON with finite numbers.") from None
        content = _fields(found, "a result", "format", *cls.__dataclass_fields__)
        if content.pop("format") != FORMAT:
            raise InputError(
                f"The result is not of format {FORMAT}.", "A newer latentlab may have written it."
            )
        return cls(
            experiment=_text(content["experiment"], "experiment"),
            version=_whole(content["version"], "version"),
            quick=_truth(content["quick"], "quick"),
            budget=_text(content["budget"], "budget"),
            seeds=tuple(_whole(seed, "seeds") for seed in _list(content["seeds"], "seeds")),
            curves=tuple(_curve(curve) for curve in _list(content["curves"], "curves")),
            seconds=_number(content["seconds"], "seconds"),
            machine=_text(content["machine"], "machine"),
            versions=_versions(content["versions"]),
        )


@dataclass(frozen=True)
class Effort:
    """How a cell is to be measured.

    Attributes:
        quick: as a trial: less data, fewer epochs.
        retrain: train even where a checkpoint with the same recipe and seed ships.
        device: that trains: cpu, cuda or mps.
        folder: for what a cell wants to find again after a kill, such as a half-trained network.
            Emptied once the cell is measured. None = nowhere.
    """

    quick: bool = False
    retrain: bool = False
    device: str = "cpu"
    folder: Path | None = None


# Yields the share that is done, in [0, 1); returns the values, in the order of the cell's points.
Work = Generator[float, None, Sequence[float]]


@dataclass(frozen=True)
class Cell:
    """What is computed at one go for one seed: some points, of lines alike in being seeded.

    Attributes:
        name: unique within the plan; letters, digits, dots and underscores.
        points: (name of the line, x) of every value that it gives.
        measure: (seed, effort) -> work. What is slow to import is imported inside.
    """

    name: str
    points: tuple[tuple[str, X], ...]
    measure: Callable[[int, Effort], Work]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question, and the procedure that answers it.

    Attributes:
        name: registry name; also of its module and of its result file.
        title: above the figure.
        question: one plain sentence that ends in a question mark.
        x: the axis that all its lines share.
        data: names of the data sets that it needs in full.
        lines: what is measured.
        plan: quick? -> the cells. The order of cells is the order of x.
        budget: what each seed gets, in words, and what a quick run gets.
        quick_budget: what each seed gets in a quick run.
        seeds: how many, unless somebody wants another number; they are 0, 1, ….
        version: raised with every change of the procedure that changes numbers, its recipes
            included: results and unfinished runs of another version do not count.
    """

    name: str
    title: str
    question: str
    x: Axis
    data: tuple[str, ...]
    lines: tuple[Line, ...]
    plan: Callable[[bool], tuple[Cell, ...]]
    budget: str
    quick_budget: str
    seeds: int = 3
    version: int = 1


experiments: Registry[Experiment] = Registry("experiment")


def load(name: str) -> Result:
    """Return the result that ships with an experiment.

    Raises:
        UnknownNameError: there is no such experiment.
        UnsupportedError: it has no result yet.
        InputError: the file is damaged, or belongs to another experiment.
    """
    experiment = experiments.get(name)
    path = RESULTS / f"{name}.json"
    if not path.is_file():
        raise UnsupportedError(
            f"The experiment “{experiment.title}” has no result yet.",
            f"Measure it: latentlab experiment {name} --write.",
        )
    result = read(path)
    if result.experiment != name or result.version != experiment.version or result.quick:
        raise InputError(
            f"{path.name} is no full result of version {experiment.version} of {name}.",
            f"Measure it again: latentlab experiment {name} --write.",
        )
    return result


def read(path: Path) -> Result:
    """Return the result in a file.

    Raises:
        InputError: it cannot be read; the message names the file.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MAX_BYTES + 1).decode()
        return Result.from_json(text)
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path.name} is not a readable text file.") from None
    except InputError as error:
        raise InputError(f"{path.name}: {error.message}", error.hint) from None


# --- reading what a stranger may have written -------------------------------------------------


def _curve(found: object) -> Curve:
    content = _fields(found, "a curve", *Curve.__dataclass_fields__)
    values = [_list(row, "values") for row in _list(content["values"], "values")]
    return Curve(
        line=_line(content["line"]),
        x=tuple(
            _text(place, "x") if isinstance(place, str) else _number(place, "x")
            for place in _list(content["x"], "x")
        ),
        values=tuple(tuple(_number(value, "values") for value in row) for row in values),
    )


def _line(found: object) -> Line:
    content = _fields(found, "a line", *Line.__dataclass_fields__)
    y = _fields(content["y"], "an axis", *Axis.__dataclass_fields__)
    return Line(
        name=_text(content["name"], "name"),
        label=_text(content["label"], "label"),
        group=_text(content["group"], "group"),
        y=Axis(_text(y["label"], "label"), _text(y["unit"], "unit")),
        higher_is_better=_truth(content["higher_is_better"], "higher_is_better"),
        baseline=_truth(content["baseline"], "baseline"),
        seeded=_truth(content["seeded"], "seeded"),
    )


def _versions(found: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(found, dict) or len(found) > MAX_VERSIONS:
        raise InputError("“versions” is no short table.")
    return tuple((_text(key, "versions"), _text(found[key], "versions")) for key in sorted(found))


def _fields(found: object, what: str, *keys: str) -> dict[str, Any]:
    if not isinstance(found, dict) or set(found) != set(keys):
        raise InputError(f"Where {what} should be, the keys are not {', '.join(keys)}.")
    return dict(found)


def _list(found: object, key: str) -> list[Any]:
    if not isinstance(found, list):
        raise InputError(f"“{key}” is no list.")
    return found


def _text(found: object, key: str) -> str:
    if not isinstance(found, str) or len(found) > MAX_LETTERS or not found.isprintable():
        raise InputError(f"“{key}” is no text of up to {MAX_LETTERS} letters.")
    return found


def _truth(found: object, key: str) -> bool:
    if not isinstance(found, bool):
        raise InputError(f"“{key}” is neither true nor false.")
    return found


def _whole(found: object, key: str) -> int:
    if type(found) is not int or not 0 <= found < 2**31:
        raise InputError(f"“{key}” is no whole number from 0 to 2^31 - 1.")
    return found


def _number(found: object, key: str) -> float:
    if not _is_number(found):
        raise InputError(f"“{key}” holds what is no finite number.")
    return found  # type: ignore[return-value]  # a whole number stays one: k = 2, not 2.0


def _is_number(value: object) -> bool:
    # Compared, not converted: JSON integers may have thousands of digits, which no float holds.
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return -1e300 < value < 1e300 and not math.isnan(value)


def _refuse(constant: str) -> float:
    raise ValueError(constant)  # NaN and infinities are no JSON, though Python reads them
