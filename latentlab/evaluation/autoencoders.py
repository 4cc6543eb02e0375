"""Autoencoders: reconstruction, beside principal components of the same number."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from latentlab import metrics
from latentlab.checkpoints import Score
from latentlab.data import datasets
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.shared import (
    BATCH,
    LABELS,
    NEIGHBOURS,
    encode,
    neighbour_accuracy,
    principal_components,
    reference_count,
    splits,
    statistics_of,
)
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import Autoencoder

FEW = 5_000  # training pictures: with fewer, the card also says how well those are known


def reconstruction_scores(network: Autoencoder, data: str) -> Iterator[Score]:
    """Yield mse and neighbour accuracy of an autoencoder, PCA of the same size as the baseline."""
    train, test = splits(data)
    pca = principal_components(data, network.latent_size)
    codes, errors = encode(network, test)
    baseline_codes, baseline_errors = [], []
    for x in test.batches(BATCH):
        baseline_codes.append(pca.encode(x))
        baseline_errors.append(
            metrics.metrics.get("mse")(pca.decode(baseline_codes[-1]).clamp(0, 1), x)
        )
    baseline_name = f"PCA, {pca.k} components"  # no more than a picture has pixels
    baseline = torch.cat(baseline_errors).mean().item()
    yield Score("mse", errors.mean().item(), "", False, baseline, baseline_name)
    train_codes, train_errors = encode(network, train)
    pca_train = torch.cat([pca.encode(x) for x in train.batches(BATCH)])
    if len(train) < FEW:
        decoded = pca.decode(pca_train).clamp(0, 1)
        seen = metrics.metrics.get("mse")(decoded, train.tensor()).mean().item()
        ours = train_errors.mean().item()
        yield Score("mse, training pictures", ours, "", False, seen, baseline_name)
    yield Score(
        f"{NEIGHBOURS}-NN accuracy",
        neighbour_accuracy(train_codes, train, codes, test),
        "",
        True,
        neighbour_accuracy(pca_train, train, torch.cat(baseline_codes), test),
        baseline_name,
    )
    if isinstance(network.encoder_layers()[-1], nn.Sigmoid):
        yield from _unit_scores(codes)
        known = train.labels[:LABELS]
        ours, theirs = (
            metrics.probe_accuracy(of_train[:LABELS], known, of_test, test.labels)
            for of_train, of_test in ((train_codes, codes), (pca_train, torch.cat(baseline_codes)))
        )
        yield Score("linear probe", ours, "", True, theirs, baseline_name)


def _unit_scores(codes: Tensor) -> Iterator[Score]:
    """Yield how units in [0, 1] are used; there is no better and worse, but more and less sparse.

    Dead units are worse: they take part in nothing.
    """
    yield Score("mean activation", codes.mean().item(), "", False)
    yield Score("lifetime sparseness", metrics.lifetime_sparseness(codes), "", True)
    yield Score("dead units", metrics.dead_units(codes) / codes.shape[1], "", False)


def code_statistics(network: Autoencoder, data: str) -> LatentStatistics:
    """Return where the codes of the training split lie, by their principal components."""
    return statistics_of(network, datasets.get(data).load("train"))


def code_reference(network: Autoencoder, data: str) -> dict[str, Tensor]:
    """Return up to four samples, their codes, and what is decoded from these."""
    x = datasets.get(data).samples().tensor(slice(0, reference_count(network.image_shape)))
    z = network.encode(x).mode()
    return {"images": x, "latents": z, "decoded": network.decode(z)}


def reconstruction_portrait(network: Autoencoder, x: Tensor, rng: torch.Generator) -> Portrait:
    """Return pictures, and what the network gives back for them."""
    return Portrait((x, network(x)), ("test pictures", "given back"))


AUTOENCODERS = examinations.add(
    "autoencoder",
    Examination(
        Autoencoder,
        reconstruction_scores,
        code_reference,
        reconstruction_portrait,
        code_statistics,
    ),
)
