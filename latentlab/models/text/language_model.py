"""Language model: a decoder-only Transformer that says what comes next.

Radford et al. 2018, *Improving language understanding by generative pre-training*: a stack of
layers in which every position sees itself and what came before, trained to predict the next token.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor

from latentlab.models.base import families
from latentlab.models.sequences.attention import causal_mask
from latentlab.models.text.base import TextNetwork
from latentlab.models.text.layers import Layer, Stack, StackConfig, checked


@dataclass(frozen=True, kw_only=True)
class LanguageModelConfig(StackConfig):
    """What a language model is built from: a stack of layers, and no more."""


@families.register("language_model")
class LanguageModel(TextNetwork):
    """Predicts the next token from those before it."""

    config_type = LanguageModelConfig
    config: LanguageModelConfig
    kind: ClassVar[str] = "language_model"
    title = "Language model (decoder only)"
    paper = "Radford, Narasimhan, Salimans & Sutskever (2018)"

    def __init__(self, config: LanguageModelConfig) -> None:
        super().__init__(config)
        self.corpus = config.corpus
        self.stack = Stack(config)

    def forward(
        self,
        x: Tensor,
        *,
        placed: bool = True,
        without: Mapping[int, Collection[int]] | None = None,
    ) -> Tensor:
        """Return scores of what comes after each position, ``[B, T, tokens]`` float32.

        Args:
            x: tokens ``[B, T]`` int64, that for the start first.
            placed: whether positions are added to the words.
            without: by layer, the heads that are switched off.

        Raises:
            ShapeError: these are no such tokens.
        """
        x = checked(x, self.tokens)
        scores: Tensor = self.stack(
            x, causal_mask(x.shape[1], x.device), placed=placed, without=without
        )
        return scores

    def codes(self, x: Tensor) -> Tensor:
        """Return what the layers make of each position, ``[B, T, D]`` float32."""
        x = checked(x, self.tokens)
        return self.stack.codes(x, causal_mask(x.shape[1], x.device))

    def layers(self, x: Tensor, *, placed: bool = True) -> list[Layer]:
        """Return every number on the way, layer by layer; arguments as for ``forward``."""
        x = checked(x, self.tokens)
        return self.stack.layers(x, causal_mask(x.shape[1], x.device), placed=placed)

    @torch.no_grad()
    def continued(
        self,
        x: Tensor,
        count: int,
        rng: torch.Generator,
        *,
        temperature: float = 1.0,
        top: int | None = None,
        banned: Collection[int] = (),
        end: int | None = None,
    ) -> Tensor:
        """Return texts with up to ``count`` more tokens each, ``[B, T + n]``.

        Args:
            x: their tokens ``[B, T]``.
            count: how many are drawn at most; positions beyond the longest known are none.
            rng: what draws them.
            temperature: scores are divided by it; 0 takes the likeliest every time.
            top: only so many of the likeliest are drawn from; None = all.
            banned: tokens that are never drawn.
            end: a text ends once it is drawn, and repeats it while others go on; None = never.
        """
        done = torch.zeros(len(x), dtype=torch.bool, device=x.device)
        for _ in range(min(count, self.length - x.shape[1])):
            chances = chances_of(self(x)[:, -1], temperature=temperature, top=top, banned=banned)
            drawn = torch.multinomial(chances.cpu(), 1, generator=rng).to(x.device)
            if end is not None:
                drawn = drawn.masked_fill(done[:, None], end)
                done |= drawn[:, 0] == end
            x = torch.cat([x, drawn], 1)
            if bool(done.all()):
                break
        return x


def chances_of(
    scores: Tensor,
    *,
    temperature: float = 1.0,
    top: int | None = None,
    banned: Collection[int] = (),
) -> Tensor:
    """Return the probabilities that scores ``[..., tokens]`` stand for; they sum to 1.

    Arguments as for `LanguageModel.continued`.
    """
    scores = scores.clone()
    if banned:
        scores[..., list(banned)] = -torch.inf
    if temperature == 0:
        top, temperature = 1, 1.0
    if top is not None and top < scores.shape[-1]:
        # Exactly so many, also among equals: the first of them.
        kept = scores.sort(stable=True, dim=-1, descending=True).indices[..., :top]
        fewer = torch.full_like(scores, -torch.inf)
        scores = fewer.scatter(-1, kept, scores.gather(-1, kept))
    return (scores / temperature).softmax(-1)
