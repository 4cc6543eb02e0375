"""Results kept for all visitors."""

import threading

import pytest

from latentlab.ui.shared import memo
from latentlab.ui.shared.memo import Memo


def test_a_result_is_made_once_and_the_oldest_goes_first() -> None:
    made: list[str] = []
    kept: Memo[str] = Memo(2)

    def make(key: str) -> str:
        return kept.get(key, lambda: made.append(key) or key.upper())

    assert [make(key) for key in "abab"] == ["A", "B", "A", "B"]
    assert made == ["a", "b"]
    make("a")
    make("c")  # b was asked for longest ago
    make("a")
    make("b")
    assert made == ["a", "b", "c", "b"]


def test_none_is_a_result_too() -> None:
    kept: Memo[None] = Memo(1)
    assert kept.get("x", lambda: None) is None
    assert kept.get("x", lambda: pytest.fail("made twice")) is None


def test_what_fails_is_not_kept() -> None:
    kept: Memo[int] = Memo(1)
    with pytest.raises(ZeroDivisionError):
        kept.get("x", lambda: 1 // 0)
    assert kept.get("x", lambda: 7) == 7


def test_who_comes_meanwhile_waits_and_gets_the_same() -> None:
    kept: Memo[object] = Memo(1)
    begun, go_on = threading.Event(), threading.Event()
    found: list[object] = []

    def slow() -> object:
        begun.set()
        assert go_on.wait(10)
        return object()

    first = threading.Thread(target=lambda: found.append(kept.get("x", slow)))
    first.start()
    assert begun.wait(10)
    second = threading.Thread(
        target=lambda: found.append(kept.get("x", lambda: pytest.fail("made twice")))
    )
    second.start()
    go_on.set()
    first.join(10)
    second.join(10)
    assert len(found) == 2 and found[0] is found[1]


def test_all_can_be_forgotten() -> None:
    kept: Memo[int] = Memo(1)
    assert kept.get("x", lambda: 1) == 1
    memo.forget_all()
    assert kept.get("x", lambda: 2) == 2


def test_all_that_ship_are_verified_once(
    fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from latentlab import checkpoints
    from latentlab.ui.shared import cache

    seen: list[str] = []
    load = checkpoints.load
    monkeypatch.setattr(checkpoints, "load", lambda name: (seen.append(name), load(name))[1])
    usable, broken = cache.usable()
    assert usable and not broken
    cache.usable()
    assert sorted(seen) == sorted(usable)
