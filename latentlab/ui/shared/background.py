"""Work that takes longer than a visitor should wait for: one thread, a short queue, kept results.

    progress = work.ask(key, lambda: embed.embed_neighbours("tsne", x))
    progress.result        # None until it is done

    def restored():        # work in steps: it can say how far it is, and be stopped
        for tile in restore.restore_photo(...):
            yield tile.share
        return picture

    work.ask(("whole", picture, sigma), restored, owner=(session, "whole"))

Whoever asks first starts the work, whoever asks later joins it, also a visitor next door. Work
that nobody wants any more leaves the queue, so that dragging a slider does not leave ten maps
behind: what nobody has asked about for a while, and what its owner has asked something else
instead of. What waits should hold little: let work begin by decoding the file, not end in it.
"""

import atexit
import logging
import os
import sys
import threading
import time
import traceback
import weakref
from collections import OrderedDict
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from latentlab.errors import BusyError, LatentLabError

T = TypeVar("T")
Steps = Generator[float, None, T]  # yields the share that is done, 0 to 1; returns the result

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress(Generic[T]):
    """Where a piece of work stands.

    Attributes:
        result: what it gave; None until ``done``.
        done: whether it has ended well.
        seconds: since it began; 0 while it waits.
        ahead: how many others come first; 0 when it runs.
        share: how much of it is done, 0 to 1; 0 until work without steps ends.
        remaining: seconds that the rest will take at the pace so far; None while nobody knows.
    """

    result: T | None
    done: bool
    seconds: float
    ahead: int
    share: float = 0.0
    remaining: float | None = None


def _nothing() -> None:
    """What work that has ended consists of."""


class _Stopped(Exception):
    """Nobody wants the result any more."""


class _Job:
    def __init__(self, work: Callable[[], Any], now: float) -> None:
        self.work = work
        self.owners: set[Hashable] = set()  # None stands for all who did not say who they are
        self.asked = now
        self.started: float | None = None
        self.share = 0.0
        self.stepped = now  # when the share was last told
        self.result: Any = None
        self.error: Exception | None = None
        self.bytes = 0


