"""“Linear AE is PCA”: how the axes of a linear autoencoder turn while it is trained."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.bottleneck import binding, results
from latentlab.ui.shared import cache, component, guard, state, widgets

MOMENT = "bottleneck_moment"
_KEY = "bottleneck_turning"
SIZE = 8
NAME = f"linear_autoencoder.{results.TURNED}_k{SIZE}"

IDEA = """
Without bends, an autoencoder is two matrices. With squared error its best is the **subspace** of
the first *k* principal components: the angles between both planes go to zero. But any axes within
that subspace serve as well, so the network has no reason to choose PCA's.

A small **L2 penalty** on both matrices is a reason: it makes the axes of unequal length, and turns
each into a principal component, in order. What is drawn are the left singular vectors of the
decoder's matrix, the axes of the ellipsoid that it makes of a ball of codes. Its columns may still
be a rotation of them (Kunin et al. 2019), as the penalty does not care how the code itself is
turned. It does make the encoder the decoder's transpose.
"""
FORMULA = (
    r"\lVert X - W_2 W_1 X \rVert^2",
    r"\lVert X - W_2 W_1 X \rVert^2 + \lambda\,(\lVert W_1 \rVert^2 + \lVert W_2 \rVert^2)",
)
PAPERS = (
    "[Baldi & Hornik (1989), Neural networks and principal component analysis]"
    "(https://doi.org/10.1016/0893-6080(89)90014-2)",
    "[Kunin et al. (2019), Loss landscapes of regularized linear autoencoders]"
    "(https://arxiv.org/abs/1901.08168)",
)
CODE = """
from safetensors.torch import load
from latentlab import checkpoints
from latentlab.data import components
from latentlab.latents import subspaces

moments = load(checkpoints.load("{name}").file("snapshots.safetensors"))
principal = components.components("{data}").truncate({k}).components.T
for step, w2 in zip(moments["steps"], moments["decoder.0.weight"].float()):
    print(int(step), subspaces.principal_angles(w2, principal).max())
"""


def draw() -> None:
    """Draw the section."""
    penalised: str | None = f"{NAME}_l2"
    there = cache.names(data=results.TURNED, study="bottleneck")
    if NAME not in there:
        widgets.empty_state(
            "The linear autoencoder is not here yet",
            "This part goes through the training of a linear autoencoder of MNIST with 8 numbers.",
            f"latentlab train {NAME}",
        )
        return
    if penalised not in there:
        penalised = None
        st.caption("The run with an L2 penalty is not here yet.")
    try:
        shown = results.turning(NAME, penalised)
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    principal = results.components(results.TURNED).components[:SIZE]
    shape = results.components(results.TURNED).image_shape[1:]
    address = component.publish(
        binding.moments(shown, principal, shape), "application/json", "bottleneck.turning"
    )
    _live(address, len(shown.steps))
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(CODE.format(name=NAME, data=results.TURNED, k=SIZE))


@st.fragment
def _live(address: str, count: int) -> None:
    """Draw the axes; where the slider rests is held by the address."""
    last = count - 1

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= last):
            raise ValueError(text)
        return int(text)

    def rest() -> None:
        at = st.session_state[_KEY].get("at")
        if type(at) is int and 0 <= at <= last:
            st.session_state[MOMENT] = at

    with guard.errors(), st.container(key="bottleneck_axes"):
        at = min(state.url_value(MOMENT, "Moment", parse, last), last)
        binding.turning(key=_KEY, moments=address, at=at, on_rest=rest)
        at = min(st.session_state[MOMENT], last)
        state.publish(MOMENT, None if at == last else str(at))
