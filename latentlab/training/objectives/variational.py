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
    """

    binarise: bool
    warm_up: float

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return distortion and rate, both divided by the number of pixels."""
        vae = expect(VAE, network)
        if self.binarise:
            x = torch.bernoulli(x.cpu(), generator=rng).to(x.device)
        beta = vae.settings.beta * min(1.0, done / self.warm_up if self.warm_up else 1.0)
        distortion, rate = vae.negative_elbo(x, rng, beta)
        pixels = x[0].numel()
        return {"distortion": distortion.mean() / pixels, "rate": rate.mean() / pixels}
