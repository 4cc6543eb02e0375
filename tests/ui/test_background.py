"""Slow work for all visitors: once, one at a time, and not for those who have left."""

import threading
from collections.abc import Callable, Iterator

import pytest

from latentlab.errors import InputError, UnsupportedError
from latentlab.ui.background import Background

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
