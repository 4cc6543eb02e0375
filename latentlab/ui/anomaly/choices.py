"""Which class is normal and which score is asked: choices that sections share."""

from dataclasses import dataclass

import streamlit as st

from latentlab.ui.shared import fields

DATA, NORMAL, SCORE = "anomaly_data", "anomaly_normal", "anomaly_score"
USUAL_NORMAL, USUAL_SCORE = "0", "ae"


@dataclass(frozen=True)
class Choice:
    """What is asked of which class."""

    data: str
    normal: int
    score: str

    @property
    def name(self) -> str:
        """What the normal pictures are, in words: digit 8, Sneaker."""
        return class_name(self.data, self.normal)

    @property
    def others(self) -> str:
        """What the other pictures are, in words."""
        return "the nine other digits" if self.data == "mnist" else "the nine other garments"


def class_name(data: str, normal: int) -> str:
    """Return what pictures of a class are, in words."""
    from latentlab.data import datasets

    name = datasets.get(data).class_names[normal]
    return f"digit {name}" if data == "mnist" else name


def choose(*, scores: bool = True) -> Choice:
    """Draw the choice of a data set, a class and a score, and return it."""
    from latentlab.data import classes, datasets
    from latentlab.tasks import anomaly

    with st.container(horizontal=True, vertical_alignment="bottom"):
        data = fields.url_select(
            "Data set",
            {name: datasets.get(name).title for name in classes.SHIPPED},
            key=DATA,
            style="buttons",
        )
        names = datasets.get(data).class_names
        normal = fields.url_select(
            "Normal is",
            {str(k): class_name(data, k) for k in range(len(names))},
            key=NORMAL,
            default=USUAL_NORMAL,
        )
        score = USUAL_SCORE
        if scores:
            score = fields.url_select("Score", anomaly.SCORES, key=SCORE, default=USUAL_SCORE)
    return Choice(data, int(normal), score)
