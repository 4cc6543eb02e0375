"""The objective of a VAE that is told, in training, what its pictures show.

With every factor known, the codes need not be found: they are set. Decoder and encoder then learn
the two sides of one model, as in Dosovitskiy et al. 2015, "Learning to generate chairs with
convolutional neural networks", CVPR, eq. 1, and its inverse.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.errors import TrainingError
from latentlab.models import VAE, Network
from latentlab.training.objectives.base import (
    GradientObjective,
    Learner,
    OptimiserSettings,
    expect,
)

SPREAD = 0.2  # standard deviation of a code around the place of its factors


@dataclass(frozen=True)
class Told(GradientObjective):
    """-log p(x | z) - log q(z | x), z being the code that is set for the factors of x.

    Each factor has the next numbers of the code for itself, so that the code has length √D on
    average, as codes of N(0, I) have: one number for a factor that is a number; two for a choice
    whose values stand on a circle, in the order given; three for one of five values, three around
    and two above and below (any two but the last two lie on one side of the other three). A little
    noise is added, or nothing between the places would be drawn.

    Attributes:
        orders: values of each factor in their order on the circle, or of the five places; empty for
            a number.
        spans: of each factor that is a number, around 0, from the least to the greatest; 0 for a
            choice.
        detail: by how much more an error counts where the picture has edges. With 0 the first term
            is a likelihood; small things, such as mouths, are learnt the sooner the more it is.
    """

    targets: ClassVar[Literal["", "factors"]] = "factors"

    orders: tuple[tuple[int, ...], ...]
    spans: tuple[float, ...]
    detail: float = 0.0

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that descends the gradient of both.

        Raises:
            TrainingError: the code has not as many numbers as it takes, or the network is no VAE.
        """
        needed = sum(self.numbers)
        if expect(VAE, network).latent_size != needed:
            raise TrainingError(
                f"These factors take {needed} numbers of a code, and it has {network.latent_size}."
            )
        return super().learner(network, settings)

    @property
    def numbers(self) -> tuple[int, ...]:
        """How many numbers of the code each factor has."""
        return tuple({0: 1, 5: 3}.get(len(order), 2) for order in self.orders)

    def places(self) -> list[Tensor]:
        """Return where the values of each factor stand, ``[values, numbers]``; of a number, none.

        Of length √numbers each.
        """
        found = []
        for order in self.orders:
            if not order:
                found.append(torch.empty(0, 1))
                continue
            around = 3 if len(order) == 5 else len(order)
            angle = torch.arange(around) * (2 * math.pi / around)
            points = torch.stack([angle.cos(), angle.sin()], dim=1) * math.sqrt(2)
            if len(order) == 5:
                poles = torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
                points = torch.cat([F.pad(points / math.sqrt(2), (0, 1)), poles]) * math.sqrt(3)
            found.append(points[torch.tensor(order).argsort()])
        return found

    def codes(self, labels: Tensor) -> Tensor:
        """Return the codes that are set, ``[B, D]``, for factors int64 ``[B, F]``."""
        parts = []
        for place, points in enumerate(self.places()):
            if len(points):
                parts.append(points.to(labels.device)[labels[:, place]])
            else:  # as wide as a uniform distribution of variance 1
                share = labels[:, place : place + 1].float() / self.spans[place]
                parts.append(share * math.sqrt(12))
        return torch.cat(parts, dim=1)

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return what the decoder misses, in nats a pixel, and the encoder, a number of the code.

        ``labels`` are int64 ``[B, F]``.
        """
        vae = expect(VAE, network)
        places = self.codes(labels)
        z = places + SPREAD * torch.randn(places.shape, generator=rng).to(x.device)
        posterior = vae.encode(x)
        apart = (z - posterior.mean).square() * torch.exp(-posterior.log_variance)
        missed = 0.5 * (apart + posterior.log_variance + math.log(2 * math.pi)).sum(1).mean()
        distortion = self._distortion(vae, x, z) / x[0].numel()
        return {"distortion": distortion, "missed": missed / z.shape[1]}

    def _distortion(self, vae: VAE, x: Tensor, z: Tensor) -> Tensor:
        """Return the mean negative log likelihood in nats, where edges count more."""
        if not self.detail:
            return -vae.log_likelihood(x, z).mean()
        sigma = vae.settings.sigma
        squares = (1 + self.detail * edges(x)) * (x - vae.decode(z)).square()
        constant = x[0].numel() * math.log(sigma * math.sqrt(2 * math.pi))
        return squares.sum((1, 2, 3)).mean() / (2 * sigma**2) + constant


def edges(x: Tensor) -> Tensor:
    """Return where pictures ``[B, C, H, W]`` have edges, ``[B, 1, H, W]`` in [0, 1].

    How far the brightest and the darkest pixel within 5x5 are apart, in the channel where most.
    """
    most = F.max_pool2d(x, 5, stride=1, padding=2)
    least = -F.max_pool2d(-x, 5, stride=1, padding=2)
    return (most - least).amax(1, keepdim=True)
