"""Slow work for all visitors: once, one at a time, and not for those who have left."""

import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Generator, Iterator

import pytest

from latentlab.errors import InputError, UnsupportedError
from latentlab.ui.shared.background import Background, Progress

LONG = 60  # seconds that only a broken test waits


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Gate:
    """Work that begins, and ends when it is told to."""

    def __init__(self, result: object = "map") -> None:
        self.begun, self.open = threading.Event(), threading.Event()
        self.calls = 0
        self.result = result

    def __call__(self) -> object:
        self.calls += 1
        self.begun.set()
        assert self.open.wait(LONG)
        return self.result


class Steps:
    """Work in two steps: a quarter is done when ``begun``, the rest when it may go on."""

    def __init__(self, result: object = "picture") -> None:
        self.begun, self.open, self.closed = (threading.Event() for _ in range(3))
        self.calls = 0
        self.result = result

    def __call__(self) -> Generator[float, None, object]:
        self.calls += 1
        try:
            yield 0.25
            self.begun.set()
            assert self.open.wait(LONG)
            yield 0.5
            return self.result
        finally:
            self.closed.set()


@pytest.fixture
def steps() -> Iterator[Steps]:
    steps = Steps()
    yield steps
    steps.open.set()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


def finish(background: Background, key: str, work: Callable[[], object]) -> object:
    """Ask until the work is done."""
    pause = threading.Event()
    for _ in range(LONG * 100):
        progress = background.ask(key, work)
        if progress.done:
            return progress.result
        pause.wait(0.01)
    raise AssertionError(f"{key} never ended")


def test_work_is_done_once_for_all_who_ask(gate: Gate):
    clock = Clock()
    background = Background(clock=clock)
    first = background.ask("a", gate)
    assert gate.begun.wait(LONG)
    assert not first.done and first.result is None
    clock.now = 7.0
    assert background.ask("a", gate).seconds == 7.0
    gate.open.set()
    assert finish(background, "a", gate) == "map"
    assert background.ask("a", gate).result == "map"
    assert gate.calls == 1


def test_others_wait_in_line_and_come_to_their_turn(gate: Gate):
    background = Background()
    background.ask("a", gate)
    assert gate.begun.wait(LONG)
    assert background.ask("b", lambda: "second").ahead == 1
    assert background.ask("c", lambda: "third").ahead == 2
    gate.open.set()
    assert finish(background, "c", lambda: "third") == "third"
    assert finish(background, "b", lambda: "second") == "second"


def test_the_queue_is_bounded(gate: Gate):
    background = Background(waiting=1)
    background.ask("a", gate)
    assert gate.begun.wait(LONG)
    background.ask("b", lambda: "second")
    with pytest.raises(UnsupportedError, match="busy"):
        background.ask("c", lambda: "third")


def test_waiting_work_that_nobody_asks_about_is_dropped(gate: Gate):
    clock = Clock()
    background = Background(patience=15, clock=clock)
    background.ask("a", gate)
    assert gate.begun.wait(LONG)
    unwanted = Gate()
    background.ask("b", unwanted)
    clock.now = 10.0
    assert background.ask("c", lambda: "wanted").ahead == 2
    clock.now = 20.0
    assert background.ask("c", lambda: "wanted").ahead == 1
    gate.open.set()
    assert finish(background, "c", lambda: "wanted") == "wanted"
    assert not unwanted.begun.is_set()


def test_the_result_asked_for_longest_ago_goes_first():
    background = Background(kept=2)
    calls = []
    for key in ("a", "b", "a", "c", "a", "b"):
        finish(background, key, lambda key=key: calls.append(key) or key)
    assert calls == ["a", "b", "c", "b"]


def test_failures_reach_everybody_who_asks_and_stop_nothing(caplog: pytest.LogCaptureFixture):
    background = Background()

    def refuse() -> None:
        raise InputError("All points are the same.")

    def break_down() -> None:
        raise ZeroDivisionError

    with pytest.raises(InputError, match="the same"):
        finish(background, "a", refuse)
    with pytest.raises(RuntimeError) as caught:
        finish(background, "b", break_down)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(InputError):
        background.ask("a", refuse)
    assert finish(background, "c", lambda: "still here") == "still here"


def test_steps_say_how_far_they_are_and_how_long_it_will_take(steps: Steps):
    clock = Clock()
    background = Background(clock=clock)

    def work() -> Generator[float, None, object]:
        clock.now = 3.0  # the first quarter takes three seconds
        return (yield from steps())

    first = background.ask("a", work)
    assert steps.begun.wait(LONG)
    assert first.share == 0 and first.remaining is None
    clock.now = 5.0
    progress = background.ask("a", work)
    assert (progress.share, progress.seconds, progress.remaining) == (0.25, 5.0, 7.0)
    clock.now = 14.0
    assert background.ask("a", work).remaining == 0
    steps.open.set()
    assert finish(background, "a", work) == "picture"
    assert background.ask("a", work).share == 1


