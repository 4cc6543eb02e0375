"""The search for a picture's code, where a model has no encoder: its path, as it descends."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.explore import comparisons, figures, results
from latentlab.ui.shared import _streamlit, cache, picture_source, waiting, widgets

if TYPE_CHECKING:
    from latentlab.tasks.explore import Search
    from latentlab.ui.shared.background import Progress

ENCODER = "variational_autoencoder"


def draw(name: str) -> None:
    """Draw the choice of a picture, the path of the search, and what a VAE's encoder gives."""
    from latentlab.ui.shared.browser_models import latent_space

    card = cache.checkpoint(name).card
    space = latent_space(name, "network")
    if space.can_encode:
        st.info("This model encodes: it gives a picture a code at once. Choose a GAN above.")
        return
    picked = picture_source.pick_image("explore_sought", card.data, space.model.image_shape)
    session = _streamlit.session_id()

    def ask() -> "Progress[Search]":
        return results.search(name, picked.identity, picked.image, session)

    progress = ask()
    if progress.result is None:

        def unfinished() -> "Progress[Search] | None":
            found = ask()
            return None if found.done else found

        waiting.wait_for(unfinished, _draw_progress, every=1.0)
        return
    found = progress.result
    with st.container(key="explore_search"):
        st.html(figures.path(picked.image, found))
    rows: dict[str, list[float | None]] = {f"{card.title}, searched": [found.errors[-1]]}
    for other in comparisons.compared(name):
        if cache.cards()[other].kind == ENCODER:
            made = results.reconstruction(other, "network", picked.identity, picked.image)
            rows["VAE, by its encoder"] = [made.mse]
    left, right = st.columns([5, 7], gap="medium")
    with left:
        widgets.score_table(
            [widgets.Measure("Error", "mse", higher_is_better=False, digits=4)],
            rows,
            caption="The encoder takes one pass; the search, some three hundred.",
        )
    with right:
        st.caption(
            "A GAN has no encoder. From the best of 64 random codes, the code is moved downhill on"
            " the squared error between what it draws and the picture (Zhu et al. 2016). It stays"
            " where codes of N(0, I) lie. What does not come out, this generator has not learnt to"
            " draw, or the search has ended in a valley of its own."
        )


def _draw_progress(progress: "Progress[Search]") -> None:
    with st.container(border=True):
        if progress.ahead:
            st.markdown(":material/hourglass_empty: Waiting for other searches …")
        else:
            st.progress(progress.share, f"Searching, {progress.share:.0%}")
