"""What a classifier says about a picture that has moved, and which directions bear a name."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.explore import figures
from latentlab.ui.shared import browser_models, cache, widgets

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.models import FactorClassifier
    from latentlab.ui.explore.start import Start


def judge_of(name: str) -> "FactorClassifier | None":
    """Return the classifier of all factors of a model's pictures; None where there is none."""
    from latentlab.models import FactorClassifier

    judge = cache.classifier(cache.checkpoint(name).card.data)
    network = cache.model(judge) if judge else None
    return network if isinstance(network, FactorClassifier) else None


def moved(name: str, start: "Start", picture: "Tensor", before: "Tensor") -> None:
    """Draw what the classifier reads before and after.

    Args:
        name: of the checkpoint.
        start: from where the sliders departed.
        picture: ``[C,H,W]`` as it is now.
        before: ``[C,H,W]`` as it was at the start.
    """
    import torch

    from latentlab.data import datasets
    from latentlab.latents.directions import DRAWN
    from latentlab.pictures import images
    from latentlab.tasks import explore

    judge = judge_of(name)
    if judge is None:
        st.info("Nothing is known of these pictures but their class, so nothing says what moved.")
        return
    factors = datasets.get(cache.checkpoint(name).card.data).factors
    readings = explore.what_moved(judge, factors, before, picture)
    kept = browser_models.kept_directions(name)
    undrawn: set[str] = set()
    if kept is not None:
        pairs = zip(factors, kept.legible, strict=True)
        undrawn = {factor.name for factor, share in pairs if share < DRAWN}
    told = [reading for reading in readings if reading.factor not in undrawn]
    changed = [reading.factor for reading in told if reading.changed]
    words = f"**{', '.join(changed)}**" if changed else "**nothing**"
    left, right = st.columns([4, 8], gap="medium")
    with left:
        pair = images.grid(torch.stack([before, picture]), columns=2, gap=2, background=0.5)
        st.image(
            images.to_png(pair, 4),
            caption=f"{start.caption}; and now",
            alt="The picture at the start and the picture now",
            width="stretch",
        )
        st.markdown(f"What moved: {words}.")
    with right:
        st.html(figures.readings(readings, undrawn))
    note = "A classifier that was trained on real faces reads both pictures."
    if undrawn:
        note += (
            f" In grey: {', '.join(sorted(undrawn))}. This model hardly draws that (it is read as"
            f" it is in less than {100 * DRAWN:.0f} % of test faces), so the reading is little more"
            " than chance."
        )
    st.caption(note)


def directions(name: str) -> None:
    """Draw which directions have earned the name of their attribute, in an expander."""
    kept = browser_models.kept_directions(name)
    if kept is None:
        return
    from latentlab.experiments.directions import ATTRIBUTES, WITH_LABELS
    from latentlab.experiments.named_directions import CHOOSING, METHODS, TESTED
    from latentlab.latents.directions import DRAWN

    encodes = browser_models.latent_space(name, "network").can_encode
    labels = [WITH_LABELS[METHODS[place]] for place in kept.method]
    rows: dict[str, list[float | None]] = {}
    drawn, worst = kept.worst_drawn, kept.worst
    for k, attribute in enumerate(ATTRIBUTES):
        title = attribute if kept.earned[k] else f"{attribute}: direction {k + 1}"
        cells = [kept.switched[k], drawn[k], worst[k]] if encodes else [kept.switched[k], worst[k]]
        rows[f"{title} ({labels[k]})"] = [100 * float(cell) for cell in cells]
    linear = browser_models.all_directions()["pca"]
    if encodes:
        words = (
            "A direction bears the name of its attribute if, within the slider’s range, the"
            " attribute **switches in at least 80 %** of test faces, and no other factor that the"
            " model draws **changes in more than 10 %** of them. Otherwise it carries a number."
            " Counting also what the model does not draw, which the classifier then reads by"
            f" chance, {int(kept.strict.sum())} would bear a name."
        )
        columns: tuple[str, ...] = (
            "Switches",
            "Worst other factor that is drawn",
            "Worst of all",
        )
        caption = (
            f"With PCA, 32 components, {int(linear.earned.sum())} directions would bear a"
            f" name ({int(linear.strict.sum())} among all factors); it draws"
            f" {int((linear.legible >= DRAWN).sum())} of {len(linear.legible)} factors, this model"
            f" {int((kept.legible >= DRAWN).sum())}, and only what is drawn counts. {TESTED} test"
            " faces. Of four methods, each fitted to training faces, the one that did best on"
            f" {CHOOSING} others of them."
        )
    else:
        words = (
            "A direction bears the name of its attribute if, within the slider’s range, the"
            " attribute **switches in at least 80 %** of invented faces, and no other factor"
            " **changes in more than 10 %** of them. Otherwise it carries a number. Nobody knows"
            " what an invented face should show: every factor counts, as the classifier reads it,"
            " also where it guesses."
        )
        columns = ("Switches", "Worst other factor")
        caption = (
            f"By this rule, PCA with 32 components has {int(linear.strict.sum())} directions with a"
            f" name. {TESTED} invented faces. Of four methods, each fitted to other invented faces"
            f" and what the classifier reads in them, the one that did best on {CHOOSING} more."
        )
    with st.expander(f"Which sliders bear a name: {int(kept.earned.sum())} of {len(ATTRIBUTES)}"):
        st.markdown(f"{words} Sliders go no further than the classifier believes the pictures.")
        widgets.score_table(
            [widgets.Measure(column, "%", None, 0) for column in columns],
            rows,
            caption=caption,
        )
