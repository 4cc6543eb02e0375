"""One picture, its heat and its score among others; and networks whose training was not clean."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.anomaly import binding, choices, results
from latentlab.ui.shared import fields, guard, picture_code, picture_source, state, widgets

if TYPE_CHECKING:
    from latentlab.tasks.anomaly import Judged

AT, PERCENT, DIRTY = "anomaly_at", "anomaly_percent", "anomaly_dirty"
_KEY = "anomaly_live"
_OF = "anomaly.of"  # which scores the threshold was chosen for

IDEA = """
The network has seen **one class alone**, and learnt to give its pictures back through 8 numbers.
Show it something else, and it has no numbers for it: the **error** is large. So says every course.
What can be had of it depends on the score:

- **Error**: the mean of the squared differences. A picture with little ink cannot have a large one.
- **Smoothed error**: differences are averaged over 3 × 3 pixels first, so that an edge half a pixel
  off counts for little, and the sum is divided by the length of the picture, its ink.
- **−ELBO** of a VAE: the error in nats, and how far the code lies from the prior.
- **Isolation forest**: how few random cuts part the code from those of 256 training pictures.
- **Nearest neighbours**: the distance in pixels to 256 training pictures. No network.
- **PCA**: the same errors by 16 straight axes, fitted to the same pictures.

The **threshold** is free. At first it is the one that one in twenty normal pictures lies above, of
200 that were kept back from training. AUROC needs none: how often does an outlier score above a
normal picture?
"""
FORMULA = (
    r"s(x) = \tfrac1D \lVert x - x' \rVert^2,\qquad"
    r" s_\text{smoothed}(x) = \lVert \text{box}_{3\times3} * (x - x') \rVert^2 / \lVert x \rVert",
)
PAPERS = (
    "[Ruff et al. (2018), Deep one-class classification](https://proceedings.mlr.press/v80/ruff18a.html)",
    "[Liu, Ting & Zhou (2008), Isolation forest](https://doi.org/10.1109/ICDM.2008.17)",
)
CODE = """
from latentlab import checkpoints
from latentlab.data import classes, datasets
from latentlab.tasks import anomaly

