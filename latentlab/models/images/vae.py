"""Variational autoencoder, convolutional, with a Bernoulli or Gaussian likelihood.

Kingma & Welling 2013, "Auto-encoding variational Bayes"; Higgins et al. 2017, "beta-VAE".
"""

import math
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.models.base import DiagonalGaussian, families
from latentlab.models.images.base import Autoencoder, ImageConfig
from latentlab.models.images.blocks import bottom_size, dense, downward, refined, upward
from latentlab.records import Count, Counts, Natural, Positive


@dataclass(frozen=True, kw_only=True)
class VariationalConfig(ImageConfig):
    """The size of the latent, and the two choices that make the loss."""

    latent_size: Count = 16
    likelihood: Literal["bernoulli", "gaussian"] = "bernoulli"
    sigma: Positive = 0.1  # standard deviation of a pixel; the Gaussian likelihood alone uses it
    beta: Positive = 1.0  # weight of the KL term; 1 is the evidence lower bound


@dataclass(frozen=True, kw_only=True)
class VAEConfig(VariationalConfig):
    """The layers of a convolutional one."""

    channels: Counts = (32, 64)  # one halving each, image side first
    blocks: Natural = 0  # residual blocks at every map size, in the encoder and in the decoder
    hidden: Count = 128  # dense layer between the maps and the latent


