"""The Anomaly page: one class is normal, and a threshold says what is not."""

import streamlit as st

from latentlab.ui.anomaly import breaking, picture, table
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.entry import View

SECTIONS = {
    "picture": "One picture",
    "simple": "Simple pictures",
    "dirty": "Unclean training",
    "hindsight": "Hindsight",
    "table": "Table",
}
SECTION = "anomaly_section"


def draw(view: View) -> None:
    """Draw the page."""
    if not cache.names(study="anomaly"):
        widgets.empty_state(
            "No trained model here yet",
            "This page shows networks that have seen one class alone, and none of them is in"
            " `checkpoints/` or in `$LATENTLAB_CHECKPOINTS`. Train them, or copy their folders"
            " there and reload the page.",
            "latentlab train --all",
        )
        st.stop()
    with st.container(horizontal=True, vertical_alignment="center"):
        section = fields.url_select(
            "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
        )
        breaking.draw_buttons(SECTION)
    if section == "picture":
        picture.draw()
    elif section == "simple":
        breaking.draw_simple()
    elif section == "dirty":
        picture.draw_dirty()
    elif section == "hindsight":
        breaking.draw_hindsight()
    else:
        table.draw()
