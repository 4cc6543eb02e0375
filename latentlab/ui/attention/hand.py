"""“By hand”: a sentence through one head, matrix by matrix."""

from collections.abc import Callable

import streamlit as st

from latentlab.ui.attention import binding, results, sentence
from latentlab.ui.shared import component, guard, state, widgets
from latentlab.ui.shared.entry import View

LAYER, HEAD = "attention_layer", "attention_head"
_KEY = "attention_live"
PAPER = "[Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762), section 3.2"

IDEA = """
Each word is a row of numbers. From it, three linear maps make a **query** (what it looks for), a
**key** (what it can be found by) and a **value** (what it hands over). A query times every key
gives one **score** a pair of words; scores are divided by √d, the **mask** takes out what comes
later, and **softmax** turns each row into shares that sum to 1. These shares weigh the values.

Heads do this side by side, each with its own maps; layers do it one after another. Point at a
number, or walk with the arrow keys: below stands the sum that it comes from, computed in your
browser from the numbers that you see. The scale and the mask can be changed there; the network has
learnt with 1/√d and with the mask.

A large weight says where a head *looks*, not that the answer depends on it: on the page *Sequences*
a head can be switched off, and the loss says whether it mattered.
"""
FORMULA = (
    r"\operatorname{Attention}(Q,K,V)="
    r"\operatorname{softmax}\!\left(\frac{QK^\top}{\sqrt{d}}+M\right)V"
)
CODE = """
from latentlab import checkpoints
from latentlab.data import Vocabulary
from latentlab.tasks import attention

checkpoint = checkpoints.load("{name}")
vocabulary = Vocabulary.from_json(checkpoint.file(checkpoints.VOCABULARY))
network = checkpoint.load_model()
sentence = attention.read_sentence({text!r}, vocabulary, network.length - 2)
layer = network.layers(sentence.numbers)[{layer}].attention
head = {head}
print(layer.scores[0, head] * network.stack.blocks[{layer}].attention.scale)
print(layer.weights[0, head])  # softmax of the scaled scores, masked
print(layer.heads[0, head])  # weights times values
"""


def draw(view: View) -> None:
    """Draw the section."""
    maps = component.publish(results.maps(results.LANGUAGE), "application/json", "maps")
    _live(maps)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPER)
    widgets.show_code(
        lambda: CODE.format(
            name=results.LANGUAGE,
            text=st.session_state.get(sentence.TEXT, sentence.DEFAULT)[:200],
            layer=st.session_state.get(LAYER, 0),
            head=st.session_state.get(HEAD, 0),
        ),
        key="attention.code",
    )


@st.fragment
def _live(maps: str) -> None:
    """Draw the matrices; sentence, layer and head are held by the address."""
    from latentlab.tasks import attention

    with guard.errors():
        network = results.language_model()
        layers, heads = network.config.depth, network.config.heads

        def below(most: int) -> "Callable[[str], int]":
            def parse(text: str) -> int:
                if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) < most):
                    raise ValueError(text)
                return int(text)

            return parse

        def choose() -> None:
            try:
                chosen = binding.read_chosen(st.session_state[_KEY].get("chosen"), layers, heads)
            except ValueError:
                return
            st.session_state[sentence.TEXT] = chosen[0]
            st.session_state[LAYER], st.session_state[HEAD] = chosen[1:]

        text = sentence.held()
        layer = state.url_value(LAYER, "Layer", below(layers), 0)
        head = state.url_value(HEAD, "Head", below(heads), 0)
        read = sentence.read(results.LANGUAGE, text)
        with st.container(key="attention_matrices"):
            binding.matrices(
                key=_KEY,
                text=text,
                sentence=read,
                opened=attention.opened(network, read),
                heads=heads,
                layer=min(layer, layers - 1),
                head=min(head, heads - 1),
                maps=maps,
                on_choose=choose,
            )
        state.publish(LAYER, str(layer) if layer else None)
        state.publish(HEAD, str(head) if head else None)
