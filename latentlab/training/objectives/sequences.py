"""The objective of networks that answer at positions of a sequence."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.data.sequences import NOT_ASKED
from latentlab.models import Network, SequenceLabeller
from latentlab.training.objectives.base import GradientObjective, expect


@dataclass(frozen=True)
class Answers(GradientObjective):
    """Cross-entropy with the right answer, wherever something is asked."""

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean cross-entropy in nats; ``labels`` are int64 ``[B, T]``."""
        logits = expect(SequenceLabeller, network)(x)
        entropy = F.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=NOT_ASKED)
        return {"nats": entropy}
