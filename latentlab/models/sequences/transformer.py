"""A decoder-only Transformer: every position looks back at all before it.

Vaswani et al. 2017, *Attention is all you need*, with layers normalised first. Two layers are the
least that can look something up by what stood beside it: one head marks each token with the one
before, another finds the mark (Olsson et al. 2022, *In-context learning and induction heads*).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta
from torch import Tensor, nn

from latentlab.errors import BadConfig
from latentlab.models.base import families
from latentlab.models.sequences.attention import (
    Block,
    Positions,
    TokenEmbedding,
    Trace,
    causal_mask,
)
from latentlab.models.sequences.labeller import LabellerConfig, SequenceLabeller

Head = tuple[int, int]  # layer and head, from 0


@dataclass(frozen=True, kw_only=True)
class TransformerConfig(LabellerConfig):
    """Layers of attention and MLP."""

    positions: Positions = "learnt"
    width: Annotated[int, Meta(ge=2, le=1024)] = 56
    heads: Annotated[int, Meta(ge=1, le=64)] = 4
    layers: Annotated[int, Meta(ge=1, le=12)] = 2
    length: Annotated[int, Meta(ge=1, le=4096)] = 64  # positions with a vector, where learnt


@families.register("transformer")
class Transformer(SequenceLabeller):
    """Causal attention in several layers, and a linear map of what has been gathered."""

    config_type = TransformerConfig
    title = "Transformer"
    paper = "Vaswani et al. 2017"
    config: TransformerConfig

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__(config)
        rotary = config.positions == "rotary"
        if config.width % config.heads or (rotary and config.width // config.heads % 2):
            raise BadConfig(
                f"A width of {config.width} cannot be divided among {config.heads} heads.",
                "With rotary positions each head needs an even width.",
            )
        self.words = TokenEmbedding(config.tokens, config.width, config.length, config.positions)
        self.blocks = nn.ModuleList(
            Block(config.width, config.heads, rotary=rotary) for _ in range(config.layers)
        )
        self.norm = nn.LayerNorm(config.width)
        self.output = nn.Linear(config.width, config.outputs)

    def embed(self, x: Tensor) -> Tensor:
        """Return the vectors of tokens with their positions, ``[B, T, width]``."""
        found: Tensor = self.words(x)
        return found

    def read(self, vectors: Tensor, without: Collection[Head] = ()) -> Tensor:
        """Return logits ``[B, T, outputs]``; ``without`` are heads that are switched off."""
        mask = causal_mask(vectors.shape[1], vectors.device)
        for layer, block in enumerate(self.blocks):
            off = [head for of, head in without if of == layer]
            vectors = block(vectors, mask, without=off)
        scores: Tensor = self.output(self.norm(vectors))
        return scores

    def attention(self, x: Tensor) -> list[Trace]:
        """Return what every layer's attention does with tokens ``[B, T]``."""
        vectors = self.embed(self.check_tokens(x))
        mask = causal_mask(x.shape[1], x.device)
        found = []
        for block in self.blocks:
            assert isinstance(block, Block)
            found.append(block.attention.trace(block.norm(vectors), None, mask))
            vectors = block(vectors, mask)
        return found
