"""The frame around every page: navigation, checkpoint choice, the one error boundary, warm-up.

A page is a script of its own, ``pages/<name>.py``, whose whole body sits in one block:

    from latentlab.ui import frame

    with frame.page("Denoise", lead="Add noise, and see who takes it off best."):
        name = frame.choose_checkpoint(names, key="denoise_model", default="…")
        ...

Why a block: beside a ``pages/`` folder Streamlit keeps its old page discovery until some visit has
called ``st.navigation``, and so may run a page without ``app.py`` (first deep link after a server
start; ``AppTest.switch_page`` always). ``page`` therefore draws navigation itself unless ``run``
has done so; the ContextVar says which.

Code in an ``@st.fragment`` reruns outside the block and guards itself: ``with frame.errors():``.
"""

import gc
import logging
import os
import threading
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState, get_script_run_ctx

from latentlab.errors import LatentLabError
from latentlab.ui import cache, contents, home, state, widgets
from latentlab.ui.contents import APP, ASSETS

if TYPE_CHECKING:
    from latentlab.checkpoints import ModelCard

_log = logging.getLogger(__name__)
_navigation_drawn: ContextVar[bool] = ContextVar("navigation_drawn", default=False)


@dataclass(frozen=True)
class View:
    """What a page learns from its frame."""

    title: str
    dark: bool  # the visitor's theme, for pictures that cannot adapt by themselves


def run() -> None:
    """Run the app: draw the frame, then the page the visitor asked for. All that app.py does."""
    chosen = _draw_navigation()
    token = _navigation_drawn.set(True)
    try:
        chosen.run()
    finally:
        _navigation_drawn.reset(token)
    warm_up()


@contextmanager
def page(title: str, *, lead: str = "", heading: bool = True) -> Iterator[View]:
    """Surround a page's whole body: frame, heading and error boundary.

    Args:
        title: the page's name, in the heading and on the browser's tab.
        lead: one sentence under the heading: what can be done here.
        heading: False for a page that draws its own.
    """
    alone = not _navigation_drawn.get()  # without app.py
    if alone:
        with _own_identity():
            _draw_navigation()
    st.set_page_config(page_title=title if title == APP else f"{title} · {APP}")
    state.arrive(title)
    with errors():
        if heading:
            st.title(title, anchor=False)
            if lead:
                st.html(f"<p class='lead'>{escape(lead)}</p>")
        note = st.empty()
        with state.collecting_rejections(lambda found: note.warning(_rejection(found))):
            yield View(title, dark=st.context.theme.type == "dark")
    if alone:
        warm_up()


@contextmanager
def _own_identity() -> Iterator[None]:
    """Keep the identity of the page's widgets while ``st.navigation`` is called inside the page.

    A widget's identity contains the page in which it stands, and ``st.navigation`` says that this
    is app.py. The next run, through app.py, would not know the widgets again: the first click of
    the server's first visitor would be lost.
    """
    context = get_script_run_ctx()
    if context is None:
        yield
        return
    with context.run_with_active_hash(ThreadState.get().active_script_hash):
        yield


def _rejection(rejected: state.Rejections) -> str:
    """One sentence about the settings of a link that could not be used, markdown defused."""
    shown = ", ".join(
        f"{widgets.plain(setting)} “{widgets.plain(text if len(text) <= 30 else text[:29] + '…')}”"
        for setting, text in rejected[:5]
    )
    more = f" and {len(rejected) - 5} more" if len(rejected) > 5 else ""
    return f"This link asks for settings that do not exist here: {shown}{more}. They were left out."


@contextmanager
def errors() -> Iterator[None]:
    """The one error boundary: a calm sentence in place of whatever could not be drawn.

    A ``LatentLabError`` shows its message and hint. Anything else is our mistake: it goes to the
    server's log with its traceback under a short number, and the page shows that number. With
    ``LATENTLAB_DEBUG=1`` (developers, tests) the page shows the traceback too.
    """
    try:
        yield
    except LatentLabError as error:
        hint = f"\n\n{widgets.plain(error.hint)}" if error.hint else ""
        st.error(f"{widgets.plain(error.message)}{hint}", icon=":material/info:")
    except Exception as error:
        number = uuid.uuid4().hex[:6]
        _log.exception("Unexpected error %s", number)
        st.error(
            "Something went wrong on our side, and the rest of this page could not be drawn. "
            f"Your settings are kept. The server's log has the details under **{number}**.",
            icon=":material/info:",
        )
        if os.environ.get("LATENTLAB_DEBUG") == "1":
            st.exception(error)


