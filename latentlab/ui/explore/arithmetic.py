"""Attribute arithmetic: A - B + C in the code, and the nearest real pictures to what comes out."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.explore import factors, results
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.browser_models import latent_space

if TYPE_CHECKING:
    from latentlab.latents.spaces import DrawnBy
    from latentlab.ui.explore.start import Start

_WIDTH = 144
_B, _C = 5, 9  # test pictures, at first


def draw(name: str, drawn_by: "DrawnBy", start: "Start") -> None:
    """Draw A, B and C, what A - B + C decodes to, and which real picture is nearest to it."""
    from latentlab.data import datasets
    from latentlab.pictures import images
    from latentlab.tasks import explore

    space = latent_space(name, drawn_by)
    if not space.can_encode:
        st.info("A GAN has no encoder, so pictures have no codes to reckon with.")
        return
    data = cache.checkpoint(name).card.data
    samples = cache.samples(data)
    last = len(samples) - 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        b = fields.url_slider("B, taken away", key="z_minus", low=0, high=last, default=_B)
        c = fields.url_slider("C, added", key="z_plus", low=0, high=last, default=_C)
    if start.picture is not None:
        first, title = start.picture.image, "A: the start"
    else:
        first, title = samples.tensor(slice(0, 1))[0], "A: test picture 0"
    second, third = (samples.tensor(slice(place, place + 1))[0] for place in (b, c))
    z, picture = explore.arithmetic(space, first, second, third)
    codes, usual = results.sample_codes(name, drawn_by)
    # What went in is near by itself, and says nothing.
    own = {b, c, 0 if start.picture is None else start.picture.sample}
    others = [place for place in range(len(samples)) if place not in own]
    nearest = explore.nearest(codes[others], z, usual)
    place = others[nearest.index]
    real = samples.tensor(slice(place, place + 1))[0]
    shown = (
        (first, title),
        (second, f"− B: test picture {b}"),
        (third, f"+ C: test picture {c}"),
        (picture, "**A − B + C**"),
        (real, f"nearest other picture: distance {nearest.distance:.2f}, usual {usual:.2f}"),
    )
    with st.container(horizontal=True, key="explore_arithmetic"):
        for x, caption in shown:
            with st.container(width=_WIDTH + 16):
                widgets.picture(images.to_uint8(x), alt=caption, caption=caption, width=_WIDTH)
    judge = factors.judge_of(name)
    if judge is not None:
        known = datasets.get(data).factors
        changes = explore.what_moved(judge, known, first, picture)
        words = ", ".join(reading.factor for reading in changes if reading.changed) or "–"
        st.markdown(f"From A to the result, the classifier says, there changed: **{words}**.")
    st.caption(
        "Subtracting B and adding C ought to give A whatever C has and B has not (Larsen et al."
        " 2016, who use means over many pictures instead of single ones). Distances are between"
        " codes; “usual” is the median from one real picture to the next."
    )
