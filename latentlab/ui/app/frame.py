"""The frame around every page: navigation, heading, the error boundary, warm-up.

``app.py`` calls ``run``; a page's script calls ``show`` with its name. Why a page draws its own
frame: beside a ``pages/`` folder Streamlit keeps its old page discovery until some visit has called
``st.navigation``, and so may run a page without ``app.py`` (first deep link after a server start;
``AppTest.switch_page`` always). ``show`` therefore draws navigation itself unless ``run`` has done
so; the ContextVar says which.
"""

import gc
import importlib
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.app import contents, hero, home, present
from latentlab.ui.app.contents import APP
from latentlab.ui.shared import _streamlit, cache, state, widgets
from latentlab.ui.shared.entry import Entry, View
from latentlab.ui.shared.guard import errors

_HERE = Path(__file__).resolve().parent
_log = logging.getLogger(__name__)
_navigation_drawn: ContextVar[bool] = ContextVar("navigation_drawn", default=False)

# Read when the first library with OpenMP is loaded, which is later: its threads then sleep while
# they wait for one another. By default they spin, and beside other work a map of 30 points by t-SNE
# took 6 to 35 s of processor time on two cores instead of .1 s (measured).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def run() -> None:
    """Run the app: draw the frame, then the page the visitor asked for. All that app.py does."""
    chosen = _draw_navigation()
    token = _navigation_drawn.set(True)
    try:
        chosen.run()
    finally:
        _navigation_drawn.reset(token)
    warm_up()


def show(name: str) -> None:
    """Draw the page called ``name``: its frame, its heading, and what is in ``ui/<name>/page.py``.

    That module has one function ``draw(view)``.
    """
    entry = contents.find(name)
    with page(entry.title, entry, lead=entry.lead) as view:
        state.read_old_link(entry.renamed)
        style = entry.folder / f"{name}.css"
        if style.exists():
            st.html(style)
        importlib.import_module(f"latentlab.ui.{name}.page").draw(view)


def _home() -> None:
    with page(APP, heading=False):
        home.draw()


@contextmanager
def page(
    title: str, entry: Entry | None = None, *, lead: str = "", heading: bool = True
) -> Iterator[View]:
    """Surround a page's whole body: navigation where it is missing, heading, error boundary.

    Args:
        title: the page's name, in the heading and on the browser's tab.
        entry: what the page says of itself, for a presentation; None = all of it is shown.
        lead: one sentence under the heading: what can be done here.
        heading: False for a page that draws its own.
    """
    alone = not _navigation_drawn.get()  # without app.py
    if alone:
        with _streamlit.own_identity():
            _draw_navigation()
    st.set_page_config(page_title=title if title == APP else f"{title} · {APP}")
    state.arrive(title)
    with errors():
        presents = present.draw(title, entry)
        if heading:
            st.title(title, anchor=False)
            if lead:
                st.html(f"<p class='lead'>{escape(lead)}</p>")
        note = st.empty()
        with state.collecting_rejections(lambda found: note.warning(_rejection(found))):
            dark = st.context.theme.type == "dark"
            yield View(dark=dark, presents=presents, pages=contents.PAGES)
    if alone:
        warm_up()


def _rejection(rejected: state.Rejections) -> str:
    """One sentence about the settings of a link that could not be used, markdown defused."""
    shown = ", ".join(
        f"{widgets.plain(setting)} “{widgets.plain(text if len(text) <= 30 else text[:29] + '…')}”"
        for setting, text in rejected[:5]
    )
    more = f" and {len(rejected) - 5} more" if len(rejected) > 5 else ""
    return f"This link asks for settings that do not exist here: {shown}{more}. They were left out."


def _draw_navigation() -> Any:
    """Draw navigation, logo and style sheet; return the page that the visitor asked for."""
    st.set_page_config(
        page_icon=str(_HERE / "icon.svg"), layout="wide", initial_sidebar_state="auto"
    )
    chosen = st.navigation(
        {
            "": [st.Page(_home, title="Home", icon=":material/home:", default=True)],
            **{
                section: [
                    st.Page(entry.path, title=entry.title, icon=entry.icon, url_path=entry.name)
                    for entry in entries
                ]
                for section, entries in contents.sections().items()
            },
        }
    )
    st.logo(str(_HERE / "logo.svg"), size="large", icon_image=str(_HERE / "icon.svg"))
    st.html(_HERE / "frame.css")
    return chosen


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
    _streamlit.silence_missing_visitor(_WARM_UP)
    try:
        hero.prepare()  # first: a face stands still on somebody's screen until then
    except LatentLabError as error:
        _log.warning("The face of the home page stands still: %s", error)
    try:
        cache.preload()
    except Exception:  # a damaged checkpoint or a missing extra must not take the server's log down
        _log.exception("The warm-up stopped early; pages will load what they need themselves.")
    # What is loaded now lives as long as the server: keep the collector from walking over it.
    gc.collect()
    gc.freeze()
