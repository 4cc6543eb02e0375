"""What networks for images are: their config, and the kinds that pages can ask for.

ImageNetwork                has an image shape
├── LatentModel             decodes latents to images and samples its prior   (GANs stop here)
│   └── Autoencoder         also encodes images to a Posterior
├── Classifier                   class probabilities and features of an image
└── Denoiser                takes noise of a known level out of pictures of any size
"""

import math
from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor, nn

from latentlab.errors import ShapeError, UnsupportedError
from latentlab.models.base import ModelConfig, Network, Posterior
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class ImageConfig(ModelConfig):
    """What a network for images is built from."""

    image_shape: tuple[Count, Count, Count] = (1, 28, 28)  # channels, height, width


class ImageNetwork(Network):
    """A network whose inputs or outputs are images."""

    config_type: ClassVar[type[ImageConfig]]

    def __init__(self, config: ImageConfig) -> None:
        super().__init__(config)
        self.image_shape = config.image_shape

    def check_images(self, x: Tensor) -> Tensor:
        """Return ``x`` if it is a batch of this network's images.

        Raises:
            ShapeError: it is not ``[B, *image_shape]``.
        """
        if x.ndim != 4 or tuple(x.shape[1:]) != self.image_shape:
            raise ShapeError("A batch of images", ("B", *self.image_shape), tuple(x.shape))
        return x


class LatentModel(ImageNetwork):
    """A network that turns latents into images."""

    latent_shape: tuple[int, ...]
    has_prior: ClassVar[bool] = True  # training made its latents standard normal, or used such
    # What `LatentStatistics.importance` counts: nats of KL divergence, or parts of a whole.
    importance_unit: ClassVar[Literal["nats", "share"]] = "share"

    @abstractmethod
    def decode(self, z: Tensor) -> Tensor:
        """Return images ``[B, C, H, W]`` in [0, 1] for latents ``[B, *latent_shape]``."""

    def decoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``decode`` applies one after the other, for `latentlab.export`.

        Raises:
            UnsupportedError: the decoder is no such chain; a family whose decoder is one says so.
        """
        raise UnsupportedError(
            f"The decoder of a {self.title} is not a chain of layers.",
            "It can be decoded on the server only.",
        )

    def sample_prior(self, n: int, rng: torch.Generator) -> Tensor:
        """Return ``n`` latents from the standard normal prior, ``[n, *latent_shape]``."""
        return torch.randn(n, *self.latent_shape, generator=rng)

    @property
    def latent_size(self) -> int:
        """How many numbers a latent has."""
        return math.prod(self.latent_shape)


class Autoencoder(LatentModel):
    """A network that also turns images into latents."""

    has_prior = False  # nothing but reconstruction decides where the codes lie

    @abstractmethod
    def encode(self, x: Tensor) -> Posterior:
        """Return the posterior of the latents of images ``[B, C, H, W]`` in [0, 1]."""

    def encoder_layers(self) -> list[nn.Module]:
        """Return the layers that give the posterior's mode one after the other, for export.

        Raises:
            UnsupportedError: the encoder is no such chain; a family whose encoder is one says so.
        """
        raise UnsupportedError(
            f"The encoder of a {self.title} is not a chain of layers.",
            "It can encode on the server only.",
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return the reconstruction of ``x``: decode the most probable latents."""
        return self.decode(self.encode(x).mode())


class Classifier(ImageNetwork):
    """A classifier whose opinion scores samples and paths."""

    @abstractmethod
    def features(self, x: Tensor) -> Tensor:
        """Return the features before the last layer, ``[B, F]``."""

    @abstractmethod
    def logits_of(self, features: Tensor) -> Tensor:
        """Return unnormalised log-probabilities of the classes, ``[B, K]``, from ``features``."""

    def logits(self, x: Tensor) -> Tensor:
        """Return unnormalised log-probabilities of the classes, ``[B, K]``."""
        return self.logits_of(self.features(x))

    def class_probabilities(self, x: Tensor) -> Tensor:
        """Return the probability of every class, ``[B, K]``, rows summing to one."""
        return self.logits(x).softmax(1)


class Denoiser(ImageNetwork):
    """A network that takes noise out of pictures of any size, conditioned on its level.

    ``image_shape`` is that of the patches it learnt from; ``multiple`` is what it pads sides to;
    ``reach`` is how many pixels to each side can change a restored pixel.
    """

    smallest: ClassVar[int] = 8  # pixels a side

    multiple: int
    reach: int
    rough: bool  # learnt with levels as rough as those that are found in pictures

    @abstractmethod
    def forward(self, x: Tensor, sigma: Tensor) -> Tensor:
        """Return pictures ``[B, C, H, W]``, not clipped, for noisy ones of any size.

        ``sigma`` is the standard deviation of the noise on the scale of ``x``, ``[B, 1, 1, 1]``
        or, where it differs from place to place, ``[B, 1, H, W]``.
        """

    def check_pictures(self, x: Tensor, sigma: Tensor) -> None:
        """Pass if ``x`` is a batch of pictures and ``sigma`` the strength of their noise.

        Raises:
            ShapeError: they are not ``[B, C, H, W]``, sides of 8 and up, and ``[B, 1, 1, 1]`` or
                ``[B, 1, H, W]``.
        """
        channels, least = self.image_shape[0], self.smallest
        if x.ndim != 4 or x.shape[1] != channels or min(x.shape[2:]) < least:
            sides = (f"H ≥ {least}", f"W ≥ {least}")
            raise ShapeError("A batch of pictures", ("B", channels, *sides), tuple(x.shape))
        if tuple(sigma.shape) not in ((len(x), 1, 1, 1), (len(x), 1, *x.shape[2:])):
            wanted = (len(x), 1, "1 or H", "1 or W")
            raise ShapeError("The noise levels", wanted, tuple(sigma.shape))
