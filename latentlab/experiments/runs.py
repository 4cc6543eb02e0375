"""Measuring an experiment: cell by cell, saved as it goes, and compared with what ships.

A cell is measured for one seed. Its values are written down before the next one begins, so a run
that was killed goes on with the cell it was at; within a cell, a half-trained network is kept by
the training itself. The state is deleted once the last cell is measured.

Several processes, on several machines too, may measure one experiment: each a *part* of it, whose
state stays below the experiment's folder (``part_2_of_5/cells.json``). A run of the whole finds
what parts have measured there and goes on with the rest. Every cell says which machine and which
versions measured it, and so does the result, of all of them.
"""

import json
import math
import os
import platform
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from latentlab import __version__
from latentlab.errors import InputError, TrainingError
from latentlab.experiments.base import Cell, Curve, Effort, Experiment, Line, Result, X, experiments

ROUNDING = 0.005  # relative; other processors round differently, and training amplifies it
FALSE_ALARMS = 0.01  # share of honest repetitions that `check` may reject, over all points together
QUICK_SEEDS = 2
STATE = "cells.json"

_NAME = re.compile(r"[A-Za-z0-9_.]+")


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Attributes:
        done: cells that are measured, with the share of the present one.
        total: how many there are, over all seeds.
        cell: which is being measured, in words.
        result: with the last progress, None before.
    """

    done: float
    total: int
    cell: str
    result: Result | None = None


def state_folder(name: str, quick: bool = False) -> Path:
    """Return where runs of an experiment keep their state and result: below where you stand."""
    folder = Path("runs") / "experiments" / name
    return folder / "quick" if quick else folder


def run(
    name: str,
    seeds: int | None = None,
    effort: Effort | None = None,
    folder: Path | None = None,
    part: tuple[int, int] | None = None,
) -> Iterator[Progress]:
    """Measure an experiment, yielding progress; the last one carries the result.

    Args:
        name: of the experiment.
        seeds: how many; None = as many as the experiment says, or 2 where that is quick.
        effort: how to measure; None = in full, on the CPU. Its folder is set here.
        folder: for the state, from which the next run goes on; None = ``state_folder(name)``.
        part: (which, of how many) of the cells, counted from 1, is measured and left for a run of
            the whole, which has the result; None = the whole.

    Raises:
        UnknownNameError: there is no such experiment.
        InputError: fewer seeds than one, or no such part.
        DataError: a data set that it needs is not there; said before anything is measured.
        TrainingError: the state belongs to another version or effort, or cannot be read.
    """
    experiment = experiments.get(name)
    effort = effort or Effort()
    usual = min(QUICK_SEEDS, experiment.seeds) if effort.quick else experiment.seeds
    wanted = usual if seeds is None else seeds
    if wanted < 1:
        raise InputError(f"{wanted} seeds cannot be measured.", "Ask for one at least.")
    _require(experiment)
    folder = folder or state_folder(name, effort.quick)
    plan = experiment.plan(effort.quick)
    lines = {line.name: line for line in experiment.lines}
    jobs = [
        (cell, seed)
        for seed in range(wanted)  # a whole curve first, then the next seed
        for cell in plan
        if seed == 0 or _seeded(cell, lines)
    ]
    identity = {"experiment": name, "version": experiment.version}
    identity |= {"quick": effort.quick, "retrain": effort.retrain}
    if part is None:
        state = _State(folder / STATE, identity, sorted(folder.glob(f"part_*/{STATE}")))
    else:
        jobs, folder = _part(jobs, *part), folder / "part_{}_of_{}".format(*part)
        state = _State(folder / STATE, identity)
    by = _Measured(_machine(effort.device), _versions())
    for number, (cell, seed) in enumerate(jobs):
        key = f"{cell.name}@{seed}"
        if state.values(key, len(cell.points)) is not None:
            continue
        words = f"{cell.name}, seed {seed}" if _seeded(cell, lines) else cell.name
        yield Progress(number, len(jobs), words)
        scratch = folder / key
        started = time.monotonic()
        work = cell.measure(seed, replace(effort, folder=scratch))
        while True:
            try:
                share = next(work)
            except StopIteration as end:
                values = [float(value) for value in end.value]
                break
            yield Progress(number + share, len(jobs), words)
        if len(values) != len(cell.points) or not all(map(math.isfinite, values)):
            raise TrainingError(f"{words} gave {values}, where {len(cell.points)} numbers belong.")
        state.add(key, replace(by, values=tuple(values), seconds=time.monotonic() - started))
        shutil.rmtree(scratch, ignore_errors=True)
    if part is not None:
        yield Progress(len(jobs), len(jobs), "")
        return
    result = Result(
        experiment=name,
        version=experiment.version,
        quick=effort.quick,
        budget=experiment.quick_budget if effort.quick else experiment.budget,
        seeds=tuple(range(wanted)),
        curves=_curves(experiment, plan, state, wanted),
        seconds=round(state.seconds, 1),
        machine=state.machine,
        versions=state.versions,
    )
    state.forget()
    yield Progress(len(jobs), len(jobs), "", result)


def measured_before(name: str, quick: bool = False) -> int:
    """Return how many cells unfinished runs and parts left behind; 0 if none can be read."""
    folder = state_folder(name, quick)
    keys: set[str] = set()
    for path in (folder / STATE, *folder.glob(f"part_*/{STATE}")):
        with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
            keys |= set(json.loads(path.read_text("utf-8"))["cells"])
    return len(keys)


def _part(jobs: list[tuple[Cell, int]], which: int, of: int) -> list[tuple[Cell, int]]:
    """Return a part of all jobs: neighbours, as those of a seed may share a network."""
    if not 1 <= which <= of:
        raise InputError(f"There is no part {which} of {of}.", "Parts are 1 of 4 to 4 of 4.")
    return jobs[(which - 1) * len(jobs) // of : which * len(jobs) // of]


def check(shipped: Result, measured: Result) -> list[str]:
    """Return one sentence for everything in which two results disagree beyond chance.

    Two means of n₁ and n₂ seeds with spreads s₁ and s₂ agree if they differ by at most
    ``t·√(s₁²/n₁ + s₂²/n₂)``, and half a percent of the larger for rounding. t is the two-sided
    quantile of Student's distribution with Welch's degrees of freedom, such that of a hundred
    honest repetitions of the whole experiment one at most is rejected (the share is divided by
    the number of points compared). A side with a single seed has no spread of its own and takes
    that of the other. Where neither has one, rounding alone excuses a difference: so it is for
    baselines without chance, and for two results of the same single seed.
    """
    sentences = []
    for field in ("experiment", "version", "quick", "budget"):
        ours, theirs = getattr(shipped, field), getattr(measured, field)
        if ours != theirs:
            sentences.append(f"the shipped result has the {field} “{ours}”, not “{theirs}”")
    found = {curve.line.name: curve for curve in measured.curves}
    for name in sorted({c.line.name for c in shipped.curves} ^ set(found)):
        where = "was not shipped" if name in found else "was not measured"
        sentences.append(f"the curve {name} {where}")
    pairs = [(c, found[c.line.name]) for c in shipped.curves if c.line.name in found]
    compared = max(1, sum(len(ours.x) for ours, _ in pairs))
    for ours, theirs in pairs:
        name = ours.line.name
        if ours.line != theirs.line or ours.x != theirs.x:
            sentences.append(f"the curve {name} is now described otherwise, or has other points")
            continue
        a, b = ours.mean, theirs.mean
        for index, (x, allowed) in enumerate(
            zip(ours.x, _allowed(ours, theirs, FALSE_ALARMS / compared), strict=True)
        ):
            if abs(a[index] - b[index]) > allowed:
                sentences.append(
                    f"{name} at {_place(x)}: the shipped result states {a[index]:.5g},"
                    f" measured {b[index]:.5g}; {allowed:.2g} would be chance"
                )
    return sentences


def _allowed(a: Curve, b: Curve, false_alarms: float) -> list[float]:
    """Return by how much two means may differ at each point; see `check`."""
    counts = len(a.values), len(b.values)
    known_spreads = [spread for spread in (a.spread, b.spread) if spread is not None]
    allowed = []
    for index, (mean_a, mean_b) in enumerate(zip(a.mean, b.mean, strict=True)):
        chance = 0.0
        if known_spreads:
            # The variance of each mean, and from how many independent differences it is known.
            spreads = known_spreads[0][index], known_spreads[-1][index]
            parts = [s**2 / n for s, n in zip(spreads, counts, strict=True)]
            known = [(n if n > 1 else other) - 1 for n, other in (counts, counts[::-1])]
            total = sum(parts)
            if 1 in counts:
                freedom = float(known[0])
            elif total > 0:
                freedom = total**2 / sum(p**2 / k for p, k in zip(parts, known, strict=True))
            else:
                freedom = 1.0
            chance = _student(1 - false_alarms / 2, freedom) * math.sqrt(total)
        allowed.append(chance + ROUNDING * max(abs(mean_a), abs(mean_b)) + 1e-9)
    return allowed


def _student(share: float, freedom: float) -> float:
    from scipy.stats import t  # takes a second to import

    return float(t.ppf(share, freedom))


def _place(x: X) -> str:
    return x if isinstance(x, str) else f"{x:g}"


def _seeded(cell: Cell, lines: dict[str, Line]) -> bool:
    kinds = {lines[name].seeded for name, _ in cell.points}
    if len(kinds) != 1 or not _NAME.fullmatch(cell.name):
        raise ValueError(f"the cell {cell.name!r} mixes lines with chance and without, or its name")
    return kinds.pop()


def _curves(
    experiment: Experiment, plan: tuple[Cell, ...], state: "_State", seeds: int
) -> tuple[Curve, ...]:
    curves = []
    for line in experiment.lines:
        rows: list[tuple[float, ...]] = []
        places: tuple[X, ...] = ()
        for seed in range(seeds if line.seeded else 1):
            row: dict[X, float] = {}
            for cell in plan:
                if _seeded(cell, {k.name: k for k in experiment.lines}) == line.seeded:
                    found = state.values(f"{cell.name}@{seed}", len(cell.points)) or ()
                    for (name, x), value in zip(cell.points, found, strict=True):
                        if name == line.name:
                            row[x] = value
            places = tuple(row)
            rows.append(tuple(row.values()))
        if places:  # a quick plan may leave a line out
            curves.append(Curve(line, places, tuple(rows)))
    return tuple(curves)


def _require(experiment: Experiment) -> None:
    """Read each test split once: what is missing is said now, and not after an hour."""
    from latentlab.data import datasets

    for name in experiment.data:
        datasets.get(name).load("test")


def _machine(device: str) -> str:
    if device == "cuda":
        import torch

        return f"one {torch.cuda.get_device_name()}"
    return f"{os.cpu_count()} CPU cores, {platform.machine()}"


def _versions() -> tuple[tuple[str, str], ...]:
    found = {"latentlab": __version__, "python": platform.python_version()}
    for package in ("numpy", "torch"):
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return tuple(sorted(found.items()))


@dataclass(frozen=True)
class _Measured:
    """What a cell gave, and who measured it."""

    machine: str
    versions: tuple[tuple[str, str], ...]
    values: tuple[float, ...] = ()
    seconds: float = 0.0

    @classmethod
    def of(cls, found: dict[str, Any]) -> "_Measured":
        """Return what stands in a state file; raises what a wrong type raises."""
        values, seconds = tuple(map(_finite, found["values"])), _finite(found["seconds"])
        if not isinstance(found["machine"], str):
            raise TypeError
        return cls(found["machine"], tuple(sorted(found["versions"].items())), values, seconds)

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "versions": dict(self.versions)}


def _finite(found: object) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise TypeError
    return found


class _State:
    """The cells that are measured, on disk.

    Args:
        path: of the file.
        identity: what a file must belong to.
        parts: other files, which are read too, and deleted with this one.
    """

    def __init__(self, path: Path, identity: dict[str, object], parts: Sequence[Path] = ()) -> None:
        self.path, self.identity, self.parts = path, identity, parts
        self.cells: dict[str, _Measured] = {}
        for each in (*parts, path):
            if each.is_file():
                self.cells |= self._read(each)

    def _read(self, path: Path) -> dict[str, _Measured]:
        remedy = f"Delete {path}, or finish that run with the options it had."
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            cells = {key: _Measured.of(found) for key, found in content["cells"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            raise TrainingError(f"{path} is damaged.", remedy) from None
        if content.get("run") != self.identity:
            raise TrainingError(f"{path} belongs to another kind of run.", remedy)
        return cells

    @property
    def seconds(self) -> float:
        """Of computing, over all cells."""
        return sum(cell.seconds for cell in self.cells.values())

    @property
    def machine(self) -> str:
        """Everything that measured a cell."""
        return "; ".join(sorted({cell.machine for cell in self.cells.values()}))

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Each package and the version that measured; where they differ, all of them."""
        found: dict[str, set[str]] = {}
        for cell in self.cells.values():
            for package, version in cell.versions:
                found.setdefault(package, set()).add(version)
        return tuple((package, ", ".join(sorted(found[package]))) for package in sorted(found))

    def values(self, key: str, count: int) -> tuple[float, ...] | None:
        """Return what was measured, if it was, and fits."""
        found = self.cells.get(key)
        return found.values if found is not None and len(found.values) == count else None

    def add(self, key: str, cell: _Measured) -> None:
        """Write a cell down; the old file stays until the new one is whole."""
        self.cells[key] = cell
        self.path.parent.mkdir(parents=True, exist_ok=True)
        cells = {key: cell.to_json() for key, cell in self.cells.items()}
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps({"run": self.identity, "cells": cells}, indent=1), "utf-8")
        os.replace(partial, self.path)

    def forget(self) -> None:
        """Delete the files."""
        for path in (self.path, *self.parts):
            path.unlink(missing_ok=True)
