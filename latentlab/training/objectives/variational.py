"""The objectives of VAEs."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.models import VAE, DiagonalGaussian, Network
from latentlab.training.objectives.base import GradientObjective, expect


@dataclass(frozen=True)
class Elbo(GradientObjective):
    """The negative evidence lower bound, in nats a pixel.

    ``binarise`` draws binary pictures anew at every visit, with the grey value as probability
    (Salakhutdinov & Murray 2008): only then is a Bernoulli likelihood a likelihood. ``warm_up`` is
    the share of the run over which beta grows to its value (Bowman et al. 2016): without it, some
    dimensions are switched off before the decoder has learnt to use them.

    From the share ``tighten_from`` of the run on, the bound is the tighter one of an importance
    weighted autoencoder with ``samples`` samples a picture (Burda et al. 2016, eq. 8).
    """

    binarise: bool
    warm_up: float
    tighten_from: float = 1.0
    samples: int = 1

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return distortion and rate, or the tighter bound, divided by the number of pixels."""
        vae = expect(VAE, network)
        if self.binarise:
            x = torch.bernoulli(x.cpu(), generator=rng).to(x.device)
        pixels = x[0].numel()
        if done >= self.tighten_from:
            return {"bound": vae.negative_importance_bound(x, self.samples, rng).mean() / pixels}
        beta = vae.settings.beta * min(1.0, done / self.warm_up if self.warm_up else 1.0)
        distortion, rate = vae.negative_elbo(x, rng, beta)
        return {"distortion": distortion.mean() / pixels, "rate": rate.mean() / pixels}


@dataclass(frozen=True)
class TotalCorrelation(GradientObjective):
    """The negative evidence lower bound and a penalty on the total correlation of the codes.

    beta-TCVAE (Chen et al. 2018, eq. 4 with alpha = gamma = 1): the divergence from the prior has
    three parts, and only the one that says how far dimensions depend on one another is weighted by
    beta. The whole divergence has weight 1 already, so beta - 1 of that part is added. ``warm_up``
    is the share of the run over which the penalty grows to that.
    """

    beta: float
    warm_up: float

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return distortion, rate and the penalty, divided by the number of pixels."""
        vae = expect(VAE, network)
        pixels = x[0].numel()
        grown = min(1.0, done / self.warm_up if self.warm_up else 1.0)
        posterior = vae.encode(x)
        z = posterior.sample(rng)
        penalty = (self.beta - 1) * grown * total_correlation(posterior, z)
        return {
            "distortion": -vae.log_likelihood(x, z).mean() / pixels,
            "rate": grown * posterior.kl().sum(1).mean() / pixels,
            "penalty": penalty / pixels,
        }


def total_correlation(posterior: DiagonalGaussian, z: Tensor) -> Tensor:
    """Return KL(q(z) || prod_j q(z_j)) in nats, q(z) being the mixture of a batch's posteriors.

    Estimated at the codes ``[B, D]``, one drawn from each posterior: minibatch-weighted sampling
    (Chen et al. 2018, section 3 and appendix C.1). The size of the data set, by which they also
    divide, shifts the value and not its gradient; without it this is the mixture of the batch.
    """
    mean, log_variance = posterior.mean[None], posterior.log_variance[None]  # [1, B, D]
    squares = (z[:, None] - mean) ** 2 * torch.exp(-log_variance)
    log_q = -0.5 * (squares + log_variance + math.log(2 * math.pi))  # [B, B, D]
    joint = torch.logsumexp(log_q.sum(2), dim=1) - math.log(len(z))
    each = torch.logsumexp(log_q, dim=1) - math.log(len(z))
    return (joint - each.sum(1)).mean()
