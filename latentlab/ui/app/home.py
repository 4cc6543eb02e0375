"""The home page: what this is, what moves, and one picture per page that leads there."""

from html import escape

import streamlit as st

from latentlab.ui.app import contents, hero


def draw() -> None:
    """Draw the home page: one sentence, two pictures that move, a card per page, the lessons.

    The pictures are files (``ui/<page>/cover.svg``), remade from the shipped models by
    ``python -m latentlab.ui.app.covers``: this page must be usable before torch is loaded.
    """
    st.title("A picture, boiled down to a few numbers", anchor=False)
    st.html(
        "<p class='lead'>Networks squeeze pictures through their latent space. Turn its "
        "numbers, walk through it, map it, and see whether it beats the classical method.</p>"
    )
    with st.container(key="hero"):
        hero.draw()
    with st.container(key="cards"):
        for number, (section, entries) in enumerate(contents.sections().items()):
            st.html(f"<h2 class='section'>{escape(section)}</h2>")
            # A pair of pages lies in one row of wide cards; more of them stand, three in a row.
            form = "wide" if len(entries) in (1, 2) else "tall"
            with st.container(key=f"cards_{form}_{number}"):
                for entry in entries:
                    with st.container(key=f"card_{entry.name}"):
                        st.image(str(entry.cover), alt="", width="stretch")
                        st.page_link(entry.path, label=entry.title)
                        st.markdown(entry.promise)
    lessons = [(entry, scene) for entry in contents.PAGES for scene in entry.scenes]
    if lessons:
        st.html("<h2 class='section lessons'>Lessons: a claim, and the page that tests it</h2>")
        with st.container(key="lessons"):
            for entry, scene in lessons:
                st.page_link(
                    entry.path,
                    label=scene.sentence,
                    icon=entry.icon,
                    query_params=dict(scene.settings),
                )
