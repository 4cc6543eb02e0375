"""“Longer than trained”: what is left at two and four times the trained length."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.sequences import results
from latentlab.ui.shared import fields, guard, widgets
from latentlab.ui.shared.entry import View

TASK, COMPARE = "sequences_length_task", "sequences_compare"

IDEA = """
Each network has learnt each task from sequences up to a length: 64 signs for recall, 50 for
copying, 40 for the others. Then it is asked in sequences of that length, of twice, and of four
times it; the last answer counts, for parity and brackets the last ten, for copying all ten letters.
The floor is who remembers nothing that matters.

**Parity** is the lesson about length: one bit, turned by every one, is all that a recurrent network
needs, at any length, if it finds that way. A Transformer has no such bit; it has to count ones all
at once, which is hard to learn, and what it learns for 40 signs need not hold for 160.

The Transformer here has learnt positions: they end where training ended, and all later signs get
the last of them. Beyond 64 signs it no longer knows which sign stands beside which. The comparison
of **positions** asks the same of smaller lessons, of 16 signs, with three other ways to know
places: sines and cosines, rotary ones, where only the distance of two signs counts, and none. One
of the three trainings with sines and cosines never left the floor: learning can fail by chance.
"""
PAPERS = (
    "[Delétang et al. (2023), Neural networks and the Chomsky hierarchy]"
    "(https://arxiv.org/abs/2207.02098)",
    "[Su et al. (2021), RoFormer: enhanced Transformer with rotary position embedding]"
    "(https://arxiv.org/abs/2104.09864)",
    "[Kazemnejad et al. (2023), The impact of positional encoding on length generalization in "
    "Transformers](https://arxiv.org/abs/2305.19466)",
    "[Hahn (2020), Theoretical limitations of self-attention in neural sequence models]"
    "(https://arxiv.org/abs/1906.06755)",
)
CODE = """
from latentlab import experiments
from latentlab.tasks import sequences

result = experiments.load("{study}")
curves = sequences.over_lengths(result, "{task}")
for name, points in curves.items():
    print(name, [(point.x, point.mean, point.spread) for point in points])
# To measure it again: latentlab experiment {study}
"""
PLACES_CODE = """
from latentlab import experiments
from latentlab.tasks import sequences

result = experiments.load("sequences_positions")
for name, points in sequences.over_positions(result).items():
    print(name, [(point.x, point.mean, point.spread) for point in points])
# To measure it again: latentlab experiment sequences_positions
"""


COMPARED = {"networks": "Networks", "positions": "Positions of the Transformer"}


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.tasks import sequences

    with guard.errors():
        with st.container(key="sequences_controls", horizontal=True, vertical_alignment="bottom"):
            compared = fields.url_select("Compare", COMPARED, key=COMPARE, style="buttons")
            task = "recall"
            if compared == "networks":
                task = fields.url_select("Task", sequences.TASKS, key=TASK, default="parity")
        _measured(compared, task, view.presents)
    widgets.explainer(IDEA, paper=PAPERS)
    study = sequences.study_of_length(task)
    code = CODE.format(task=task, study=study) if compared == "networks" else PLACES_CODE
    widgets.show_code(code)


def _measured(compared: str, task: str, presents: bool) -> None:
    """Draw what was measured, in words and as curves."""
    from latentlab.experiments import sequences_length as experiment
    from latentlab.tasks import sequences
    from latentlab.ui.sequences import figures

    by_networks = compared == "networks"
    try:
        study = sequences.study_of_length(task) if by_networks else "sequences_positions"
        result = results.measured(study)
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    if by_networks:
        curves = sequences.over_lengths(result, task)
        said, titles = sequences.length_sentence(curves, task), sequences.NETS
    else:
        curves = sequences.over_positions(result)
        said, titles = sequences.positions_sentence(curves), sequences.POSITIONS
    with st.container(key="sequences_answer"):
        st.markdown(said)
    with st.container(key="sequences_chart"):
        st.plotly_chart(
            figures.curves(
                curves,
                titles,
                x="length, in trained lengths",
                y=experiment.RIGHT.title,
                height=560 if presents else 420,
                presents=presents,
            ),
            key="sequences.lengths",
        )
    st.caption(f"{results.spread(result)} {widgets.plain(result.budget)}.")
