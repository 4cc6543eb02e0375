"""The one error boundary: what could not be drawn becomes a calm sentence."""

import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.shared import widgets

_log = logging.getLogger(__name__)


@contextmanager
def errors() -> Iterator[None]:
    """Draw a sentence in place of whatever raises in the block.

    A ``LatentLabError`` shows its message and hint. Anything else is our mistake: it goes to the
    server's log with its traceback under a short number, and the page shows that number. With
    ``LATENTLAB_DEBUG=1`` (developers, tests) the page shows the traceback too.

    The frame puts every page into it. A fragment reruns outside of that, so its body needs its own.
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
