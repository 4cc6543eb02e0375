"""Networks that have seen one class: how well their errors find the other classes."""

from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import Tensor

from latentlab.baselines.pca import PrincipalComponents
from latentlab.checkpoints import Score
from latentlab.data import OneClass
from latentlab.errors import UnsupportedError
from latentlab.evaluation.shared import BATCH, splits, statistics_of
from latentlab.latents.statistics import LatentStatistics
from latentlab.metrics import anomalies
from latentlab.models import VAE, Autoencoder, Network

COMPONENTS = 32


@lru_cache(maxsize=2)
def principal_components(data: str, only: OneClass) -> PrincipalComponents:
    """Return up to 32 principal components of what a network of this part has seen."""
    x = only.training(splits(data)[0]).tensor()
    return PrincipalComponents.fit(x, min(COMPONENTS, len(x), x[0].numel()))


def scores(network: Network, data: str, only: OneClass) -> Iterator[Score]:
    """Yield the AUROC of its errors on the test split, beside PCA's of the same size and part."""
    model = _autoencoder(network)
    _, test = splits(data)
    components = principal_components(data, only)
    pca = components.truncate(min(network.latent_size or 1, components.k))
    named = f"PCA, {pca.k} components"
    found: dict[str, list[Tensor]] = {}
    for x in test.batches(BATCH):
        posterior = model.encode(x)
        again, linear = model.decode(posterior.mode()), pca.reconstruct(x)
        parts = {
            "error": anomalies.squared_error(x, again),
            "smoothed error": anomalies.smoothed_error(x, again),
            "error, PCA": anomalies.squared_error(x, linear),
            "smoothed error, PCA": anomalies.smoothed_error(x, linear),
        }
        if isinstance(model, VAE):
            rate = posterior.kl().sum(1)
            sigma = model.settings.sigma
            parts["−ELBO"] = anomalies.negative_bound(x, again, rate, sigma)
        for name, values in parts.items():
            found.setdefault(name, []).append(values)
    outside = torch.from_numpy(test.labels) != only.normal
    areas = {}
    for name, collected in found.items():
        joined = torch.cat(collected)
        areas[name] = anomalies.auroc(joined[~outside], joined[outside])
    for name in ("error", "smoothed error"):
        yield Score(f"AUROC, {name}", areas[name], "", True, areas[f"{name}, PCA"], named)
    if "−ELBO" in areas:
        yield Score("AUROC, −ELBO", areas["−ELBO"], "", True, areas["error, PCA"], named)


def statistics(network: Network, data: str, only: OneClass) -> LatentStatistics:
    """Return where the codes of its own part of the training split lie."""
    return statistics_of(_autoencoder(network), only.training(splits(data)[0]))


def _autoencoder(network: Network) -> Autoencoder:
    if not isinstance(network, Autoencoder):
        raise UnsupportedError("Only autoencoders are measured on one class.")
    return network
