"""The button that breaks a section of the page on purpose, and the one that mends it."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from latentlab.ui.regularise import holes, sampling, side_by_side


@dataclass(frozen=True)
class Failure:
    """A known failure: settings that show it, and settings that mend it."""

    title: str
    help: str
    broken: dict[str, object]
    mended: dict[str, object]
    mend: str  # what the second button does


# By section; the first that is not on is what the button sets.
FAILURES: dict[str, tuple[Failure, ...]] = {
    "side": (
        Failure(
            "Copying",
            "Pure noise goes in: who gives it back?",
            {side_by_side.FEED: True},
            {side_by_side.FEED: False},
            "A picture again",
        ),
        Failure(
            "Dead units",
            "An L1 penalty switches units off for good",
            {"regularise_sparse": "l1"},
            {"regularise_sparse": "usual"},
            "Hold their mean instead",
        ),
    ),
    "sampling": (
        Failure(
            "Collapse it",
            "β = 200: the divergence costs more than any reconstruction is worth",
            {sampling.BETA: "collapsed"},
            {sampling.BETA: "b1"},
            "β = 1",
        ),
    ),
    "holes": (
        Failure(
            "The autoencoder alone",
            "Between its codes there are holes",
            {holes.MEND: False},
            {holes.MEND: True},
            "The VAE beside it",
        ),
    ),
}


def draw_buttons(section: str) -> None:
    """Draw a pair of buttons for every failure of a section."""
    for place, failure in enumerate(FAILURES[section]):
        broken = all(st.session_state.get(key) == value for key, value in failure.broken.items())
        st.button(
            failure.mend if broken else failure.title,
            key=f"regularise.break.{section}.{place}",
            icon=":material/healing:" if broken else ":material/heart_broken:",
            help="One click mends it" if broken else failure.help,
            on_click=_set(failure.mended if broken else failure.broken),
        )


def _set(values: dict[str, object]) -> Callable[[], None]:
    def act() -> None:
        for key, value in values.items():
            st.session_state[key] = value

    return act