known = classes.known_of("{data}", {normal})
network = {network}
method = anomaly.method("{score}", known, network)
found = anomaly.judged(method, datasets.get("{data}").samples(), {normal}, known.held_out)
print("AUROC", found.auroc, anomaly.alarms_at(found, found.threshold))
"""
SCORED = """
print("this picture", float(method(x)[0]), "threshold", found.threshold)
"""


def code(choice: choices.Choice, percent: int = 0) -> str:
    """Return the lines that make the scores again."""
    from latentlab.tasks import anomaly

    name = anomaly.checkpoint(choice.score, choice.data, choice.normal, percent)
    network = "None" if name is None else f'checkpoints.load("{name}").load_model()'
    return CODE.format(data=choice.data, normal=choice.normal, score=choice.score, network=network)


def draw() -> None:
    """Draw the section of one picture."""
    import torch

    from latentlab.data import datasets
    from latentlab.tasks import anomaly
    from latentlab.ui.anomaly import figures

    choice = choices.choose()
    of = datasets.get(choice.data)
    with st.container(key="anomaly_looked"):
        with st.container(key="anomaly_source"):
            picked = picture_source.pick_image("anomaly_pic", choice.data, of.image_shape)
        try:
            method = results.method(choice.score, choice.data, choice.normal)
            found = results.judged(choice.score, choice.data, choice.normal)
        except LatentLabError as error:
            st.error(widgets.plain(f"{error.message} {error.hint or ''}"))
            return
        with torch.inference_mode():
            again = method.again(picked.image[None])
            score = float(method.score(picked.image[None], again)[0])
            heat = anomaly.heat(picked.image, again[0])
        shown = (
            figures.Shown("The picture", picked.image),
            figures.Shown(_title(method.caption), again[0]),
            figures.Shown("Difference", figures.heated(picked.image, heat)),
        )
        with st.container(key="anomaly_compared"):
            st.html(figures.row(shown))
        live(choice, found, score, f"{choice.data}.{choice.normal}.{choice.score}")
    _passing(choice, found)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(
        picture_code.together(
            picture_code.lines(picked, choice.data, of.image_shape), code(choice) + SCORED
        )
    )


def draw_dirty() -> None:
    """Draw the section of networks among whose training pictures some do not belong."""
    from latentlab.experiments import contamination
    from latentlab.tasks import anomaly
    from latentlab.ui.anomaly import figures

    with st.container(horizontal=True, vertical_alignment="bottom"):
        normal = fields.url_select(
            "Normal is",
            {str(k): choices.class_name("mnist", k) for k in contamination.CLASSES},
            key=DIRTY,
            style="buttons",
            default="8",
        )
        percent = fields.url_select(
            "Of the training pictures, other digits are",
            {str(share): f"{share} %" for share in contamination.SHARES},
            key=PERCENT,
            style="buttons",
        )
        score = fields.url_select(
            "Score",
            {name: anomaly.SCORES[name] for name in ("ae", "ae_smoothed")},
            key="anomaly_dirty_score",
            style="buttons",
        )
    choice = choices.Choice("mnist", int(normal), score)
    share = int(percent)
    try:
        found = results.judged(score, "mnist", choice.normal, share)
        clean = results.judged(score, "mnist", choice.normal)
    except LatentLabError as error:
        st.error(widgets.plain(f"{error.message} {error.hint or ''}"))
        return
    with st.container(key="anomaly_answer"):
        st.markdown(figures.unclean(found, clean, share))
    live(choice, found, None, f"dirty.{normal}.{score}.{share}")
    with guard.errors():
        try:
            curves = anomaly.contamination_curves(results.measured("contamination"), choice.normal)
        except LatentLabError as error:
            st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        else:
            st.subheader("Over the whole test split", anchor=False)
            st.plotly_chart(figures.over_shares(curves, share), key="anomaly_shares")
            st.caption(figures.lost(curves))
    widgets.explainer(DIRTY_IDEA)
    widgets.show_code(code(choice, share))


DIRTY_IDEA = """
Nobody hands you training pictures that are **all** normal: then you would not need a detector.
Here other digits were mixed in, the same number of each, and every network got as many pictures and
steps. What it has seen among its training pictures it learns to give back, so such outliers score
lower. These are networks that were trained so, not a simulation.
"""


def live(choice: choices.Choice, found: "Judged", score: float | None, identity: str) -> None:
    """Draw the scores with their threshold, which falls back when other scores are shown."""
    if st.session_state.get(_OF) not in (None, identity):
        st.session_state[AT] = None
    st.session_state[_OF] = identity
    _live(choice, found, score, identity)


@st.fragment
def _live(choice: choices.Choice, found: "Judged", score: float | None, identity: str) -> None:
    """Draw the histogram; where the threshold rests is held by the address."""

    def parse(text: str) -> int | None:
        if not (text.isascii() and text.isdigit() and len(text) <= 4):
            raise ValueError(text)
        return binding.read_position(int(text))

    def rest() -> None:
        try:
            st.session_state[AT] = binding.read_position(st.session_state[_KEY].get("at"))
        except ValueError:
            return  # it stays where it is

    with guard.errors(), st.container(key=f"{_KEY}_box"):
        at = state.url_value(AT, "Threshold", parse, None)
        binding.threshold(
            key=_KEY,
            found=found,
            identity=identity,
            normal_name=choice.name,
            others_name=choice.others,
            score=score,
            at=at,
            on_rest=rest,
        )
        at = st.session_state[AT]
        state.publish(AT, None if at is None else str(at))


def _passing(choice: choices.Choice, found: "Judged") -> None:
    """Say which classes pass as normal most often."""
    from latentlab.tasks import anomaly
    from latentlab.ui.anomaly import figures

    worst = [(k, share) for k, share in anomaly.missed(found)[:3] if share > 0.005]
    if not worst:
        st.caption("At 5 % false alarms hardly an outlier passes.")
        return
    parts = [f"{choices.class_name(choice.data, k)} ({figures.percent(s)})" for k, s in worst]
    st.caption(
        "What passes as normal most often, at 5 % false alarms on held-out pictures:"
        f" {', '.join(parts)}. Shown are {len(found.normal)} test pictures of"
        f" {choice.name} and {len(found.outliers):,} others."
    )


def _title(caption: str) -> str:
    return caption[:1].upper() + caption[1:]
