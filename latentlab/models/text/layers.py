"""The stack of Transformer layers that language models are made of, and a look at all its numbers.

What the decoder-only and the encoder-only network differ in is the mask alone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated

import torch
from msgspec import Meta
from torch import Tensor, nn

from latentlab.errors import ShapeError
from latentlab.models.sequences.attention import Block, Positions, TokenEmbedding, Trace
from latentlab.models.text.base import TextConfig
from latentlab.records import Count

Share = Annotated[float, Meta(ge=0, le=0.9)]
Name = Annotated[str, Meta(pattern="^[a-z_]{1,40}$")]


@dataclass(frozen=True, kw_only=True)
class StackConfig(TextConfig):
    """What a stack of layers is built from: how large it is, and how it knows where a word is."""

    corpus: Name = "everyday"  # the set of texts whose vocabulary its tokens are
    width: Count = 64
    heads: Count = 4
    depth: Count = 4  # layers
    positions: Positions = "learnt"
    dropout: Share = 0.1


def checked(x: Tensor, tokens: int) -> Tensor:
    """Return ``x`` if it is a batch of texts whose tokens are below ``tokens``.

    Raises:
        ShapeError: it is not ``[B, T]`` int64 with T ≥ 1, or a token is not in the vocabulary.
    """
    if x.ndim != 2 or x.shape[1] < 1 or x.dtype != torch.int64:
        raise ShapeError("A batch of tokens, int64,", ("B", "T"), tuple(x.shape))
    if len(x) and not 0 <= int(x.min()) <= int(x.max()) < tokens:
        raise ShapeError(f"A batch of tokens below {tokens}", ("B", "T"), tuple(x.shape))
    return x


@dataclass(frozen=True)
class Layer:
    """What goes into one layer's attention, every number on the way, and what comes out.

    Attributes:
        x: the residual stream before the layer, ``[B, T, D]``.
        normed: the same, normalised: what queries, keys and values are made of, ``[B, T, D]``.
        attention: all numbers of attention among the positions.
        cross: all numbers of attention to a memory; None where there is none.
        after: the residual stream after the layer, ``[B, T, D]``.
    """

    x: Tensor
    normed: Tensor
    attention: Trace
    cross: Trace | None
    after: Tensor


def look(
    block: Block,
    x: Tensor,
    mask: Tensor | None = None,
    memory: Tensor | None = None,
    memory_mask: Tensor | None = None,
    without: Collection[int] = (),
) -> Layer:
    """Return what ``block`` computes for ``x`` ``[B, T, D]``, number by number (in eval mode).

    Arguments as for `Block`; ``after`` is what it returns.
    """
    normed = block.norm(x)
    attention = block.attention.trace(normed, None, mask, without)
    between = x + attention.output
    cross = None
    if block.cross is not None and block.cross_norm is not None:
        cross = block.cross.trace(block.cross_norm(between), memory, memory_mask)
        between = between + cross.output
    return Layer(x, normed, attention, cross, between + block.mlp(block.mlp_norm(between)))


class Stack(nn.Module):
    """Tokens to scores of every token: embeddings, layers, and the embeddings once more.

    The last map shares its weights with the first (Press & Wolf 2017): each saves the other's.
    """

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        width, positions = config.width, config.positions
        self.embedding = TokenEmbedding(config.tokens, width, config.length, positions)
        self.dropout = nn.Dropout(config.dropout)
        self.blocks = nn.ModuleList(
            Block(width, config.heads, rotary=positions == "rotary", dropout=config.dropout)
            for _ in range(config.depth)
        )
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(config.tokens))

    def forward(
        self,
        x: Tensor,
        mask: Tensor | None,
        *,
        placed: bool = True,
        without: Mapping[int, Collection[int]] | None = None,
    ) -> Tensor:
        """Return scores ``[B, T, tokens]`` for tokens ``[B, T]``.

        Args:
            x: tokens, int64.
            mask: bool, to ``[B, H, T, T]`` by broadcasting; True where a position may look.
            placed: whether positions are added to the words.
            without: by layer, the heads that are switched off.
        """
        return self.scores(self.codes(x, mask, placed=placed, without=without))

    def codes(
        self,
        x: Tensor,
        mask: Tensor | None,
        *,
        placed: bool = True,
        without: Mapping[int, Collection[int]] | None = None,
    ) -> Tensor:
        """Return what the layers make of each position, ``[B, T, D]``; arguments as above."""
        x = self.dropout(self.begin(x, placed))
        for number, block in enumerate(self.blocks):
            x = block(x, mask, without=(without or {}).get(number, ()))
        codes: Tensor = self.norm(x)
        return codes

    def begin(self, x: Tensor, placed: bool = True) -> Tensor:
        """Return words, with their positions where these are wanted, ``[B, T, D]``."""
        begun: Tensor = self.embedding(x) if placed else self.embedding.words(x)
        return begun

    def scores(self, codes: Tensor) -> Tensor:
        """Return ``[B, T, tokens]`` for codes ``[B, T, D]``."""
        scores: Tensor = codes @ self.embedding.words.weight.T + self.bias
        return scores

    def layers(
        self,
        x: Tensor,
        mask: Tensor | None,
        *,
        placed: bool = True,
        without: Mapping[int, Collection[int]] | None = None,
    ) -> list[Layer]:
        """Return every number on the way, layer by layer; arguments as for ``forward``."""
        found: list[Layer] = []
        x = self.begin(x, placed)
        for number, block in enumerate(self.blocks):
            assert isinstance(block, Block)
            found.append(look(block, x, mask, without=(without or {}).get(number, ())))
            x = found[-1].after
        return found
