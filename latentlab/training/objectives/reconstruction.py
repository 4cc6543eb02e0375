"""Objectives of autoencoders: give back what went in, whole or damaged."""

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.models import Autoencoder, Network, PenalisedAutoencoder
from latentlab.noise.corruptions import corruptions
from latentlab.training.objectives.base import GradientObjective, expect


@dataclass(frozen=True)
class Reconstruction(GradientObjective):
    """Error of the reconstruction: squared, or the cross entropy ("bce") of grey values."""

    error: Literal["mse", "bce"] = "mse"

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean over pixels and batch."""
        measure = F.mse_loss if self.error == "mse" else F.binary_cross_entropy
        return {self.error: measure(expect(Autoencoder, network)(x), x)}


@dataclass(frozen=True)
class PenalisedReconstruction(GradientObjective):
    """Squared error and the network's own penalty on its codes, both by the number of pixels."""

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mse over pixels and batch, and the penalty beside it."""
        penalised = expect(PenalisedAutoencoder, network)
        z = penalised.encode(x).z
        mse = F.mse_loss(penalised.decode(z), x)
        return {"mse": mse, "penalty": penalised.penalty(z) / x[0].numel()}


@dataclass(frozen=True)
class Denoising(GradientObjective):
    """Mean squared error of the clean picture from a damaged one (Vincent 2008, eq. 5).

    The kinds of damage take equal shares of a batch, at strengths uniform over their bounds;
    ``clean_share`` stays whole, so that a clean picture is left alone.
    """

    clean_share: float

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mse between restored and clean, over pixels and batch."""
        kept = round(len(x) * self.clean_share)
        damaged = [x[:kept]]
        names = corruptions.names()
        parts = x[kept:].chunk(len(names))
        if len(parts) < len(names):  # a batch too small for all kinds has some of them
            drawn = torch.randperm(len(names), generator=rng)[: len(parts)]
            names = [names[i] for i in drawn.tolist()]
        for name, part in zip(names, parts, strict=True):
            corruption = corruptions.get(name)
            low, high, *_ = corruption.bounds
            strengths = low + (high - low) * torch.rand(len(part), generator=rng)
            damaged.append(corruption.apply(part, strengths.to(x.device), rng))
        return {"mse": F.mse_loss(expect(Autoencoder, network)(torch.cat(damaged)), x)}
