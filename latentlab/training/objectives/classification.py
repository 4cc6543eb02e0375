"""The objectives of classifiers: of one label, and of every factor."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.models import Classifier, FactorClassifier, Network
from latentlab.training.objectives import augmentation
from latentlab.training.objectives.base import GradientObjective, expect


@dataclass(frozen=True)
class Labels(GradientObjective):
    """Cross-entropy with the labels, on pictures that are shifted (and mirrored) at random.

    The labels are not smoothed: that would draw the features of a class together to a point
    (Müller et al. 2019) and take from them the differences by which samples are scored.
    """

    shift: int  # pixels, at most, in each direction
    flip: bool  # mirror left and right: right for garments, wrong for digits

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean cross-entropy in nats."""
        moved = augmentation.shifted(x, self.shift, rng, self.flip)
        logits = expect(Classifier, network).logits(moved)
        return {"nats": F.cross_entropy(logits, labels)}


@dataclass(frozen=True)
class Factors(GradientObjective):
    """Cross-entropy with every factor that is a choice; of numbers, the share left unexplained.

    Pictures are tinted a little, softened and get noise, so that the network reads those that were
    decoded as well. They are not moved: their place is a factor.
    """

    tint: float  # by how much a channel is scaled, at most, up or down
    noise: float  # standard deviation of a pixel, at most

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return nats summed over choices, and 1 - R² of the batch summed over numbers.

        ``labels`` are int64 ``[B, F]``.
        """
        gain = 1 + self.tint * (2 * torch.rand(len(x), x.shape[1], 1, 1, generator=rng) - 1)
        sigma, softness = torch.rand(2, len(x), 1, 1, 1, generator=rng).to(x.device)
        grain = self.noise * sigma * torch.randn(x.shape, generator=rng).to(x.device)
        soft = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernel_size=3, stride=1)
        seen = (gain.to(x.device) * torch.lerp(x, soft, softness) + grain).clamp(0, 1)
        found = expect(FactorClassifier, network).factors(seen)
        nats, unexplained = x.new_zeros(()), x.new_zeros(())
        for said, true in zip(found, labels.T, strict=True):
            if said.shape[1] > 1:
                nats = nats + F.cross_entropy(said, true)
            else:
                number = true.to(said.dtype)
                spread = number.var(correction=0).clamp(min=1e-6)
                unexplained = unexplained + (said[:, 0] - number).square().mean() / spread
        return {"nats": nats, "unexplained": unexplained}
