"""Deep dense autoencoder, as in every textbook: 784-...-k-...-784.

Hinton & Salakhutdinov 2006, "Reducing the dimensionality of data with neural networks", Science
313. Batch normalisation (Ioffe & Szegedy 2015) takes the place of their layer-wise pretraining.
"""

import math
from dataclasses import dataclass

from torch import nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig
from latentlab.models.images.blocks import dense
from latentlab.models.images.chain import ChainAutoencoder
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class DenseAutoencoderConfig(ImageConfig):
    """Layer widths and the size of the code."""

    latent_size: Count = 32
    encoder_widths: Counts = (512, 256, 128)  # hidden layers, image side first
    decoder_widths: Counts = (128, 256, 448)  # hidden layers, code side first


@families.register("autoencoder")
class DenseAutoencoder(ChainAutoencoder):
    """Encoder and decoder of linear layers; the code is unbounded and linear."""

    config_type = DenseAutoencoderConfig
    kind = "autoencoder"
    title = "Autoencoder"
    paper = "Hinton & Salakhutdinov 2006, Science 313:504"

    def __init__(self, config: DenseAutoencoderConfig) -> None:
        pixels = math.prod(config.image_shape)
        super().__init__(
            config,
            (config.latent_size,),
            encoder=[
                nn.Flatten(),
                *dense((pixels, *config.encoder_widths)),
                nn.Linear(config.encoder_widths[-1], config.latent_size),
            ],
            decoder=[
                *dense((config.latent_size, *config.decoder_widths)),
                nn.Linear(config.decoder_widths[-1], pixels),
                nn.Sigmoid(),
                nn.Unflatten(1, config.image_shape),
            ],
        )
