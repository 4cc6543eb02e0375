"""Attention, and the blocks of Transformers that are made of it.

Vaswani et al. 2017, *Attention is all you need*: equation 1 is ``Attention``, section 3.5 are the
sinusoidal positions; rotary positions are equation 34 of Su et al. 2021, *RoFormer*. Layers are
normalised before, not after, each part (Xiong et al. 2020): small ones then train without warm-up.

Everything is computed step by step, so that ``trace`` shows the very numbers of the result.
Axes: ``B`` sequences, ``T`` positions that ask (queries), ``S`` positions that are asked (keys),
``H`` heads, ``E`` numbers a head.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

Positions = Literal["none", "sinusoidal", "learnt", "rotary"]
BASE = 10_000.0  # of the wavelengths of positions


@dataclass(frozen=True)
class Trace:
    """Every number on the way through one layer of attention, float32.

    Attributes:
        q: queries ``[B, H, T, E]``, turned by their position where positions are rotary.
        k: keys ``[B, H, S, E]``, likewise.
        v: values ``[B, H, S, E]``.
        scores: ``q kᵀ`` before scaling, ``[B, H, T, S]``.
        scaled: scores times the scale, minus infinity where the mask forbids, ``[B, H, T, S]``.
        weights: softmax of these over S, ``[B, H, T, S]``; each row sums to 1.
        heads: ``weights v``, ``[B, H, T, E]``; zero for a head that is switched off.
        output: all heads side by side, through the last linear map, ``[B, T, D]``.
    """

    q: Tensor
    k: Tensor
    v: Tensor
    scores: Tensor
    scaled: Tensor
    weights: Tensor
    heads: Tensor
    output: Tensor


def causal_mask(length: int, device: torch.device | None = None) -> Tensor:
    """Return bool ``[T, T]``: True where a position may look, at itself and before."""
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()


def sinusoidal_positions(length: int, width: int) -> Tensor:
    """Return ``[T, D]`` float32 in [-1, 1]: sines in even places, cosines in odd ones."""
    angles = _angles(length, (width + 1) // 2)
    return torch.stack([angles.sin(), angles.cos()], 2).flatten(1)[:, :width]


def rotated(x: Tensor) -> Tensor:
    """Return queries or keys ``[..., T, E]`` (E even) with each pair turned by its position.

    The product of a query and a key then depends on how far apart they are, not on where.
    """
    length, width = x.shape[-2:]
    angles = _angles(length, width // 2).to(x.device)
    sine, cosine = angles.sin(), angles.cos()
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack([even * cosine - odd * sine, even * sine + odd * cosine], -1).flatten(-2)


def _angles(length: int, pairs: int) -> Tensor:
    """Return the angle of each position in each pair, ``[T, pairs]``, in radians."""
    rates = BASE ** (-torch.arange(pairs, dtype=torch.float64) / pairs)
    return (torch.arange(length, dtype=torch.float64)[:, None] * rates).float()


class Attention(nn.Module):
    """softmax(Q Kᵀ / √E) V in ``heads`` heads side by side.

    Raises:
        ValueError: on construction, the width does not divide among the heads, or rotary positions
            have no pairs to turn.
    """

    def __init__(self, width: int, heads: int, *, rotary: bool = False) -> None:
        super().__init__()
        if width % heads or (rotary and width // heads % 2):
            raise ValueError(f"a width of {width} cannot be divided among {heads} heads")
        self.heads = heads
        self.rotary = rotary
        self.scale = 1 / math.sqrt(width // heads)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(
        self,
        x: Tensor,
        memory: Tensor | None = None,
        mask: Tensor | None = None,
        without: Collection[int] = (),
    ) -> Tensor:
        """Return what each position of ``x`` gathers, ``[B, T, D]``.

        Args:
            x: what asks, ``[B, T, D]``.
            memory: what is asked, ``[B, S, D]``; None = ``x`` itself.
            mask: bool, to ``[B, H, T, S]`` by broadcasting; True where a query may look. At least
                one place in every row. None = everywhere.
            without: heads that are switched off: what they gather counts as zero.
        """
        return self.trace(x, memory, mask, without).output

    def trace(
        self,
        x: Tensor,
        memory: Tensor | None = None,
        mask: Tensor | None = None,
        without: Collection[int] = (),
        scale: float | None = None,
    ) -> Trace:
        """Return every number on the way; arguments as for ``forward``.

        ``scale`` takes the place of 1/√E where it is given.
        """
        memory = x if memory is None else memory
        q, k, v = (
            self._split(part) for part in (self.query(x), self.key(memory), self.value(memory))
        )  # [B, H, T or S, E]
        if self.rotary:
            q, k = rotated(q), rotated(k)
        scores = q @ k.transpose(-2, -1)  # [B, H, T, S]
        scaled = scores * (self.scale if scale is None else scale)
        if mask is not None:
            scaled = scaled.masked_fill(~mask, -torch.inf)
        weights = scaled.softmax(-1)
        gathered = weights @ v  # [B, H, T, E]
        if without:
            kept = torch.ones(self.heads, 1, 1, device=x.device, dtype=x.dtype)
            kept[list(without)] = 0
            gathered = gathered * kept
        output = self.output(gathered.transpose(1, 2).flatten(2))
        return Trace(q, k, v, scores, scaled, weights, gathered, output)

    def _split(self, x: Tensor) -> Tensor:
        """Return ``[B, T, D]`` as ``[B, H, T, E]``."""
        apart: Tensor = x.unflatten(2, (self.heads, -1))  # type: ignore[no-untyped-call]
        return apart.transpose(1, 2)


class Block(nn.Module):
    """One layer of a Transformer: attention, attention to a memory where there is one, an MLP."""

    def __init__(
        self,
        width: int,
        heads: int,
        *,
        rotary: bool = False,
        crossed: bool = False,  # also attends to a memory
        dropout: float = 0.0,  # share of what each part adds that training leaves out
        expansion: int = 4,  # how much wider the MLP is
    ) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads, rotary=rotary)
        self.cross_norm = nn.LayerNorm(width) if crossed else None
        self.cross = Attention(width, heads) if crossed else None
        self.mlp_norm = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, expansion * width),
            nn.GELU(),
            nn.Linear(expansion * width, width),
        )
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        x: Tensor,
        mask: Tensor | None = None,
        memory: Tensor | None = None,
        memory_mask: Tensor | None = None,
        without: Collection[int] = (),
    ) -> Tensor:
        """Return ``x`` ``[B, T, D]`` with what each part adds; masks as for `Attention`."""
        x = x + self.dropout(self.attention(self.norm(x), None, mask, without))
        if self.cross is not None and self.cross_norm is not None:
            x = x + self.dropout(self.cross(self.cross_norm(x), memory, memory_mask))
        deepened: Tensor = x + self.dropout(self.mlp(self.mlp_norm(x)))
        return deepened


class TokenEmbedding(nn.Module):
    """Tokens to vectors, with their positions added where these are sinusoidal or learnt."""

    def __init__(self, tokens: int, width: int, length: int, positions: Positions) -> None:
        super().__init__()
        self.positions = positions
        self.width = width
        self.words = nn.Embedding(tokens, width)
        self.places = nn.Embedding(length, width) if positions == "learnt" else None
        # The residual stream begins small beside what the layers add to it.
        nn.init.normal_(self.words.weight, std=width**-0.5)
        if self.places is not None:
            nn.init.normal_(self.places.weight, std=width**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``[B, T, D]`` for tokens ``[B, T]``.

        Positions beyond the longest that were learnt get the vector of the last one.
        """
        placed: Tensor = self.words(x) + self.at(x.shape[1], x.device)
        return placed

    def at(self, length: int, device: torch.device) -> Tensor:
        """Return what is added at each position, ``[T, D]``; zeros where nothing is."""
        if self.places is not None:
            last = self.places.num_embeddings - 1
            learnt: Tensor = self.places(torch.arange(length, device=device).clamp(max=last))
            return learnt
        if self.positions == "sinusoidal":
            # As large as the embeddings that they are added to.
            scale: float = self.width**-0.5
            return sinusoidal_positions(length, self.width).to(device) * scale
        return torch.zeros(length, self.width, device=device)
