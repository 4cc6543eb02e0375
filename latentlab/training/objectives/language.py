"""The objectives of networks for text: the next token, hidden tokens, the answer to a text."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.data.text.vocabulary import SPECIAL
from latentlab.models import EncoderDecoder, LanguageModel, MaskedLanguageModel, Network
from latentlab.training.objectives.base import GradientObjective, expect

PAD, MASK = SPECIAL.index("<pad>"), SPECIAL.index("<mask>")


@dataclass(frozen=True)
class NextToken(GradientObjective):
    """Cross-entropy with the token that comes next; padding does not count."""

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean in nats a token, the end included."""
        model = expect(LanguageModel, network)
        x = trimmed(x)
        true = x[:, 1:]
        counts = true != PAD  # what is padding costs no scores of a whole vocabulary
        scores = model.stack.scores(model.codes(x[:, :-1])[counts])
        return {"nats": F.cross_entropy(scores, true[counts])}


@dataclass(frozen=True)
class MaskedTokens(GradientObjective):
    """Cross-entropy with tokens that were hidden (Devlin et al. 2019, section 3.1).

    Of the tokens chosen, 80 % are hidden, 10 % become others, and 10 % stay: a network that is
    later shown whole sentences must not take every word that it sees for right.
    """

    share: float = 0.15  # of the tokens of a text that are chosen; one at least

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean in nats a chosen token."""
        model = expect(MaskedLanguageModel, network)
        x = trimmed(x)
        shown, chosen = hidden(x, self.share, model.tokens, rng)
        return {"nats": F.cross_entropy(model.stack.scores(model.codes(shown)[chosen]), x[chosen])}


def hidden(x: Tensor, share: float, tokens: int, rng: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return texts with some tokens hidden, and which, bool; both ``[B, T]``.

    Special tokens are never chosen; of a text without any other, its first is.
    """
    draws = torch.rand(3, *x.shape, generator=rng).to(x.device)
    others = torch.randint(len(SPECIAL), tokens, x.shape, generator=rng).to(x.device)
    order = draws[0].masked_fill(x < len(SPECIAL), 2.0)
    chosen = order < share
    chosen |= F.one_hot(order.argmin(1), x.shape[1]).bool()  # one at least
    shown = torch.where(chosen & (draws[1] < 0.8), MASK, x)
    return torch.where(chosen & (draws[1] >= 0.9), others, shown), chosen


@dataclass(frozen=True)
class Transcription(GradientObjective):
    """Cross-entropy with the answer to a text, each token given those before it.

    With ``smoothing`` s the target is 1 - s of the true token and s of all alike (Szegedy et al.
    2016, section 7; Vaswani et al. 2017, section 5.4).
    """

    smoothing: float = 0.0

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean in nats a token; ``labels`` are the answers, int64 ``[B, T]``."""
        answers = trimmed(labels)
        scores = expect(EncoderDecoder, network)(trimmed(x), answers[:, :-1])
        loss = F.cross_entropy(
            scores.transpose(1, 2),
            answers[:, 1:],
            ignore_index=PAD,
            label_smoothing=self.smoothing,
        )
        return {"nats": loss}


def trimmed(x: Tensor) -> Tensor:
    """Return rows ``[B, T]`` without the columns at their end that are padding in all of them."""
    return x[:, : max(1, int((x != PAD).sum(1).max()))]
