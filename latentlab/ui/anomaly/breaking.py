"""What breaks the method: pictures of nothing, and thresholds chosen with the answers in hand."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.anomaly import choices, picture, results
from latentlab.ui.shared import fields, widgets

MEND = "anomaly_mend"
MENDED = "ae_smoothed"

SIMPLE_IDEA = """
“It has not seen this, so it cannot give it back” is **not** true. A network that can draw strokes
can also draw none: an all-black picture comes back all but black, and its error is far below that
of any digit. The same happens to whatever is simpler than the training pictures: a dot, a bar, a
faint grey. An error measures how **hard** a picture is as much as how strange it is. With 1 as the
outlier and other digits as normal, detectors in print had AUROCs near .1 for this reason.

The mend divides by how much there is in the picture and smooths the difference. It helps where
little ink made the error small. It is no cure for everything: read the numbers.
"""
HINDSIGHT_IDEA = """
To choose a threshold one likes to look at the ROC curve **of the test pictures** and take its best
corner. The numbers reported then come from the very pictures that the threshold was fitted to. With
a small test set that is a large part of the result: here each of 200 test sets has 10 normal
pictures and 10 others, and the threshold is the one with the most recall less false alarms on them.

The mend needs no outlier: keep **normal** pictures back from training, and take the score that one
in twenty of them lies above. It promises 5 % false alarms and nothing about recall, which depends
on outliers that nobody has seen yet. The same goes for the best epoch, the best size of a code and
the best score, if they are chosen on the test split: many AUROCs in print are maxima over epochs.
"""
SIMPLE_CODE = """
for name, x in anomaly.simple_pictures((1, 28, 28)).items():
    score = float(method(x[None])[0])
    print(name, score, "alarm" if score > found.threshold else "passes as normal")
"""
HINDSIGHT_CODE = """
print(anomaly.hindsight(found))
"""


def draw_buttons(section_key: str) -> None:
    """Draw the button that breaks the page on purpose, and the one that mends it."""
    section = st.session_state.get(section_key)
    broken = section in ("simple", "hindsight")
    mended = broken and bool(st.session_state.get(MEND))

    def break_it() -> None:
        if not broken:
            st.session_state[section_key] = "hindsight" if section == "table" else "simple"
        st.session_state[MEND] = False

    def mend() -> None:
        st.session_state[MEND] = True

    st.button(
        "Break it",
        key="anomaly.break",
        icon=":material/heart_broken:",
        help="Feed it constants, stripes, noise",
        on_click=break_it,
        disabled=broken and not mended,
    )
    if broken:
        st.button(
            "Mend it",
            key="anomaly.repair",
            icon=":material/healing:",
            help="The mend beside it",
            on_click=mend,
            disabled=mended,
        )


def draw_simple() -> None:
    """Draw the section of pictures of nothing."""
    from latentlab.data import datasets
    from latentlab.tasks import anomaly
    from latentlab.ui.anomaly import figures

    choice = choices.choose(scores=False)
    mended = fields.url_toggle("The mend beside it", key=MEND)
    shape = datasets.get(choice.data).image_shape
    scores = ["ae", *([MENDED] if mended else [])]
    lines, parts = [], []
    for score in scores:
        try:
            method = results.method(score, choice.data, choice.normal)
            found = results.judged(score, choice.data, choice.normal)
        except LatentLabError as error:
            st.error(widgets.plain(f"{error.message} {error.hint or ''}"))
            return
        tried = anomaly.tried(method, found, anomaly.simple_pictures(shape))
        lines.append(figures.passing(anomaly.SCORES[score], tried, choice.name))
        parts.append((anomaly.SCORES[score], tried))
    with st.container(key="anomaly_answer"):
        st.markdown("  \n".join(lines))
    with st.container(key="anomaly_simple"):
        st.html(figures.simple(parts))
    st.caption("Above what the network gets, below what it gives back.")
    widgets.explainer(SIMPLE_IDEA)
    widgets.show_code(picture.code(choices.Choice(choice.data, choice.normal, "ae")) + SIMPLE_CODE)


def draw_hindsight() -> None:
    """Draw the section of thresholds."""
    from latentlab.ui.anomaly import figures

    choice = choices.choose()
    mended = fields.url_toggle("The mend beside it", key=MEND)
    try:
        found = results.hindsight(choice.score, choice.data, choice.normal)
    except LatentLabError as error:
        st.error(widgets.plain(f"{error.message} {error.hint or ''}"))
        return
    with st.container(key="anomaly_answer"):
        st.markdown(figures.promise(found, mended))
    with st.container(key="anomaly_hindsight"):
        st.html(figures.hindsight(found, mended))
    st.caption("Means over 200 test sets, drawn anew from the test pictures that ship.")
    widgets.explainer(HINDSIGHT_IDEA)
    widgets.show_code(picture.code(choice) + HINDSIGHT_CODE)