class Background:
    """A queue that one thread works off, for all visitors of the server.

    Args:
        waiting: the most jobs in the queue.
        kept: the most results kept; the one asked for longest ago goes first.
        budget: the most bytes that the kept results take together (None = no bound); the newest
            stays whatever its size, since somebody is about to fetch it.
        size: bytes that a result takes.
        patience: seconds after which a job that nobody has asked about is dropped, or stopped at
            its next step.
        clock: seconds that never run backwards.
        inline: work at once in the thread that asks, for tests and scripts.
    """

    def __init__(
        self,
        *,
        waiting: int = 8,
        kept: int = 16,
        budget: int | None = None,
        size: Callable[[Any], int] = sys.getsizeof,
        patience: float = 15.0,
        clock: Callable[[], float] = time.monotonic,
        inline: bool = False,
    ) -> None:
        self._inline = inline
        self._waiting = waiting
        self._kept = kept
        self._budget = budget
        self._size = size
        self._patience = patience
        self._clock = clock
        self._lock = threading.Lock()
        self._queue: OrderedDict[Hashable, _Job] = OrderedDict()  # the first one may be running
        self._ended: OrderedDict[Hashable, _Job] = OrderedDict()
        self._busy = False
        self._thread: threading.Thread | None = None
        # A thread that is torn out of torch when the process ends would take it down noisily.
        atexit.register(_close, weakref.ref(self))

    def close(self, patience: float = 10.0) -> None:
        """Forget what waits, stop what runs at its next step, and wait for that so many seconds."""
        with self._lock:
            for key, job in list(self._queue.items()):
                job.owners.clear()
                if job.started is None:
                    del self._queue[key]
            thread = self._thread
        if thread is not None:
            thread.join(patience)

    def ask(
        self, key: Hashable, work: Callable[[], T | Steps[T]], owner: Hashable = None
    ) -> Progress[T]:
        """Return where the work called ``key`` stands; start it when nobody has.

        Args:
            key: equal for equal work.
            work: called once, in the background, without arguments. It returns the result, or a
                generator that yields the share done and returns the result; that one can be
                stopped where it yields.
            owner: who asks, and for which sort of work, of which an owner wants one at a time:
                other unfinished work of this owner is stopped, unless others want it too.

        Raises:
            BusyError: the queue is full.
            LatentLabError: the work failed for this reason.
            RuntimeError: the work failed for another reason, which is its cause.
        """
        progress = self._ask(key, work, owner)
        if self._inline and not progress.done:
            self._work_off()
            progress = self._ask(key, work, owner)
        return progress

    def _ask(self, key: Hashable, work: Callable[[], T | Steps[T]], owner: Hashable) -> Progress[T]:
        now = self._clock()
        with self._lock:
            if owner is not None:
                for other, job in self._queue.items():
                    if other != key:
                        job.owners.discard(owner)
            self._drop_unwanted(now)
            if key in self._ended:
                self._ended.move_to_end(key)
                job = self._ended[key]
                if isinstance(job.error, LatentLabError):
                    raise job.error.with_traceback(None)  # it would grow each time
                if job.error is not None:
                    raise RuntimeError(f"the background work {key!r} failed") from job.error
                return Progress(cast(T, job.result), True, 0.0, 0, 1.0, 0.0)
            if key not in self._queue:
                if sum(job.started is None for job in self._queue.values()) >= self._waiting:
                    raise BusyError(
                        "The server is busy with what others have asked for.",
                        "Try again in a minute.",
                    )
                self._queue[key] = _Job(work, now)
                if not self._busy and not self._inline:
                    self._busy = True
                    self._thread = threading.Thread(
                        target=self._run, name="latentlab background", daemon=True
                    )
                    self._thread.start()
            job = self._queue[key]
            job.asked = now
            job.owners.add(owner)
            ahead = list(self._queue).index(key)
            if job.started is None:
                return Progress(None, False, 0.0, ahead, 0.0, None)
            remaining = None
            if job.share > 0:
                whole = (job.stepped - job.started) / job.share
                remaining = max(0.0, job.started + whole - now)
            return Progress(None, False, now - job.started, ahead, job.share, remaining)

    def _unwanted(self, job: _Job, now: float) -> bool:
        return not job.owners or now - job.asked > self._patience

    def _drop_unwanted(self, now: float) -> None:
        for key, job in list(self._queue.items()):
            if job.started is None and self._unwanted(job, now):
                del self._queue[key]

    def _run(self) -> None:
        if sys.platform == "linux":
            # Threads have a priority of their own there: pages come before this.
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        self._work_off()

    def _work_off(self) -> None:
        """Do what is in the queue until it is empty."""
        while True:
            with self._lock:
                self._drop_unwanted(self._clock())
                if not self._queue:
                    self._busy = False
                    return
                key, job = next(iter(self._queue.items()))
                job.started = self._clock()
            try:
                job.result = self._finish(key, job)
                job.bytes = self._size(job.result)
            except _Stopped:
                continue
            except Exception as error:
                _log.exception("The background work %r failed", key)
                job.error = error
                _forget_frames(error)
            finally:
                job.work = _nothing  # it holds the pictures; they need not stay
            with self._lock:
                if self._queue.get(key) is job:
                    del self._queue[key]
                    self._ended[key] = job
                while len(self._ended) > 1 and self._too_much():
                    self._ended.popitem(last=False)

    def _finish(self, key: Hashable, job: _Job) -> Any:
        """Return the result of a job.

        Raises:
            _Stopped: nobody wants it any more, and it is out of the queue.
        """
        result = job.work()
        if not isinstance(result, Generator):
            return result
        try:
            while True:
                share = next(result)
                with self._lock:
                    job.share, job.stepped = min(max(share, 0.0), 1.0), self._clock()
                    if self._unwanted(job, job.stepped):
                        # Whoever asks from now on starts it anew.
                        del self._queue[key]
                        raise _Stopped
        except StopIteration as end:
            return end.value
        finally:
            result.close()

    def _too_much(self) -> bool:
        taken = sum(job.bytes for job in self._ended.values())
        over = self._budget is not None and taken > self._budget
        return over or len(self._ended) > self._kept


def _close(background: "weakref.ref[Background]") -> None:
    if (alive := background()) is not None:
        alive.close()


def _forget_frames(error: BaseException | None) -> None:
    """Let go of the pictures that the frames of a traceback, and of what caused it, hold."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__
