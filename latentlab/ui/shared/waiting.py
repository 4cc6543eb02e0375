"""Waiting for background work: look again every so often, show how far it is, and then rerun."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from latentlab.ui.shared import guard

T = TypeVar("T")


def wait_for(ask: Callable[[], T | None], show: Callable[[T], object], every: float) -> None:
    """Draw how far something is, again and again, and rerun the page when it is there.

    Nothing else of the page is drawn again meanwhile.

    Args:
        ask: returns how far it is; None once it is there. An error that it raises is shown here.
        show: draws that.
        every: seconds from one look to the next.
    """

    def look() -> None:
        with guard.errors():
            progress = ask()
            if progress is None:
                st.rerun()
            show(progress)

    st.fragment(look, run_every=every)()
