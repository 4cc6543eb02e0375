"""“Three architectures”: what each sees, and what it makes of a text."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.attention import figures, results, sentence
from latentlab.ui.shared import cache, fields, guard, state, widgets
from latentlab.ui.shared.entry import View

if TYPE_CHECKING:
    from latentlab.data.text.sentence_classes import Name
    from latentlab.data.text.spoken import SpokenWord
    from latentlab.tasks.attention import Sentence

PLACE, TEMPERATURE, TOP = "attention_hidden", "attention_temperature", "attention_top"
ASKED, QUESTION = "attention_asked", "attention_question"
SEED, WORD, LAYER = "attention_draw", "attention_word", "attention_cross"
TAKEN = "attention_taken"  # how many test words were asked for; no link holds it
USUAL_WORD = "attention"
TASKS = {"word": "A hidden word", "class": "Its class"}
QUESTIONS = {"source": "Source", "order": "Word order"}
SCORES = {
    "source": "caption or dictionary, from the mean code",
    "order": "two words swapped, from the mean code",
}
TOPS = {"1": "1", "5": "5", "50": "50", "4500": "all"}
MOST_WORD = 200  # characters

IDEA = """
All three are stacks of the same layers. They differ in **who may look at whom**:

- **Encoder only** (as BERT): every word sees every word. It is trained to guess hidden words from
  both sides, and cannot write a text from left to right. What it makes of all words, averaged, is
  a code of the sentence, and one linear map of that code says its **class**, in two ways:
  was it written as the caption of a photograph, or as an example in a dictionary (WordNet)? And
  are its words in order, or are two neighbours swapped? A **bag of words** is the classical way:
  logistic regression, with a weight for each word, whatever its place.
- **Decoder only** (as GPT): every word sees itself and the past. It is trained to say what comes
  next, at every place at once, and writes a text by taking one word after another.
- **Encoder and decoder** (as the first Transformer): one half reads a text, the other
  writes another one and looks the first up by **cross-attention**. Here it reads a spelling and
  writes its sounds: those that a **beam search** finds, which keeps the four likeliest beginnings
  at every step.

**Temperature** divides scores before softmax: below 1 the likely becomes likelier, at 0 the
likeliest is always taken. **Top-k** draws from the k likeliest alone. The cross-attention drawn is
the mean over the heads of one layer; nobody told the network which letter makes which sound.

The **dictionary** is the CMU Pronouncing Dictionary, of which some words ship with the app. **Joint
n-grams** pair letters with sounds and count which pairs follow which; they have learnt from the
same words as the network.
"""
CODE = """
from latentlab import checkpoints
from latentlab.data import Vocabulary
from latentlab.tasks import attention

def load(name):
    checkpoint = checkpoints.load(name)
    return checkpoint.load_model(), Vocabulary.from_json(checkpoint.file(checkpoints.VOCABULARY))

