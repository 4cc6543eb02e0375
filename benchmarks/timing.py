"""Rows of the table, and how long things take."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

REPEATS = 30


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    measured: str
    bar: str = ""
    met: bool | None = None  # None: measured only


def milliseconds(action: Callable[[], object], repeats: int = REPEATS) -> list[float]:
    """Return how long each of ``repeats`` calls took, after three that do not count."""
    for _ in range(3):
        action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(1000 * (time.perf_counter() - start))
    return times


def percentiles(times: list[float]) -> tuple[float, float]:
    """Return the median and the 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]
