"""“Tuned on the test set”: how much too good a number looks that was chosen by what it measures."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.pretrain import results
from latentlab.ui.shared import fields, guard, widgets
from latentlab.ui.shared.entry import View

MEND, LABELS, ERA = "pretrain_mend", "pretrain_tuned_labels", "pretrain_tuned_era"

IDEA = """
Ten thousand test pictures with labels lie at hand, and a hundred for training. It is tempting to
**stop at the moment** when the test error is least; to try several methods and **report the one**
that did best; and to show **the best draw** of labels. Each is a choice by labels that the method
is said not to have. The bars show what it gains: the number gets smaller, and nothing gets better.

The honest number belongs to a method that was named in advance, here greedy denoising autoencoders,
at the end of a training whose length was fixed in advance, as the mean over all draws.

A validation set is no way out where it is much larger than the training set: who has 10,000 labels
to choose by could have trained with them.
"""
PAPER = (
    "[Oliver et al. (2018), Realistic evaluation of deep semi-supervised learning algorithms]"
    "(https://arxiv.org/abs/1804.09170), section 4.6, on validation sets larger than training sets"
)
CODE = """
from latentlab import experiments
from latentlab.tasks import pretrain

few = experiments.load("pretrain")
cheat = pretrain.hindsight(few, era="{era}", labels={labels})
print(cheat.honest, cheat.moment, cheat.row, cheat.draw)
"""


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.experiments import pretrain as experiment
    from latentlab.tasks import pretrain
    from latentlab.ui.pretrain import figures

    try:
        few = results.measured("pretrain")
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    with guard.errors():
        with st.container(key="pretrain_controls", horizontal=True, vertical_alignment="bottom"):
            era = fields.url_select(
                "Trained as in", pretrain.ERAS, key=ERA, default="today", style="buttons"
            )
            offered = {str(n): f"{n:,}" for n in experiment.LABELS}
            labels = int(
                fields.url_select("Labelled pictures", offered, key=LABELS, style="buttons")
            )
            mended = fields.url_toggle("The honest number beside it", key=MEND)
        found = pretrain.hindsight(few, era, labels)
        with st.container(key="pretrain_answer"):
            st.markdown(figures.cheating(found, labels, mended))
        with st.container(key="pretrain_bars"):
            st.plotly_chart(
                figures.steps_down(found, mended, 110 if view.presents else 62),
                key="pretrain.steps",
            )
        st.caption(
            f"Means over {found.draws} draws of labels, but for the last bar. The test error was"
            " looked at after a quarter, half and all of the training."
        )
    widgets.explainer(IDEA, paper=PAPER)
    widgets.show_code(CODE.format(era=era, labels=labels))
