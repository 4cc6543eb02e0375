"""What a set of texts is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import Split, TrainingData
from latentlab.data.text.vocabulary import SPECIAL, Vocabulary
from latentlab.kinds import Modality
from latentlab.registry import Registry

if TYPE_CHECKING:
    import torch

    from latentlab.models import ModelConfig

PAD = SPECIAL.index("<pad>")


@dataclass(frozen=True)
class Rows:
    """Texts of one split as rows of numbers: what networks learn from.

    ``tokens`` int64 ``[N, T]`` as `Vocabulary.rows` gives them; ``labels`` int64 ``[N]``, or zeros;
    where a network is to write an answer to each text, the rows of these, int64 ``[N, T]``.
    """

    tokens: NDArray[np.int64]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.tokens)

    def by_length(self, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the chosen places by the tokens of their texts, and then of their answers.

        Equals stay in their order.
        """
        keys = [(self.tokens[chosen] != PAD).sum(1)]  # the last decides first
        if self.labels.ndim == 2:
            keys.insert(0, (self.labels[chosen] != PAD).sum(1))
        return chosen[np.lexsort(keys)]

    def batch(
        self, chosen: "NDArray[np.int64]", rng: "torch.Generator", done: float = 1.0
    ) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return the chosen rows int64 ``[n, T]`` and their labels; nothing is random."""
        import torch

        return torch.from_numpy(self.tokens[chosen]), torch.from_numpy(self.labels[chosen])


@dataclass(frozen=True)
class TextDataset:
    """A named, licensed set of short texts with fixed splits.

    Attributes:
        name: in its registry, and on cards.
        title: what people call it.
        licence: of the texts, as their source states it.
        credit: whom to name.
        read: split -> texts, each a tuple of tokens.
        vocabulary: the words that networks for it know; from its training split, yet on every
            machine, by rule or as a file that ships.
        samples: a few texts that latentlab ships, as people write them; none was trained on.
        length: tokens of the longest row, with those for start and end.
        tokenise: what people write -> tokens.
        answers: split -> what a network is to write for each text; None where nothing is asked.
        tokenise: a text as people write it -> its tokens.
    """

    name: str
    title: str
    licence: str
    credit: str
    read: Callable[[Split], tuple[tuple[str, ...], ...]]
    vocabulary: Callable[[], Vocabulary]
    samples: Callable[[], tuple[str, ...]]
    length: int
    tokenise: Callable[[str], list[str]]
    answers: Callable[[Split], tuple[tuple[str, ...], ...]] | None = None
    modality: Modality = "text"

    def load(self, split: Split) -> Rows:
        """Return a whole split as rows.

        Raises:
            DataError: its files are not on this machine, or are not what they should be.
        """
        vocabulary = self.vocabulary()
        rows = np.array(vocabulary.rows(self.read(split), self.length), np.int64)
        if self.answers is None:
            return Rows(rows, np.zeros(len(rows), np.int64))
        return Rows(rows, np.array(vocabulary.rows(self.answers(split), self.length), np.int64))

    def training_data(self, config: "ModelConfig") -> TrainingData:
        """Return the training split.

        Raises:
            DataError: as ``load``.
        """
        return self.load("train")

    def showcase(self, count: int) -> "torch.Tensor":
        """Return the first samples as rows, ``[n, T]`` int64, for a card."""
        import torch

        texts = [self.tokenise(text) for text in self.samples()[:count]]
        return torch.tensor(self.vocabulary().rows(texts, self.length))


corpora: Registry[TextDataset] = Registry("set of texts")
