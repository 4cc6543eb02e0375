"""Ctrl-C while something is trained: heard at once, obeyed between two steps."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def held() -> Iterator[Callable[[], bool]]:
    """Hold back Ctrl-C and the polite request to end; what is given says whether one came.

    A step that is broken off half done leaves weights that no run would have. The second Ctrl-C
    is obeyed at once.
    """
    came = threading.Event()

    def hear(number: int, frame: Any) -> None:
        if came.is_set():
            raise KeyboardInterrupt
        came.set()

    if threading.current_thread() is not threading.main_thread():
        yield came.is_set  # signals go to the main thread only
        return
    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield came.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
