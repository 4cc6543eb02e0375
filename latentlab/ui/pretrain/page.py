"""The Pretrain page: errors over labels, three trainings to scrub, and a number too good."""

import streamlit as st

from latentlab.ui.pretrain import labels, moments, tuned
from latentlab.ui.shared import fields, state
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
    {"labels": labels.draw, "moments": moments.draw, "tuned": tuned.draw}[section](view)


def _draw_buttons(section: str) -> None:
    """Draw the two buttons that break the page on purpose; each then is the one that mends it."""

    def go(to: str, **settings: object) -> None:
        st.session_state[SECTION] = to
        st.session_state.update(settings)

    if section == "moments" and _is_on(moments.ALONE):
        st.button(
            "Mend the stack",
            key="pretrain.mend_stack",
            icon=":material/healing:",
            help="With the layers pretrained, and as today, beside it",
            on_click=lambda: go("moments", **{moments.ALONE: False}),
        )
    else:
        st.button(
            "Break the stack",
            key="pretrain.break_stack",
            icon=":material/heart_broken:",
            help="The stack of 2006, from nothing: it stands still",
            on_click=lambda: go("moments", **{moments.ALONE: True, moments.MOMENT: moments.STUCK}),
        )
    if section == "tuned" and not _is_on(tuned.MEND):
        st.button(
            "Be honest",
            key="pretrain.mend_number",
            icon=":material/healing:",
            help="The honest number beside it",
            on_click=lambda: go("tuned", **{tuned.MEND: True}),
        )
    else:
        st.button(
            "Cheat",
            key="pretrain.break_number",
            icon=":material/heart_broken:",
            help="Choose by the test set, and report what looks best",
            on_click=lambda: go("tuned", **{tuned.MEND: False}),
        )


def _is_on(key: str) -> bool:
    """Whether a switch is on that is only drawn below."""
    if state.address_may_decide(key) and key in st.query_params:
        return st.query_params.get(key) == "true"
    return bool(st.session_state.get(key))
