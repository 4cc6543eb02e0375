"""Objectives of sentence autoencoders and VAEs."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.models import Network
from latentlab.models.text.sentence_autoencoder import SentenceAutoencoder
from latentlab.models.text.sentence_vae import SentenceVAE
from latentlab.training.objectives.base import GradientObjective, expect


@dataclass(frozen=True)
class SentenceReconstruction(GradientObjective):
    """Cross entropy of the sentence that comes back, every word told to the writer."""

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the nats a sentence, mean over the batch."""
        model = expect(SentenceAutoencoder, network)
        return {"nats": -model.log_likelihood(x, model.encode(x).mode()).mean()}


@dataclass(frozen=True)
class SentenceElbo(GradientObjective):
    """The negative evidence lower bound of a sentence, and two things that keep the code in use.

    A writer that hears its own words needs no code, and the divergence costs: training soon finds
    that (Bowman et al. 2016, section 3). Against it stand

    - ``free_bits``, in nats: below so much, the divergence of a number of the code costs nothing
      (Kingma et al. 2016, appendix C.8, with groups of one number);
    - ``warm_up``: the share of the run over which the weight of the divergence grows from 0 to 1.

    Zero for both is the plain bound.
    """

    free_bits: float = 0.0
    warm_up: float = 0.0

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return distortion and rate in nats a sentence, mean over the batch."""
        vae = expect(SentenceVAE, network)
        posterior = vae.encode(x)
        z = posterior.sample(rng)
        weight = min(1.0, done / self.warm_up) if self.warm_up else 1.0
        divergence = posterior.kl().mean(0).clamp(min=self.free_bits).sum()
        return {
            "distortion": -vae.log_likelihood(x, z).mean(),
            "rate": weight * divergence,
        }
