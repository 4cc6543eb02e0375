"""A convolution over time that sees no future, with gaps that double from layer to layer.

Bai, Kolter & Koltun 2018, *An empirical evaluation of generic convolutional and recurrent networks
for sequence modeling* (TCN): two convolutions a block, dilated by 1, 2, 4, …, and a way around
them. What lies further back than the receptive field cannot be known.
"""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.models.base import families
from latentlab.models.sequences.labeller import LabellerConfig, SequenceLabeller


@dataclass(frozen=True, kw_only=True)
class CausalCNNConfig(LabellerConfig):
    """Blocks of two convolutions each."""

    channels: Annotated[int, Meta(ge=1, le=1024)] = 50
    blocks: Annotated[int, Meta(ge=1, le=12)] = 5
    kernel: Annotated[int, Meta(ge=2, le=9)] = 3


@families.register("causal_cnn")
class CausalCNN(SequenceLabeller):
    """Dilated causal convolutions with residual connections."""

    config_type = CausalCNNConfig
    title = "Causal convolution"
    paper = "Bai, Kolter & Koltun 2018"
    config: CausalCNNConfig

    def __init__(self, config: CausalCNNConfig) -> None:
        super().__init__(config)
        self.words = nn.Embedding(config.tokens, config.channels)
        self.layers = nn.ModuleList(
            nn.Conv1d(config.channels, config.channels, config.kernel, dilation=2**block)
            for block in range(config.blocks)
            for _ in range(2)
        )
        self.output = nn.Linear(config.channels, config.outputs)

    @property
    def receptive_field(self) -> int:
        """How many tokens an answer can depend on, the present one included."""
        reach: int = 2 * (self.config.kernel - 1) * (2**self.config.blocks - 1)
        return 1 + reach

    def embed(self, x: Tensor) -> Tensor:
        """Return the vectors of tokens, ``[B, T, channels]``."""
        found: Tensor = self.words(x)
        return found

    def read(self, vectors: Tensor) -> Tensor:
        """Return logits ``[B, T, outputs]``."""
        signal = vectors.transpose(1, 2)
        for block in range(self.config.blocks):
            past = (self.config.kernel - 1) * 2**block  # zeros before the beginning
            inner = signal
            for layer in (2 * block, 2 * block + 1):
                inner = F.relu(self.layers[layer](F.pad(inner, (past, 0))))
            signal = signal + inner
        scores: Tensor = self.output(signal.transpose(1, 2))
        return scores
