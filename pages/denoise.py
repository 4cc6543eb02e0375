"""The Denoise page: spoil a picture, restore it with networks and classical filters, compare."""

import streamlit as st

from latentlab.ui import contents, frame, photo_bench, small_bench, widgets

BENCHES = {"small": small_bench.draw, "photographs": photo_bench.draw}

with frame.page("Denoise", lead="Spoil a picture with noise. Who saves it?"):
    st.html(contents.ASSETS / "denoise.css")
    of = widgets.url_select(
        "Pictures",
        {"small": "Digits, garments and faces", "photographs": "Photographs"},
        key="denoise_of",
        style="buttons",
        label_visibility="collapsed",
    )
    BENCHES[of]()
