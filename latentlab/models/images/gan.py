"""Generative adversarial network, a DCGAN; its loss and penalties are a training objective.

Goodfellow et al. 2014; Radford et al. 2015, "DCGAN". A checkpoint holds the generator alone: pages
need nothing else.
"""

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig, LatentModel
from latentlab.models.images.blocks import bottom_size, upward
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class GANConfig(ImageConfig):
    """Channels of the generator and the size of its latent."""

    latent_size: Count = 64
    channels: Counts = (64, 96)  # one doubling each, image side first


@families.register("gan")
class GAN(LatentModel):
    """The generator: latents straight to images. It cannot encode."""

    config_type = GANConfig
    kind = "generator"
    title = "GAN"
    paper = "Radford et al. 2015, arXiv:1511.06434; Huang et al. 2024, arXiv:2501.05441"

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

    Nothing in it is normalised: a gradient penalty needs to know each picture's own slope. The last
    map also carries the batch's own standard deviation (Karras et al. 2018, section 3): a generator
    that always draws the same picture betrays itself by it.
    """

    def __init__(self, image_shape: tuple[int, int, int], channels: tuple[int, ...]) -> None:
        super().__init__()
        _, height, width = image_shape
        layers: list[nn.Module] = []
        for before, after in pairwise((image_shape[0], *channels)):
            layers += [
                nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1),
                nn.LeakyReLU(0.2),
            ]
            height, width = height // 2, width // 2  # an odd side loses its last row
        self.maps = nn.Sequential(*layers)
        # Without a bias: the loss compares scores, where it would cancel.
        self.head = nn.Linear((channels[-1] + 1) * height * width, 1, bias=False)

    def features(self, x: Tensor) -> Tensor:
        """Return what the score is a weighted sum of, ``[B, F]``."""
        maps: Tensor = self.maps(2 * x - 1)  # [-1, 1] as in the DCGAN paper
        variance = maps.var(0, unbiased=False)
        spread = (variance + 1e-8).sqrt().mean().expand(len(maps), 1, *maps.shape[2:])
        return torch.cat([maps, spread], dim=1).flatten(1)

    def forward(self, x: Tensor) -> Tensor:
        """Return the critic's score, ``[B]``; higher means more like the data."""
        score: Tensor = self.head(self.features(x))
        return score.squeeze(1)
