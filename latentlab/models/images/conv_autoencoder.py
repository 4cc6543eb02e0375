"""Convolutional autoencoder with a vector code.

Masci et al. 2011, "Stacked convolutional auto-encoders for hierarchical feature extraction",
ICANN; strided convolutions in place of their pooling.
"""

import math
from dataclasses import dataclass

from torch import nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig
from latentlab.models.images.blocks import bottom_size, dense, downward, upward
from latentlab.models.images.chain import ChainAutoencoder
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class ConvAutoencoderConfig(ImageConfig):
    """Channels of the maps and the size of the code."""

    latent_size: Count = 32
    channels: Counts = (32, 64)  # one halving each, image side first
    hidden: Count = 128  # dense layer between the maps and the code


@families.register("conv_autoencoder")
class ConvAutoencoder(ChainAutoencoder):
    """Convolutions down to a small map, two dense layers to the code, and the way back."""

    config_type = ConvAutoencoderConfig
    kind = "autoencoder"
    title = "Conv. autoencoder"
    paper = "Masci et al. 2011, ICANN"

    def __init__(self, config: ConvAutoencoderConfig) -> None:
        bottom = (config.channels[-1], *bottom_size(config.image_shape, len(config.channels)))
        flat = math.prod(bottom)
        super().__init__(
            config,
            (config.latent_size,),
            encoder=[
                *downward(config.image_shape, config.channels),
                nn.Flatten(),
                *dense((flat, config.hidden)),
                nn.Linear(config.hidden, config.latent_size),
            ],
            decoder=[
                *dense((config.latent_size, config.hidden, flat)),
                nn.Unflatten(1, bottom),
                *upward(config.channels, config.image_shape),
                nn.Sigmoid(),
            ],
        )
