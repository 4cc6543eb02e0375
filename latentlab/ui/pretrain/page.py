"""The Pretrain page: errors over labels, three trainings to scrub, and a number too good."""

import streamlit as st

from latentlab.ui.pretrain import labels, moments, tuned
from latentlab.ui.shared import fields
from latentlab.ui.shared.entry import View

SECTIONS = {
    "labels": "How many labels?",
    "moments": "Watch them train",
    "tuned": "Tuned on the test set",
}
SECTION = "pretrain_section"


def draw(view: View) -> None:
    """Draw the page."""
    with st.container(horizontal=True, vertical_alignment="center"):
        section = fields.url_select(
            "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
        )
        _draw_buttons(section)
    {"labels": labels.draw, "moments": moments.draw, "tuned": tuned.draw}[section]()


def _draw_buttons(section: str) -> None:
    """Draw the buttons that break the page on purpose, and the one that mends it."""

    def go(to: str, **settings: object) -> None:
        st.session_state[SECTION] = to
        st.session_state.update(settings)

    stuck = section == "moments" and st.session_state.get(moments.ALONE) is True
    flattered = section == "tuned" and st.session_state.get(tuned.MEND) is not True
    st.button(
        "Break the stack",
        key="pretrain.stuck",
        icon=":material/heart_broken:",
        help="The stack of 2006, from nothing: it stands still",
        on_click=lambda: go("moments", **{moments.ALONE: True, moments.MOMENT: moments.STUCK}),
        disabled=stuck,
    )
    st.button(
        "Cheat",
        key="pretrain.cheat",
        icon=":material/heart_broken:",
        help="Choose by the test set, and report what looks best",
        on_click=lambda: go("tuned", **{tuned.MEND: False}),
        disabled=flattered,
    )
    if stuck or flattered:
        mend = {moments.ALONE: False} if stuck else {tuned.MEND: True}
        st.button(
            "Mend it",
            key="pretrain.repair",
            icon=":material/healing:",
            help="The same with the layers pretrained, and as today, beside it"
            if stuck
            else "The honest number beside it",
            on_click=lambda: go(section, **mend),
        )
