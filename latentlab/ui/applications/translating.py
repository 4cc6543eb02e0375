"""“Another style”: digits made thick and thin by a CycleGAN, beside the operation that is exact."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.applications import figures, results
from latentlab.ui.shared import cache, picture_code, picture_source, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.checkpoints import ModelCard

DATA = "mnist"

IDEA = """
A **CycleGAN** has seen two heaps of digits: some as they were written, and others with thick
strokes. It has never seen one digit in both, so nobody told it what a digit becomes. Two things
teach it: a critic for each heap, who must not tell its pictures from true ones; and that what goes
there and **comes back** should be what it was.

Here the truth is known, since the thick digits were made by **dilation**: each pixel takes the
largest value of the 3 × 3 around it. One line of code does exactly what the network learns roughly.
That is why its error can be measured at all. Where such networks are used in earnest, from horses
to zebras, no such line exists, and nobody can say how wrong they are.

Nothing in the training says that a 4 has to stay a 4. The classifier under each picture says what
it reads.
"""
FORMULA = (
    r"\mathcal{L} = \mathcal{L}_\text{GAN}(G, D_Y) + \mathcal{L}_\text{GAN}(F, D_X) + \lambda\,"
    r"\mathbb{E}\bigl[\lVert F(G(x)) - x \rVert_1 + \lVert G(F(y)) - y \rVert_1\bigr]",
)
PAPERS = (
    "[Zhu et al. (2017), Unpaired image-to-image translation using cycle-consistent adversarial"
    " networks](https://arxiv.org/abs/1703.10593)",
    "[Chu, Zhmoginov & Sandler (2017), CycleGAN, a master of steganography]"
    "(https://arxiv.org/abs/1712.02950)",
)
CODE = """
from latentlab import checkpoints
from latentlab.baselines import morphology

network = checkpoints.load("cycle_gan.mnist").load_model()
thick = network.there(x)
print((thick - morphology.dilate(x)).abs().mean(), (network.back(thick) - x).abs().mean())
"""


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.data import datasets
    from latentlab.tasks import applications

    of = datasets.get(DATA)
    with st.container(key="applications_source"):
        picked = picture_source.pick_image("applications_style", DATA, of.image_shape)
    try:
        network = results.translator()
    except LatentLabError as error:
        st.error(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    found = applications.translate(picked.image, network, results.judge(DATA))
    with st.container(key="applications_answer"):
        st.markdown(applications.faithful(found))
    with st.container(key="applications_turned"):
        st.html(figures.directions(found.thicker, found.thinner, of.class_names))
    _draw_measured(cache.checkpoint(results.TRANSLATOR).card)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    lines = picture_code.lines(picked, DATA, of.image_shape)
    widgets.show_code(picture_code.together(lines, CODE))


def _draw_measured(card: "ModelCard") -> None:
    if not card.scores:
        return
    st.subheader("Over all test pictures", anchor=False)
    columns = (
        widgets.Measure("error, thicker", higher_is_better=False, digits=4),
        widgets.Measure("error, thinner", higher_is_better=False, digits=4),
        widgets.Measure("error, there and back", higher_is_better=False, digits=4),
        widgets.Measure("digit kept, thicker", "%", higher_is_better=True, digits=1),
        widgets.Measure("digit kept, thinner", "%", higher_is_better=True, digits=1),
    )
    rows: dict[str, list[float | None]] = {"CycleGAN": [], "Dilation, erosion": []}
    for column in columns:
        score = card.score(column.title)
        scale = 100 if column.unit == "%" else 1
        rows["CycleGAN"].append(None if score is None else scale * score.value)
        known = None if score is None else score.baseline
        rows["Dilation, erosion"].append(None if known is None else scale * known)
    untouched, left = (
        card.score("digit kept, untouched"),
        card.score("error of leaving it as it is"),
    )
    said = ""
    if untouched is not None and left is not None:
        said = (
            f" To leave a digit as it is has an error of {left.value:.4f} in both directions; the"
            f" classifier reads {100 * untouched.value:.1f} % of untouched digits rightly."
        )
    widgets.score_table(columns, rows, caption=f"Error: mean absolute difference of pixels.{said}")
