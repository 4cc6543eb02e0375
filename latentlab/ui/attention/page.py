"""The Attention page: by hand, its scale, positions, three architectures, letters, one-hot."""

import streamlit as st

from latentlab.ui.attention import hand, layers, letters, positions, results, scale, three
from latentlab.ui.shared import fields, widgets
from latentlab.ui.shared.entry import View

SECTIONS = {
    "hand": "By hand",
    "scale": "Why √d?",
    "positions": "Positions",
    "three": "Three architectures",
    "letters": "Letter by letter",
    "layers": "One-hot is embedding",
}
SECTION = "attention_section"


def draw(view: View) -> None:
    """Draw the page."""
    section = fields.url_select(
        "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
    )
    if missing := results.missing(section):
        widgets.empty_state(
            "A trained model is missing",
            "This part of the page needs "
            + ", ".join(f"`{name}`" for name in missing)
            + " in `checkpoints/` or in `$LATENTLAB_CHECKPOINTS`. Train it, or copy its folder"
            " there and reload the page.",
            "latentlab train " + " ".join(missing),
        )
        st.stop()
    {
        "hand": hand.draw,
        "scale": scale.draw,
        "positions": positions.draw,
        "three": three.draw,
        "letters": letters.draw,
        "layers": layers.draw,
    }[section](view)
