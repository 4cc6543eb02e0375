"""The Explore page: turn the numbers of a code, and watch the picture that is decoded from them."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.explore import DECODERS, sliders, start, views
from latentlab.ui.shared import browser_models, cache, fields, guard, model_choice
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.latents.spaces import DrawnBy
    from latentlab.ui.shared import draw_pad


@st.fragment(key="explore")
def explore(name: str, drawn_by: "DrawnBy", begun: start.Start, files: sliders.Files) -> None:
    """The sliders, and everything that follows them once they rest."""
    with guard.errors():
        space = browser_models.latent_space(name, drawn_by)
        shown = sliders.choose_axes(space)
        session = sliders.position(space, begun)
        above = st.container()  # what is chosen below says whether anything follows the sliders
        views.choose()
        with above:
            sliders.draw(space, begun, shown, files, session, followers)
        views.closer(name, drawn_by, shown.axes, begun, session)
        views.downloads(name, drawn_by, session)


def followers() -> str | None:
    """Name the fragment to draw again once the code rests."""
    return "explore" if views.follows_code() else None


def draw(view: View) -> None:
    """Draw the page."""
    name = model_choice.choose_checkpoint(
        cache.names_for(DECODERS), key="explore_model", default="vae.mnist_k16"
    )
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
    views.explain(space)
    views.code(name, drawn_by)
