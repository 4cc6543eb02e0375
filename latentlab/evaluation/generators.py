"""Generators: diversity and fidelity of samples, in the features of a classifier."""

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab import metrics
from latentlab.checkpoints import Score
from latentlab.data import datasets
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.shared import (
    BATCH,
    classifier_of,
    fixed_rng,
    latent_statistics,
    principal_components,
    reference_count,
    splits,
)
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import GAN, Classifier

STATISTICS_DRAWS = 50_000

GAN_SAMPLES = 10_000


def generator_scores(network: GAN, data: str) -> Iterator[Score]:
    """Yield class shares, coverage, density and Fréchet distance of 10,000 samples.

    The baseline draws from a Gaussian fitted to as many principal components; the reference is what
    as many training pictures get.
    """
    train, test = splits(data)
    classifier = classifier_of(data)
    rng = fixed_rng()
    draws = network.sample_prior(GAN_SAMPLES, rng)
    samples = torch.cat([network.decode(z) for z in draws.split(BATCH)])
    shares = torch.cat([classifier.logits(x).argmax(1) for x in samples.split(BATCH)])
    counts = torch.bincount(shares, minlength=len(datasets.get(data).class_names)) / GAN_SAMPLES
    pca = principal_components(data, network.latent_size)
    codes = torch.cat([pca.encode(x) for x in train.batches(BATCH)])
    gaussian = pca.decode(torch.randn(GAN_SAMPLES, codes.shape[1], generator=rng) * codes.std(0))
    chosen = torch.randperm(len(train), generator=rng)[:GAN_SAMPLES].numpy()
    baseline_name = f"Gaussian on {network.latent_size} PCA components"

    real = features_of(classifier, test.tensor())
    ours, baseline, ideal = (
        quality(real, features_of(classifier, x))
        for x in (samples, gaussian.clamp(0, 1), train.tensor(chosen))
    )
    yield Score("rarest class", counts.min().item(), "share", True)
    yield Score("commonest class", counts.max().item(), "share", False)
    for key, unit, up in (("coverage", "", True), ("density", "", True), ("FID", "", False)):
        yield Score(f"{key}", ours[key], unit, up, baseline[key], baseline_name)
        yield Score(f"{key} of training pictures", ideal[key], unit, up)


def features_of(classifier: Classifier, x: Tensor) -> NDArray[np.float32]:
    """Return the features ``[N, F]`` of pictures ``[N, C, H, W]``."""
    return torch.cat([classifier.features(part) for part in x.split(BATCH)]).numpy()


def quality(real: NDArray[np.float32], fake: NDArray[np.float32]) -> dict[str, float]:
    """Return coverage, density and Fréchet distance of features by name."""
    coverage, density = metrics.coverage_and_density(real, fake)
    return {
        "coverage": coverage,
        "density": density,
        "FID": metrics.frechet_distance(real, fake),
    }


def prior_statistics(network: GAN, data: str) -> LatentStatistics:
    """Return the statistics of the prior: no picture of the data has a code.

    The principal directions are those of the first layer's weights, along which pictures change
    most (SeFa: Shen & Zhou 2021, eq. 5).
    """
    z = network.sample_prior(STATISTICS_DRAWS, fixed_rng())
    weight = next(p for p in network.parameters() if p.ndim == 2)  # [out, D]
    return latent_statistics(
        z,
        importance=(weight**2).sum(0),
        directions=torch.linalg.eigh(weight.T @ weight).eigenvectors.flip(1),
        spread=torch.ones(z.shape[1]),
    )


def draw_reference(network: GAN, data: str) -> dict[str, Tensor]:
    """Return up to four draws from the prior, and what is decoded from them."""
    z = network.sample_prior(reference_count(network.image_shape), fixed_rng())
    return {"latents": z, "decoded": network.decode(z)}


def draw_portrait(network: GAN, x: Tensor, rng: torch.Generator) -> Portrait:
    """Return two rows of pictures, as long as ``x``, drawn from the prior."""
    rows = network.decode(network.sample_prior(2 * len(x), rng)).chunk(2)
    return Portrait(tuple(rows), ("invented", "invented"))


GENERATORS = examinations.add(
    "generator",
    Examination(GAN, generator_scores, draw_reference, draw_portrait, prior_statistics),
)
