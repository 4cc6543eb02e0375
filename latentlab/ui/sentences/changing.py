"""Arithmetic of codes: past minus present; how often it hits, and which way a factor lies."""

import streamlit as st

from latentlab.errors import InputError, LatentLabError
from latentlab.ui.sentences import choices, figures, results
from latentlab.ui.shared import fields, widgets
from latentlab.ui.shared.entry import View

STEPS = 7
FACTORS = ("tense", "polarity", "number", "person", "subject", "verb", "object", "place")

IDEA = """
The mean code of all sentences in the **future**, minus the mean of those in the **past**, is added
to the code of a sentence in the past. Does it come back in the future, and **nothing else**
changed? In this grammar one sentence is right, so a hit is a hit word for word.

The table says how often, over 1,000 test sentences and a random other value each: the mean of three
trainings of each network, and ± the spread between them. **TF-IDF and SVD** does the same sum with
16 numbers, and answers with the nearest of *all* 102,600 sentences of the grammar, a list that no
network has. One example that works proves nothing; the share does.

Below, a **direction** for a question of yes or no, found by one of four methods, and what it does:
300 sentences are moved along it until the answer switches. *Nothing else changed* counts those in
which all other factors are as before.
"""
PAPERS = (
    "[Mikolov, Yih & Zweig (2013), Linguistic regularities in continuous space word"
    " representations](https://aclanthology.org/N13-1090/)",
)
CODE = """
from latentlab import checkpoints
from latentlab.data import corpora
from latentlab.data.text.grammar import FACTORS
from latentlab.tasks import sentences

network = checkpoints.load("{name}").load_model()
means = sentences.means(network, sentences.known(corpora.get("grammar")))
typed = sentences.typed({text!r}, corpora.get("grammar"))
answer = sentences.change(network, means, typed, {factor}, {value})
print(FACTORS[{factor}].name, answer.line.text, answer.hit)
"""


def draw(view: View) -> None:
    """Draw the section."""
    from latentlab.data.text import grammar
    from latentlab.tasks import sentences

    chosen = choices.model(data=choices.GRAMMAR, key="sentences_of_change")
    typed = choices.sentence(chosen.corpus)
    names = [factor.name for factor in grammar.FACTORS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        factor = fields.url_select(
            "Change the", {name: name for name in FACTORS}, key="sentences_factor", style="buttons"
        )
        place = names.index(factor)
        values = grammar.FACTORS[place].values
        value = fields.url_select(
            "to",
            {str(k): text for k, text in enumerate(values)},
            key="sentences_value",
            default=str(len(values) - 1),
        )
    if typed is not None:
        with st.container(key="sentences_changed"):
            try:
                answer = sentences.change(
                    chosen.network, results.means(chosen.name), typed, place, int(value)
                )
            except InputError as error:
                choices.say(error)
            else:
                st.html(figures.answer(typed.words, answer, factor, values[int(value)]))
    try:
        result = results.measured()
    except LatentLabError as error:
        choices.say(error)
    else:
        with st.container(key="sentences_hits"):
            st.html(figures.hits(result, FACTORS))
    _direction(chosen, typed)
    widgets.explainer(IDEA, paper=PAPERS)
    text = "" if typed is None else " ".join(typed.words)
    widgets.show_code(CODE.format(name=chosen.name, text=text, factor=place, value=value))


def _direction(chosen: choices.Chosen, typed: object) -> None:
    from latentlab.latents.directions import supervised
    from latentlab.tasks import sentences

    st.subheader("Which way does it lie?", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        attribute = fields.url_select(
            "Direction of",
            {name: title for name, (title, _, _) in sentences.ATTRIBUTES.items()},
            key="sentences_attribute",
            style="buttons",
        )
        method = fields.url_select(
            "found by",
            {name: supervised.get(name).label for name in supervised},
            key="sentences_method",
        )
    try:
        found = results.direction(chosen.name, method, attribute)
    except InputError as error:
        choices.say(error)
        return
    st.markdown(figures.direction(found, sentences.ATTRIBUTES[attribute][0].lower()))
    if isinstance(typed, sentences.Typed):
        way = sentences.along(chosen.network, found, sentences.code(chosen.network, typed), STEPS)
        st.html(figures.lines(way))