def test_who_asks_for_something_else_stops_what_runs_and_drops_what_waits(steps: Steps):
    background = Background()
    background.ask("a", steps, owner="anna")
    assert steps.begun.wait(LONG)
    unwanted = Gate()
    background.ask("b", unwanted, owner="anna")
    assert background.ask("c", lambda: "third", owner="anna").ahead == 1
    steps.open.set()
    assert finish(background, "c", lambda: "third") == "third"
    assert steps.closed.is_set() and not unwanted.begun.is_set()
    assert finish(background, "a", steps) == "picture"
    assert steps.calls == 2


def test_what_somebody_else_wants_too_goes_on(steps: Steps):
    background = Background(waiting=2)
    background.ask("a", steps, owner="anna")
    assert steps.begun.wait(LONG)
    background.ask("a", steps, owner="ben")
    shared = Gate()
    background.ask("b", shared, owner="anna")
    background.ask("b", shared)
    assert background.ask("c", lambda: "third", owner="anna").ahead == 2
    shared.open.set()
    steps.open.set()
    assert finish(background, "c", lambda: "third") == "third"
    assert finish(background, "a", steps) == "picture"
    assert finish(background, "b", shared) == "map"
    assert (steps.calls, shared.calls) == (1, 1)


def test_a_change_of_mind_before_the_next_step_goes_on_where_it_was(steps: Steps):
    background = Background()
    background.ask("a", steps, owner="anna")
    assert steps.begun.wait(LONG)
    background.ask("b", lambda: "second", owner="anna")
    background.ask("a", steps, owner="anna")
    steps.open.set()
    assert finish(background, "a", steps) == "picture"
    assert steps.calls == 1


def test_a_full_queue_takes_what_replaces_ones_own(gate: Gate):
    background = Background(waiting=1)
    background.ask("a", gate)
    assert gate.begun.wait(LONG)
    background.ask("b", lambda: "second", owner="anna")
    assert background.ask("c", lambda: "third", owner="anna").ahead == 1
    with pytest.raises(UnsupportedError, match="busy"):
        background.ask("d", lambda: "fourth", owner="ben")


def test_running_steps_that_nobody_asks_about_are_stopped(steps: Steps):
    clock = Clock()
    background = Background(patience=15, clock=clock)
    background.ask("a", steps, owner="anna")
    assert steps.begun.wait(LONG)
    clock.now = 20.0
    steps.open.set()
    assert steps.closed.wait(LONG)
    assert finish(background, "a", steps) == "picture"
    assert steps.calls == 2


def test_results_are_kept_within_a_budget_of_bytes():
    background = Background(kept=10, budget=100, size=len)
    calls = []
    for key, size in (("a", 40), ("b", 40), ("a", 40), ("c", 60), ("a", 40), ("b", 40)):
        finish(background, key, lambda key=key, size=size: calls.append(key) or b"x" * size)
    assert calls == ["a", "b", "c", "b"]
    finish(background, "large", lambda: b"x" * 500)
    assert background.ask("large", lambda: b"").result == b"x" * 500
    assert finish(background, "a", lambda: b"anew") == b"anew"


def test_a_failure_in_a_step_is_told_and_holds_no_picture(caplog: pytest.LogCaptureFixture):
    background = Background()

    class Picture:
        pass

    seen = []

    def work() -> Generator[float, None, None]:
        picture = Picture()
        seen.append(weakref.ref(picture))
        yield 0.5
        raise InputError("It cannot be restored.")

    for _ in range(2):
        with pytest.raises(InputError, match="cannot be restored"):
            finish(background, "a", work)
    assert len(seen) == 1
    caplog.clear()
    gc.collect()
    assert seen[0]() is None


def test_closing_forgets_what_waits_and_waits_for_what_runs() -> None:
    begun, steps = threading.Event(), []
    before = set(threading.enumerate())  # pages that other tests opened have queues of their own

    def endless():
        while True:
            begun.set()
            steps.append(None)
            yield 0.5

    work = Background()
    work.ask("runs", endless)
    work.ask("waits", lambda: steps.append("never"))
    assert begun.wait(10)
    work.close()
    taken = len(steps)
    left = set(threading.enumerate()) - before
    assert not any(thread.name == "latentlab background" for thread in left)
    assert len(steps) == taken and "never" not in steps


def test_a_process_that_ends_in_the_middle_of_work_ends_quietly() -> None:
    code = """
import threading
from latentlab.ui.shared.background import Background
begun, never = threading.Event(), threading.Event()
def endless():
    while True:
        begun.set()
        never.wait(0.01)
        yield 0.5
work = Background()
work.ask("runs", endless)
assert begun.wait(30)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_inline_work_is_there_at_once_and_done_once() -> None:
    work, done = Background(inline=True), []

    def steps():
        done.append(threading.get_ident())
        yield 0.5
        return "made"

    for _ in range(2):
        assert work.ask("key", steps) == Progress("made", True, 0.0, 0, 1.0, 0.0)
    assert done == [threading.get_ident()]


def test_inline_work_that_fails_says_so_at_once() -> None:
    def fail() -> None:
        raise InputError("Not like this.")

    with pytest.raises(InputError, match="Not like this"):
        Background(inline=True).ask("key", fail)
