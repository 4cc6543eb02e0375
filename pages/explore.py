"""The Explore page: turn the numbers of a code, and watch the picture that is decoded from them."""

import streamlit as st

from latentlab.ui import cache, explore_views, frame, latent_sliders, widgets

LEAD = "Turn the numbers a model draws from, and watch the picture follow."


@st.fragment(key="explore")
def explore(
    name: str, drawn_by: str, start: latent_sliders.Start, files: latent_sliders.Files
) -> None:
    """The sliders, and everything that follows them once they rest."""
    with frame.errors():
        space = cache.latent_space(name, drawn_by)
        shown = latent_sliders.choose_axes(space)
        place = latent_sliders.position(space, start)
        latent_sliders.draw(space, start, shown, files, followers)
        explore_views.closer(name, drawn_by, shown.axes, start, place.z)
        explore_views.downloads(name, drawn_by, place)


def followers() -> str | None:
    """Name the fragment to draw again once the code rests."""
    return "explore" if explore_views.follows_code() else None


with frame.page("Explore", lead=LEAD):
    name = frame.choose_checkpoint(
        cache.names(kind="latent"), key="explore_model", default="vae.mnist_k16"
    )
    explore_views.style()
    card = cache.checkpoint(name).card
    size = cache.latent_space(name, "pca").size
    with st.container(horizontal=True, vertical_alignment="center"):
        drawn_by = widgets.url_select(
            "Drawn by",
            {"network": "Network", "pca": f"PCA, {size} numbers"},
            key="z_by",
            style="buttons",
            label_visibility="collapsed",
        )
        space = cache.latent_space(name, drawn_by)
        chosen = latent_sliders.choose_start(space)
    key = f"{name}|{cache.checkpoint(name).digest}|{drawn_by}"
    follower = latent_sliders.publish_follower(name) if drawn_by == "network" else None
    start = latent_sliders.find_start(chosen, card.data, space, key, follower)
    explore(name, drawn_by, start, latent_sliders.publish(name, drawn_by))
    explore_views.explain(space)
    explore_views.code(name, drawn_by)
