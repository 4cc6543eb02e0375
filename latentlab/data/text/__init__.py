"""Sets of texts. Importing this package registers all of them."""

from latentlab.data.text.base import TextDataset, corpora
from latentlab.data.text.everyday import EVERYDAY
from latentlab.data.text.grammar import GRAMMAR
from latentlab.data.text.spellings import PRONUNCIATIONS, SPELLINGS
from latentlab.data.text.vocabulary import Vocabulary
from latentlab.data.text.wordnet import WORDNET

__all__ = [
    "EVERYDAY",
    "GRAMMAR",
    "PRONUNCIATIONS",
    "SPELLINGS",
    "WORDNET",
    "TextDataset",
    "Vocabulary",
    "corpora",
]