network, vocabulary = load("{language}")
sentence = attention.read_sentence({text!r}, vocabulary, network.length - 2)
print(attention.next_words(network, vocabulary, sentence, {temperature}, {top}))
network, vocabulary = load("{masked}")
print(attention.hidden_word(network, vocabulary, sentence, {place}))
print(attention.sentence_class(network, vocabulary, sentence, {question!r}))
network, vocabulary = load("{speaker}")
print(attention.speak(network, vocabulary, {word!r}))
print(attention.dictionary_of({word!r}))
"""


def draw(view: View) -> None:
    """Draw the section."""
    _live()
    _scores()
    widgets.explainer(
        IDEA,
        paper=(
            "[Devlin et al. (2019)](https://arxiv.org/abs/1810.04805)",
            "[Radford et al. (2018)](https://openai.com/index/language-unsupervised/)",
            "[Vaswani et al. (2017)](https://arxiv.org/abs/1706.03762)",
        ),
    )
    held = st.session_state
    widgets.show_code(
        lambda: CODE.format(
            language=results.LANGUAGE,
            masked=results.MASKED,
            speaker=results.SPEAKER,
            text=held.get(sentence.TEXT, sentence.DEFAULT)[:200],
            temperature=held.get(TEMPERATURE, 1.0),
            top=held.get(TOP, "50"),
            place=held.get(PLACE, 1),
            question=held.get(QUESTION, "source"),
            word=held.get(WORD, USUAL_WORD)[:MOST_WORD],
        ),
        key="attention.code",
    )


@st.fragment
def _live() -> None:
    with guard.errors():
        with st.container(key="attention_controls"):
            text = sentence.field()
        with st.container(key="attention_three"):
            one, other, third = st.columns(3)
            with one, guard.errors():
                _encoder(text)
            with other, guard.errors():
                _decoder(text)
            with third, guard.errors():
                _both()


def _encoder(text: str) -> None:

    read = sentence.read(results.MASKED, text)
    with st.container(key="attention_shown_encoder_title"):
        st.subheader("Encoder only", anchor=False)
    task = fields.url_select("Asked for", TASKS, key=ASKED, default="word", style="buttons")
    if task == "class":
        _class(read)
    else:
        _hidden(read)


def _hidden(read: "Sentence") -> None:
    """Draw which word stands at a place that is hidden."""
    from latentlab.tasks import attention

    count = len(read.tokens)
    if not count:
        st.info("There is no word to hide yet.", icon=":material/info:")
        return
    place = 0
    if count > 1:
        usual = min(1, count - 1)
        place = (
            fields.url_slider("Hidden word", key=PLACE, low=1, high=count, default=usual + 1) - 1
        )
    guesses, true = attention.hidden_word(
        results.masked_model(), results.vocabulary(results.MASKED), read, place
    )
    names = ["▢" if i == place else token for i, token in enumerate(read.tokens)]
    with st.container(key="attention_shown_encoder"):
        st.html(figures.mask(names, "full"))
        st.html(figures.guesses(guesses, read.tokens[place]))
    what = "what stands there" if read.known[place] else "an unknown word, of which it says nothing"
    st.caption(f"“{widgets.plain(read.tokens[place])}” is {what}: {true:.1%}.")


def _class(read: "Sentence") -> None:
    """Draw which of two classes the sentence is of, by the network and by a bag of words."""
    from latentlab.tasks import attention

    asked = fields.url_select("Which class", QUESTIONS, key=QUESTION, style="buttons")
    question: Name = "order" if asked == "order" else "source"
    try:
        found = attention.sentence_class(
            results.masked_model(), results.vocabulary(results.MASKED), read, question
        )
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    with st.container(key="attention_shown_encoder"):
        st.html(figures.mask(list(read.tokens), "full"))
        st.html(figures.key(figures.CLASSES))
        st.html(figures.classes(found))
    st.caption(_class_scores(question))


def _class_scores(question: "Name") -> str:
    """Return how often each of them is right on test sentences, from the card."""
    kept = {score.name: score for score in cache.checkpoint(results.MASKED).card.scores}
    score = kept.get(SCORES[question])
    if score is None or score.baseline is None:
        return "How often this is right has not been measured."
    who = {
        "source": f"the bag of words on {score.baseline:.1%}",
        "order": "the bag of words on 50%, since the same words in another order are the same"
        f" bag; one of pairs of neighbouring words on {score.baseline:.1%}",
    }[question]
    return f"Of test sentences the network is right on {score.value:.1%}, {who}."


def _decoder(text: str) -> None:
    from latentlab.tasks import attention

    read = sentence.read(results.LANGUAGE, text)
    with st.container(key="attention_shown_decoder_title"):
        st.subheader("Decoder only", anchor=False)
    temperature = fields.url_slider(
        "Temperature", key=TEMPERATURE, low=0.0, high=2.0, default=1.0, step=0.1
    )
    top = int(fields.url_select("Top-k", TOPS, key=TOP, default="50", style="buttons"))
    network, vocabulary = results.language_model(), results.vocabulary(results.LANGUAGE)
    guesses = attention.next_words(network, vocabulary, read, temperature, top)
    with st.container(key="attention_shown_decoder"):
        st.html(figures.mask(list(read.tokens), "causal"))
        st.html(figures.guesses(guesses))
    seed = fields.url_seed("Draw again", key=SEED)
    more = attention.go_on(network, vocabulary, read, temperature, top, seed)
    st.markdown(f"{widgets.plain(' '.join(read.tokens))} **{widgets.plain(more) or '…'}**")
    if read.words:
        st.caption(widgets.plain(read.words))


def _both() -> None:
    from latentlab.tasks import attention

    with st.container(key="attention_shown_both_title"):
        st.subheader("Encoder and decoder", anchor=False)
    state.url_value(WORD, "Word", lambda found: found[:MOST_WORD], USUAL_WORD)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.text_input("Your word", key=WORD, max_chars=MOST_WORD, persist_state="session")
        st.button(
            "Test word",
            key="attention.unseen",
            on_click=_take_unseen,
            help="A word that the network has not learnt from.",
        )
    state.publish(WORD, None if word == USUAL_WORD else word)
    network = results.speaker()
    last = len(network.decoder)
    options = {str(layer): f"layer {layer}" for layer in range(1, last + 1)}
    layer = int(
        fields.url_select("Cross-attention", options, key=LAYER, default=str(last), style="buttons")
    )
    try:
        spoken = attention.speak(network, results.vocabulary(results.SPEAKER), word)
    except LatentLabError as error:
        st.info(widgets.plain(f"{error.message} {error.hint or ''}"), icon=":material/info:")
        return
    sounds = tuple(sound for sound in spoken.sounds if sound != attention.STOP)
    known = attention.dictionary_of(word)
    with st.container(key="attention_shown_both"):
        st.html(figures.spoken(sounds, known))
        st.html(figures.alignment(spoken, layer - 1))
    st.caption(_learnt(known))
    st.caption(
        "Each sound (row) sees every letter; the darker, the more the decoder looked at it to write"
        " this sound."
        + (f" {spoken.left_out} characters were left out." if spoken.left_out else "")
    )


def _take_unseen() -> None:
    """Put another word of the test split into the field."""
    from latentlab.tasks import attention

    held = st.session_state
    held[TAKEN] = held.get(TAKEN, 0) + 1
    held[WORD] = attention.unseen_word(held[TAKEN])


def _learnt(known: "SpokenWord | None") -> str:
    """Return who has seen the word before."""
    if known is None:
        return "How the dictionary speaks this word is not among what ships with the app."
    if known.unseen:
        return "A word of the test split: neither network nor n-grams have learnt from it."
    if known.held_back:
        return "A word that was held back: neither network nor n-grams have learnt from it."
    return "Network and n-grams have both learnt from this word."


def _scores() -> None:
    """Draw what was measured on the test splits, from the cards."""
    rows = []
    for name in (results.MASKED, results.LANGUAGE, results.SPEAKER):
        if name in cache.names(modality="text"):
            card = cache.checkpoint(name).card
            measured = [score for score in card.scores if score.baseline is not None]
            rows += [(card.title, card.data, score) for score in measured]
    if rows:
        with st.container(key="attention_scores"):
            st.subheader("Measured on texts that none of them has seen", anchor=False)
            st.html(figures.scores(rows))
