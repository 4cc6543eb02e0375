"""The Disentangle page: which number of a code stands for which factor of a face."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.disentangle import figures, results, together
from latentlab.ui.shared import cache, fields, picture_source, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.experiments.disentanglement_maps import Maps

MODEL, BETA, SCORE = "disentangle_model", "disentangle_beta", "disentangle_score"
ROWS, COLUMNS = 6, 7
MOST = 16  # rows of a map
COMPARED = ("mig", "disentanglement", "completeness", "informativeness", "sap", "beta_vae")
DIGITS = {"mse": 4}
SHORT = {
    "mse": "Error",
    "disentanglement": "Disentangled",
    "completeness": "Complete",
    "informativeness": "Informative",
    "beta_vae": "beta-VAE",
}

IDEA = """
Every toon face was drawn by rule from **13 factors** that were chosen independently: hair, beard,
skin colour, turn and so on. A code is **disentangled** if each of its numbers stands for one
factor alone. Nobody tells a VAE of the factors. A weight **β** makes all that the code says dearer,
in the hope that each number then says one thing; those of a greater β went on from β = 1 for 8
epochs. A penalty on the **total correlation** only makes numbers that depend on one another dearer.
The VAE that is **told of factors** alone sees them in training: two or three numbers of its code
are set for each choice, one for each number, and encoder and decoder learn that. It went on from
the VAE with β = 1 for 20 epochs.

**Mutual information**: by how much a number makes a factor less uncertain, as a share of the
factor's entropy; adjusted for chance, numbers cut into 20 bins of equal counts. **Importance**: how
much a random forest that reads the factor from the whole code relies on the number (fitted to 2,000
training faces).

- **MIG** (Chen et al. 2018): by how much the best number of a factor leads the second best.
- **DCI** (Eastwood & Williams 2018): does each number matter for one factor alone
  (disentanglement); is each factor held by one number alone (completeness); is it held at all
  (informativeness, balanced accuracy).
- **SAP** (Kumar et al. 2018): as MIG, with how well one number alone predicts the factor.
- **beta-VAE score** (Higgins et al. 2017): how often a linear classifier finds which factor
  pairs of faces share, from how much their codes differ.

A factor of five values that lie on a circle needs two numbers: MIG, SAP and completeness then are
low although nothing is mixed up. No score is right alone, and published numbers come from different
code; so what a perfect code (a number a factor) and a random one get stands beside each.
"""
FORMULA = (
    r"\mathrm{MIG} = \frac{1}{F}\sum_f \frac{1}{H(v_f)}"
    r"\left(I(z_{(1)}; v_f) - I(z_{(2)}; v_f)\right)",
)
PAPERS = (
    "[Higgins et al. (2017), beta-VAE](https://openreview.net/forum?id=Sy2fzU9gl)",
    "[Chen et al. (2018), Isolating sources of disentanglement](https://arxiv.org/abs/1802.04942)",
    "[Eastwood & Williams (2018)](https://openreview.net/forum?id=By-7dz-AZ)",
    "[Kumar et al. (2018), DIP-VAE](https://arxiv.org/abs/1711.00848)",
    "[Locatello et al. (2019), Challenging common assumptions](https://arxiv.org/abs/1811.12359)",
    "[Dosovitskiy et al. (2015), Learning to generate chairs](https://arxiv.org/abs/1411.5928)",
)
CODE = """
import torch
from latentlab import checkpoints
from latentlab.data import datasets
from latentlab.metrics import disentanglement

faces = datasets.get("toon_faces").samples()
network = checkpoints.load("{name}").load_model()
with torch.inference_mode():
    codes = network.encode(faces.tensor()).mode()
