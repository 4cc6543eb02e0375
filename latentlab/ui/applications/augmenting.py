"""“More training pictures”: what samples of a GAN add to a few labelled pictures."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.applications import figures, results
from latentlab.ui.shared import fields, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.experiments import Result

DATA, LABELS, SEED = "applications_of", "applications_labels", "applications_seed"

IDEA = """
A classifier has 100 or 1,000 labelled pictures and no more. What could be added to them?

- **Deformed**: every picture is moved, turned, stretched and bent a little, anew each time. Whoever
  chooses this **knows** that a 3 stays a 3 when it is turned by ten degrees.
- **A conditional GAN** learns from the same labelled pictures, and from no others, to invent the
  digit that it is asked for. Half of each batch are its samples.
- **A Gaussian a class** on principal components, fitted to the same pictures, is the classical way
  to invent some.
- **Both**: half of the batch invented by the GAN, and all of it deformed.

A GAN cannot know more than the pictures that it has seen: it adds what lies between them, and its
own mistakes. Its critic sees everything deformed, too, or it would know so few pictures by heart;
so whatever the deformation knows, the GAN has been told. All arms train the same network from the
same weights for the same number of steps; all settings were fixed in advance.

Each point is one draw of labelled pictures, the same for every arm.
"""
PAPERS = (
    "[Antoniou, Storkey & Edwards (2017), Data augmentation generative adversarial networks]"
    "(https://arxiv.org/abs/1711.04340)",
    "[Simard, Steinkraus & Platt (2003), Best practices for convolutional neural networks]"
    "(https://doi.org/10.1109/ICDAR.2003.1227801)",
    "[Ravuri & Vinyals (2019), Classification accuracy score for conditional generative models]"
    "(https://arxiv.org/abs/1905.10887)",
    "[Zhao et al. (2020), Differentiable augmentation for data-efficient GAN training]"
    "(https://arxiv.org/abs/2006.10738)",
)
CODE = """
from latentlab import experiments
from latentlab.tasks import applications

found = applications.arms(experiments.load("augmentation"), "{data}", {labels})
for arm in found:
    print(arm.title, arm.mean, arm.spread, arm.errors)
print(applications.verdict(found, {labels}))
# To measure it again: latentlab experiment augmentation
"""


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.experiments import augmentation

    with st.container(key="applications_controls", horizontal=True, vertical_alignment="bottom"):
        data = fields.url_select("Pictures", augmentation.DATA, key=DATA, style="buttons")
        offered = {str(n): f"{n:,}" for n in augmentation.LABELS}
        labels = int(fields.url_select("Labelled pictures", offered, key=LABELS, style="buttons"))
    try:
        _draw_measured(results.measured(), data, labels, view)
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("What is added", anchor=False, width="content")
        seed = fields.url_seed("Others", key=SEED, help="Other pictures in the rows")
    rows = results.added(data, seed)
    st.html(figures.added(rows))
    said = (
        "The GAN in these rows has seen 1,000 labelled training pictures; it ships."
        if "gan" in rows
        else "The GANs of these pictures do not ship."
    )
    st.caption(
        f"One picture a class. {said} The labelled ones shown, and those that the Gaussians are"
        " fitted to here, are sample pictures; in the experiment they are training pictures."
    )
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(CODE.format(data=data, labels=labels))


def _draw_measured(result: "Result", data: str, labels: int, view: View) -> None:
    from latentlab.experiments import augmentation
    from latentlab.tasks import applications

    found = applications.arms(result, data, labels)
    with st.container(key="applications_answer"):
        st.markdown(applications.verdict(found, labels))
    with st.container(key="applications_results"):
        chart, table = st.columns([3, 2], gap="medium")
    with chart:
        st.plotly_chart(
            figures.of_arms(found, 520 if view.presents else 340), key="applications.arms"
        )
    with table:
        st.html(figures.table(found, labels))
    shares = applications.hits(result, data, labels)
    said = "; ".join(
        f"{augmentation.GENERATORS[name]} {share:.0f} %" for name, share in shares.items()
    )
    st.caption(
        f"Points: draws of labels. ±: one standard deviation over {len(result.seeds)} of them."
        " Samples to which a classifier that has seen all labels gives the class asked for:"
        f" {said}."
        f" {widgets.plain(result.budget)}."
    )
