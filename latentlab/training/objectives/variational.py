"""The objective of VAEs."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.models import VAE, Network
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
