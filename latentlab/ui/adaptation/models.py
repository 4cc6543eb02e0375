"""“Adapted models”: what every method reaches on every pair of domains, and clouds that merge."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.tasks import adaptation as task
from latentlab.ui.adaptation import binding, figures, results
from latentlab.ui.shared import component, fields, guard, state, widgets
from latentlab.ui.shared.entry import View

MOMENT, LAST = "adaptation_moment", 19
_KEY = "adaptation_clouds_live"
FRAMES = "usps_frames"
PHOTOGRAPHS = "mnist_photographs"
# By the name that an address holds: experiment, and pair.
PAIRS = {
    FRAMES: ("adaptation", "MNIST → USPS framed"),
    "mnist_usps": ("adaptation", "MNIST → USPS stretched"),
    "usps_mnist": ("adaptation", "USPS stretched → MNIST"),
    "usps_framed_mnist": ("adaptation", "USPS framed → MNIST"),
    "mnist_scikit": ("adaptation", "MNIST → scikit-learn"),
    "scikit_mnist": ("adaptation", "scikit-learn → MNIST"),
    PHOTOGRAPHS: ("adaptation_photographs", "MNIST → photographs"),
}
STRETCHED = "MNIST → USPS stretched"

IDEA = """
LeNet learns the **source** with labels. Every method then gets the **target’s** pictures, without
labels, and trains on from there, as many steps again. The grey ones train no network: **pixels
standardised** and **features standardised** give the target the source’s mean and deviation;
**CORAL** the whole covariance of the features.

**MMD** makes the distance D of the two clouds of features small, **DANN** makes them look alike
to a classifier of domains, the **shared autoencoder** (DRCN) must draw the target’s pictures again,
and **information maximisation** wants answers that are sure for each picture and even over all of
them. The last row is trained with the target’s labels: what there is to be won.

**On photographs** the network is another one: it normalises its batches, each domain apart, and
every training begins with nothing learnt and has 2,000 steps. To read the target with the target’s
own statistics (**batch norm of the target**) trains nothing, and is an adaptation by itself; and
the source alone reads more **without** batch normalisation. Whoever says what DANN adds has to name
both rows. It takes its time, too: after 600 steps it added 3 points to the target’s statistics.

Nothing was chosen by a label of a target shown here. How strong each method is was found in a
rehearsal, on MNIST against MNIST stretched. On photographs, DANN is set as its paper has it: λ
rises to 1, and the classifier of domains reads what the convolutions make; other settings stand
under “What was tried”. The moment is always the end; all seeds count.
Printed numbers are of other networks and other protocols: sets of 2,000 and 1,800 pictures give
other numbers than full ones.

The **error of a domain classifier** is that of a fresh linear one on held-out features: 50 % means
that nothing tells the domains apart. The *proxy A-distance* of papers is 2 (1 − 2 error); it
is near 2, its largest value, for most rows here, and tells them apart no more.
"""
FORMULA = (
    r"\theta_f \leftarrow \theta_f - \eta\,\Bigl(\frac{\partial\mathcal{L}_y}{\partial\theta_f}"
    r" - \lambda\,\frac{\partial\mathcal{L}_d}{\partial\theta_f}\Bigr)",
)
PAPERS = (
    "[Ganin et al. (2016), Domain-adversarial training of neural networks]"
    "(https://arxiv.org/abs/1505.07818)",
    "[Long et al. (2015), Learning transferable features with deep adaptation networks]"
    "(https://arxiv.org/abs/1502.02791)",
    "[Li et al. (2016), Revisiting batch normalization for practical domain adaptation]"
    "(https://arxiv.org/abs/1603.04779)",
    "[Sun, Feng & Saenko (2016), Return of frustratingly easy domain adaptation]"
    "(https://arxiv.org/abs/1511.05547)",
    "[Ghifary et al. (2016), Deep reconstruction-classification networks]"
    "(https://arxiv.org/abs/1607.03516)",
    "[Liang, Hu & Feng (2020), Do we really need to access the source data?]"
    "(https://arxiv.org/abs/2002.08546)",
)
CODE = """
from latentlab import experiments

