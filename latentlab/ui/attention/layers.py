"""“One-hot is embedding”: two layers with the same weights, side by side, and in training."""

import streamlit as st

from latentlab.ui.attention import figures
from latentlab.ui.shared import fields, guard, widgets
from latentlab.ui.shared.entry import View

WORDS, OPTIMISER = "attention_words", "attention_optimiser"
SIZES = {"100": "100", "1000": "1,000", "5000": "5,000"}
WIDTH = 64
OPTIMISERS = {"sgd": "SGD", "adam": "Adam"}

IDEA = """
A one-hot vector has a 1 at the place of its word and 0 elsewhere. Multiplied with a matrix, it
picks one **row**: everything else is multiplied by zero and added. An embedding takes that row at
once. With the same weights both give the same numbers **to the last bit**; the embedding needs no
multiplication, and its input is one number a word.

In training, too, they are the same layer: the gradient of the rows of absent words is zero. **SGD**
leaves these rows where they are, in all three. **Adam** keeps a running mean of gradients for every
row and goes on moving a word that is absent, for a while; that holds for the linear layer and for
the usual embedding alike. Only an embedding with **sparse gradients** does not touch absent words,
neither their rows nor their running means: there training differs.
"""
CODE = """
from latentlab.tasks import attention

print(attention.one_hot(tokens={words}, width=64))
print(attention.trained("{optimiser}"))
"""


def draw(view: View) -> None:
    """Draw the section."""
    _live()
    widgets.explainer(
        IDEA,
        formula=r"e_w^\top W = W_{w,:}",
        paper="[Kingma & Ba (2015)](https://arxiv.org/abs/1412.6980), algorithm 1",
    )
    widgets.show_code(
        lambda: CODE.format(
            words=st.session_state.get(WORDS, "5000"),
            optimiser=st.session_state.get(OPTIMISER, "adam"),
        ),
        key="attention.code",
    )


@st.fragment
def _live() -> None:
    from latentlab.tasks import attention

    with guard.errors():
        with st.container(key="attention_controls", horizontal=True, vertical_alignment="bottom"):
            words = int(
                fields.url_select(
                    "Words in the vocabulary", SIZES, key=WORDS, default="5000", style="buttons"
                )
            )
            optimiser = fields.url_select(
                "Optimiser", OPTIMISERS, key=OPTIMISER, default="adam", style="buttons"
            )
        found = attention.one_hot(words, WIDTH)
        run = attention.trained(optimiser)
        with st.container(key="attention_answer"):
            same = "equal to the last bit" if found.equal else "not equal to the last bit"
            stands = (
                "With SGD, the word stands still while it is absent, in all three layers."
                if optimiser == "sgd"
                else "With Adam it moves on while it is absent, but for sparse gradients."
            )
            st.markdown(
                f"The outputs are **{same}**. After {attention.STEPS} steps the weights of linear"
                f" layer and embedding differ by at most **{run.apart:.1g}**. {stands}"
            )
        with st.container(key="attention_layers"):
            one, other = st.columns([2, 3])
            one.html(figures.two_layers(found, words, WIDTH, attention.BATCH))
            other.html(figures.key(figures.LAYERS))
            other.plotly_chart(figures.rare_word(run), key="attention.rare")
