"""The Time machine page: a training to scrub, and what its critic says of a picture."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.entry import View
from latentlab.ui.time_machine import critic, results, watch

SECTIONS = {"watch": "Watch it learn", "critic": "Ask the critic"}
SECTION, DATA = "time_machine_section", "time_machine_data"


def draw(view: View) -> None:
    """Draw the page."""
    names = _stories()
    if not names:
        widgets.empty_state(
            "No training has been kept here yet",
            "This page shows GANs whose checkpoints hold the story of their training, and none of"
            " them is in `checkpoints/` or in `$LATENTLAB_CHECKPOINTS`. Train them, or copy their"
            " folders there and reload the page.",
            "latentlab train gan.mnist_k64 gan.fashion_mnist_k64 gan.mnist_collapsed",
        )
        st.stop()
    with st.container(horizontal=True, vertical_alignment="center", key="time_machine_choices"):
        section = fields.url_select(
            "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
        )
        data = fields.url_select(
            "Data set", _titles(names), key=DATA, style="buttons", label_visibility="collapsed"
        )
        beside = None
        if section == "watch":
            beside = watch.choose_beside(data)
    if section == "watch":
        watch.draw(names[data], beside)
    else:
        critic.draw(names[data])


def _stories() -> dict[str, str]:
    """Return the healthy runs that are here, by data set; of a broken one a sentence is drawn."""
    found = {}
    for name in results.HEALTHY:
        try:
            if results.there(name):
                found[cache.checkpoint(name).card.data] = name
        except LatentLabError as error:
            st.warning(widgets.plain(str(error)), icon=":material/info:")
    return found


def _titles(names: dict[str, str]) -> dict[str, str]:
    from latentlab.data import datasets

    return {data: datasets.get(data).title for data in names}
