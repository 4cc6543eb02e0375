"""Work that takes longer than a visitor should wait for: one thread, a short queue, kept results.

    progress = work.ask(key, lambda: embed.embed_neighbours("tsne", x))
    progress.result        # None until it is done

Whoever asks first starts the work, whoever asks later joins it, also a visitor next door. Work
that nobody has asked about for a while is dropped from the queue, so that dragging a slider does
not leave ten maps behind that nobody wants.
"""

import logging
import os
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from latentlab.errors import LatentLabError, UnsupportedError

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress(Generic[T]):
    """Where a piece of work stands.

    Attributes:
        result: what it gave; None until ``done``.
        done: whether it has ended well.
        seconds: since it began; 0 while it waits.
        ahead: how many others come first; 0 when it runs.
    """

    result: T | None
    done: bool
    seconds: float
    ahead: int


def _nothing() -> None:
    """What work that has ended consists of."""


class _Job:
    def __init__(self, work: Callable[[], Any], now: float) -> None:
        self.work = work
        self.asked = now
        self.started: float | None = None
        self.result: Any = None
        self.error: Exception | None = None


class Background:
    """A queue that one thread works off, for all visitors of the server.

    Args:
        waiting: the most jobs in the queue.
        kept: the most results kept; the one asked for longest ago goes first.
        patience: seconds after which a waiting job that nobody has asked about is dropped.
        clock: seconds that never run backwards.
    """

    def __init__(
        self,
        *,
        waiting: int = 8,
        kept: int = 16,
        patience: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._waiting = waiting
        self._kept = kept
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._queue: OrderedDict[Hashable, _Job] = OrderedDict()  # the first one may be running
        self._ended: OrderedDict[Hashable, _Job] = OrderedDict()
        self._busy = False

    def ask(self, key: Hashable, work: Callable[[], T]) -> Progress[T]:
        """Return where the work called ``key`` stands; start it when nobody has.

        Args:
            key: equal for equal work.
            work: called once, in the background, without arguments.

        Raises:
            UnsupportedError: the queue is full.
            LatentLabError: the work failed for this reason.
            RuntimeError: the work failed for another reason, which is its cause.
        """
        now = self._clock()
        with self._lock:
            if key in self._ended:
                self._ended.move_to_end(key)
                job = self._ended[key]
                if isinstance(job.error, LatentLabError):
                    raise job.error
                if job.error is not None:
                    raise RuntimeError(f"the background work {key!r} failed") from job.error
                return Progress(cast(T, job.result), True, 0.0, 0)
            self._forget_the_forgotten(now)
            if key not in self._queue:
                if sum(job.started is None for job in self._queue.values()) >= self._waiting:
                    raise UnsupportedError(
                        "The server is busy with maps for others.", "Try again in a minute."
                    )
                self._queue[key] = _Job(work, now)
                if not self._busy:
                    self._busy = True
                    threading.Thread(target=self._run, name="latentlab maps", daemon=True).start()
            job = self._queue[key]
            job.asked = now
            seconds = 0.0 if job.started is None else now - job.started
            return Progress(None, False, seconds, list(self._queue).index(key))

    def _forget_the_forgotten(self, now: float) -> None:
        for key, job in list(self._queue.items()):
            if job.started is None and now - job.asked > self._patience:
                del self._queue[key]

    def _run(self) -> None:
        if sys.platform == "linux":
            # Threads have a priority of their own there: pages come before maps.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        while True:
            with self._lock:
                self._forget_the_forgotten(self._clock())
                if not self._queue:
                    self._busy = False
                    return
                key, job = next(iter(self._queue.items()))
                job.started = self._clock()
            try:
                job.result = job.work()
            except Exception as error:
                _log.exception("The background work %r failed", key)
                job.error = error
            job.work = _nothing  # it holds the pictures; they need not stay
            with self._lock:
                del self._queue[key]
                self._ended[key] = job
                while len(self._ended) > self._kept:
                    self._ended.popitem(last=False)
