"""Conditional GAN: a generator that is told the class; its critic is told, too.

Mirza & Osindero 2014, "Conditional generative adversarial nets"; Miyato & Koyama 2018, "cGANs with
projection discriminator". A checkpoint holds the generator alone.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import ShapeError
from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig, ImageNetwork
from latentlab.models.images.blocks import bottom_size, upward
from latentlab.models.images.gan import Discriminator
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class ConditionalGANConfig(ImageConfig):
    """Channels of the generator, the numbers that it draws from, and how many it has seen."""

    noise_size: Count = 32
    classes: Count = 10
    channels: Counts = (32, 48)  # one doubling each, image side first
    pictures: Count = 1_000  # labelled ones that it learns from: a baseline gets as many


@families.register("conditional_gan")
class ConditionalGAN(ImageNetwork):
    """The generator: random numbers and a class to a picture.

    It is no latent model: its numbers mean something only together with a class.
    """

    config_type = ConditionalGANConfig
    kind = "class_generator"
    title = "Conditional GAN"
    paper = "Mirza & Osindero 2014, arXiv:1411.1784; Miyato & Koyama 2018, arXiv:1802.05637"

    def __init__(self, config: ConditionalGANConfig) -> None:
        super().__init__(config)
        self.noise_size, self.classes = config.noise_size, config.classes
        self.pictures = config.pictures
        bottom = (config.channels[-1], *bottom_size(config.image_shape, len(config.channels)))
        self.generator = nn.Sequential(
            nn.Linear(config.noise_size + config.classes, math.prod(bottom), bias=False),
            nn.Unflatten(1, bottom),
            nn.BatchNorm2d(bottom[0]),
            nn.ReLU(),
            *upward(config.channels, config.image_shape),
            nn.Sigmoid(),
        )

    def inputs(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return what the first layer takes, ``[B, noise_size + classes]``.

        Raises:
            ShapeError: ``z`` is not ``[B, noise_size]``, or ``labels`` not ``[B]``.
        """
        if z.ndim != 2 or z.shape[1] != self.noise_size:
            raise ShapeError("The random numbers", ("B", self.noise_size), tuple(z.shape))
        if labels.shape != z.shape[:1]:
            raise ShapeError("The classes", (len(z),), tuple(labels.shape))
        # As long as all the random numbers together, or the class would hardly be heard among them.
        named = F.one_hot(labels, self.classes).to(z) * math.sqrt(self.noise_size)
        return torch.cat([z, named], 1)

    def decode(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return pictures ``[B, C, H, W]`` in [0, 1].

        Args:
            z: random numbers ``[B, noise_size]``, standard normal.
            labels: the class of each picture, int64 ``[B]``.

        Raises:
            ShapeError: as ``inputs``.
        """
        decoded: Tensor = self.generator(self.inputs(z, labels))
        return decoded

    def sample(self, labels: Tensor, rng: torch.Generator) -> Tensor:
        """Return a picture of each class in ``labels`` ``[B]``, ``[B, C, H, W]`` in [0, 1]."""
        z = torch.randn(len(labels), self.noise_size, generator=rng)
        return self.decode(z.to(labels.device), labels)


class ConditionalDiscriminator(nn.Module):
    """A critic that is told the class: D(x, y) = v·h(x) + e(y)·h(x) (Miyato & Koyama, eq. 3)."""

    def __init__(
        self, image_shape: tuple[int, int, int], channels: tuple[int, ...], classes: int
    ) -> None:
        super().__init__()
        self.discriminator = Discriminator(image_shape, channels)
        self.embedding = nn.Embedding(classes, self.discriminator.head.in_features)
        nn.init.zeros_(self.embedding.weight)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        """Return the scores ``[B]`` of pictures ``[B, C, H, W]`` as ones of their classes."""
        features = self.discriminator.features(x)
        score: Tensor = self.discriminator.head(features).squeeze(1)
        projection: Tensor = (self.embedding(labels) * features).sum(1)
        return score + projection
