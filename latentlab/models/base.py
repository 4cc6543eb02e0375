"""What every model is, whatever it works on: a config, a posterior, a network, the families.

    Network             a config, and what kind of model it is
    ├── ImageNetwork    `models/images`: latent models, autoencoders, classifiers, denoisers
    ├── SequenceNetwork `models/sequences`: tokens in, scores a position out
    └── TextNetwork     `models/text`: a vocabulary travels with its weights

Classes here are abstract; each family's file holds one final class.
"""

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import torch
from torch import Tensor, nn

from latentlab import records
from latentlab.errors import BadConfig
from latentlab.registry import Registry


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """What a network is built from. Every family extends it; JSON round-trips are exact.

    A field's annotation says what it may be: see `latentlab.records`.
    """

    # What training tells the network of an item: its class, or every factor that is known of it.
    targets: ClassVar[Literal["class", "factors"]] = "class"

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
            BadConfig: a key is unknown or missing, or a value has the wrong type or is out of its
                bounds.
        """
        try:
            return records.read(cls, values)
        except ValueError as error:
            keys = ", ".join(sorted(field.name for field in dataclasses.fields(cls)))
            raise BadConfig(
                f"The config of a {cls.__name__} cannot be used: {error}.",
                f"It needs exactly: {keys}. See the model's own file.",
            ) from error


class Posterior(ABC):
    """What an encoder knows about the latents of a batch of inputs."""

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
    kind: ClassVar[str]  # a name in `latentlab.kinds`: what it can do, and how it is measured
    title: ClassVar[str]  # how people call the family
    paper: ClassVar[str]  # whom to cite

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config

    @property
    def latent_size(self) -> int | None:
        """How many numbers a code has; None for a network without codes."""
        return None


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
