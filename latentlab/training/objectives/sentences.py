"""Objectives of sentence autoencoders and VAEs."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.models import Network
from latentlab.models.text.sentence_autoencoder import UNKNOWN, SentenceAutoencoder
from latentlab.models.text.sentence_vae import SentenceVAE
from latentlab.training.objectives.base import GradientObjective, expect

_FIRST_WORD = 5  # numbers below stand for no word


@dataclass(frozen=True)
class SentenceReconstruction(GradientObjective):
    """Cross entropy of the sentence, from a code of the whole or of a damaged one.

    ``masked`` is the share of words that the reader sees as unknown (Vincent 2008 for pictures;
    Shen et al. 2020 for sentences): 0 is a plain autoencoder. The word for "unknown" is taken, so
    that the network has met what it is given for a word that is not in its vocabulary.
    """

    masked: float = 0.0

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the nats a sentence, mean over the batch."""
        model = expect(SentenceAutoencoder, network)
        seen = hidden(x, self.masked, rng)
        return {"nats": -model.log_likelihood(x, model.encode(seen).mode()).mean()}


@dataclass(frozen=True)
class SentenceElbo(GradientObjective):
    """The negative evidence lower bound of a sentence, and three things that keep the code in use.

    A writer that hears its own words needs no code, and the divergence costs: training soon finds
    that (Bowman et al. 2016, section 3). Against it stand

    - ``free_bits``, in nats: below so much, the divergence of a number of the code costs nothing
      (Kingma et al. 2016, appendix C.8, with groups of one number);
    - ``warm_up``: the share of the run over which the weight of the divergence grows from 0 to 1;
    - ``word_dropout``: the share of words that the writer is not told at first; it falls to 0 by
      the share ``told_from`` of the run, since who writes freely is told all its own words.

    Zero for all three is the plain bound. On it a code may say a little and cost as much, which is
    no loss; ``weight`` above 1 makes that one, too (Higgins et al. 2017, β).
    """

    free_bits: float = 0.0
    warm_up: float = 0.0
    word_dropout: float = 0.0
    told_from: float = 0.5
    weight: float = 1.0  # of the divergence

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return distortion and rate in nats a sentence, mean over the batch."""
        vae = expect(SentenceVAE, network)
        posterior = vae.encode(x)
        z = posterior.sample(rng)
        untold = self.word_dropout * max(0.0, 1 - done / self.told_from)
        told = hidden(x[:, :-1], untold, rng)
        weight = self.weight * (min(1.0, done / self.warm_up) if self.warm_up else 1.0)
        divergence = posterior.kl().mean(0).clamp(min=self.free_bits).sum()
        return {
            "distortion": -vae.log_likelihood(x, z, told).mean(),
            "rate": weight * divergence,
        }


def hidden(x: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Return sentences ``[B, T]`` in which a share of the words are unknown."""
    if not share:
        return x
    # Drawn on the CPU so that one seed hides the same words on every device.
    drawn = torch.rand(x.shape, generator=rng).to(x.device) < share
    return torch.where(drawn & (x >= _FIRST_WORD), UNKNOWN, x)
