"""Masked language model: an encoder-only Transformer that guesses hidden words.

Devlin et al. 2019, *BERT*: a stack of layers in which every position sees every other, trained to
say what stood where a word was hidden.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from latentlab.models.base import families
from latentlab.models.sequences.attention import Positions
from latentlab.models.text.base import TextNetwork
from latentlab.models.text.layers import Layer, Stack, StackConfig, checked
from latentlab.records import Natural


@dataclass(frozen=True, kw_only=True)
class MaskedLanguageModelConfig(StackConfig):
    """What a masked language model is built from: a stack of layers, and which token is none."""

    positions: Positions = "sinusoidal"
    pad: Natural = 0  # what fills a row after its text; nobody looks at it


@families.register("masked_language_model")
class MaskedLanguageModel(TextNetwork):
    """Says which word stands where one is hidden, from both sides."""

    config_type = MaskedLanguageModelConfig
    config: MaskedLanguageModelConfig
    kind: ClassVar[str] = "masked_language_model"
    title = "Masked language model (encoder only)"
    paper = "Devlin, Chang, Lee & Toutanova (2019)"

    def __init__(self, config: MaskedLanguageModelConfig) -> None:
        super().__init__(config)
        self.corpus = config.corpus
        self.pad = config.pad
        self.stack = Stack(config)

    def forward(
        self,
        x: Tensor,
        *,
        placed: bool = True,
        without: Mapping[int, Collection[int]] | None = None,
    ) -> Tensor:
        """Return scores of what stands at each position, ``[B, T, tokens]`` float32.

        Args:
            x: tokens ``[B, T]`` int64, some of them that of the mask.
            placed: whether positions are added to the words.
            without: by layer, the heads that are switched off.

        Raises:
            ShapeError: these are no such tokens.
        """
        x = checked(x, self.tokens)
        scores: Tensor = self.stack(x, self._mask(x), placed=placed, without=without)
        return scores

    def codes(self, x: Tensor, *, placed: bool = True) -> Tensor:
        """Return what the layers make of each position, ``[B, T, D]`` float32."""
        x = checked(x, self.tokens)
        return self.stack.codes(x, self._mask(x), placed=placed)

    def mean_codes(self, x: Tensor) -> Tensor:
        """Return the mean of the codes of all positions but padding, ``[B, D]`` float32."""
        counts = (checked(x, self.tokens) != self.pad)[:, :, None].float()
        return (self.codes(x) * counts).sum(1) / counts.sum(1).clamp(min=1)

    def layers(self, x: Tensor, *, placed: bool = True) -> list[Layer]:
        """Return every number on the way, layer by layer; arguments as for ``forward``."""
        x = checked(x, self.tokens)
        return self.stack.layers(x, self._mask(x), placed=placed)

    def _mask(self, x: Tensor) -> Tensor:
        """Return ``[B, 1, 1, T]``: everyone may look at everything but padding."""
        return (x != self.pad)[:, None, None]
