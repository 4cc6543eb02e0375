"""The Explore page: turn the numbers of a code, and watch the picture that is decoded from them."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.explore import DECODERS, factors, sliders, start, views
from latentlab.ui.shared import browser_models, cache, fields, guard, model_choice
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.latents.spaces import DrawnBy
    from latentlab.ui.shared import draw_pad

MODEL, USUAL = "explore_model", "vae.mnist_k16"


@st.fragment(key="explore")
def explore(name: str, drawn_by: "DrawnBy", begun: start.Start, files: sliders.Files) -> None:
    """The sliders, and everything that follows them once they rest."""
    with guard.errors():
        space = browser_models.latent_space(name, drawn_by)
        above = st.container() if space.size == 2 else None  # a plane before all else
        shown = sliders.choose_axes(space)
        session = sliders.position(space, begun)
        if above is None:
            above = st.container()
        views.choose(name)  # this says whether anything follows the sliders
        with above:
            sliders.draw(space, begun, shown, files, session, followers)
        views.closer(name, drawn_by, shown.axes, begun, session)
        if shown.along == "attributes":
            factors.directions(name)
        views.downloads(name, drawn_by, session)
        views.explain(space)
        views.code(name, drawn_by, space, begun, session)


def followers() -> str | None:
    """Name the fragment to draw again once the code rests."""
    return "explore" if views.follows_code() else None


def _choose_model() -> str:
    """Draw the choice of a data set, of a model, and the way to the plane of a code of two."""
    with st.container(horizontal=True, vertical_alignment="center"):
        names = model_choice.data_set_buttons(cache.names_for(DECODERS), key=MODEL, default=USUAL)
        # Narrow, so that all three stand in one row beside four data sets.
        name = model_choice.choose_checkpoint(names, key=MODEL, default=USUAL, width=225)
        cards = cache.cards()
        planes = [other for other in names if other in cards and cards[other].latent_size == 2]
        there = name in planes

        def go() -> None:
            st.session_state[MODEL] = model_choice.most_alike(name, planes)
            start.choose_average()

        st.button(
            "Plane of two numbers",
            key="explore.plane",
            type="primary" if there else "secondary",
            help="A code of two numbers is a place on a plane: see all of it decoded at once."
            if planes
            else "No model of these pictures has a code of two numbers.",
            disabled=not planes or there,
            on_click=go,
        )
    return name


def draw(view: View) -> None:
    """Draw the page."""
    name = _choose_model()
    card = cache.checkpoint(name).card
    size = browser_models.latent_space(name, "pca").size
    with st.container(horizontal=True, vertical_alignment="center"):
        drawn_by: DrawnBy = fields.url_select(  # type: ignore[assignment]
            "Drawn by",
            {"network": "Network", "pca": f"PCA, {size} numbers"},
            key="z_by",
            style="buttons",
            label_visibility="collapsed",
        )
        space = browser_models.latent_space(name, drawn_by)
        chosen = start.choose_start(space)
    key = f"{name}|{cache.checkpoint(name).digest}|{drawn_by}"

    def follower() -> "draw_pad.Follower | None":
        return browser_models.publish_follower(name) if drawn_by == "network" else None

    begun = start.find_start(chosen, card.data, space, key, follower)
    explore(name, drawn_by, begun, sliders.publish(name, drawn_by))
    model_choice.few_pictures(name)
