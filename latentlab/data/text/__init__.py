"""Sets of texts. Importing this package registers all of them."""

from latentlab.data.text.base import TextDataset, corpora
from latentlab.data.text.vocabulary import Vocabulary

__all__ = ["TextDataset", "Vocabulary", "corpora"]