def choose_checkpoint(
    names: Sequence[str],
    *,
    key: str,
    default: str | None = None,
    label: str = "Model",
) -> str:
    """Draw the checkpoint choice in the sidebar and return the chosen name.

    The address holds the name (``?denoise_model=vae.mnist_k16``). Where there is no checkpoint at
    all, the page shows what to do about it and ends here.

    Args:
        names: what this page can use, e.g. ``cache.names(kind="latent")``.
        key: address parameter, one per page, so that every page remembers its own choice.
        default: name to start with; None, or a name that is not there = the first.
        label: above the menu.
    """
    if not names:
        widgets.empty_state(
            "No trained model here yet",
            "This page needs a model, and none of the kind it uses is in `checkpoints/` or in "
            "`$LATENTLAB_CHECKPOINTS`. Train the whole set, or copy a checkpoint folder there and "
            "reload the page.",
            "latentlab train --all",
        )
        st.stop()
    cards = cache.cards()
    labels = {name: _label(name, cards) for name in names}
    shared = {text for text, times in Counter(labels.values()).items() if times > 1}
    with st.sidebar:
        name = widgets.url_select(
            label,
            # Streamlit tells options apart by their labels alone.
            {name: f"{text} ({name})" if text in shared else text for name, text in labels.items()},
            key=key,
            default=default,
        )
        if name in cards:
            st.caption(widgets.plain(cards[name].summary))
    return name


def _label(name: str, cards: "Mapping[str, ModelCard]") -> str:
    """What a checkpoint is, ``Autoencoder · MNIST · k2``; its name when it has no card."""
    from latentlab.data import datasets

    if name not in cards:
        return name
    card, tag = cards[name], name.partition(".")[2]
    if card.data in datasets and tag.startswith(card.data):
        rest = tag.removeprefix(card.data).strip("_")
        return " · ".join(filter(None, (card.title, datasets.get(card.data).title, rest)))
    return f"{card.title} · {tag}"


def _draw_navigation() -> Any:
    """Draw navigation, logo and style sheet; return the page that the visitor asked for."""
    st.set_page_config(
        page_icon=str(ASSETS / "icon.svg"), layout="wide", initial_sidebar_state="auto"
    )
    chosen = st.navigation(
        [
            st.Page(_home, title="Home", icon=":material/home:", default=True),
            *(
                st.Page(entry.path, title=entry.title, icon=entry.icon, url_path=entry.name)
                for entry in contents.PAGES
            ),
        ]
    )
    st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "icon.svg"))
    st.html(ASSETS / "frame.css")
    return chosen


def _home() -> None:
    with page(APP, heading=False):
        home.draw()


_WARM_UP = "latentlab warm-up"
_warm_up_lock = threading.Lock()
_warmed_up = False


def warm_up() -> None:
    """Load torch and the models in the background, once per server process.

    Called after the first page has been sent, so that nobody waits for it. ``LATENTLAB_WARM_UP=0``
    turns it off.
    """
    global _warmed_up
    with _warm_up_lock:
        if _warmed_up or os.environ.get("LATENTLAB_WARM_UP") == "0":
            return
        _warmed_up = True
    threading.Thread(target=_warm_up, name=_WARM_UP, daemon=True).start()


def _warm_up() -> None:
    # Streamlit's caches warn when no visitor's run surrounds them; here none should.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(
        lambda record: record.threadName != _WARM_UP
    )
    try:
        cache.preload()
    except Exception:  # a damaged checkpoint or a missing extra must not take the server's log down
        _log.exception("The warm-up stopped early; pages will load what they need themselves.")
    # What is loaded now lives as long as the server: keep the collector from walking over it.
    gc.collect()
    gc.freeze()
