"""“Up to which layer?”: a handle on the drawn network, and accuracy over it."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.shared import fields, guard, state, widgets
from latentlab.ui.shared.entry import View
from latentlab.ui.transfer import binding, labels, results
from latentlab.ui.transfer.labels import PAIR

LABELS, DEPTH, GHOST = "transfer_depth_labels", "transfer_depth", "transfer_ghost"
USUAL_DEPTH, LAST = 3, 5
USUAL_LABELS = 10
_KEY = "transfer_live"

IDEA = """
The first n layers of a network that has learnt a source task are **copied**; what is above is drawn
anew. Then the target is learnt from 10 labels of each class, or from 100:

- **Copied and frozen** (AnB in the paper): the copied layers stay as they are.
- **Copied and fine-tuned** (AnB⁺): they learn on.
- **Random and frozen**: the first n layers keep random weights. What is lost there is what the
  layers had to learn.

n = 0 is the network from scratch for all three; with all five frozen, only the head learns, and
that is logistic regression. First layers are often good for anything; the last ones belong to the
task that they were learnt for.

The **dotted line** is in print, from one half of ImageNet's classes to the other: AlexNet with 7
layers and all labels, so its heights say nothing about ours; its shape does. The **dashed line** is
from a half to itself: nothing can be lost there but what layers had agreed on, and in the middle it
falls, as neighbours that learnt together are parted.

Below the network: what the first layer looks for, one filter a square; in grey networks blue adds
and orange takes away. A frozen layer costs no gradient, and what it makes of a picture is computed
once: seconds are those of 100 steps of 32 pictures on one CPU core.
"""


def draw(view: View) -> None:
    """Draw the section."""
    try:
        result = results.measured("transfer_depth")
        kept = results.kept()
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    _live(result, kept)
    widgets.explainer(IDEA, paper=labels.PAPERS[:1])
    widgets.show_code(
        lambda: CODE.format(
            pair=st.session_state[PAIR], labels=st.session_state.get(LABELS, USUAL_LABELS)
        ),
        key="transfer.code",
    )


CODE = """
from latentlab import experiments
from latentlab.tasks import transfer

result = experiments.load("transfer_depth")
curves = transfer.depth_curves(result, pair="{pair}", labels={labels})
layers = transfer.layers_of("{pair}")
for point in curves["frozen"]:
    print(point.x, point.mean, point.spread, transfer.trained_parameters(layers, point.x))
# To measure it again: latentlab experiment transfer_depth
"""


@st.fragment
def _live(result: object, kept: object) -> None:
    """Draw the controls and the network; where the handle rests is held by the address."""
    from latentlab.experiments import Result
    from latentlab.experiments.transfer_filters import Filters
    from latentlab.tasks import transfer

    assert isinstance(result, Result) and isinstance(kept, Filters)

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) == 1 and int(text) <= LAST):
            raise ValueError(text)
        return int(text)

    def rest() -> None:
        at = st.session_state[_KEY].get("depth")
        if type(at) is int and 0 <= at <= LAST:
            st.session_state[DEPTH] = at

    with guard.errors():
        with st.container(key="transfer_controls", horizontal=True, vertical_alignment="bottom"):
            pairs = labels.pair_options(transfer.DEPTH_PAIRS)
            pair = fields.url_select("From → to", pairs, key=PAIR)
            count = transfer.DEPTH_LABELS[0]
            if len(transfer.DEPTH_LABELS) > 1:
                options = {str(n): str(n) for n in transfer.DEPTH_LABELS}
                count = int(
                    fields.url_select("Labels of each class", options, key=LABELS, style="buttons")
                )
            ghost = fields.url_toggle("Curves in print", key=GHOST, default=True)
        depth = state.url_value(DEPTH, "Layers", parse, USUAL_DEPTH)
        with st.container(key="transfer_layers"):
            binding.freezer(
                key=_KEY,
                result=result,
                kept=kept,
                pair=pair,
                labels=count,
                depth=depth,
                ghost=ghost,
                on_rest=rest,
            )
        depth = st.session_state[DEPTH]
        state.publish(DEPTH, None if depth == USUAL_DEPTH else str(depth))
        st.caption(
            f"Bands: one standard deviation over {len(result.seeds)} seeds."
            f" {widgets.plain(result.budget)}."
        )
