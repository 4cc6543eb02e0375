"""Encoder-decoder: a Transformer that reads one text and writes another.

Vaswani et al. 2017, *Attention is all you need*: the encoder sees all of the source; the decoder
sees what it has written so far, and looks the source up by cross-attention.
"""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from latentlab.models.base import families
from latentlab.models.sequences.attention import (
    Block,
    Positions,
    TokenEmbedding,
    causal_mask,
)
from latentlab.models.text.base import TextConfig, TextNetwork
from latentlab.models.text.layers import Layer, Name, Share, checked, look
from latentlab.records import Count, Natural

BEAMS = 4  # beginnings that are kept where an answer is shown or measured


@dataclass(frozen=True, kw_only=True)
class EncoderDecoderConfig(TextConfig):
    """How large it is, how it knows where a token stands, and what special tokens are called."""

    corpus: Name = "pronunciations"  # the set of texts whose vocabulary its tokens are
    width: Count = 72
    heads: Count = 4
    depth: Count = 3  # layers of the encoder, and of the decoder
    positions: Positions = "sinusoidal"
    dropout: Share = 0.1
    pad: Natural = 0
    start: Natural = 2
    end: Natural = 3


@families.register("encoder_decoder")
class EncoderDecoder(TextNetwork):
    """Reads a text and writes its answer, token by token."""

    config_type = EncoderDecoderConfig
    config: EncoderDecoderConfig
    kind: ClassVar[str] = "encoder_decoder"
    title = "Encoder-decoder"
    paper = "Vaswani et al. (2017)"

    def __init__(self, config: EncoderDecoderConfig) -> None:
        super().__init__(config)
        self.corpus = config.corpus
        self.pad, self.start, self.end = config.pad, config.start, config.end
        rotary = config.positions == "rotary"
        self.embedding = TokenEmbedding(
            config.tokens, config.width, config.length, config.positions
        )
        self.dropout = nn.Dropout(config.dropout)
        self.encoder = nn.ModuleList(
            Block(config.width, config.heads, rotary=rotary, dropout=config.dropout)
            for _ in range(config.depth)
        )
        self.encoder_norm = nn.LayerNorm(config.width)
        self.decoder = nn.ModuleList(
            Block(config.width, config.heads, rotary=rotary, crossed=True, dropout=config.dropout)
            for _ in range(config.depth)
        )
        self.norm = nn.LayerNorm(config.width)
        self.bias = nn.Parameter(torch.zeros(config.tokens))

    def forward(self, x: Tensor, answer: Tensor) -> Tensor:
        """Return scores of what comes after each position of an answer, ``[B, T, tokens]``.

        Args:
            x: sources ``[B, S]`` int64.
            answer: answers so far ``[B, T]`` int64, the token for the start first.

        Raises:
            ShapeError: these are no such tokens.
        """
        x = checked(x, self.tokens)
        return self.written(self.read(x), self.seen(x), answer)

    def seen(self, x: Tensor) -> Tensor:
        """Return ``[B, 1, 1, S]``: everyone may look at everything of a source but padding."""
        return (x != self.pad)[:, None, None]

    def read(self, x: Tensor) -> Tensor:
        """Return what the encoder makes of sources ``[B, S]``: the memory, ``[B, S, D]``."""
        mask = self.seen(x)
        x = self.dropout(self.embedding(x))
        for block in self.encoder:
            x = block(x, mask)
        memory: Tensor = self.encoder_norm(x)
        return memory

    def written(self, memory: Tensor, seen: Tensor, answer: Tensor) -> Tensor:
        """Return scores ``[B, T, tokens]`` for a memory, its mask, and answers so far."""
        answer = checked(answer, self.tokens)
        mask = causal_mask(answer.shape[1], answer.device)
        x = self.dropout(self.embedding(answer))
        for block in self.decoder:
            x = block(x, mask, memory, seen)
        scores: Tensor = self.norm(x) @ self.embedding.words.weight.T + self.bias
        return scores

    @torch.no_grad()
    def answers(self, x: Tensor, longest: int | None = None, beams: int = 1) -> Tensor:
        """Return the likeliest answer that a beam search finds to each text, ``[B, ≤ longest]``.

        Answers begin with the start; after its end an answer is padded.

        Args:
            x: sources ``[B, S]``.
            longest: tokens at most; None = as many as the network has learnt.
            beams: beginnings that are kept at every step; 1 takes the likeliest token again and
                again.
        """
        count = len(x)
        memory = self.read(checked(x, self.tokens)).repeat_interleave(beams, 0)
        seen = self.seen(x).repeat_interleave(beams, 0)
        answer = torch.full((count * beams, 1), self.start, device=x.device)
        done = torch.zeros(count * beams, dtype=torch.bool, device=x.device)
        # All beams begin alike, so the first step grows the first alone.
        total = torch.full((count, beams), -torch.inf, device=x.device)
        total[:, 0] = 0
        first = torch.arange(count, device=x.device)[:, None] * beams  # of each text
        for _ in range((longest or self.length) - 1):
            chances = self.written(memory, seen, answer)[:, -1].log_softmax(1)  # [B·beams, tokens]
            chances[done] = -torch.inf
            chances[done, self.pad] = 0
            grown = total[:, :, None] + chances.view(count, beams, -1)
            total, chosen = grown.flatten(1).topk(beams)  # [B, beams]
            before = (first + chosen // self.tokens).flatten()
            following = (chosen % self.tokens).flatten()
            answer = torch.cat([answer[before], following[:, None]], 1)
            done = done[before] | (following == self.end)
            # The best beam is the first; no other can overtake it once it has ended.
            if bool(done[first[:, 0]].all()):
                break
        return answer[first[:, 0]]

    def layers(self, x: Tensor, answer: Tensor) -> tuple[list[Layer], list[Layer]]:
        """Return every number on the way, of the encoder's layers and of the decoder's."""
        mask, written = self.seen(x), causal_mask(answer.shape[1], answer.device)
        reading: list[Layer] = []
        now = self.embedding(checked(x, self.tokens))
        for block in self.encoder:
            assert isinstance(block, Block)
            reading.append(look(block, now, mask))
            now = reading[-1].after
        memory = self.encoder_norm(now)
        writing: list[Layer] = []
        now = self.embedding(checked(answer, self.tokens))
        for block in self.decoder:
            assert isinstance(block, Block)
            writing.append(look(block, now, written, memory, mask))
            now = writing[-1].after
        return reading, writing
