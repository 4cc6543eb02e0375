"""Where it leads: from one code a sentence to one a word, and how BERT and GPT relate to it."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.sentences import choices, figures, results
from latentlab.ui.shared import widgets
from latentlab.ui.shared.entry import View

TEXT = """
A sentence autoencoder squeezes a sentence through **one** code and writes it again. Two families of
large models came from letting go of one half each:

- **BERT** (Devlin et al. 2019) keeps the *reading* half. It sees the whole sentence with some words
  hidden and guesses these: a denoising autoencoder, but with a code for **every word** and no
  bottleneck between reader and guess. It does not write. What people call its sentence code is the
  mean of these, or one of them.
- **GPT** (Radford et al. 2018) keeps the *writing* half: the next word from the words before,
  without any code. It is what a VAE becomes when it collapses, a language model, made large on
  purpose.

In both, attention takes the place of recurrence.
"""
BELOW = """
What is a sentence code good for, if a mean of word embeddings exists? **Linear probes** read the
eight factors of a sentence from each: the code of 16 numbers, the mean of the same network's word
embeddings (48 numbers, no order), and TF-IDF with SVD (16 numbers). In this grammar the words give
every factor away whatever their order, so this table says nothing about order, nor about larger
models or real language.

The **masked language model** is that of *Attention*: small, after BERT, and trained on other
sentences. Its code is the mean over the words of what its last layer makes of each, 64 numbers. It
has never met 18 of the grammar's 79 words, and reads them as one unknown word; and it has four
times as many numbers. So neither of the two can be called the better one from this table.
"""
CODE = """
from latentlab import experiments

result = experiments.load("sentences")
for measure in ("probe", "probe_words"):
    curve = result.curve(measure)
    print(curve.line.y.title, dict(zip(curve.x, curve.mean)))
"""


def draw(view: View) -> None:
    """Draw the section."""
    with st.container(key="sentences_leads"):
        st.html(figures.family())
    st.markdown(TEXT)
    try:
        result = results.measured()
    except LatentLabError as error:
        choices.say(error)
    else:
        st.subheader("A code, or a mean of words?", anchor=False)
        st.html(figures.probes(result))
    st.caption(
        "Papers: [Devlin et al. (2019), BERT](https://aclanthology.org/N19-1423/) ·"
        " [Radford et al. (2018), Improving language understanding by generative pre-training]"
        "(https://openai.com/index/language-unsupervised/)"
    )
    widgets.explainer(BELOW)
    widgets.show_code(CODE)
