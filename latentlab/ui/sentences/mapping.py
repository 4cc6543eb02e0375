"""Codes on a plane, coloured by what is known of the sentences; and the nearest ones."""

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.sentences import choices, figures, results
from latentlab.ui.shared import fields, widgets
from latentlab.ui.shared.entry import View

BY = {"code": "Code of the network", "tfidf": "TF-IDF and SVD"}
_SAID = {"code": "the code of the network", "tfidf": "TF-IDF and SVD"}

IDEA = """
Each dot is one of 2,000 test sentences (of WordNet’s examples: of 300), on the first two
**principal components** of its code. The colour is one thing that is known of the sentence. The
cross is yours.

**TF-IDF and SVD** is the classical way: count words and pairs of words, weigh rare ones up, and
keep as many of the directions that vary most as the code has numbers. It has no network, and cannot
write a sentence.

Beside the map: the nearest sentences by all numbers, in the grammar with how many of the eight
factors they share with yours. Nearness in the code of a network follows what the writer needs to
hear, and nobody promised that this is what people call alike.
"""
CODE = """
from latentlab import checkpoints
from latentlab.data import corpora
from latentlab.tasks import sentences

corpus = corpora.get("{data}")
known = sentences.known(corpus)
typed = sentences.typed({text!r}, corpus)
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

    chosen = choices.model()
    data = chosen.corpus.name
    known = results.known(data)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = fields.url_select("Numbers by", BY, key="sentences_by", style="buttons")
        place = 0
        if known.numbers is not None:
            factors = {factor.name: factor.name.capitalize() for factor in grammar.FACTORS}
            factor = fields.url_select("Colour", factors, key="sentences_colour", style="list")
            place = list(factors).index(factor)
    typed = choices.sentence(chosen.corpus)
    if typed is None:
        return
    codes = results.codes(chosen.name).double().numpy()
    here = sentences.code(chosen.network, typed).double().numpy()
    semantics = results.semantics(data, chosen.network.latent_size)
    counted = semantics.encode([typed.words])[0]
    both = {"code": (codes, here), "tfidf": (semantics.codes, counted)}
    with st.container(key="sentences_map"):
        plane = sentences.plane(*both[by])
        left, right = st.columns([3, 2])
        with left:
            if known.numbers is None:
                figure = figures.plane_of_lengths(plane, known)
            else:
                figure = figures.plane(plane, known, grammar.FACTORS[place], place)
            st.plotly_chart(figure, key="sentences_plane")
        with right:
            for name in (by,) if known.numbers is not None else BY:
                near = sentences.neighbours(*both[name], known, typed.words)
                st.html(figures.neighbours(near, _SAID[name], len(grammar.FACTORS)))
    st.caption(f"The plane shows {100 * plane.share:.0f} % of the variance of the numbers.")
    if known.numbers is not None:
        try:
            st.caption(figures.shared(results.measured()))
        except LatentLabError as error:
            choices.say(error)
    widgets.explainer(
        IDEA,
        paper="[Deerwester et al. (1990), Indexing by latent semantic analysis]"
        "(https://doi.org/10.1002/(SICI)1097-4571(199009)41:6%3C391::AID-ASI1%3E3.0.CO;2-9)",
    )
    widgets.show_code(CODE.format(name=chosen.name, data=data, text=" ".join(typed.words)))
