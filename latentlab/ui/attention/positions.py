"""“Positions”: as pictures, as products, and what they are worth."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.attention import figures, results, sentence
from latentlab.ui.shared import cache, fields, guard, widgets
from latentlab.ui.shared.entry import View

WAY, SEED = "attention_places", "attention_shuffle"
WITHOUT = "loss without positions"  # how cards call it
WAYS = {"sinusoidal": "Sines and cosines", "learnt": "Learnt"}

IDEA = """
Attention by itself knows no order: it sums over words, and a sum is the same in any order. So where
a word stands is **added to the word**, as a row of numbers: sines and cosines of several
wavelengths (each row differs from every other, and near rows are alike), or numbers that training
finds.

Below, a network that sees all words at once (the masked language model) gets your words in another
order. With positions it makes something else of each word; without them every word gets **the same
code as before**, up to rounding: to such a network a sentence is a bag of words. A network that
sees only the past does tell the order without being told: it can count what came before.
"""
CODE = """
from latentlab import checkpoints
from latentlab.data import Vocabulary
from latentlab.tasks import attention

checkpoint = checkpoints.load("{name}")
vocabulary = Vocabulary.from_json(checkpoint.file(checkpoints.VOCABULARY))
network = checkpoint.load_model()
sentence = attention.read_sentence({text!r}, vocabulary, network.length - 2)
print(attention.shuffled(network, sentence, seed={seed}))
print(attention.sinusoidal_places(length=18, width=64).products)
"""


def draw(view: View) -> None:
    """Draw the section."""
    _live()
    _without()
    widgets.explainer(
        IDEA,
        formula=r"p_{t,2i}=\sin\!\left(t/10000^{2i/d}\right),\qquad"
        r"p_{t,2i+1}=\cos\!\left(t/10000^{2i/d}\right)",
        paper="[Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762), section 3.5",
    )
    widgets.show_code(
        lambda: CODE.format(
            name=results.MASKED,
            text=st.session_state.get(sentence.TEXT, sentence.DEFAULT)[:200],
            seed=st.session_state.get(SEED, 0),
        ),
        key="attention.code",
    )


@st.fragment
def _live() -> None:
    from latentlab.tasks import attention

    with guard.errors():
        with st.container(key="attention_controls", horizontal=True, vertical_alignment="bottom"):
            way = fields.url_select("Positions", WAYS, key=WAY, style="buttons")
            text = sentence.field()
            seed = fields.url_seed("Another order", key=SEED)
        network = results.language_model()
        found = attention.sinusoidal_places(network.length, network.stack.embedding.width)
        if way == "learnt":
            found = attention.learnt_places(network) or found
        with st.container(key="attention_answer"):
            read = sentence.read(results.MASKED, text)
            if read.words:
                st.caption(widgets.plain(read.words))
            try:
                moved = attention.shuffled(results.masked_model(), read, seed)
            except LatentLabError as error:
                st.info(
                    widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:"
                )
                moved = None
            if moved is not None:
                mean = sum(moved.placed) / len(moved.placed)
                st.markdown(
                    f"Shuffled to “{widgets.plain(' '.join(moved.order))}”: with positions the code"
                    f" of a word changes by **{mean:.0%}** of its length on average; without them"
                    f" by at most **{100 * max(moved.unplaced):.5f} %** of it, which is rounding."
                )
        with st.container(key="attention_pictures"):
            one, other, third = st.columns(3)
            one.plotly_chart(figures.vectors(found), key="attention.vectors")
            other.plotly_chart(figures.alike(found), key="attention.alike")
            if moved is not None:
                third.html(figures.key(figures.PLACED))
                third.plotly_chart(figures.moved(moved), key="attention.moved")


def _without() -> None:
    """Draw what the networks lose when their positions are taken away, from their cards."""
    rows = []
    for name in (results.MASKED, results.LANGUAGE):
        card = cache.checkpoint(name).card
        kept = {score.name: score for score in card.scores}
        if WITHOUT in kept:
            rows.append((card.title, kept["loss"].value, kept[WITHOUT].value, kept["loss"].unit))
    if rows:
        with st.container(key="attention_without"):
            st.subheader("What these networks lose without their positions", anchor=False)
            st.html(figures.without_positions(rows))
            st.caption(
                "On test sentences. Both have learnt with positions: this says how much they rely"
                " on them, not what networks would learn that never had any."
            )
