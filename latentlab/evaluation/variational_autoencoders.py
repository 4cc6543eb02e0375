"""Variational autoencoders: an autoencoder's scores, the rate, and the likelihood."""

from collections.abc import Iterator

import torch

from latentlab.checkpoints import Score
from latentlab.evaluation.autoencoders import (
    code_reference,
    code_statistics,
    reconstruction_portrait,
    reconstruction_scores,
)
from latentlab.evaluation.base import Examination, examinations
from latentlab.evaluation.shared import BATCH, fixed_rng, splits
from latentlab.metrics import active_units
from latentlab.models import VAE

NLL_IMAGES, NLL_SAMPLES = 1000, 500
PUBLISHED_VAE_NLL = 86.76  # Burda et al. 2016, table 1: one layer, VAE, k = 1, dynamic MNIST


def vae_scores(network: VAE, data: str) -> Iterator[Score]:
    """Yield an autoencoder's scores, rate, active units, and the likelihood where it is one."""
    yield from reconstruction_scores(network, data)
    _, test = splits(data)
    posteriors = [network.encode(x) for x in test.batches(BATCH)]
    rates = torch.cat([posterior.kl().sum(1) for posterior in posteriors])
    yield Score("rate (KL)", rates.mean().item(), "nats", False)
    means = torch.cat([posterior.mean for posterior in posteriors])
    yield Score("active units", float(active_units(means)), "", True)
    if network.settings.likelihood == "bernoulli":
        rng = fixed_rng()
        x = torch.bernoulli(test.tensor(slice(0, NLL_IMAGES)), generator=rng)
        bounds = [network.log_marginal(part, NLL_SAMPLES, rng) for part in x.split(BATCH)]
        published = (PUBLISHED_VAE_NLL, "published dense VAE, 50 dimensions")
        baseline, baseline_name = published if data == "mnist" else (None, None)
        nll = -torch.cat(bounds).mean().item()
        yield Score("NLL", nll, "nats", False, baseline, baseline_name)


VARIATIONAL_AUTOENCODERS = examinations.add(
    "variational_autoencoder",
    Examination(VAE, vae_scores, code_reference, reconstruction_portrait, code_statistics),
)