gap = disentanglement.mutual_information_gap(codes, faces.factors, torch.Generator().manual_seed(0))
print(gap.mean, gap.each)
"""


def draw(view: View) -> None:
    """Draw the page."""
    section = fields.url_select(
        "Section",
        {"numbers": "Numbers and factors", "together": "Factors that go together"},
        key="disentangle_section",
        style="buttons",
        label_visibility="collapsed",
    )
    if section == "together":
        together.draw()
    else:
        _numbers()


def _numbers() -> None:
    """Draw which number stands for which factor, and the scores."""
    from latentlab.tasks import disentangle

    labels = disentangle.labels()
    try:
        rows, kept = results.scores(), results.maps()
    except LatentLabError as error:
        widgets.empty_state("Nothing has been measured yet", error.message, error.hint or "")
        st.stop()
    name = _choose(labels)
    with st.container(key="disentangle_answer"):
        st.markdown(f"**{labels[name]}:** {disentangle.answer(name, rows)}")
    _maps(kept[name])
    _pictures(name, kept[name])
    _scores(rows, labels, name)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    shown = name if name in cache.cards() else next(iter(labels))
    widgets.show_code(CODE.format(name=shown), key="disentangle.code")


def _choose(labels: dict[str, str]) -> str:
    """Draw the choice of a code, and of the weight β where it has one; return its name."""
    from latentlab.tasks import disentangle

    betas = {str(beta): name for name, beta in disentangle.series().items()}
    first = betas["1"]
    codes = {name: label for name, label in labels.items() if name not in betas.values()}
    name = fields.url_select(
        "Code",
        {first: "VAE", **codes},
        key=MODEL,
        style="buttons",
        help="VAEs, and what they are compared with.",
    )
    if name != first:
        return name
    beta = fields.url_select(
        "Weight β of the rate",
        {beta: f"β = {beta}" for beta in betas},
        key=BETA,
        style="slider",
        help="The greater, the dearer is all that a code says of a face (Higgins et al. 2017).",
    )
    return betas[beta]


def _maps(kept: "Maps") -> None:
    """Draw both heat maps, their rows in the same order."""
    from latentlab.tasks import disentangle

    factors = results.factor_names()
    order = disentangle.order(kept.information, MOST)
    with st.container(key="disentangle_maps"):
        left, right = st.columns(2, gap="medium")
        with left:
            st.html(
                figures.heat(
                    "Mutual information",
                    kept.information,
                    order,
                    factors,
                    "full: the number tells all of the factor",
                )
            )
        with right:
            st.html(
                figures.heat(
                    "Importance",
                    kept.importance,
                    order,
                    factors,
                    "full: a forest needs no other number",
                )
            )
    left_out = len(kept.information) - len(order)
    st.caption(
        "Rows by the factor that a number tells most of."
        + (f" {left_out} more numbers tell less." if left_out else "")
    )


def _pictures(name: str, kept: "Maps") -> None:
    """Draw what the most telling numbers of a model draw, one a row."""
    from latentlab.tasks import disentangle

    if name not in cache.cards():
        st.caption("These codes are reckoned with, and nothing decodes them here.")
        return
    factors = results.factor_names()
    numbers = tuple(disentangle.order(kept.information, ROWS))
    tells = [factors[int(kept.information[d].argmax())] for d in numbers]
    picked = picture_source.pick_image("disentangle_pic", results.DATA, results.shape())
    found = results.sweep(name, picked.identity, numbers, COLUMNS, picked.image)
    with st.container(key="disentangle_sweep"):
        st.html(figures.sweep(found, tells))
    st.caption(
        "The six numbers that tell most, each from its low to its high end, all others held. Beside"
        " each, the factor that it tells most of. What else changes in a row is what is entangled."
    )


def _scores(rows: dict[str, dict[str, float]], labels: dict[str, str], name: str) -> None:
    """Draw the scores of all codes, and what separation costs."""
    from latentlab.tasks import disentangle

    titles = results.titles()
    widgets.score_table(
        [
            widgets.Measure(SHORT.get(score, titles[score]), "", None, DIGITS.get(score, 2))
            for score in ("mse", *COMPARED)
        ],
        {
            f"{label}{' (shown)' if each == name else ''}": [
                rows[each].get(score) for score in ("mse", *COMPARED)
            ]
            for each, label in labels.items()
        },
        caption="800 test faces, one training each: differences between seeds are often larger than"
        " between methods (Locatello et al. 2019).",
    )
    score = fields.url_select(
        "Score against the error",
        {each: titles[each] for each in COMPARED},
        key=SCORE,
        style="buttons",
    )
    st.plotly_chart(
        figures.trade(rows, labels, tuple(disentangle.series()), score, titles[score]),
        key="disentangle_trade",
    )
