"""The numbers of a sentence's code, those that matter most, under sliders."""

import streamlit as st

from latentlab.ui.sentences import choices, figures
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.entry import View

REACH = 3.0  # standard deviations to each side
COLUMNS = (-2.0, -1.0, 0.0, 1.0, 2.0)

IDEA = """
The sentence becomes a code, and the code a sentence again. The sliders move single numbers of it,
in **standard deviations** of the codes of training sentences: those six that matter most, by their
divergence from the prior (VAE), or by their variance.

The table moves **one** number at a time and leaves the others alone. Words in colour differ from
the line in the middle. A number that changed one thing alone, such as the tense, would be
*disentangled*. Nothing in the training asks for that, and mostly several things change at once.
"""
CODE = """
from latentlab import checkpoints
from latentlab.data import corpora
from latentlab.tasks import sentences

checkpoint = checkpoints.load("{name}")
network, statistics = checkpoint.load_model(), checkpoint.statistics()
corpus = corpora.get("{data}")
z = sentences.code(network, sentences.typed({text!r}, corpus))
moved = sentences.turned(z, statistics, {by})
print(*sentences.texts(network, corpus, moved[None])[0])
"""


def draw(view: View) -> None:
    """Draw the section."""
    chosen = choices.model()
    _live(chosen)


@st.fragment
def _live(chosen: choices.Chosen) -> None:
    import torch

    from latentlab.tasks import sentences

    typed = choices.sentence(chosen.corpus)
    if typed is None:
        widgets.explainer(IDEA)
        return
    statistics = cache.statistics(chosen.name)
    places = sentences.strongest(statistics)
    by: dict[int, float] = {}
    boxes = st.columns(3)
    for at, place in enumerate(places):
        with boxes[at % 3]:
            by[place] = fields.url_slider(
                f"Number {place + 1}",
                key=f"sentences_n{at}",
                low=-REACH,
                high=REACH,
                default=0.0,
                step=0.1,
                format="%.1f σ",
            )
    z = sentences.code(chosen.network, typed)
    now = sentences.turned(z, statistics, by)
    others = [
        sentences.turned(now, statistics, {place: step}) for place in places for step in COLUMNS
    ]
    said = sentences.texts(chosen.network, chosen.corpus, torch.stack([z, now, *others]))
    first, written, *lines = (sentences.spelt(words).split() for words in said)
    with st.container(key="sentences_turned"):
        st.html(figures.turned(first, written))
        st.html(figures.table_of_numbers(places, COLUMNS, lines))
    widgets.explainer(IDEA)
    by = {place: round(step, 3) for place, step in by.items() if step}
    widgets.show_code(
        lambda: CODE.format(
            name=chosen.name, data=chosen.corpus.name, text=" ".join(typed.words), by=by
        ),
        key="sentences.code",
    )
