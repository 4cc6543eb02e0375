"""The home page: what this is, and one picture per page that leads there."""

import streamlit as st

from latentlab.ui import frame


def home() -> None:
    """Draw the home page."""
    with frame.page("latentlab", heading=False):
        st.title("What do neural networks see in a picture?", anchor=False)
        for entry in frame.PAGES:
            st.page_link(entry.path, label=entry.title)
            st.caption(entry.promise)
