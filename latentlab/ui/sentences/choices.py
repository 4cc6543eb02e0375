"""Which network, and which sentence: choices that several sections of the page share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import InputError, LatentLabError
from latentlab.ui.sentences import SENTENCES
from latentlab.ui.shared import cache, fields, state, widgets

if TYPE_CHECKING:
    from latentlab.data import TextDataset
    from latentlab.models import SentenceModel
    from latentlab.tasks.sentences import Typed

GRAMMAR, WORDNET = "grammar", "wordnet"
TEXTS = {GRAMMAR: "Grammar", WORDNET: "WordNet examples"}
HEALTHY, COLLAPSED = "sentence_vae.grammar", "sentence_vae.grammar_collapsed"
OF_WORDNET = "sentence_vae.wordnet"
# In the order in which they are offered; others come after them, by their names.
LABELS = {
    HEALTHY: "VAE, free bits",
    COLLAPSED: "VAE, collapsed",
    "sentence_autoencoder.grammar": "Autoencoder",
    "sentence_autoencoder.grammar_denoising": "Denoising autoencoder",
    OF_WORDNET: "VAE, free bits",
}
# By which name the experiment “sentences” has them.
MEASURED = {
    HEALTHY: "vae",
    COLLAPSED: "collapsed",
    "sentence_autoencoder.grammar": "ae",
    "sentence_autoencoder.grammar_denoising": "dae",
}
MODEL, TEXT, EXAMPLE = "sentences_model", "sentences_text", "sentences_example"
LETTERS = 2_000  # of a sentence in the address, as of one that is typed
FIRST = "the children did not paint a kite near the river"
_FIRST = {GRAMMAR: FIRST, WORDNET: "he was afraid he would have to let her go"}


@dataclass(frozen=True)
class Chosen:
    """A network with the texts whose words it knows."""

    name: str
    network: "SentenceModel"
    corpus: "TextDataset"


def names(data: str | None = None) -> list[str]:
    """Return the names of the networks that are here, or of those for one set of texts."""
    found = cache.names_for(SENTENCES, data)
    order = list(LABELS)
    rest = [name for name in found if name not in order]
    return [name for name in order if name in found] + rest


def label(name: str) -> str:
    """Return what people call a network."""
    return LABELS.get(name, widgets.plain(name))


def model(*, data: str | None = None, key: str = MODEL) -> Chosen:
    """Draw the choice of a network, and of its texts where these are not given.

    Raises:
        LatentLabError: it cannot be used.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if data is None:
            data = _texts(key)
        options = {name: label(name) for name in names(data)}
        usual = next(iter(options)) in names()[:1]
        name = fields.url_select("Network", options, key=key, style="buttons", omit_default=usual)
    return chosen(name)


def _texts(key: str) -> str:
    """Draw the choice of texts: those of the network that ``key`` holds; return their name.

    The address holds the network alone, which says what it reads.
    """
    by_texts = {texts: found for texts in TEXTS if (found := names(texts))}
    held = st.query_params.get(key) if state.address_may_decide(key) else st.session_state.get(key)
    now = next((texts for texts, found in by_texts.items() if held in found), next(iter(by_texts)))
    if len(by_texts) > 1:

        def turn() -> None:
            st.session_state[key] = by_texts[st.session_state[_OF_TEXTS]][0]

        st.session_state[_OF_TEXTS] = now
        st.segmented_control(
            "Sentences",
            list(by_texts),
            required=True,
            format_func=lambda texts: TEXTS.get(texts, str(texts)),
            key=_OF_TEXTS,
            on_change=turn,
        )
    return now


def chosen(name: str) -> Chosen:
    """Return a network with its texts.

    Raises:
        LatentLabError: it cannot be used, or its texts are unknown here.
    """
    from latentlab.data import corpora
    from latentlab.models import SentenceModel

    network = cache.model(name)
    corpus = corpora.get(cache.checkpoint(name).card.data)
    if not isinstance(network, SentenceModel) or network.tokens != len(corpus.vocabulary()):
        raise InputError(
            f"{name} does not read the words of {corpus.title}.", "Choose another network."
        )
    return Chosen(name, network, corpus)


def sentence(corpus: "TextDataset") -> "Typed | None":
    """Draw a field for a sentence; None, with a word why, where nothing can be read."""
    from latentlab.tasks import sentences

    def parse(text: str) -> str:
        if len(text) > LETTERS:
            raise ValueError(text[:20])
        return text

    def another() -> None:
        samples = corpus.samples()
        at = st.session_state.get(_DRAWN, 0)
        st.session_state[_DRAWN] = at + 1
        st.session_state[key] = samples[(7 * at + 3) % len(samples)]

    key = EXAMPLE if corpus.name == WORDNET else TEXT
    first = _FIRST.get(corpus.name, FIRST)
    state.url_value(key, "Sentence", parse, first)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Sentence", key=key, max_chars=LETTERS, persist_state="session")
        st.button("Another", key="sentences.another", on_click=another, icon=":material/casino:")
    state.publish(key, None if text == first else text)
    try:
        typed = sentences.typed(text, corpus)
    except InputError as error:
        say(error)
        return None
    if said := note(typed):
        st.caption(widgets.plain(said))
    return typed


def say(error: LatentLabError) -> None:
    """Draw why something is not here."""
    st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")


def note(typed: "Typed") -> str:
    """Return what has to be said of how a sentence was read; often nothing."""
    said = []
    if typed.unknown:
        words = ", ".join(f"“{word[:20]}”" for word in typed.unknown[:5])
        more = f" and {len(typed.unknown) - 5} more" if len(typed.unknown) > 5 else ""
        said.append(f"Read as unknown: {words}{more}.")
    if typed.cut:
        said.append(f"Only the first {len(typed.words)} words are read.")
    return " ".join(said)


_DRAWN, _OF_TEXTS = "sentences.drawn", "sentences.texts"
