"""Sentence VAE: the sentence autoencoder with a Gaussian for a code.

Bowman et al. 2016, "Generating sentences from a continuous space". The writer hears its own words,
so it can do without the code: what training does against that is an objective's business.
"""

import math

import torch
from torch import Tensor

from latentlab.models.base import DiagonalGaussian, families
from latentlab.models.text.sentence_autoencoder import SentenceModel

_AT_ONCE = 50  # samples a sentence that are weighed together: memory, not mathematics


@families.register("sentence_vae")
class SentenceVAE(SentenceModel):
    """A code is a Gaussian, and the prior is the standard normal."""

    kind = "sentence_vae"
    title = "Sentence VAE"
    paper = "Bowman et al. 2016, Generating sentences from a continuous space"
    has_prior = True
    importance_unit = "nats"
    outputs = 2

    def encode(self, x: Tensor) -> DiagonalGaussian:
        """Return the posterior of the codes of sentences ``[B, length]``.

        Raises:
            ShapeError: as ``check_rows``.
        """
        mean, log_variance = self.to_code(self.read(self.check_rows(x))).chunk(2, dim=1)
        return DiagonalGaussian(mean, log_variance)

    def log_marginal(self, x: Tensor, samples: int, rng: torch.Generator) -> Tensor:
        """Return an estimate of log p(x) in nats a sentence, ``[B]``, by importance sampling.

        log 1/K sum_k p(x|z_k) p(z_k) / q(z_k|x) with z_k from q(z|x) (Burda et al. 2016, eq. 8). It
        lies below the truth on average, less so the more samples; the ELBO is that of one.
        """
        posterior = self.encode(x)
        weights = []
        for start in range(0, samples, _AT_ONCE):
            count = min(_AT_ONCE, samples - start)
            mean = posterior.mean.repeat_interleave(count, 0)
            log_variance = posterior.log_variance.repeat_interleave(count, 0)
            z = DiagonalGaussian(mean, log_variance).sample(rng)
            # The constants of both densities are the same and go.
            log_prior = -0.5 * (z**2).sum(1)
            log_q = -0.5 * ((z - mean) ** 2 / log_variance.exp() + log_variance).sum(1)
            found = self.log_likelihood(x.repeat_interleave(count, 0), z) + log_prior - log_q
            weights.append(found.view(len(x), count))
        return torch.logsumexp(torch.cat(weights, 1), dim=1) - math.log(samples)
