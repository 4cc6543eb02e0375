"""Networks and checkpoints small enough to build in a test."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from latentlab import checkpoints
from latentlab.checkpoints import ModelCard, Score
from latentlab.kinds import kinds
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import (
    Autoencoder,
    Classifier,
    ConditionalGAN,
    CycleGAN,
    Denoiser,
    LatentModel,
    ModelConfig,
    Network,
    SuperResolution,
    count_parameters,
    families,
)

SMALL = {  # fields that make each family small; image_shape comes on top
    "autoencoder": {"latent_size": 3, "encoder_widths": (8,), "decoder_widths": (8,)},
    "conv_autoencoder": {"latent_size": 3, "channels": (4, 6), "hidden": 8},
    "denoising_autoencoder": {"channels": (4, 6), "code_channels": 2},
    "vae": {"latent_size": 3, "channels": (4, 6), "hidden": 8},
    "linear_autoencoder": {"latent_size": 3},
    "shallow_autoencoder": {"latent_size": 3},
    "sparse_autoencoder": {"latent_size": 3},
    "contractive_autoencoder": {"latent_size": 3},
    "dense_vae": {"latent_size": 3, "widths": (8, 6)},
    "gan": {"latent_size": 3, "channels": (4, 6)},
    "photo_denoiser": {"widths": (4, 6), "depths": (1, 1)},
    "super_resolution": {"width": 4, "blocks": 1},
    "conditional_gan": {"noise_size": 3, "channels": (4, 6)},
    "cycle_gan": {"width": 4, "blocks": 1},
    "classifier": {"channels": (4, 6), "depths": (1, 2), "classes": 10},
    "factor_classifier": {"channels": (4, 6), "depths": (1, 2), "heads": (10, 1)},
}


def small_config(family: str, image_shape: tuple[int, int, int] = (1, 28, 28)) -> ModelConfig:
    """A small config of ``family``; its own defaults where SMALL does not know the family."""
    config = families.get(family).config_type(image_shape=image_shape)
    return replace(config, **SMALL.get(family, {}))


def small_network(
    family: str, image_shape: tuple[int, int, int] = (1, 28, 28), seed: int = 0, **fields: Any
) -> Network:
    """An untrained network, in evaluation mode, whose weights depend on ``seed`` alone."""
    config = replace(small_config(family, image_shape), **fields)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return families.get(family)(config).eval()


def card_for(network: Network, family: str, data: str = "mnist", tag: str = "test") -> ModelCard:
    return ModelCard(
        title=type(network).title,
        summary="A small model for a test.",
        family=family,
        kind=network.kind,
        modality=kinds.get(network.kind).modality,
        data=data,
        tag=tag,
        latent_size=network.latent_size,
        licence="MIT",
        credit="Nobody",
        recipe=f"latentlab train {family}.{data}",
        seed=0,
        parameters=count_parameters(network),
        seconds=61.0,
        machine="a test",
        scores=(
            Score("mse", 0.04, "", False, 0.05, "PCA, 3 components"),
            Score("10-NN accuracy", 0.5, "", True, 0.6, "PCA, 3 components"),
        ),
        limits=("Untrained.",),
    )


def statistics_for(size: int) -> LatentStatistics:
    kept = min(16, size)
    return LatentStatistics(
        mean=torch.zeros(size),
        std=torch.ones(size),
        low=-2 * torch.ones(size),
        high=2 * torch.ones(size),
        importance=torch.arange(size, 0, -1).float(),
        directions=torch.eye(size)[:, :kept],
        direction_std=torch.ones(kept),
    )


def reference_for(network: Network) -> dict[str, torch.Tensor]:
    x = torch.rand(2, *network.image_shape, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        if isinstance(network, Classifier):
            return {"images": x, "logits": network.logits(x)}
        if isinstance(network, Denoiser):
            sigma = torch.full((2, 1, 1, 1), 0.1)
            return {"noisy": x, "sigma": sigma, "restored": network(x, sigma)}
        if isinstance(network, SuperResolution):
            small = network.shrink(x)
            return {"small": small, "enlarged": network(small)}
        if isinstance(network, ConditionalGAN):
            z, labels = torch.ones(2, network.noise_size), torch.arange(2)
            return {"noise": z, "classes": labels, "decoded": network.decode(z, labels)}
        if isinstance(network, CycleGAN):
            return {"images": x, "there": network.there(x), "back": network.back(x)}
        if isinstance(network, Autoencoder):
            z = network.encode(x).mode()
            return {"images": x, "latents": z, "decoded": network.decode(z)}
        assert isinstance(network, LatentModel)
        z = network.sample_prior(2, torch.Generator().manual_seed(1))
        return {"latents": z, "decoded": network.decode(z)}


def write_checkpoint(
    parent: Path,
    name: str = "autoencoder.test",
    data: str = "mnist",
    image_shape: tuple[int, int, int] = (1, 28, 28),
    seed: int = 0,
    **fields: Any,
) -> Path:
    """Save a small untrained model as the checkpoint ``name`` below ``parent``; its folder.

    ``fields`` change the small config of its family.
    """
    family = name.partition(".")[0]
    network = small_network(family, image_shape, seed, **fields)
    size = network.latent_size if isinstance(network, LatentModel) else None
    checkpoints.save(
        parent / name,
        network,
        card_for(network, family, data, name.partition(".")[2].removeprefix(data).strip("_")),
        statistics_for(size) if size else None,
        reference_for(network),
    )
    return parent / name
