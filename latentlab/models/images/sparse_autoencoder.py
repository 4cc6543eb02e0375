"""Sparse autoencoder: many units, of which few answer to any one picture.

Ng 2011, "Sparse autoencoder", CS294A lecture notes, Stanford. Their sums run over the units, their
means over the pictures of a batch; a count of units above zero would have no gradient.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

import torch
from msgspec import Meta
from torch import Tensor

from latentlab.models.base import families
from latentlab.models.images.penalised import PenalisedAutoencoder, PenalisedConfig

TINY = 1e-6  # keeps logarithms finite where a unit is always off, or always on

Share = Annotated[float, Meta(gt=0, lt=1)]


@dataclass(frozen=True, kw_only=True)
class SparseAutoencoderConfig(PenalisedConfig):
    """The penalty: how far mean activations lie from ``rho``, or the activations themselves."""

    penalty: Literal["kl", "l1"] = "kl"
    rho: Share = 0.05  # the mean activation that each unit is held to; "kl" alone uses it


@families.register("sparse_autoencoder")
class SparseAutoencoder(PenalisedAutoencoder):
    """Its code is overcomplete in use: each unit stands for a stroke, and most are silent."""

    config_type = SparseAutoencoderConfig
    title = "Sparse autoencoder"
    paper = "Ng 2011, CS294A lecture notes"

    def __init__(self, config: SparseAutoencoderConfig) -> None:
        super().__init__(config)
        self.settings = config

    def penalty(self, z: Tensor) -> Tensor:
        """Return λ Σ_j KL(ρ ‖ ρ̂_j), ρ̂_j a unit's mean over the batch; or λ Σ_j |z_j|, its mean.

        KL(ρ ‖ ρ̂) = ρ log(ρ/ρ̂) + (1-ρ) log((1-ρ)/(1-ρ̂)), in nats (Ng 2011, section 3).
        """
        if self.settings.penalty == "l1":
            return self.weight * z.abs().sum(1).mean()
        return self.weight * divergence(self.settings.rho, z.mean(0)).sum()


def divergence(rho: float, means: Tensor) -> Tensor:
    """Return KL(ρ ‖ ρ̂_j) in nats for mean activations ``[k]`` in [0, 1]."""
    means = means.clamp(TINY, 1 - TINY)
    on = rho * (torch.log(torch.tensor(rho)) - means.log())
    off = (1 - rho) * (torch.log(torch.tensor(1 - rho)) - (1 - means).log())
    return on + off
