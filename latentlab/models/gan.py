"""Generative adversarial network: a DCGAN whose discriminator is spectrally normalised.

Goodfellow et al. 2014; Radford et al. 2015, "DCGAN"; Miyato et al. 2018, "Spectral normalization";
hinge loss as in Lim & Ye 2017. A checkpoint holds the generator alone: pages need nothing else.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from latentlab.models.base import LatentModel, ModelConfig, families
from latentlab.models.blocks import bottom_size, upward


@dataclass(frozen=True, kw_only=True)
class GANConfig(ModelConfig):
    """Channels of the generator and the size of its latent."""

    latent_size: int = 64
    channels: tuple[int, ...] = (64, 96)  # one doubling each, image side first


@families.register("gan")
class GAN(LatentModel):
    """The generator: latents straight to images. It cannot encode."""

    config_type = GANConfig
    kind = "generator"
    title = "GAN"
    paper = "Radford et al. 2015, arXiv:1511.06434; Miyato et al. 2018, arXiv:1802.05957"

    def __init__(self, config: GANConfig) -> None:
        super().__init__(config)
        self.latent_shape = (config.latent_size,)
        bottom = (config.channels[-1], *bottom_size(config.image_shape, len(config.channels)))
        self.generator = nn.Sequential(
            nn.Linear(config.latent_size, math.prod(bottom), bias=False),
            nn.Unflatten(1, bottom),
            nn.BatchNorm2d(bottom[0]),
            nn.ReLU(),
            *upward(config.channels, config.image_shape),
            nn.Sigmoid(),
        )

    def decode(self, z: Tensor) -> Tensor:
        """Return images ``[B, C, H, W]`` in [0, 1] for latents ``[B, k]``."""
        decoded: Tensor = self.generator(z)
        return decoded

    def decoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``decode`` applies."""
        return [*self.generator]


class Discriminator(nn.Module):
    """The critic that trains a generator: images ``[B, C, H, W]`` to one real number each.

    Every layer has spectral norm one, so its slope is bounded (Miyato 2018, eq. 8). The last map
    also carries the batch's own standard deviation (Karras et al. 2018, section 3): a generator
    that always draws the same picture betrays itself by it.
    """

    def __init__(self, image_shape: tuple[int, int, int], channels: tuple[int, ...]) -> None:
        super().__init__()
        height, width = bottom_size(image_shape, len(channels))
        layers: list[nn.Module] = []
        for before, after in pairwise((image_shape[0], *channels)):
            layers += [
                spectral_norm(nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1)),
                nn.LeakyReLU(0.1),
            ]
        self.maps = nn.Sequential(*layers)
        self.mix = nn.Sequential(
            spectral_norm(nn.Conv2d(channels[-1] + 1, channels[-1], kernel_size=3, padding=1)),
            nn.LeakyReLU(0.1),
            nn.Flatten(),
            spectral_norm(nn.Linear(channels[-1] * height * width, 1)),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the critic's score, ``[B]``; higher means more like the data."""
        # [-1, 1] as in the paper: at slope one, half the range would halve what it can tell apart.
        maps: Tensor = self.maps(2 * x - 1)
        spread = maps.std(0, unbiased=False).mean().expand(len(maps), 1, *maps.shape[2:])
        score: Tensor = self.mix(torch.cat([maps, spread], dim=1))
        return score.squeeze(1)
