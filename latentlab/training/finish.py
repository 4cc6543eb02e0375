"""From a trained network to a checkpoint folder: scores, statistics, reference, card."""

import platform
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from latentlab import checkpoints
from latentlab.checkpoints import ModelCard, Score
from latentlab.data import datasets, photo_datasets
from latentlab.errors import UnsupportedError
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import (
    GAN,
    VAE,
    Autoencoder,
    Judge,
    LatentModel,
    Network,
    Restorer,
    count_parameters,
)
from latentlab.training.recipes import Recipe


def write(recipe: Recipe, network: Network, seconds: float, device: str, parent: Path) -> Path:
    """Measure a trained network and write its checkpoint below ``parent``; return the folder."""
    from latentlab import evaluation  # brings scikit-image: seconds that training need not wait

    statistics = None
    if isinstance(network, LatentModel):
        statistics = latent_statistics(network, recipe.data)
    folder = parent / recipe.name
    checkpoints.save(
        folder,
        network,
        card(recipe, network, seconds, device, evaluation.scores(network, recipe.data)),
        statistics,
        reference(network, recipe.data),
    )
    return folder


def card(
    recipe: Recipe, network: Network, seconds: float, device: str, scores: tuple[Score, ...]
) -> ModelCard:
    """Return the card of a network that ``recipe`` trained."""
    photographs = recipe.data in photo_datasets
    dataset = (photo_datasets if photographs else datasets).get(recipe.data)
    return ModelCard(
        title=type(network).title,
        summary=recipe.summary,
        family=recipe.family,
        kind=type(network).kind,
        data=recipe.data,
        licence=f"MIT for the weights; data {dataset.licence}",
        credit=dataset.credit,
        recipe=f"latentlab train {recipe.name}",
        seed=recipe.seed,
        parameters=count_parameters(network),
        seconds=round(seconds),
        machine=_machine(device),
        scores=scores,
        limits=recipe.limits,
    )


def latent_statistics(network: Network, data: str) -> LatentStatistics:
    """Return where a latent model's codes of the training split lie.

    A generator that cannot encode has the statistics of its prior, from 50,000 draws, and the
    principal directions of its first layer's weights, along which pictures change most (SeFa: Shen
    & Zhou 2021, eq. 5).
    """
    with torch.inference_mode():
        if isinstance(network, GAN):
            z = network.sample_prior(50_000, _rng())
            weight = next(p for p in network.parameters() if p.ndim == 2)  # [out, D]
            directions = torch.linalg.eigh(weight.T @ weight).eigenvectors.flip(1)
            importance = (weight**2).sum(0)
            spread = torch.ones(z.shape[1])
        elif isinstance(network, Autoencoder):
            parts, divergences = [], []
            for x in datasets.get(data).load("train").batches(500):
                posterior = network.encode(x)
                parts.append(posterior.mode().flatten(1))
                divergences.append(posterior.kl())
            z = torch.cat(parts)
            centred = z - z.mean(0)
            values, vectors = torch.linalg.eigh(centred.T @ centred / len(z))
            kept = min(16, z.shape[1])  # what a page can offer as sliders
            directions = vectors.flip(1)[:, :kept]
            spread = values.flip(0)[:kept].clamp(min=0).sqrt()
            is_vae = isinstance(network, VAE)
            importance = torch.cat(divergences).mean(0) if is_vae else z.var(0)
        else:
            raise UnsupportedError(f"A {type(network).__name__} has no latents.")
        low, high = np.quantile(z.numpy(), [0.01, 0.99], axis=0)
        return LatentStatistics(
            mean=z.mean(0),
            std=z.std(0),
            low=torch.from_numpy(low).float(),
            high=torch.from_numpy(high).float(),
            importance=importance,
            directions=_signed(directions[:, :16]),
            direction_std=spread[:16].contiguous(),
        )


def reference(network: Network, data: str) -> dict[str, Tensor]:
    """Return a few inputs and the network's outputs for them, for an installation to reproduce."""
    with torch.inference_mode():
        if isinstance(network, Restorer):
            noisy, sigma = _noisy_patterns(network.image_shape)
            return {"noisy": noisy, "sigma": sigma, "restored": network(noisy, sigma)}
        x = datasets.get(data).samples().tensor(slice(0, 4))
        if isinstance(network, Judge):
            return {"images": x, "logits": network.logits(x)}
        if isinstance(network, Autoencoder):
            z = network.encode(x).mode()
            return {"images": x, "latents": z, "decoded": network.decode(z)}
        assert isinstance(network, GAN)
        z = network.sample_prior(4, _rng())
        return {"latents": z, "decoded": network.decode(z)}


def _noisy_patterns(image_shape: tuple[int, int, int]) -> tuple[Tensor, Tensor]:
    """Return discs of four sizes on stripes with noise of four strengths, and these ``[4,1,1,1]``.

    Drawn, because no photograph that a denoiser learns from ships with latentlab.
    """
    channels, height, width = image_shape
    rows = torch.linspace(-1, 1, height)[:, None]
    columns = torch.linspace(-1, 1, width)
    distance = (rows**2 + columns**2).sqrt()
    pictures = []
    for radius in (0.3, 0.5, 0.7, 0.9):
        colours = torch.linspace(0.2, 0.9, channels)[:, None, None]
        stripes = 0.5 + 0.3 * torch.sin(9 * columns / radius)
        pictures.append(torch.where(distance < radius, colours, stripes))
    sigma = torch.tensor([5.0, 15.0, 25.0, 50.0]).div(255).reshape(4, 1, 1, 1)
    noise = torch.randn(4, *image_shape, generator=_rng())
    return torch.stack(pictures) + sigma * noise, sigma


def _signed(directions: Tensor) -> Tensor:
    """Return directions whose largest entry is positive: eigenvectors have no sign of their own."""
    largest = directions.abs().argmax(0)
    return directions * directions[largest, torch.arange(directions.shape[1])].sign()


def _rng() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _machine(device: str) -> str:
    if device == "cuda":
        return f"one {torch.cuda.get_device_name()}"
    return f"{torch.get_num_threads()} CPU thread(s), {platform.machine()}"
