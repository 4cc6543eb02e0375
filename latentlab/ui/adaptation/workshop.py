"""“Shift workshop”: a domain made on sliders, and a classifier that has never seen it."""

import streamlit as st

from latentlab.adaptation import shifts
from latentlab.adaptation.shifts import Shift
from latentlab.ui.adaptation import figures, results
from latentlab.ui.shared import cache, fields, guard, widgets
from latentlab.ui.shared.entry import View

TARGETS = {"mnist": "MNIST, shifted", "scikit": "scikit-learn’s digits"}
PENS = {"as_written": "as written", "thin": "thin", "broad_nib": "broad nib"}
_PENS: dict[str, shifts.Pen] = {
    "as_written": "as written",
    "thin": "thin",
    "broad_nib": "broad nib",
}

IDEA = """
The **classifier** has seen MNIST and nothing else. The **target** is what the sliders make of 300
test digits that ship with this page: the same digits, pictured in another way. No label of them is
used but to count.

Beside it stand two that need no training. **Features standardised**: each of the network’s 128
features gets the mean and the deviation that it has for MNIST’s own digits. That is adaptation, as
it looks at the target’s pictures, and is reported apart; papers that normalise each domain by
itself do so without saying. **5 nearest pictures**: among 1,700 MNIST digits, pixel by pixel.

A photograph behind the digit is the recipe of MNIST-M, |digit − piece of a photograph|, in grey.
"""
PAPERS = (
    "[Ganin et al. (2016), Domain-adversarial training of neural networks]"
    "(https://arxiv.org/abs/1505.07818)",
    "[Li et al. (2016), Revisiting batch normalization for practical domain adaptation]"
    "(https://arxiv.org/abs/1603.04779)",
)


def draw(view: View) -> None:
    """Draw the section."""
    name = cache.classifier("mnist")
    if name is None:
        widgets.empty_state(
            "No trained classifier here yet",
            "This section shows `classifier.mnist`, which is neither in `checkpoints/` nor in"
            " `$LATENTLAB_CHECKPOINTS`. Train it, or copy its folder there and reload the page.",
            "latentlab train classifier.mnist",
        )
        return
    with st.container(key="adaptation_controls"):
        target = fields.url_select("Target", TARGETS, key="adaptation_target", style="buttons")
        shift = _sliders()
    with guard.errors():
        seen = results.survey(name, shift, target == "scikit")
        with st.container(key="adaptation_pictures"):
            figures.show(figures.before_and_after(seen))
        with st.container(key="adaptation_answer"):
            st.markdown(figures.readers_sentence(seen, TARGETS[target]))
        left, right = st.columns(2, gap="large")
        with left:
            figures.show(figures.readers_table(seen))
        with right:
            parts = results.single(name, shift)
            if len(parts) > 1:
                st.markdown("**Each shift alone**, read by the classifier:")
                figures.show(figures.parts_table(parts))
        with st.expander("Which shift hurts how much?", icon=":material/table_chart:"):
            figures.show(figures.ladder_table(results.ladder(name)))
    widgets.explainer(IDEA, paper=PAPERS)
    widgets.show_code(_code(shift))


def _sliders() -> Shift:
    """Draw the sliders of all shifts, and return the one that they make."""
    first, second, third, fourth = st.columns(4)
    with first:
        rotation = fields.url_slider(
            "Rotation, degrees", key="adaptation_rotation", low=-90, high=90, default=0
        )
        shear = fields.url_slider(
            "Shear", key="adaptation_shear", low=-1.0, high=1.0, default=0.0, step=0.1
        )
    with second:
        thickness = fields.url_slider(
            "Thickness, pixels",
            key="adaptation_thickness",
            low=-1.0,
            high=2.0,
            default=0.0,
            step=0.25,
        )
        pen = fields.url_select("Pen", PENS, key="adaptation_pen")
    with third:
        blur = fields.url_slider(
            "Blur, pixels", key="adaptation_blur", low=0.0, high=3.0, default=0.0, step=0.25
        )
        contrast = fields.url_slider(
            "Contrast", key="adaptation_contrast", low=0.1, high=1.0, default=1.0, step=0.05
        )
    with fourth:
        background = fields.url_slider(
            "Photograph behind it",
            key="adaptation_background",
            low=0.0,
            high=1.0,
            default=0.0,
            step=0.05,
        )
        invert = fields.url_toggle("Invert", key="adaptation_invert")
    return Shift(
        pen=_PENS[pen],
        thickness=float(thickness),
        rotation=float(rotation),
        shear=float(shear),
        blur=float(blur),
        contrast=float(contrast),
        invert=invert,
        background=float(background),
    )


def _code(shift: Shift) -> str:
    changed = {name: getattr(shift, name) for name in shift.parts}
    arguments = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    return f"""
from latentlab import checkpoints
from latentlab.adaptation.shifts import Shift
from latentlab.tasks import adaptation

classifier = checkpoints.load("classifier.mnist").load_model()
source = adaptation.source_of(classifier)
seen = adaptation.survey(classifier, source, Shift({arguments}))
print(seen.source, seen.target)
"""