@families.register("vae")
class VAE(Autoencoder):
    """The encoder gives a Gaussian over latents, the decoder a distribution over images."""

    config_type: ClassVar[type[VariationalConfig]] = VAEConfig
    kind = "variational_autoencoder"
    title = "VAE"
    importance_unit = "nats"
    has_prior = True  # the KL term pulls the codes there
    paper = "Kingma & Welling 2013, arXiv:1312.6114"

    def __init__(self, config: VariationalConfig) -> None:
        super().__init__(config)
        self.settings = config
        self.latent_shape = (config.latent_size,)
        self.encoder, self.decoder = self._chains(config)

    @staticmethod
    def _chains(config: Any) -> tuple[nn.Sequential, nn.Sequential]:
        """Return the encoder, to mean and log variance, and the decoder, to logits."""
        bottom = (config.channels[-1], *bottom_size(config.image_shape, len(config.channels)))
        flat = math.prod(bottom)
        encoder = nn.Sequential(
            *downward(config.image_shape, config.channels, config.blocks),
            nn.Flatten(),
            *dense((flat, config.hidden)),
            nn.Linear(config.hidden, 2 * config.latent_size),  # mean and log variance
        )
        decoder = nn.Sequential(
            *dense((config.latent_size, config.hidden, flat)),
            refined(nn.Unflatten(1, bottom), bottom[0], config.blocks),
            # Logits: the loss is exact on them.
            *upward(config.channels, config.image_shape, config.blocks),
        )
        return encoder, decoder

    def encode(self, x: Tensor) -> DiagonalGaussian:
        """Return q(z | x) for images ``[B, C, H, W]``; mean and log variance ``[B, k]``."""
        mean, log_variance = self.encoder(self.check_images(x)).chunk(2, dim=1)
        # A variance beyond these bounds only overflows: e^8 is 50 prior standard deviations.
        return DiagonalGaussian(mean, log_variance.clamp(-12, 8))

    def decode(self, z: Tensor) -> Tensor:
        """Return the mean of p(x | z), ``[B, C, H, W]`` in [0, 1], for latents ``[B, k]``."""
        return torch.sigmoid(self.decoder(z))

    def encoder_layers(self) -> list[nn.Module]:
        """Return the layers that give the posterior's mean; the last one without the variance."""
        *before, last = self.encoder
        assert isinstance(last, nn.Linear)
        mean = nn.Linear(last.in_features, self.latent_size, device="meta")  # draws no numbers
        mean.weight = nn.Parameter(last.weight.detach()[: self.latent_size], requires_grad=False)
        mean.bias = nn.Parameter(last.bias.detach()[: self.latent_size], requires_grad=False)
        return [*before, mean]

    def decoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``decode`` applies."""
        return [*self.decoder, nn.Sigmoid()]

    def log_likelihood(self, x: Tensor, z: Tensor) -> Tensor:
        """Return log p(x | z) in nats, summed over pixels, ``[B]``.

        Bernoulli: sum of x log p + (1 - x) log(1 - p), exact for binary ``x``. Gaussian: pixels
        around the mean with standard deviation ``sigma``.
        """
        logits: Tensor = self.decoder(z)
        if self.settings.likelihood == "bernoulli":
            return (
                -F.binary_cross_entropy_with_logits(logits, x, reduction="none").flatten(1).sum(1)
            )
        sigma = self.settings.sigma
        squares = ((x - torch.sigmoid(logits)) ** 2).flatten(1).sum(1)
        constant = math.prod(self.image_shape) * math.log(sigma * math.sqrt(2 * math.pi))
        return -squares / (2 * sigma**2) - constant

    def negative_elbo(self, x: Tensor, rng: torch.Generator, beta: float) -> tuple[Tensor, Tensor]:
        """Return (-E_q log p(x | z), beta * KL), each ``[B]`` in nats, with one sample of z.

        Their sum is the loss: Kingma & Welling 2013, eq. 10; Higgins 2017, eq. 4.
        """
        posterior = self.encode(x)
        return -self.log_likelihood(x, posterior.sample(rng)), beta * posterior.kl().sum(1)

    def log_marginal(self, x: Tensor, samples: int, rng: torch.Generator) -> Tensor:
        """Return the importance-sampled log p(x) in nats, ``[B]``; a lower bound in expectation.

        log 1/K sum_k p(x | z_k) p(z_k) / q(z_k | x), z_k ~ q (Burda et al. 2016, eq. 8).
        """
        posterior = self.encode(x)
        weights = [self._log_weight(x, posterior.sample(rng), posterior) for _ in range(samples)]
        return torch.logsumexp(torch.stack(weights), dim=0) - math.log(samples)

    def negative_importance_bound(self, x: Tensor, samples: int, rng: torch.Generator) -> Tensor:
        """Return a loss whose value is ``-log_marginal``, ``[B]``, to descend by its gradient.

        With weights w normalised over the samples, the decoder gets the bound's own gradient, the
        encoder the doubly reparameterised one, w^2 dlog p q^-1 / dz dz / dphi, whose signal does
        not drown in noise as samples grow (Tucker et al. 2019, eq. 8).
        """
        posterior = self.encode(x)
        mean, log_variance = (
            t.repeat(samples, 1) for t in (posterior.mean, posterior.log_variance)
        )
        z = DiagonalGaussian(mean, log_variance).sample(rng)
        fixed = DiagonalGaussian(mean.detach(), log_variance.detach())
        log_weight = self._log_weight(x.repeat(samples, 1, 1, 1), z, fixed).view(samples, -1)
        share = log_weight.detach().softmax(0)
        if z.requires_grad:
            z.register_hook(lambda gradient: gradient * share.view(-1, 1))
        value = torch.logsumexp(log_weight.detach(), dim=0) - math.log(samples)
        surrogate = (share * log_weight).sum(0)
        return surrogate.detach() - surrogate - value

    def _log_weight(self, x: Tensor, z: Tensor, posterior: DiagonalGaussian) -> Tensor:
        """Return log p(x | z) p(z) / q(z | x) in nats, ``[B]``."""
        log_prior = -0.5 * (z**2 + math.log(2 * math.pi)).sum(1)
        noise = (z - posterior.mean) ** 2 / posterior.log_variance.exp()
        log_q = -0.5 * (noise + posterior.log_variance + math.log(2 * math.pi)).sum(1)
        return self.log_likelihood(x, z) + log_prior - log_q
