"""The home page: what this is, and one picture per page that leads there."""

import streamlit as st

from latentlab.ui import contents


def draw() -> None:
    """Draw the home page: one sentence, then a card per page.

    The pictures are files (``assets/home_<page>.svg``), remade from the shipped models by
    ``python -m latentlab.ui.pictures``: this page must be usable before torch is loaded.
    """
    st.title("A picture, boiled down to a few numbers", anchor=False)
    st.html(
        "<p class='lead'>Networks squeeze pictures through their latent space. Turn its "
        "numbers, walk through it, map it, and see whether it beats the classical method.</p>"
    )
    with st.container(key="cards"):
        for entry in contents.PAGES:
            with st.container(key=f"card_{entry.name}"):
                st.image(str(contents.ASSETS / f"home_{entry.name}.svg"), alt="", width="stretch")
                st.page_link(entry.path, label=entry.title)
                st.markdown(entry.promise)
