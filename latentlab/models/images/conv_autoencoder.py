"""Convolutional autoencoder with a vector code.

Masci et al. 2011, "Stacked convolutional auto-encoders for hierarchical feature extraction",
ICANN; strided convolutions in place of their pooling.
"""

import math
from dataclasses import dataclass

from torch import Tensor, nn

from latentlab.models.base import Point, families
from latentlab.models.images.base import Autoencoder, ImageConfig
from latentlab.models.images.blocks import bottom_size, dense, downward, upward
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class ConvAutoencoderConfig(ImageConfig):
    """Channels of the maps and the size of the code."""

    latent_size: Count = 32
    channels: Counts = (32, 64)  # one halving each, image side first
    hidden: Count = 128  # dense layer between the maps and the code


@families.register("conv_autoencoder")
class ConvAutoencoder(Autoencoder):
    """Convolutions down to a small map, two dense layers to the code, and the way back."""

    config_type = ConvAutoencoderConfig
    kind = "autoencoder"
    title = "Conv. autoencoder"
    paper = "Masci et al. 2011, ICANN"

    def __init__(self, config: ConvAutoencoderConfig) -> None:
        super().__init__(config)
        self.latent_shape = (config.latent_size,)
        bottom = (config.channels[-1], *bottom_size(config.image_shape, len(config.channels)))
        flat = math.prod(bottom)
        self.encoder = nn.Sequential(
            *downward(config.image_shape, config.channels),
            nn.Flatten(),
            *dense((flat, config.hidden)),
            nn.Linear(config.hidden, config.latent_size),
        )
        self.decoder = nn.Sequential(
            *dense((config.latent_size, config.hidden, flat)),
            nn.Unflatten(1, bottom),
            *upward(config.channels, config.image_shape),
            nn.Sigmoid(),
        )

    def encode(self, x: Tensor) -> Point:
        """Return the code of images ``[B, C, H, W]``, ``[B, k]``."""
        return Point(self.encoder(self.check_images(x)))

    def decode(self, z: Tensor) -> Tensor:
        """Return images ``[B, C, H, W]`` in [0, 1] for codes ``[B, k]``."""
        decoded: Tensor = self.decoder(z)
        return decoded

    def encoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``encode`` applies."""
        return [*self.encoder]

    def decoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``decode`` applies."""
        return [*self.decoder]
