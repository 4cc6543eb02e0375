"""Autoencoders: reconstruction, beside principal components of the same number."""

from collections.abc import Iterator

import torch
from torch import Tensor

from latentlab.checkpoints import Score
from latentlab.data import datasets
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.shared import (
    BATCH,
    NEIGHBOURS,
    encode,
    neighbour_accuracy,
    principal_components,
    splits,
    statistics_of,
)
from latentlab.latents.statistics import LatentStatistics
from latentlab.metrics import metrics
from latentlab.models import Autoencoder


def reconstruction_scores(network: Autoencoder, data: str) -> Iterator[Score]:
    """Yield mse and neighbour accuracy of an autoencoder, PCA of the same size as the baseline."""
    train, test = splits(data)
    size = network.latent_size
    pca = principal_components(data, size)
    codes, errors = encode(network, test)
    baseline_codes, baseline_errors = [], []
    for x in test.batches(BATCH):
        baseline_codes.append(pca.encode(x))
        baseline_errors.append(metrics.get("mse")(pca.decode(baseline_codes[-1]).clamp(0, 1), x))
    baseline_name = f"PCA, {size} components"
    baseline = torch.cat(baseline_errors).mean().item()
    yield Score("mse", errors.mean().item(), "", False, baseline, baseline_name)
    train_codes, _ = encode(network, train)
    pca_train = torch.cat([pca.encode(x) for x in train.batches(BATCH)])
    yield Score(
        f"{NEIGHBOURS}-NN accuracy",
        neighbour_accuracy(train_codes, train, codes, test),
        "",
        True,
        neighbour_accuracy(pca_train, train, torch.cat(baseline_codes), test),
        baseline_name,
    )


def code_statistics(network: Autoencoder, data: str) -> LatentStatistics:
    """Return where the codes of the training split lie, by their principal components."""
    return statistics_of(network, datasets.get(data).load("train"))


def code_reference(network: Autoencoder, data: str) -> dict[str, Tensor]:
    """Return four samples, their codes, and what is decoded from these."""
    x = datasets.get(data).samples().tensor(slice(0, 4))
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
