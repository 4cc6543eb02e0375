"""“One against the rest”: every score on every class, beside what is in print."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.anomaly import choices, results
from latentlab.ui.shared import fields, widgets

IDEA = """
Ten times a data set one class is normal and the nine others are not; what is reported is the mean
AUROC of the ten, on the whole test split. Ours have seen the pixels as they are, from 0 to 1, and
one class alone, and nothing was chosen on the test split. Rows in print have other preprocessing:
Deep SVDD's contrast normalisation uses constants of each class.

What carries most is **the score**: smoothed and divided by the ink. That is why these rows are
level with what far larger methods have in print. The same networks with their plain error are far
behind; and **PCA, given the same score, is about as good as they are**. Whoever compares a new
score with PCA's plain error has shown the score, not the network. The score was found on the
training split, with its other classes in the part of outliers.
"""
PAPERS = (
    "[Ruff et al. (2018), Deep one-class classification](https://proceedings.mlr.press/v80/ruff18a.html)",
    "[Golan & El-Yaniv (2018), Deep anomaly detection using geometric transformations]"
    "(https://arxiv.org/abs/1805.10917)",
    "[Perera, Nallapati & Xiang (2019), OCGAN](https://arxiv.org/abs/1903.08550)",
)
CODE = """
from latentlab import experiments
from latentlab.tasks import anomaly

for row in anomaly.table(experiments.load("anomaly"), "{data}"):
    print(f"{{row.label:40s}} {{row.mean:.3f}} ± {{row.spread or 0:.3f}}")
"""


def draw() -> None:
    """Draw the section."""
    from latentlab.data import classes, datasets
    from latentlab.tasks import anomaly
    from latentlab.ui.anomaly import figures

    data = fields.url_select(
        "Data set",
        {name: datasets.get(name).title for name in classes.SHIPPED},
        key=choices.DATA,
        style="buttons",
        label_visibility="collapsed",
    )
    try:
        result = results.measured("anomaly")
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    rows = anomaly.table(result, data)
    names = datasets.get(data).class_names
    with st.container(key="anomaly_answer"):
        st.markdown(figures.verdict(rows))
    with st.container(key="anomaly_table"):
        st.html(figures.table(rows, names, anomaly.PUBLISHED, classes.SHIPPED.index(data)))
    seeds = len(result.seeds)
    spread = (
        f"± one standard deviation of the mean over {seeds} seeds; without chance there is none."
        if seeds > 1
        else "One seed, so there is no spread: a lead of half a point may be chance."
    )
    st.caption(f"{spread} Bold: the best of a class. {widgets.plain(result.budget)}.")
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(CODE.format(data=data))
