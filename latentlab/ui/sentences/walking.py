"""From one sentence to another: what is written at equal steps between their codes."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import InputError, LatentLabError
from latentlab.ui.sentences import binding, choices, figures, results
from latentlab.ui.shared import guard, state, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.tasks.sentences import Typed, Walk

STEPS = 9
SAMPLES = 60  # that the buttons draw from
FROM, TO = "sentences_from", "sentences_to"
_KEY = "sentences_live"
_ENDS = {
    choices.GRAMMAR: (
        "I painted a boat in the garden",
        "the farmers will not sell a clock at home",
    ),
    choices.WORDNET: ("the train is late", "he is the best one"),
}

IDEA = """
A recurrent network reads a sentence word by word; what it holds at the end becomes the **code**, 16
numbers (32 for WordNet). Another network gets the code and writes a sentence: at every step it
hears the code and **its own word before**, and takes the best next word.

Here both sentences become codes, and the lines between are written from codes **on the straight
way** from one to the other. Words in colour are not in the line above.

A walk that stands still looks smooth: so the number of **different lines** is said, and whether the
grammar has each of them. It has 102,600 sentences, and every line can be looked up. How usual the
words are is judged by **trigrams**, which only count what follows two words (the lower, the more
usual). Trigrams alone write a sentence of this grammar nearly every time: grammatical lines are no
feat. That the lines lead from one sentence to the other is.

The **denoising autoencoder** learnt to give back whole sentences of which one word in five was
hidden as “unknown” (Vincent et al. 2008 for pictures). For a word that it does not know it writes
one that may stand there, and keeps the others. The other networks have met no “unknown” in
training, and often lose more than that word.

**WordNet examples** are short phrases from a dictionary, which nobody made by rule. There a network
of this size loses much of a new sentence: compare the first and the last line with what was typed.
"""
FORMULA = (
    r"z_t = (1 - t)\,z_a + t\,z_b,\qquad"
    r" w_i = \arg\max_w p(w \mid w_1, \dots, w_{i-1}, z_t)",
)
PAPERS = (
    "[Bowman et al. (2016), Generating sentences from a continuous space]"
    "(https://arxiv.org/abs/1511.06349)",
)
CODE = """
from latentlab import checkpoints
from latentlab.data import corpora
from latentlab.tasks import sentences

network = checkpoints.load("{name}").load_model()
corpus = corpora.get("{data}")
ends = [sentences.code(network, sentences.typed(text, corpus)) for text in (
    {a!r},
    {b!r},
)]
walk = sentences.walk(network, corpus, tuple(ends), steps={steps})
print(*(line.text for line in walk.lines), sep="\\n")
print(walk.distinct, "different lines")
"""


def draw(view: View) -> None:
    """Draw the section."""
    chosen = choices.model()
    _live(chosen)
    if chosen.name in choices.MEASURED:
        try:
            st.caption(figures.walks(results.measured(), choices.MEASURED[chosen.name]))
        except LatentLabError as error:
            choices.say(error)
    widgets.explainer(IDEA, formula=FORMULA, paper=PAPERS)
    a, b = ends(chosen.corpus.name)
    widgets.show_code(
        lambda: CODE.format(name=chosen.name, data=chosen.corpus.name, a=a, b=b, steps=STEPS),
        key="sentences.code",
    )


def usual(data: str) -> tuple[str, str]:
    """Return the two sentences that a walk begins with."""
    return _ENDS.get(data, _ENDS[choices.GRAMMAR])


def ends(data: str) -> tuple[str, str]:
    """Return what stands in the two fields."""
    held = st.session_state.get(FROM), st.session_state.get(TO)
    a, b = (now if now is not None else given for now, given in zip(held, usual(data), strict=True))
    return a, b


@st.fragment
def _live(chosen: choices.Chosen) -> None:
    """Draw the fields and the lines; what stands in the fields is held by the address."""

    def parse(text: str) -> str:
        if len(text) > choices.LETTERS:
            raise ValueError(text[:20])
        return text

    def typed() -> None:
        try:
            told = binding.read(st.session_state[_KEY].get("typed"))
        except ValueError:
            return  # nothing changes
        # What nobody has touched follows the texts that are chosen.
        for key, now, given in zip((FROM, TO), told, usual(chosen.corpus.name), strict=True):
            st.session_state[key] = None if now == given else now

    with guard.errors(), st.container(key=f"{_KEY}_box"):
        state.url_value(FROM, "From", parse, None)
        state.url_value(TO, "To", parse, None)
        a, b = ends(chosen.corpus.name)
        found, notes, verdict = _walked(chosen, (a, b))
        binding.walk(
            key=_KEY,
            ends=(a, b),
            found=found,
            notes=notes,
            verdict=verdict,
            samples=chosen.corpus.samples()[:SAMPLES],
            on_typed=typed,
        )
        for key, now, given in zip((FROM, TO), (a, b), usual(chosen.corpus.name), strict=True):
            state.publish(key, None if now == given else now)


def _walked(
    chosen: choices.Chosen, asked: tuple[str, str]
) -> "tuple[Walk | None, tuple[str, str], str]":
    """Return the lines, how each end was read, and a sentence about the lines."""
    from latentlab.tasks import sentences

    read: list[Typed | None] = []
    notes = []
    for text in asked:
        try:
            end = sentences.typed(text, chosen.corpus)
            read.append(end)
            notes.append(choices.note(end))
        except InputError as error:
            read.append(None)
            notes.append(f"{error.message} {error.hint or ''}".strip())
    a, b = read
    if a is None or b is None:
        return None, (notes[0], notes[1]), ""
    counted = results.counted() if chosen.corpus.name == choices.GRAMMAR else None
    codes = sentences.code(chosen.network, a), sentences.code(chosen.network, b)
    found = sentences.walk(chosen.network, chosen.corpus, codes, STEPS, counted)
    return found, (notes[0], notes[1]), said(found, a, b)


def said(found: "Walk", a: "Typed", b: "Typed") -> str:
    """Return what is to be said of a walk."""
    from latentlab.tasks import sentences

    lines = found.lines
    parts = [f"{found.distinct} of {len(lines)} lines are different"]
    if found.grammatical is not None:
        parts.append(f"{found.grammatical} are sentences of the grammar")
    if found.nats is not None:
        parts.append(f"{found.nats:.2f} nats a word by trigrams")
    text = ", ".join(parts) + "."
    back = [
        line.text == sentences.spelt(end.words) for line, end in ((lines[0], a), (lines[-1], b))
    ]
    if all(back):
        return f"{text} Both ends come back word for word."
    if not any(back):
        return f"{text} Neither end comes back word for word."
    return f"{text} The {'first' if back[0] else 'last'} sentence alone comes back word for word."
