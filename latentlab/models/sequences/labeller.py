"""What networks are that answer at each position of a sequence, from what has come so far."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from latentlab.models.sequences.base import SequenceConfig, SequenceNetwork
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class LabellerConfig(SequenceConfig):
    """What such a network is built from."""

    outputs: Count = 10  # answers that there are


class SequenceLabeller(SequenceNetwork):
    """A causal network: what it answers at a position depends on that token and those before it.

    It works in two halves, so that one can ask how an answer changes with the vector of a token.
    """

    config_type: ClassVar[type[LabellerConfig]]
    kind = "sequence_labeller"
    config: LabellerConfig

    def forward(self, x: Tensor) -> Tensor:
        """Return scores (logits) ``[B, T, outputs]`` float32 for tokens ``[B, T]`` int64.

        Raises:
            ShapeError: ``x`` is no batch of this network's tokens.
        """
        return self.read(self.embed(self.check_tokens(x)))

    @abstractmethod
    def embed(self, x: Tensor) -> Tensor:
        """Return the vectors of tokens, ``[B, T, D]``, before anything has been remembered."""

    @abstractmethod
    def read(self, vectors: Tensor) -> Tensor:
        """Return logits ``[B, T, outputs]`` for vectors ``[B, T, D]``."""
