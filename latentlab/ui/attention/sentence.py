"""The sentence of a visitor, which all sections share, and which a link holds."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.attention import results
from latentlab.ui.attention.binding import MAX_REPORT
from latentlab.ui.shared import state

if TYPE_CHECKING:
    from latentlab.tasks.attention import Sentence

TEXT = "attention_sentence"
DEFAULT = "The cat sat on the mat"


def held() -> str:
    """Return the text that the address or the visitor has given."""
    text = state.url_value(TEXT, "Sentence", lambda found: found[:MAX_REPORT], DEFAULT)
    state.publish(TEXT, None if text == DEFAULT else text)
    return text


def field() -> str:
    """Draw the sentence as a field, and return it."""
    state.url_value(TEXT, "Sentence", lambda found: found[:MAX_REPORT], DEFAULT)
    text = st.text_input("Your sentence", key=TEXT, max_chars=MAX_REPORT, persist_state="session")
    state.publish(TEXT, None if text == DEFAULT else text)
    return text


def read(name: str, text: str) -> "Sentence":
    """Return a text as the network of a checkpoint reads it, with room for start and end."""
    from latentlab.tasks.attention import read_sentence

    network = results.masked_model() if name == results.MASKED else results.language_model()
    return read_sentence(text, results.vocabulary(name), network.length - 2)
