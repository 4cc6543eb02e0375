"""Codes on a plane, coloured by what is known of the sentences; and the nearest ones."""

import streamlit as st

from latentlab.ui.sentences import choices, figures, results
from latentlab.ui.shared import fields, widgets
from latentlab.ui.shared.entry import View

BY = {"code": "Code of the network", "tfidf": "TF-IDF and SVD"}
_SAID = {"code": "the code of the network", "tfidf": "TF-IDF and SVD"}

IDEA = """
Each dot is one of 2,000 test sentences, on the first two **principal components** of its code. The
colour is one thing that is known of the sentence. The cross is yours.

**TF-IDF and SVD** is the classical way: count words and pairs of words, weigh rare ones up, and
keep the 16 directions that vary most. It has no network, and cannot write a sentence.

Beside the map: the nearest sentences by all 16 numbers, with how many of the eight factors they
share with yours. Nearness in the code of a network follows what the writer needs to hear, and
nobody promised that this is what people call alike.
"""
CODE = """
from latentlab import checkpoints
from latentlab.data import corpora
from latentlab.tasks import sentences

known = sentences.known()
typed = sentences.typed({text!r}, corpora.get("grammar"))
network = checkpoints.load("{name}").load_model()
codes = sentences.codes(network, known).double().numpy()
here = sentences.code(network, typed).double().numpy()
for near in sentences.neighbours(codes, here, known, typed.words):
    print(near.shared, near.text)
"""


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.data.text import grammar
    from latentlab.tasks import sentences

    chosen = choices.model(data=choices.GRAMMAR, key="sentences_of_map")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = fields.url_select("Numbers by", BY, key="sentences_by", style="buttons")
        factors = {factor.name: factor.name.capitalize() for factor in grammar.FACTORS}
        factor = fields.url_select("Colour", factors, key="sentences_colour", style="list")
    typed = choices.sentence(chosen.corpus)
    if typed is None:
        return
    known = results.known()
    if by == "code":
        codes = results.codes(chosen.name).double().numpy()
        here = sentences.code(chosen.network, typed).double().numpy()
    else:
        semantics = results.semantics()
        codes, here = semantics.codes, semantics.encode([typed.words])[0]
    place = list(factors).index(factor)
    with st.container(key="sentences_map"):
        plane = sentences.plane(codes, here)
        left, right = st.columns([3, 2])
        with left:
            st.plotly_chart(
                figures.plane(plane, known, grammar.FACTORS[place], place), key="sentences_plane"
            )
        with right:
            near = sentences.neighbours(codes, here, known, typed.words)
            st.html(figures.neighbours(near, _SAID[by], len(grammar.FACTORS)))
    st.caption(f"The plane shows {100 * plane.share:.0f} % of the variance of the numbers.")
    widgets.explainer(
        IDEA,
        paper="[Deerwester et al. (1990), Indexing by latent semantic analysis]"
        "(https://doi.org/10.1002/(SICI)1097-4571(199009)41:6%3C391::AID-ASI1%3E3.0.CO;2-9)",
    )
    widgets.show_code(CODE.format(name=chosen.name, text=" ".join(typed.words)))
