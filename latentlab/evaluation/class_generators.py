"""Generators that are told the class, beside a Gaussian a class from as many pictures."""

from collections.abc import Iterator

import torch
from torch import Tensor

from latentlab.baselines.class_gaussians import ClassGaussians
from latentlab.checkpoints import Score
from latentlab.data.few import few_of
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.generators import GAN_SAMPLES, features_of, quality
from latentlab.evaluation.shared import BATCH, classifier_of, fixed_rng, splits
from latentlab.models import ConditionalGAN


def class_generator_scores(network: ConditionalGAN, data: str) -> Iterator[Score]:
    """Yield how often 10,000 samples are of the class asked for, and how good they are together.

    The baseline is a Gaussian a class, fitted to as many pictures as the network has learnt from;
    the reference is what as many training pictures get.
    """
    train, test = splits(data)
    classifier = classifier_of(data)
    rng = fixed_rng()
    labels = torch.arange(GAN_SAMPLES) % network.classes
    samples = torch.cat([network.sample(part, rng) for part in labels.split(BATCH)])
    known = few_of(train, network.pictures, seed=0)
    fitted = ClassGaussians.fit(known.tensor(), torch.from_numpy(known.labels), network.classes)
    gaussian = torch.cat([fitted.sample(part, rng) for part in labels.split(BATCH)])
    chosen = torch.randperm(len(train), generator=rng)[:GAN_SAMPLES].numpy()
    name = f"Gaussian a class, {network.pictures} pictures"

    hits = []
    for x in (samples, gaussian):
        guesses = torch.cat([classifier.logits(part).argmax(1) for part in x.split(BATCH)])
        hits.append((guesses == labels).float().mean().item())
    yield Score("of the class asked for", hits[0], "share", True, hits[1], name)
    real = features_of(classifier, test.tensor())
    ours, baseline, ideal = (
        quality(real, features_of(classifier, x)) for x in (samples, gaussian, train.tensor(chosen))
    )
    for key, up in (("coverage", True), ("density", True), ("FID", False)):
        yield Score(key, ours[key], "", up, baseline[key], name)
        yield Score(f"{key} of training pictures", ideal[key], "", up)


def sampled_reference(network: ConditionalGAN, data: str) -> dict[str, Tensor]:
    """Return four draws with their classes, and what is decoded from them."""
    z = torch.randn(4, network.noise_size, generator=fixed_rng())
    labels = torch.arange(4) % network.classes
    return {"noise": z, "classes": labels, "decoded": network.decode(z, labels)}


def sampled_portrait(network: ConditionalGAN, x: Tensor, rng: torch.Generator) -> Portrait:
    """Return two rows of pictures, as long as ``x``, of one class after the other."""
    labels = torch.arange(len(x)) % network.classes
    rows = tuple(network.sample(labels, rng) for _ in range(2))
    return Portrait(rows, ("invented", "invented"))


CLASS_GENERATORS = examinations.add(
    "class_generator",
    Examination(ConditionalGAN, class_generator_scores, sampled_reference, sampled_portrait),
)
