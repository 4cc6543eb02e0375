"""How fast the Adversaries page trains, in node's engine, and how well every loss does.

    python -m benchmarks adversaries      # speed, and whether R1 and R2 find every mode
    python -m benchmarks.adversaries      # five losses, five seeds, ring and grid: about an hour

Seconds are of the processor, so that what else the machine does does not count.
"""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.timing import Row
from latentlab.adversaries import targets
from latentlab.adversaries.losses import losses
from latentlab.adversaries.settings import Settings
from latentlab.tasks import adversaries as task

SCRIPT = Path(__file__).with_suffix(".mjs")
STEPS = 8000
SEEDS = range(5)
USUAL = Settings(rate=(0.002, 0.002), length=STEPS)  # as the page begins
DEPTHS = {"ring": 2, "grid": 3}  # hidden layers of 64 units; with two of 128 R1 and R2 reach 88 %
SPEED = 200  # steps a second


def fight(target: str, loss: str, settings: Settings, steps: int) -> dict[str, Any]:
    """Return {seconds, reading} of one run in node."""
    order = {
        "target": task.told_target(targets.get(target)),
        "settings": task.told_settings(settings),
        "loss": loss,
        "steps": steps,
    }
    node = shutil.which("node") or "node"
    done = subprocess.run(
        [node, SCRIPT], input=json.dumps(order) + "\n", capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def adversaries() -> Iterator[Row]:
    """Yield the speed of training, and how R1 and R2 do on ring and grid."""
    if shutil.which("node") is None:
        yield Row("training in the browser's engine", "no node here to measure it with")
        return
    speed = 1000 / fight("ring", "non_saturating", USUAL, 1000)["seconds"]
    yield Row(
        "non-saturating, 2 x 64, batch 128", f"{speed:.0f} steps/s", f"≥ {SPEED}", speed >= SPEED
    )
    for target in DEPTHS:
        count = targets.get(target).count
        runs = [_run(target, "relativistic", seed) for seed in SEEDS]
        good = sum(
            run["reading"]["fair"] == count
            and 0.9 <= run["reading"]["inside"] <= 0.989
            and run["reading"]["divergence"] <= 0.02
            for run in runs
        )
        seconds = max(run["seconds"] for run in runs)
        yield Row(
            f"R1 and R2 on {target}: good seeds; seconds",
            f"{good} of {len(runs)}; {seconds:.0f} s",
            "≥ 4 of 5; ≤ 60 s",
            good >= 4 and seconds <= 60,
        )


def _run(target: str, loss: str, seed: int) -> dict[str, Any]:
    depth = DEPTHS[target]
    return fight(target, loss, replace(USUAL, seed=seed, depth=(depth, depth)), STEPS)


def main() -> None:
    """Print one row a loss and target: fair share of every seed, means of the others."""
    for target in sys.argv[1:] or DEPTHS:
        for loss in losses:
            runs = [_run(target, loss, seed) for seed in SEEDS]
            readings = [run["reading"] for run in runs]

            def mean(name: str, readings: list[dict[str, float]] = readings) -> float:
                return statistics.fmean(one[name] for one in readings)

            fair = ", ".join(str(one["fair"]) for one in readings)
            covered = ", ".join(str(one["covered"]) for one in readings)
            seconds = statistics.fmean(run["seconds"] for run in runs)
            print(
                f"| {targets.get(target).title} | {losses.get(loss).title} | {covered} | {fair}"
                f" | {100 * mean('inside'):.1f} % | {mean('divergence'):.4f} | {seconds:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
