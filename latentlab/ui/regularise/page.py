"""The Regularise page: what keeps an autoencoder from copying, and what each way buys."""

import streamlit as st

from latentlab.ui.regularise import breaking, holes, results, sampling, side_by_side
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.entry import View

SECTIONS = {
    "side": "Side by side",
    "sampling": "A VAE by hand",
    "holes": "Holes",
}
SECTION, DATA = "regularise_section", "regularise_data"


def draw(view: View) -> None:
    """Draw the page."""
    if not cache.names(study=results.STUDY):
        widgets.empty_state(
            "No trained model here yet",
            "This page compares networks that differ in what keeps them from copying, and none of"
            " them is in `checkpoints/` or in `$LATENTLAB_CHECKPOINTS`. Train them, or copy their"
            " folders there and reload the page.",
            "latentlab train --all",
        )
        st.stop()
    with st.container(horizontal=True, vertical_alignment="center"):
        section = fields.url_select(
            "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
        )
        failures = st.container(horizontal=True, width="content")
        data = _choose_data() if section == "side" else results.DATA
    if section == "side":
        side_by_side.draw(data, view)
    elif section == "sampling":
        sampling.draw()
    else:
        holes.draw()
    with failures:  # now that the section has said how it stands
        breaking.draw_buttons(section)


def _choose_data() -> str:
    """Draw the choice of a data set and return it."""
    from latentlab.data import components, datasets

    return fields.url_select(
        "Data set",
        {name: datasets.get(name).title for name in components.SHIPPED},
        key=DATA,
        style="buttons",
        label_visibility="collapsed",
    )
