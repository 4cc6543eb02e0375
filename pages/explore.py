"""The Explore page: turn the numbers of a code, and watch the picture that is decoded from them."""

import streamlit as st

from latentlab.ui import cache, explore_views, frame, latent_sliders, widgets

LEAD = "Turn the numbers a model draws from, and watch the picture follow."


@st.fragment
def explore(name: str, drawn_by: str, start: latent_sliders.Start) -> None:
    """Everything that follows the sliders."""
    with frame.errors():
        from latentlab import images
        from latentlab.tasks import explore as task

        space = cache.latent_space(name, drawn_by)
        z = latent_sliders.position(space, start)
        picture = task.decode(space, z[None])[0]
        left, right = st.columns([5, 7], gap="medium")
        with left, st.container(key="explore_hero"):
            moved = z is not start.z
            widgets.picture(
                images.to_uint8(picture),
                alt=f"the picture decoded from {space.size} numbers",
                caption=widgets.plain(f"{'moved away from ' if moved else ''}{start.caption}"),
                width=448,
            )
        with right:
            axes = latent_sliders.choose_axes(space)
            latent_sliders.draw(axes, start, z)
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
    drawn_by = widgets.url_select(
        "Drawn by",
        {"network": card.title, "pca": f"PCA, {size} components"},
        key="z_by",
        style="buttons",
        label_visibility="collapsed",
        help="The same page for the classical method with as many numbers",
    )
    key = f"{name}|{cache.checkpoint(name).digest}|{drawn_by}"
    start = latent_sliders.choose_start(card.data, cache.latent_space(name, drawn_by), key)
    explore(name, drawn_by, start)
    explore_views.explain(cache.latent_space(name, drawn_by))
    explore_views.code(name, drawn_by)
