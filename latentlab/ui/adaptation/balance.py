"""“Aligned, and wrong”: accuracy over the class balance of the target, on digits."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.tasks import adaptation as task
from latentlab.ui.adaptation import figures, results
from latentlab.ui.shared import widgets
from latentlab.ui.shared.entry import View

IDEA = """
MNIST has as many digits from 0 to 4 as from 5 to 9. Of the target, USPS framed as MNIST is, a
growing share shows 0 to 4; at the right end, all of it. Accuracy is that on test digits of the same
mixture. No method is told, as it sees no label of the target.

**MMD** makes the two clouds of features alike, also in how many points lie where. So digits that
are not there have to be found: others are moved to their places. **Information maximisation** wants
answers that are even over all classes, and gets them. A domain classifier is fooled as well as
before; the accuracy falls. Whoever aligns assumes that the classes are equally frequent.

**DANN** falls least here, as it hardly aligns: in the rehearsal the weakest strength was the best,
and the error of the domain classifier stays far below 50 %.

The same in two dimensions: “λ under the finger”, with the slider of the upper moon.
"""
PAPERS = (
    "[Zhao et al. (2019), On learning invariant representations for domain adaptation]"
    "(https://arxiv.org/abs/1901.09453)",
    "[Liang, Hu & Feng (2020), Do we really need to access the source data?]"
    "(https://arxiv.org/abs/2002.08546)",
)
CODE = """
from latentlab import experiments

result = experiments.load("adaptation_balance")
for method in ("source", "mmd", "dann", "im"):
    curve = result.curve(f"{method}.target")
    print(method, [(x, round(mean, 1)) for x, mean in zip(curve.x, curve.mean)])
# Measured again, from the beginning: latentlab experiment adaptation_balance
"""


def draw(view: View) -> None:
    """Draw the section."""
    try:
        result = results.measured("adaptation_balance")
        sentence = task.wrong(result)
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    with st.container(key="adaptation_answer"):
        st.markdown(widgets.unbroken(sentence))
    with st.container(key="adaptation_results"):
        figures.show(figures.legend(("source", "mmd", "dann", "im")))
        left, right = st.columns(2, gap="large")
        height = 560 if view.presents else 420
        with left:
            st.markdown("**Accuracy on the target**")
            st.plotly_chart(
                figures.over_shares(result, "target", height), key="adaptation.over_shares"
            )
        with right:
            st.markdown("**Error of a fresh domain classifier** (50 %: aligned)")
            st.plotly_chart(
                figures.over_shares(result, "domains", height), key="adaptation.over_domains"
            )
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(CODE)
