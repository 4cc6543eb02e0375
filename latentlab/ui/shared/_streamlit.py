"""The parts of Streamlit that it does not promise to keep, all in one place.

Tried on 1.67; `pyproject.toml` allows the versions of that line. Everything here has a quiet answer
for a script that plain Python runs, where there is no visitor.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState


def went_back_or_forward() -> bool:
    """Whether this run is due to the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and bool(context.is_history_navigation)


def rename_parameters(names: Mapping[str, str]) -> None:
    """Give parameters of the address other names: old name -> new name, where the new is free.

    Widgets that are bound to the address look not at ``st.query_params`` when they are drawn first
    but at what the address was when the page was opened, so that is renamed too.
    """
    found = [old for old in names if old in st.query_params]
    for old in found:
        if names[old] not in st.query_params:
            st.query_params[names[old]] = st.query_params[old]
        del st.query_params[old]
    context = get_script_run_ctx()
    if found and context is not None:
        with context.session_state.query_params() as parameters:
            parameters.set_initial_query_params_from_current()


def session_id() -> str:
    """What tells this visitor from all others."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def is_fragment_run() -> bool:
    """Whether a fragment alone is drawn, not the whole page."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def refuses_uploads() -> bool:
    """Whether the server will refuse this visitor's uploads as forged.

    It protects itself with a cookie, and browsers keep that from it in a frame of another site.
    """
    if not runtime.exists() or get_script_run_ctx() is None:
        return False
    protected = bool(st.get_option("server.enableXsrfProtection"))
    return protected and "_streamlit_xsrf" not in st.context.cookies


@contextmanager
def own_identity() -> Iterator[None]:
    """Keep the identity of a page's widgets while ``st.navigation`` is called inside the page.

    A widget's identity contains the page in which it stands, and ``st.navigation`` says that this
    is app.py. The next run, through app.py, would not know the widgets again: the first click of
    the server's first visitor would be lost.
    """
    context = get_script_run_ctx()
    kept = (
        nullcontext()
        if context is None
        else context.run_with_active_hash(ThreadState.get().active_script_hash)
    )
    with kept:
        yield


def serve(data: bytes, mime: str, name: str) -> str:
    """Return an address under which browsers may fetch ``data``; "" where there is no server."""
    if not runtime.exists():
        return ""
    return runtime.get_instance().media_file_mgr.add(data, mime, name)


@contextmanager
def spinner(text: str) -> Iterator[None]:
    """Show ``text`` to the visitor, if there is one, while the block takes its time."""
    with st.spinner(text) if text and get_script_run_ctx() else nullcontext():
        yield


def silence_missing_visitor(thread_name: str) -> None:
    """Keep Streamlit from warning that no visitor's run surrounds the thread of that name."""
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").addFilter(
        lambda record: record.threadName != thread_name
    )
