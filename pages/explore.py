"""The Explore page: turn the numbers of a code, and watch the picture that is decoded from them."""

import streamlit as st

from latentlab.ui import cache, explore_views, frame, latent_sliders, widgets

LEAD = "Turn the numbers a model draws from, and watch the picture follow."


@st.fragment
def explore(name: str, drawn_by: str, start: latent_sliders.Start) -> None:
    """Everything that follows the sliders."""
    with frame.errors():
        from latentlab.tasks import explore as task

        space = cache.latent_space(name, drawn_by)
        z = latent_sliders.position(space, start)
        picture = task.decode(space, z[None])[0]
        left, right = st.columns([2, 3] if space.size == 2 else 2, gap="medium")
        with left, st.container(key="explore_hero"):
            explore_views.large(
                picture,
                alt=f"the picture decoded from {space.size} numbers",
                caption=f"{space.size} numbers: {'' if z is start.z else 'moved away from '}"
                f"{start.caption}",
            )
        with right:
            axes = latent_sliders.choose_axes(space)
            latent_sliders.draw(space, axes, start, z)
            if space.size == 2:
                explore_views.plane(name, drawn_by, start, z)
        explore_views.closer(name, drawn_by, axes, start, z, picture)
        explore_views.downloads(name, drawn_by, z, picture)


with frame.page("Explore", lead=LEAD):
    name = frame.choose_checkpoint(
        cache.names(kind="latent"), key="explore_model", default="vae.mnist_k16"
    )
    latent_sliders.style()
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
    start = latent_sliders.find_start(chosen, card.data, space, key)
    explore(name, drawn_by, start)
    explore_views.explain(space)
    explore_views.code(name, drawn_by)
