"""Results kept for all visitors.

``st.cache_resource`` does the same, but hashes arguments and inspects signatures at every look-up,
about a millisecond. A page looks something up forty times a run: with it, a third of the server's
time for a visitor who arrives on *Explore* went into finding what was there (measured).
"""

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar, cast

T = TypeVar("T")

_all: "weakref.WeakSet[Memo[object]]" = weakref.WeakSet()


class _Entry:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.made = False
        self.value: object = None


class Memo(Generic[T]):
    """The results of ``max_entries`` keys; the one asked for longest ago goes first."""

    def __init__(self, max_entries: int) -> None:
        self._max = max_entries
        self._entries: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = threading.Lock()
        _all.add(cast("Memo[object]", self))

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is kept under ``key``; ``make`` it when nothing is.

        Whoever comes while it is being made waits for it. When ``make`` raises, nothing is kept.
        """
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > self._max:
                self._entries.popitem(last=False)
        if not entry.made:
            with entry.lock:
                if not entry.made:
                    entry.value = make()
                    entry.made = True
        return cast(T, entry.value)

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under ``key``."""
        with self._lock:
            self._entries.pop(key, None)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._entries.clear()


def forget_all() -> None:
    """Clear every memo there is: for tests, which change files under the app."""
    for memo in list(_all):
        memo.clear()
