"""“Letter by letter”: made-up words of a network, beside those of a bigram and a 7-gram."""

import streamlit as st

from latentlab.ui.attention import figures, results
from latentlab.ui.shared import cache, fields, guard, state, widgets
from latentlab.ui.shared.entry import View

BEGUN, HEAT, SEED = "attention_begun", "attention_heat", "attention_words_seed"
MOST = 40  # characters of what is typed

IDEA = """
The same decoder-only network, with letters for words: it has read the spellings of 105,512 English
words and names, one letter after another, and says which comes next. A **bigram** knows how often a
letter follows another one. A **7-gram** knows what followed the last six, and falls back to five,
four and so on where it has not seen these (Kneser and Ney's way of counting).

The network has to be better than the bigram, which any net is; the 7-gram is what it should be
measured by. The table says what each pays for a letter of words that none of them has seen, in
nats: the mean of −ln p of the letter that came.

Made-up words are drawn letter by letter. Network and bigram follow the temperature; words of the
7-gram were drawn beforehand at temperature 1, since its counts are too large to ship, and those
that begin as you wish are shown. Some of all these words are real ones.
"""
CODE = """
from latentlab import checkpoints
from latentlab.data import Vocabulary
from latentlab.tasks import attention

checkpoint = checkpoints.load("{name}")
vocabulary = Vocabulary.from_json(checkpoint.file(checkpoints.VOCABULARY))
network = checkpoint.load_model()
print(attention.made_up(network, vocabulary, {begun!r}, temperature={heat}, seed={seed}))
"""


def draw(view: View) -> None:
    """Draw the section."""
    _live()
    widgets.explainer(
        IDEA, paper="[Chen & Goodman (1999)](https://doi.org/10.1006/csla.1999.0128), section 2.7"
    )
    held = st.session_state
    widgets.show_code(
        lambda: CODE.format(
            name=results.SPELLER,
            begun=held.get(BEGUN, "")[:MOST],
            heat=held.get(HEAT, 1.0),
            seed=held.get(SEED, 0),
        ),
        key="attention.code",
    )


@st.fragment
def _live() -> None:
    from latentlab.tasks import attention

    with guard.errors():
        with st.container(key="attention_controls", horizontal=True, vertical_alignment="bottom"):
            state.url_value(BEGUN, "Beginning", lambda found: found[:MOST], "")
            typed = st.text_input(
                "How the word begins",
                key=BEGUN,
                max_chars=MOST,
                placeholder="a few letters, or none",
                persist_state="session",
            )
            state.publish(BEGUN, typed or None)
            heat = fields.url_slider(
                "Temperature", key=HEAT, low=0.0, high=2.0, default=1.0, step=0.1
            )
            seed = fields.url_seed("Draw again", key=SEED)
        found = attention.made_up(
            results.speller(), results.vocabulary(results.SPELLER), typed, heat, seed
        )
        left_out = len(typed.strip()) - len(found.beginning)
        with st.container(key="attention_answer"):
            st.markdown(_verdict())
            if left_out:
                st.caption(
                    f"Read as “{found.beginning}”: letters from a to z, at most"
                    f" {attention.MOST_LETTERS}."
                )
        with st.container(key="attention_letters"):
            one, other = st.columns([2, 3])
            with one:
                after = f"after “{found.beginning}”" if found.beginning else "at the start"
                st.subheader(f"Which letter comes {after}?", anchor=False)
                st.html(figures.key(figures.LETTERS))
                st.html(figures.next_letters(found.next))
            with other:
                st.subheader("Made-up words", anchor=False)
                st.html(
                    figures.made_up(
                        {"network": found.network, "7-gram": found.seven, "bigram": found.bigram},
                        len(found.beginning),
                    )
                )
                if len(found.seven) < len(found.network):
                    st.caption(
                        f"Of {found.kept:,} words of the 7-gram, {len(found.seven) or 'none'} begin"
                        f"{'s' if len(found.seven) == 1 else ''} so."
                    )


def _verdict() -> str:
    """Return what the network and the counts pay for a letter, from the card."""
    kept = {score.name: score for score in cache.checkpoint(results.SPELLER).card.scores}
    loss, bigram = kept["loss"], kept["loss of a bigram"]
    counted = loss.baseline
    assert counted is not None
    wins = "less than" if loss.value < counted else "more than"
    return (
        f"On words that none has learnt from, a letter costs the network **{loss.value:.3f} nats**,"
        f" {wins} the 7-gram’s **{counted:.3f}**; the bigram pays **{bigram.value:.2f}**."
    )
