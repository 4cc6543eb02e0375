"""Contractive autoencoder: its code must change little when the picture does.

Rifai et al. 2011, "Contractive auto-encoders: explicit invariance during feature extraction", ICML.
"""

from dataclasses import dataclass

from torch import Tensor

from latentlab.models.base import families
from latentlab.models.images.penalised import PenalisedAutoencoder, PenalisedConfig


@dataclass(frozen=True, kw_only=True)
class ContractiveAutoencoderConfig(PenalisedConfig):
    """As every penalised one."""


@families.register("contractive_autoencoder")
class ContractiveAutoencoder(PenalisedAutoencoder):
    """The penalty is the squared norm of the encoder's Jacobian; what varies resists."""

    config_type = ContractiveAutoencoderConfig
    title = "Contractive autoencoder"
    paper = "Rifai et al. 2011, ICML"

    def penalty(self, z: Tensor) -> Tensor:
        """Return λ |J(x)|², its mean over the batch."""
        return self.weight * self.jacobian_norm(z).mean()

    def jacobian_norm(self, z: Tensor) -> Tensor:
        """Return |dz/dx|², ``[B]``, for codes ``[B, k]`` of pictures."""
        return jacobian_norm(z, self.filters)


def jacobian_norm(z: Tensor, filters: Tensor) -> Tensor:
    """Return |dz/dx|², ``[B]``, for codes ``[B, k]`` of one layer of sigmoid units.

    Σ_j (z_j (1 - z_j))² Σ_i W_ji²: squared before anything is summed, and for one layer of sigmoid
    units alone (Rifai 2011, eq. 3 and 5).

    Args:
        z: the codes.
        filters: W, ``[k, D]``.
    """
    slopes: Tensor = z * (1 - z)
    return slopes.square() @ filters.square().sum(1)
