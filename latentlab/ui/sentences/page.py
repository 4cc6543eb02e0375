"""The Sentences page: walks, numbers of a code, whether it is used, a map, and arithmetic."""

import streamlit as st

from latentlab.ui.sentences import changing, choices, dials, health, leads, mapping, walking
from latentlab.ui.shared import fields, widgets
from latentlab.ui.shared.entry import View

SECTIONS = {
    "walk": "Walk",
    "dials": "Numbers of the code",
    "health": "Is the code in use?",
    "map": "Map and neighbours",
    "change": "Arithmetic",
    "leads": "Where it leads",
}
SECTION = "sentences_section"


def draw(view: View) -> None:
    """Draw the page."""
    if not choices.names():
        widgets.empty_state(
            "No trained model here yet",
            "This page shows networks that read and write sentences, and none of them is in"
            " `checkpoints/` or in `$LATENTLAB_CHECKPOINTS`. Train one, or copy its folder there"
            " and reload the page.",
            "latentlab train sentence_vae.grammar",
        )
        st.stop()
    section = fields.url_select(
        "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
    )
    {
        "walk": walking.draw,
        "dials": dials.draw,
        "health": health.draw,
        "map": mapping.draw,
        "change": changing.draw,
        "leads": leads.draw,
    }[section](view)
