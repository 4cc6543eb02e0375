"""What all tests share. Set before streamlit or torch are imported anywhere."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]

os.environ["LATENTLAB_WARM_UP"] = "0"  # no background imports beside the tests
os.environ["LATENTLAB_DEBUG"] = "1"  # a programming mistake on a page reaches AppTest.exception
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as in the app: tests share cores, too
# Numba gives torch as many threads as it has itself, for the rest of the process: after the first
# test of UMAP every small product of another test waited for two threads.
os.environ.setdefault("NUMBA_NUM_THREADS", os.environ.get("OMP_NUM_THREADS", "1"))
os.environ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false"


@pytest.fixture(scope="session", autouse=True)
def equal_priority() -> Iterator[None]:
    """Background work gives way to pages; here it would wait for the tests of other processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "setpriority", lambda *_: None, raising=False)
        yield


@pytest.fixture(autouse=True)
def known_checkpoints() -> Iterator[None]:
    """Which checkpoints there are is remembered for seconds, but not from one test to the next."""
    yield
    cache = sys.modules.get("latentlab.ui.shared.cache")
    if cache is not None:
        cache._names.clear()
        cache._cards.clear()


@pytest.fixture
def fresh_caches() -> Iterator[None]:
    """Forget what the app has cached, for tests that change files under it; and what they leave."""
    import streamlit as st

    from latentlab.ui.shared import memo

    def forget() -> None:
        st.cache_data.clear()
        st.cache_resource.clear()
        memo.forget_all()

    forget()
    yield
    forget()


@pytest.fixture
def open_page() -> Callable[..., "AppTest"]:
    """Function that opens a page as a visitor's first: ``open_page("denoise", sigma=0.3)``.

    It returns the ``AppTest`` after one run. The page runs alone, as Streamlit may run it too.
    """
    from streamlit.testing.v1 import AppTest

    def open_it(name: str, **address: object) -> "AppTest":
        app = AppTest.from_file(str(ROOT / "pages" / f"{name}.py"), default_timeout=120)
        for key, value in address.items():
            app.query_params[key] = str(value)
        return app.run()

    return open_it
