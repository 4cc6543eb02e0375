"""“How many labels?”: test accuracy over labels a class, for a pair of tasks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.shared import fields, guard, widgets
from latentlab.ui.shared.entry import View
from latentlab.ui.transfer import results

if TYPE_CHECKING:
    from latentlab.experiments import Result
    from latentlab.experiments.transfer import Pair

PAIR, LABELS = "transfer_pair", "transfer_labels"
USUAL_LABELS = "10"

IDEA = """
A small network (four convolutions, one dense layer) first learns a **source** task with all its
labels. Then it gets a few labels of a **target** task, from 1 to 100 of each class:

- **Frozen features**: its layers stay as they are; logistic regression on top.
- **Fine-tuned**: a new head, and all layers learn on.
- **Probed, then fine-tuned**: the head begins as that logistic regression (Kumar 2022), so that the
  first steps do not spoil the features.

Transfer helps only if it beats a network that was taught **nothing else**: the same one **from
scratch**, and the same one **frozen with random weights**. And a network has to beat what needs
none: **PCA with nearest neighbours** and **logistic regression on pixels**.

Every seed is another source network and another draw of labels, the same for all methods. Where
bands touch, another draw may turn the order round: that is shown as no transfer.

Pictures of KMNIST and Omniglot do not ship: of these there are numbers only. KMNIST is parted from
its official test set. All networks are small and get few steps, the same number whatever the
method: the numbers are there to be compared with one another, not with those in print.
"""
PAPERS = (
    "[Yosinski et al. (2014), How transferable are features in deep neural networks?]"
    "(https://arxiv.org/abs/1411.1792)",
    "[Kumar et al. (2022), Fine-tuning can distort pretrained features]"
    "(https://arxiv.org/abs/2202.10054)",
)
CODE = """
from latentlab import experiments
from latentlab.tasks import transfer

result = experiments.load("transfer")
rows = transfer.compare(result, pair="{pair}", labels={labels})
for row in rows:
    print(row.title, row.point.mean, row.point.spread)
print(transfer.verdict(rows, "{pair}", {labels}).sentence)
# To measure it again: latentlab experiment transfer
"""


def pair_options(pairs: "Mapping[str, Pair]") -> dict[str, str]:
    """Return pairs as options, name -> title."""
    return {name: pair.title for name, pair in pairs.items()}


def draw(view: View) -> None:
    """Draw the section."""
    try:
        result = results.measured("transfer")
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    _live(result, 560 if view.presents else 420)
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(
        lambda: CODE.format(pair=st.session_state[PAIR], labels=st.session_state[LABELS]),
        key="transfer.code",
    )


@st.fragment
def _live(result: "Result", height: int) -> None:
    """Draw the controls and what they choose; a change reruns this alone."""
    from latentlab.tasks import transfer
    from latentlab.ui.transfer import figures

    with guard.errors():
        with st.container(key="transfer_controls", horizontal=True, vertical_alignment="bottom"):
            pair = fields.url_select("From → to", pair_options(transfer.PAIRS), key=PAIR)
            labels = int(
                fields.url_select(
                    "Labels of each class",
                    {str(n): str(n) for n in transfer.LABELS},
                    key=LABELS,
                    default=USUAL_LABELS,
                    style="buttons",
                )
            )
        rows = transfer.compare(result, pair, labels)
        found = transfer.verdict(rows, pair, labels)
        with st.container(key="transfer_answer"):
            st.markdown(widgets.unbroken(found.sentence))
        with st.container(key="transfer_results"):
            chart, table = st.columns([3, 2], gap="medium")
        with chart, st.container(key="transfer_chart"):
            curves = transfer.curves(result, pair)
            st.plotly_chart(figures.over_labels(curves, labels, height), key="transfer.curves")
        with table, st.container(key="transfer_table"):
            st.html(figures.table(rows, found.winner, labels))
        st.caption(
            f"Bands and ±: one standard deviation over {len(result.seeds)} seeds."
            f" {widgets.plain(result.budget)}."
        )
        with st.expander("All pairs at a glance", icon=":material/table_rows:"):
            st.html(figures.all_pairs(result, labels))
