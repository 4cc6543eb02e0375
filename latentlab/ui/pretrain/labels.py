"""“How many labels?”: test error over the number of labels, in both eras."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.pretrain import results
from latentlab.ui.shared import fields, guard, state, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.experiments import Result

LABELS, ERA, PRINTED = "pretrain_labels", "pretrain_era", "pretrain_printed"
USUAL_LABELS = 100

IDEA = """
A classifier 784-256-128-64-10 gets the labels of 100 to 60,000 digits. Before that, its three
hidden layers may look at all 60,000 pictures **without** labels:

- **Greedy**: one layer after another learns to make its own input again, from its code (Bengio
  2007). **Greedy denoising**: a quarter of that input is hidden from it (Vincent 2010).
- **One deep autoencoder**: all three at once, each weight with as many steps as above.
- **From nothing**: random weights, labels only.

**2006** means sigmoids, small random weights and plain gradient descent; **today** ReLUs, He's
weights and Adam. PCA of all pictures and a support vector machine of the same labels is what has to
be beaten. All settings were fixed in advance: with 100 labels, nobody has 10,000 more to
choose by.

The stack of 2006 can learn from nothing, but needs far longer to begin. With 100 labels it also got
ten times as long, which is in the table. The budget is small for everybody; with 1,000 labels and
more, plain gradient descent would gain a little from a larger one.

Every draw of labels is balanced, and all methods get the same ones. Where two bands touch, another
draw may turn the order round.
"""
MORE = (
    " With 10,000 labels and more only today’s stacks were measured; *Watch them train* shows those"
    " of 2006 with all labels."
)
FORMULA = (
    r"h = s(W\tilde x + b),\quad x' = W^\top h + c,\quad \min_{W,b,c}\ \ell(x, x')"
    r"\quad\text{layer by layer}",
)
PAPERS = (
    "[Bengio et al. (2007), Greedy layer-wise training of deep networks]"
    "(https://papers.nips.cc/paper/3048-greedy-layer-wise-training-of-deep-networks)",
    "[Vincent et al. (2010), Stacked denoising autoencoders]"
    "(https://www.jmlr.org/papers/v11/vincent10a.html)",
    "[Rifai et al. (2011), The manifold tangent classifier]"
    "(https://papers.nips.cc/paper/4409-the-manifold-tangent-classifier)",
    "[Kingma et al. (2014), Semi-supervised learning with deep generative models]"
    "(https://arxiv.org/abs/1406.5298), whose table 1 gathers the rows in print",
    "[Rasmus et al. (2015), Semi-supervised learning with ladder networks]"
    "(https://arxiv.org/abs/1507.02672)",
)
CODE = """
from latentlab import experiments
from latentlab.tasks import pretrain

few, many = (experiments.load(name) for name in ("pretrain", "pretrain_many"))
rows = pretrain.compare(few, many, era="{era}", labels={labels})
for row in rows:
    print(row.title, row.point.mean, row.point.spread, row.point.seeds)
print(pretrain.verdict(rows, "{era}", {labels}).sentence)
# To measure it again: latentlab experiment pretrain
"""


def draw(view: View) -> None:
    """Draw the section."""
    try:
        few = results.measured("pretrain")
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    many: Result | None = None
    try:
        many = results.measured("pretrain_many")
    except LatentLabError as error:  # the few labels can still be shown
        st.caption(widgets.plain(error.message))
    _live(few, many, 560 if view.presents else 420)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(
        lambda: CODE.format(era=st.session_state[ERA], labels=st.session_state[LABELS]),
        key="pretrain.code",
    )


@st.fragment
def _live(few: "Result", many: "Result | None", height: int) -> None:
    """Draw the controls and what they choose; a change reruns this alone."""
    from latentlab.tasks import pretrain
    from latentlab.ui.pretrain import figures

    with guard.errors():
        with st.container(key="pretrain_controls", horizontal=True, vertical_alignment="bottom"):
            era = fields.url_select("Trained as in", pretrain.ERAS, key=ERA, style="buttons")
            labels = _choose_labels(pretrain.offered(few, many, era))
            printed = fields.url_toggle("Rows in print", key=PRINTED, default=True)
        shown = pretrain.PUBLISHED if printed else ()
        rows = pretrain.compare(few, many, era, labels)
        found = pretrain.verdict(rows, era, labels)
        longer = pretrain.longer(few, era, labels)
        with st.container(key="pretrain_answer"):
            st.markdown(found.sentence)
        with st.container(key="pretrain_results"):
            chart, table = st.columns([3, 2], gap="medium")
        curves = {method: pretrain.points(few, many, era, method) for method in pretrain.METHODS}
        with chart, st.container(key="pretrain_chart"):
            st.plotly_chart(
                figures.over_labels(curves, labels, shown, height),
                key="pretrain.curves",
            )
        with table, st.container(key="pretrain_table"):
            st.html(figures.table(rows, found.winner, shown, labels, longer))
        chance = "first weights" if labels == max(pretrain.LABELS) else "labels and first weights"
        draws = rows[-1].point.seeds
        st.caption(
            f"Bands and ±: one standard deviation over {draws} draws of {chance}."
            f" {widgets.plain((few if labels in few.curves[0].x else many or few).budget)}."
            f"{'' if max(pretrain.LABELS) in pretrain.offered(few, many, era) else MORE}"
        )


def _choose_labels(offered: tuple[int, ...]) -> int:
    """Draw the slider over numbers of labels, held by the address, and return the chosen one."""
    from latentlab.tasks import pretrain

    def parse(text: str) -> int:
        if text not in {str(n) for n in pretrain.LABELS}:
            raise ValueError(text)
        return int(text)

    held = state.url_value(LABELS, "Labels", parse, USUAL_LABELS)
    if held not in offered:  # the other era was measured with more
        st.session_state[LABELS] = max(offered)
    labels: int = st.select_slider(
        "Labelled pictures",
        offered,
        format_func=lambda n: f"{n:,}",
        key=LABELS,
        persist_state="session",
    )
    state.publish(LABELS, None if labels == USUAL_LABELS else str(labels))
    return labels
