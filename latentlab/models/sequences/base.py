"""What networks for sequences are: tokens in, a row of numbers a position out."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from latentlab.errors import ShapeError
from latentlab.models.base import ModelConfig, Network
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class SequenceConfig(ModelConfig):
    """What a network for sequences is built from."""

    tokens: Count = 32  # in its vocabulary: inputs are whole numbers below it


class SequenceNetwork(Network):
    """A network whose inputs are sequences of tokens."""

    config_type: ClassVar[type[SequenceConfig]]

    def __init__(self, config: SequenceConfig) -> None:
        super().__init__(config)
        self.tokens = config.tokens

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """Return scores (logits) ``[B, T, outputs]`` float32 for tokens ``[B, T]`` int64."""

    def check_tokens(self, x: Tensor) -> Tensor:
        """Return ``x`` if it is a batch of this network's sequences.

        Raises:
            ShapeError: it is not ``[B, T]`` int64 with T ≥ 1, or a token is not in the vocabulary.
        """
        if x.ndim != 2 or x.shape[1] < 1 or x.dtype != torch.int64:
            raise ShapeError("A batch of tokens, int64,", ("B", "T"), tuple(x.shape))
        if len(x) and not 0 <= int(x.min()) <= int(x.max()) < self.tokens:
            raise ShapeError(f"A batch of tokens below {self.tokens}", ("B", "T"), tuple(x.shape))
        return x
