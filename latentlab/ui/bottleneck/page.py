"""The Bottleneck page: one picture through codes of every size, and the network opened up."""

import streamlit as st

from latentlab.ui.bottleneck import copying, every_k, linear
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.entry import View

SECTIONS = {
    "picture": "One picture",
    "linear": "Linear AE is PCA",
    "copy": "Copying machine",
}
SECTION, DATA = "bottleneck_section", "bottleneck_data"


def draw(view: View) -> None:
    """Draw the page."""
    if not cache.names(study="bottleneck"):
        widgets.empty_state(
            "No trained model here yet",
            "This page compares networks that differ in the size of their code alone, and none of"
            " them is in `checkpoints/` or in `$LATENTLAB_CHECKPOINTS`. Train them, or copy their"
            " folders there and reload the page.",
            "latentlab train --all",
        )
        st.stop()
    with st.container(horizontal=True, vertical_alignment="center"):
        section = fields.url_select(
            "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
        )
        copying.draw_buttons(SECTION)
        if section == "picture":
            data = _choose_data()
    if section == "picture":
        every_k.draw(data, view)
    elif section == "linear":
        linear.draw()
    else:
        copying.draw()


def _choose_data() -> str:
    """Draw the choice of a data set, if there is one, and return it."""
    from latentlab.data import components, datasets

    return fields.url_select(
        "Data set",
        {name: datasets.get(name).title for name in components.SHIPPED},
        key=DATA,
        style="buttons",
        label_visibility="collapsed",
    )
