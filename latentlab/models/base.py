"""What every model is: configs, posteriors, and the kinds of network that pages can ask for.

    Network                 a config and an image shape
    ├── LatentModel         decodes latents to images and samples its prior   (GANs stop here)
    │   └── Autoencoder     also encodes images to a Posterior
    ├── Judge               a classifier: class probabilities and features of an image
    └── Restorer            takes noise of known strength out of pictures of any size

Classes here are abstract; each family's file holds one final class.
"""

import dataclasses
import math
import typing
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import torch
from torch import Tensor, nn

from latentlab.errors import BadConfig, ShapeError, UnsupportedError
from latentlab.registry import Registry

MAX_LAYERS = 16  # entries of a config's tuple: a hostile one must not build for minutes


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """What a network is built from. Every family extends it; JSON round-trips are exact."""

    image_shape: tuple[int, int, int] = (1, 28, 28)  # channels, height, width

    def to_json(self) -> dict[str, Any]:
        """Return the fields as JSON values (tuples as lists)."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in dataclasses.asdict(self).items()
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Return the config that ``values`` describes.

        Raises:
            BadConfig: a key is unknown or missing, or a value has the wrong type or is not
                positive.
        """
        types = typing.get_type_hints(cls)
        expected = {field.name for field in dataclasses.fields(cls)}
        if set(values) != expected:
            wrong = ", ".join(sorted(set(values) ^ expected))
            raise BadConfig(
                f"The config of a {cls.__name__} has unknown or missing keys: {wrong}.",
                f"It needs exactly: {', '.join(sorted(expected))}.",
            )
        return cls(**{key: _typed(key, types[key], value) for key, value in values.items()})


def _typed(key: str, kind: Any, value: Any) -> Any:
    """Return a JSON value as the type that a config field declares."""
    if typing.get_origin(kind) is typing.Literal:
        if value in typing.get_args(kind):
            return value
    elif typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)
        sized = len(inner) == 2 and inner[1] is Ellipsis
        wanted = range(1, MAX_LAYERS + 1) if sized else [len(inner)]
        if isinstance(value, list) and len(value) in wanted:
            return tuple(_typed(key, inner[0], item) for item in value)
    elif kind is int:
        # The upper bound keeps a hostile config from asking for all the memory there is.
        if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 65536:
            return value
    elif kind is float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and math.isfinite(value) and value >= 0:
            return float(value)
    raise BadConfig(f"The config value “{key}” cannot be {value!r}.", "See the model's own file.")


class Posterior(ABC):
    """What an encoder knows about the latents of a batch of images."""

    @abstractmethod
    def mode(self) -> Tensor:
        """The most probable latents, ``[B, *latent_shape]`` float32; deterministic."""

    @abstractmethod
    def sample(self, rng: torch.Generator) -> Tensor:
        """Latents drawn from the posterior, ``[B, *latent_shape]`` float32."""

    @abstractmethod
    def kl(self) -> Tensor:
        """KL divergence from the standard normal prior in nats, per dimension, ``[B, D]``.

        Zero for a point: a plain autoencoder has no prior to diverge from.
        """


@dataclass(frozen=True)
class Point(Posterior):
    """The posterior of a deterministic encoder: all its mass on ``z`` (``[B, *latent_shape]``)."""

    z: Tensor

    def mode(self) -> Tensor:
        """Return ``z``."""
        return self.z

    def sample(self, rng: torch.Generator) -> Tensor:
        """Return ``z``: there is nothing to draw."""
        return self.z

    def kl(self) -> Tensor:
        """Return zeros, ``[B, D]``."""
        return torch.zeros_like(self.z).flatten(1)


@dataclass(frozen=True)
class DiagonalGaussian(Posterior):
    """N(mean, exp(log_variance)), independent dimensions; both ``[B, *latent_shape]``."""

    mean: Tensor
    log_variance: Tensor

    def mode(self) -> Tensor:
        """Return the mean."""
        return self.mean

    def sample(self, rng: torch.Generator) -> Tensor:
        """Return mean + sigma * epsilon (Kingma & Welling 2013, the reparameterisation trick)."""
        # Drawn on the CPU so that one seed gives one picture on every device.
        epsilon = torch.randn(self.mean.shape, generator=rng).to(self.mean.device)
        return self.mean + torch.exp(0.5 * self.log_variance) * epsilon

    def kl(self) -> Tensor:
        """Return -1/2 (1 + log sigma^2 - mu^2 - sigma^2) (Kingma & Welling 2013, appendix B)."""
        variance = self.log_variance.exp()
        return (-0.5 * (1 + self.log_variance - self.mean**2 - variance)).flatten(1)


class Network(nn.Module, ABC):
    """A network rebuilt from its config alone."""

    config_type: ClassVar[type[ModelConfig]]
    kind: ClassVar[str]  # "autoencoder", "generator", "classifier" …: what pages can do with it
    title: ClassVar[str]  # how people call the family
    paper: ClassVar[str]  # whom to cite

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.image_shape = config.image_shape

    def check_images(self, x: Tensor) -> Tensor:
        """Return ``x`` if it is a batch of this network's images.

        Raises:
            ShapeError: it is not ``[B, *image_shape]``.
        """
        if x.ndim != 4 or tuple(x.shape[1:]) != self.image_shape:
            raise ShapeError("A batch of images", ("B", *self.image_shape), tuple(x.shape))
        return x


class LatentModel(Network):
    """A network that turns latents into images."""

    latent_shape: tuple[int, ...]
    has_prior: ClassVar[bool] = True  # training made its latents standard normal, or used such

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

    kind = "autoencoder"
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


class Judge(Network):
    """A classifier whose opinion scores samples and paths."""

    kind = "classifier"

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


class Restorer(Network):
    """A network that takes noise out of pictures of any size, told how strong it is.

    ``image_shape`` is that of the patches it learnt from; ``multiple`` is what it pads sides to;
    ``reach`` is how many pixels to each side can change a restored pixel.
    """

    kind = "restorer"
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


families: Registry[type[Network]] = Registry("model family")


def build(family: str, config: dict[str, Any]) -> Network:
    """Return an untrained network of ``family`` from its JSON config.

    Raises:
        UnknownNameError: no such family.
        BadConfig: the config does not fit the family.
    """
    network = families.get(family)
    return network(network.config_type.from_json(config))


def count_parameters(network: nn.Module) -> int:
    """Return how many numbers the network learnt."""
    return sum(parameter.numel() for parameter in network.parameters())


def family_of(network: Network) -> str:
    """Return the name under which the network's class is registered."""
    return next(name for name in families if families.get(name) is type(network))
