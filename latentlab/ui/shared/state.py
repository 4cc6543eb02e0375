"""What a link holds: choices spelled by name in the page's address, checked before use.

Streamlit's own ``bind="query-params"`` (1.67, ``streamlit/runtime/state/session_state.py``) does
numbers well: the browser edits the address itself (``replaceState``, so Back leaves the page
instead of undoing drags), a value equal to the default leaves the address, an impossible value is
dropped in silence, and a bound value outlives page switches. For choices it writes the *label*
into the address, so every retitled model would break old links. Choices are therefore kept here:
the address holds the registered name, and the label is free to change.

Who decides a value, in this order:

1. the address, when a key is first drawn after arriving on a page, and on Back or Forward;
2. the person, ever after (the address follows);
3. the page's default, when neither has spoken.

A rerun's own copy of the address must *not* be believed otherwise: it was sent with the click that
caused the rerun and may be older than what we have published since.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

import streamlit as st

from latentlab.ui.shared import _streamlit

T = TypeVar("T")

_PAGE = "latentlab.page"  # the page this visitor is on
_DRAWN = "latentlab.drawn"  # keys already drawn during this visit to the page

# Names in the address that mean the same on all pages.
SHARED = frozenset({"decode", "present", "scene"})

Rejections = list[tuple[str, str]]  # a setting, and the text that it cannot take

_found: ContextVar[Rejections | None] = ContextVar("found", default=None)
_tell: ContextVar[Callable[[Rejections], object]] = ContextVar("tell")


@contextmanager
def collecting_rejections(tell: Callable[[Rejections], object]) -> Iterator[None]:
    """Call ``tell`` with all rejections so far whenever ``reject`` is told of one in the block.

    One sentence for all of them then stands above the page, instead of one beside every widget.
    """
    found, told = _found.set([]), _tell.set(tell)
    try:
        yield
    finally:
        _found.reset(found)
        _tell.reset(told)


def reject(setting: str, text: str) -> None:
    """Note that the address asks for ``text`` where ``setting`` cannot take it."""
    found = _found.get()
    if found is not None:  # None in a fragment's rerun, where the address never decides
        found.append((setting, text))
        _tell.get()(found)


def arrive(page: str) -> None:
    """Note that ``page`` is being drawn; a change of page starts a new visit."""
    if st.session_state.get(_PAGE) != page:
        st.session_state[_PAGE] = page
        st.session_state[_DRAWN] = set()


def read_old_link(renamed: Mapping[str, str]) -> None:
    """Give what an old link holds the names of today. Call it before any widget.

    Args:
        renamed: old name -> name today.
    """
    _streamlit.rename_parameters(renamed)


def address_decides(key: str) -> bool:
    """Whether the address, rather than the session, decides ``key`` in this run; asks only once.

    True when the key has not been drawn since the person arrived on this page, and when they went
    Back or Forward.
    """
    drawn: set[str] = st.session_state.setdefault(_DRAWN, set())
    first = key not in drawn
    drawn.add(key)
    return first or _streamlit.went_back_or_forward()


def address_may_decide(key: str) -> bool:
    """What ``address_decides`` is about to answer; may be asked any number of times."""
    drawn: set[str] = st.session_state.get(_DRAWN, set())
    return key not in drawn or _streamlit.went_back_or_forward()


def url_value(key: str, title: str, parse: Callable[[str], T], default: T) -> T:
    """Return the value of ``key``, which stands in ``st.session_state[key]`` from now on.

    Call it before the widget of that key is drawn, if there is one, and ``publish`` afterwards.

    Args:
        key: name of the address parameter and of the session-state entry.
        title: what people call the setting, for the sentence about an address that is of no use.
        parse: turns the address's text into a value; raises ValueError when it is unusable.
        default: what holds when neither the address nor the person has said anything.
    """
    text = st.query_params.get(key)
    if address_decides(key):
        try:
            if text is not None:
                st.session_state[key] = parse(text)
                return cast(T, st.session_state[key])
        except ValueError:
            reject(title, text or "")
        if _streamlit.went_back_or_forward():
            st.session_state[key] = default
    return cast(T, st.session_state.setdefault(key, default))


def publish(key: str, text: str | None) -> None:
    """Write ``text`` into the address under ``key``; None (the default value) removes it."""
    if text is None:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != text:
        st.query_params[key] = text
