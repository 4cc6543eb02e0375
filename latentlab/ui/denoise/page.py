"""The Denoise page: corrupt a picture, restore it with networks and classical filters, compare."""

import streamlit as st

from latentlab.ui.denoise import photographs, small_pictures
from latentlab.ui.shared import fields
from latentlab.ui.shared.entry import View

BENCHES = {"small": small_pictures.draw, "photographs": photographs.draw}


def draw(view: View) -> None:
    """Draw the page."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="denoise_row")
    with row:
        of = fields.url_select(
            "Pictures",
            {"small": "Small pictures", "photographs": "Photographs"},
            key="denoise_of",
            style="buttons",
            label_visibility="collapsed",
        )
    BENCHES[of](row)
