"""Deep dense autoencoder, as in every textbook: 784-...-k-...-784.

Hinton & Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks", Science
313. Batch normalisation (Ioffe & Szegedy 2015) takes the place of their layer-wise pretraining.
"""

import math
from dataclasses import dataclass

from torch import Tensor, nn

from latentlab.models.base import Point, families
from latentlab.models.images.base import Autoencoder, ImageConfig
from latentlab.models.images.blocks import dense
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class DenseAutoencoderConfig(ImageConfig):
    """Layer widths and the size of the code."""

    latent_size: Count = 32
    encoder_widths: Counts = (512, 256, 128)  # hidden layers, image side first
    decoder_widths: Counts = (128, 256, 448)  # hidden layers, code side first


@families.register("autoencoder")
class DenseAutoencoder(Autoencoder):
    """Encoder and decoder of linear layers; the code is unbounded and linear."""

    config_type = DenseAutoencoderConfig
    kind = "autoencoder"
    title = "Autoencoder"
    paper = "Hinton & Salakhutdinov 2006, Science 313:504"

    def __init__(self, config: DenseAutoencoderConfig) -> None:
        super().__init__(config)
        self.latent_shape = (config.latent_size,)
        pixels = math.prod(config.image_shape)
        self.encoder = nn.Sequential(
            nn.Flatten(),
            *dense((pixels, *config.encoder_widths)),
            nn.Linear(config.encoder_widths[-1], config.latent_size),
        )
        self.decoder = nn.Sequential(
            *dense((config.latent_size, *config.decoder_widths)),
            nn.Linear(config.decoder_widths[-1], pixels),
            nn.Sigmoid(),
            nn.Unflatten(1, config.image_shape),
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
