"""“Sharper pictures”: a picture made small, and enlarged by every way there is."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.applications import figures, results
from latentlab.ui.shared import cache, fields, picture_code, picture_source, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.checkpoints import ModelCard, Score
    from latentlab.tasks.applications import Enlarged

DATA, BLUR, CLOSER = "applications_data", "applications_blur", "applications_closer"
SETS = ("mnist", "toon_faces")
ANSWERS = 5  # other pictures that the small one could have been

IDEA = """
The picture is made small: each pixel is the mean of 4 × 4. **Enlarging** it again is guessing, as
many pictures become the same small one.

- **Bicubic** draws a smooth surface through the pixels. **Back-projected**, it is then mended until
  its means are the small picture's pixels again.
- **Patch by patch, fitted**: small patches are sorted into many kinds, and for each kind a linear
  map to the large pixels was fitted to training pictures. No network, but it has seen the data.
- **Trained on squared error**, a network gives the mean of all pictures that the small one could
  have been, as nothing else has a smaller squared error. A mean of sharp pictures is a blur.
- **With a critic** the same network is trained on: a second network learns to tell its pictures
  from true ones, and it learns to deceive that one. A mean is no picture that anybody drew, so it
  has to choose one. It is sharp, and it may be the wrong one.

**PSNR** is the squared error in decibels: it prefers the blur, by its definition. The **distance of
features** asks how far two pictures lie apart in the last layer of a classifier, which knows what
matters to tell pictures apart and has not taken part in the training. None of the three numbers
says that a detail is true.
"""
FORMULA = (
    r"\arg\min_f \mathbb{E}\,\lVert f(s) - x \rVert^2 = \mathbb{E}[x \mid s],\qquad"
    r" \mathrm{PSNR} = 10 \log_{10} \frac{1}{\mathrm{MSE}}\ \text{dB}",
)
PAPERS = (
    "[Ledig et al. (2017), Photo-realistic single image super-resolution using a generative"
    " adversarial network](https://arxiv.org/abs/1609.04802)",
    "[Wang et al. (2018), ESRGAN](https://arxiv.org/abs/1809.00219)",
    "[Blau & Michaeli (2018), The perception-distortion tradeoff]"
    "(https://arxiv.org/abs/1711.06077)",
    "[Yang & Yang (2013), Fast direct super-resolution by simple functions]"
    "(https://doi.org/10.1109/ICCV.2013.75)",
    "[Irani & Peleg (1991), Improving resolution by image registration]"
    "(https://doi.org/10.1016/1049-9652(91)90045-L)",
)
CODE = """
from latentlab import checkpoints
from latentlab.baselines.enlargement import classical_enlargers
from latentlab.metrics import metrics

network = checkpoints.load("{name}").load_model()
small = network.shrink(x)
for large in (classical_enlargers.get("bicubic")(small, 4), network.enlarge(small)):
    print(metrics.get("psnr")(large, x), metrics.get("ssim")(large, x))
"""


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.data import datasets
    from latentlab.tasks import applications

    with st.container(key="applications_controls", horizontal=True, vertical_alignment="bottom"):
        titles = {name: datasets.get(name).title for name in SETS}
        data = fields.url_select("Pictures", titles, key=DATA, style="buttons")
        closer = fields.url_toggle("Closer", key=CLOSER, help="The middle of each picture alone")
        blur = fields.url_toggle("Why does PSNR prefer the blur?", key=BLUR)
    of = datasets.get(data)
    with st.container(key="applications_bench"):
        with st.container(key="applications_source"):
            picked = picture_source.pick_image("applications_pic", data, of.image_shape)
        try:
            networks, fitted = results.enlargers(data), results.fitted(data)
        except LatentLabError as error:
            st.error(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
            return
        found = applications.enlarge(picked.image, fitted, networks, results.judge(data))
        with st.container(key="applications_shown"):
            if blur:
                _draw_blur(picked.image, data)
            else:
                with st.container(key="applications_answer"):
                    st.markdown(figures.who_wins(found))
                with st.container(key="applications_ways"):
                    st.html(figures.enlarged(found, closer))
    _draw_scores(found)
    _draw_measured(results.cards(list(networks)), of.title)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    lines = picture_code.lines(picked, data, of.image_shape)
    widgets.show_code(picture_code.together(lines, CODE.format(name=list(networks)[-1])))


def _draw_blur(x: "Tensor", data: str) -> None:
    from latentlab.tasks import applications

    found = applications.plausible(x, cache.samples(data).tensor(), ANSWERS)
    with st.container(key="applications_answer"):
        st.markdown(figures.why_blur(found))
    with st.container(key="applications_plausible"):
        st.html(figures.answers(found))


def _draw_scores(found: "Enlarged") -> None:
    measures = [
        widgets.Measure("PSNR", "dB", higher_is_better=True, digits=1),
        widgets.Measure("SSIM", higher_is_better=True, digits=3),
    ]
    judged = any(way.distance is not None for way in found.ways)
    if judged:
        measures.append(widgets.Measure("feature distance", higher_is_better=False, digits=2))
    rows = {
        way.label: [way.psnr, way.ssim, *([way.distance] if judged else [])] for way in found.ways
    }
    widgets.score_table(measures, rows, caption="This picture alone.")


def _draw_measured(cards: "dict[str, ModelCard]", title: str) -> None:
    """Draw what the networks reach over the whole test split, beside the best classical way."""
    named = {name.rpartition("_")[2]: card for name, card in cards.items()}
    first = next(iter(named.values()))
    if not first.scores:
        return
    st.subheader(f"Over all test pictures of {title}", anchor=False)
    rows: dict[str, list[float | None]] = {"The best classical way": []}
    rows |= {results.LABELS[tag]: [] for tag in named}
    measures = []
    for score in first.scores:
        measures.append(
            widgets.Measure(
                score.name,
                score.unit,
                higher_is_better=score.higher_is_better,
                digits=1 if score.unit == "dB" else 3 if score.name == "SSIM" else 2,
            )
        )
        rows["The best classical way"].append(score.baseline)
        for tag, card in named.items():
            own: Score | None = card.score(score.name)
            rows[results.LABELS[tag]].append(None if own is None else own.value)
    best = sorted({score.baseline_name for score in first.scores if score.baseline_name})
    caption = f"Means; the best classical way, for each number: {', '.join(best)}."
    widgets.score_table(measures, rows, caption=caption)
