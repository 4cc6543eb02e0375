"""The objective of classifiers."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.models import Classifier, Network
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
        _, _, height, width = x.shape
        padded = F.pad(x, (self.shift,) * 4)
        down, right = torch.randint(0, 2 * self.shift + 1, (2, len(x), 1), generator=rng)
        rows = (down + torch.arange(height)).to(x.device)
        columns = (right + torch.arange(width)).to(x.device)
        if self.flip:
            mirrored = (torch.rand(len(x), 1, generator=rng) < 0.5).to(x.device)
            columns = torch.where(mirrored, columns.flip(1), columns)
        batch = torch.arange(len(x), device=x.device)[:, None, None]
        moved = padded[batch, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
        logits = expect(Classifier, network).logits(moved)
        return {"nats": F.cross_entropy(logits, labels)}