result = experiments.load("{experiment}")
curve = result.curve("dann.target")
for pair, mean, spread in zip(curve.x, curve.mean, curve.spread):
    print(pair, round(mean, 1), "±", round(spread, 1))
# Measured again, from the beginning: latentlab experiment {experiment}
"""


def draw(view: View) -> None:
    """Draw the section."""
    offered = {name: pair for name, (by, pair) in PAIRS.items() if _is_measured(by)}
    offered = offered or {name: pair for name, (_, pair) in PAIRS.items()}
    with st.container(key="adaptation_controls"):
        chosen = fields.url_select(
            "Source → target",
            offered,
            key="adaptation_pair",
            label_visibility="collapsed" if view.presents else "visible",
        )
    experiment, pair = PAIRS[chosen]
    try:
        result = results.measured(experiment)
        rows = task.scores(result, pair)
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
    else:
        with st.container(key="adaptation_answer"):
            if chosen == FRAMES:
                st.markdown(widgets.unbroken(task.framing(rows, task.scores(result, STRETCHED))))
            else:
                st.markdown(widgets.unbroken(task.verdict(rows)))
        with st.container(key="adaptation_results"):
            beside = task.scores(result, STRETCHED) if chosen == FRAMES else None
            table = figures.scores_table(rows, beside, len(result.seeds))
            if view.presents and binding.runs_of(pair):  # one screen has to hold both
                left, right = st.columns(2, gap="medium")
                with left:
                    figures.show(table)
                with right:
                    _clouds(chosen, heading=False)
            else:
                figures.show(table)
        if chosen == FRAMES:
            st.markdown(widgets.unbroken(task.verdict(rows)))
        if chosen in ("mnist_usps", FRAMES):
            with st.expander("In print", icon=":material/menu_book:"):
                figures.show(figures.published_table(task.PUBLISHED))
    if experiment == "adaptation_photographs":
        _tries(pair)
    if not view.presents:
        _clouds(chosen)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    widgets.show_code(CODE.format(experiment=experiment))


def _is_measured(experiment: str) -> bool:
    try:
        results.measured(experiment)
    except LatentLabError:
        return False
    return True


def _tries(pair: str) -> None:
    """Draw what was tried with DANN on a pair, and which try was measured over seeds."""
    try:
        rows = task.tries(results.measured("adaptation_tries"), pair)
    except LatentLabError:
        return  # the table stands without it
    with st.expander("What was tried with DANN", icon=":material/tune:"):
        st.markdown(widgets.unbroken(task.tries_words(rows)))
        figures.show(figures.tries_table(rows))


def _clouds(chosen: str, heading: bool = True) -> None:
    """Draw the clouds of a pair of which moments were kept."""
    pair = PAIRS[chosen][1]
    if not binding.runs_of(pair):
        return
    try:
        packed = results.kept()
    except LatentLabError:
        return  # the table stands without them
    address = component.publish(packed, "application/json", "adaptation.moments")
    if heading:
        st.subheader("Watch the clouds merge")
    _live(address, pair)


@st.fragment
def _live(address: str, pair: str) -> None:
    """Draw the clouds; where the slider rests is held by the address."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= LAST):
            raise ValueError(text)
        return int(text)

    def rest() -> None:
        at = st.session_state[_KEY].get("at")
        if type(at) is int and 0 <= at <= LAST:
            st.session_state[MOMENT] = at

    with guard.errors(), st.container(key="adaptation_clouds"):
        at = state.url_value(MOMENT, "Moment", parse, LAST)
        binding.clouds(key=_KEY, moments=address, at=at, pair=pair, on_rest=rest)
        at = st.session_state[MOMENT]
        state.publish(MOMENT, None if at == LAST else str(at))
