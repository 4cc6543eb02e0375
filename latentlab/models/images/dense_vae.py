"""Variational autoencoder of dense layers: the textbook's stack with a Gaussian for a code.

Kingma & Welling 2013, "Auto-encoding variational Bayes", whose own networks were dense. It shares
all its mathematics with the convolutional one.
"""

import math
from dataclasses import dataclass
from typing import Any

from torch import nn

from latentlab.models.base import families
from latentlab.models.images.blocks import dense
from latentlab.models.images.vae import VAE, VariationalConfig
from latentlab.records import Counts


@dataclass(frozen=True, kw_only=True)
class DenseVAEConfig(VariationalConfig):
    """Layer widths."""

    widths: Counts = (256, 128, 64)  # hidden layers, image side first; the decoder mirrors them


@families.register("dense_vae")
class DenseVAE(VAE):
    """As a dense autoencoder, but the last layer of the encoder gives mean and log variance."""

    config_type = DenseVAEConfig
    title = "Dense VAE"

    @staticmethod
    def _chains(config: Any) -> tuple[nn.Sequential, nn.Sequential]:
        pixels, widths = math.prod(config.image_shape), config.widths
        encoder = nn.Sequential(
            nn.Flatten(),
            *dense((pixels, *widths)),
            nn.Linear(widths[-1], 2 * config.latent_size),
        )
        decoder = nn.Sequential(
            *dense((config.latent_size, *reversed(widths))),
            nn.Linear(widths[0], pixels),
            nn.Unflatten(1, config.image_shape),
        )
        return encoder, decoder
