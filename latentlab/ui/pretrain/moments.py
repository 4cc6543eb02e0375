"""“Watch them train”: what layers look for, how strong their gradients are, moment by moment."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.pretrain import binding, results
from latentlab.ui.shared import component, fields, guard, state, widgets
from latentlab.ui.shared.entry import View

MOMENT, ALONE = "pretrain_moment", "pretrain_alone"
LAST, STUCK = 9, 5  # the last moment that was kept; one where only the oldest stack stands still
_KEY = "pretrain_live"

IDEA = """
Three stacks 784-256-128-64-10 learn all 60,000 digits; one run each. **From nothing, as in 2006**:
sigmoids, small random weights, plain gradient descent. **With greedy pretraining**: first each
layer alone learns to make its input again, a quarter of which is hidden from it; then labels.
**From nothing, as today**: ReLUs, He's weights, Adam.

Each little picture is what one unit looks for; blue adds, orange takes away. Of the first layer
these are its weights. Above it they are a sketch: the pictures of the layer below, added up with
the unit's weights, as if there were no bends between them.

The **bar** below a layer is the typical gradient of one of its weights, on a scale where every mark
is ten times the one before. A sigmoid's slope is at most ¼, and every layer on the way down
multiplies by it and by small weights: what reaches the first layer is next to nothing. So the stack
of 2006 answers the same for every picture, is wrong for nine of ten, and stays there for thousands
of steps. With 60,000 labels it gets away after one epoch, which is 3,000 steps.

**Pretraining** puts the layers where their slopes and weights let a gradient through. ReLUs and
better first weights do so without any pretraining.
"""
FORMULA = (
    r"\frac{\partial L}{\partial W_1} = x\,\bigl(s'_1 \odot W_2^\top (s'_2 \odot W_3^\top"
    r"(s'_3 \odot W_4^\top \delta))\bigr)^\top,\qquad s' = s(1 - s) \le \tfrac14",
)
PAPERS = (
    "[Bengio et al. (2007), Greedy layer-wise training of deep networks]"
    "(https://papers.nips.cc/paper/3048-greedy-layer-wise-training-of-deep-networks)",
    "[Glorot & Bengio (2010), Understanding the difficulty of training deep feedforward neural"
    " networks](https://proceedings.mlr.press/v9/glorot10a.html)",
    "[Lee, Ekanadham & Ng (2008), Sparse deep belief net model for visual area V2]"
    "(https://papers.nips.cc/paper/3313-sparse-deep-belief-net-model-for-visual-area-v2)",
)
CODE = """
import torch
from latentlab.data import datasets
from latentlab.training import pretraining

train = datasets.get("mnist").load("train")
x, y = train.tensor().flatten(1), torch.from_numpy(train.labels)
rng = torch.Generator().manual_seed(0)
stack = pretraining.Stack(pretraining.ERAS["2006"], rng)
for step in pretraining.greedy(stack, x, epochs=2, rng=rng, noise=0.25):
    pass  # leave this out, and the stack does not learn
for step in pretraining.fine_tune(stack, x, y, epochs=12, rng=rng):
    pass
print(pretraining.gradient_norms(stack, x[:1000], y[:1000]))
print(pretraining.features(stack, depth=0, units=12).shape)
"""


def draw(view: View) -> None:
    """Draw the section."""
    try:
        _, packed = results.kept()
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    address = component.publish(packed, "application/json", "pretrain.moments")
    alone = fields.url_toggle(
        "Only the stack of 2006, from nothing", key=ALONE, help="Without the two that learn"
    )
    _live(address, alone)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(CODE)


@st.fragment
def _live(address: str, alone: bool) -> None:
    """Draw the runs; where the slider rests is held by the address."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= LAST):
            raise ValueError(text)
        return int(text)

    def rest() -> None:
        at = st.session_state[_KEY].get("at")
        if type(at) is int and 0 <= at <= LAST:
            st.session_state[MOMENT] = at

    with guard.errors(), st.container(key="pretrain_layers"):
        at = state.url_value(MOMENT, "Moment", parse, LAST)
        shown = (0,) if alone else (0, 1, 2)
        binding.layers(key=_KEY, moments=address, at=at, shown=shown, on_rest=rest)
        at = st.session_state[MOMENT]
        state.publish(MOMENT, None if at == LAST else str(at))
