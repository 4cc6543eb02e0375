"""From a trained network to a checkpoint folder: scores, statistics, reference, card."""

import platform
from pathlib import Path

from latentlab import checkpoints, evaluation
from latentlab.checkpoints import ModelCard, Score
from latentlab.data import datasets
from latentlab.models import LatentModel, Network, count_parameters
from latentlab.training.recipes import Recipe


def write(recipe: Recipe, network: Network, seconds: float, device: str, parent: Path) -> Path:
    """Measure a trained network and write its checkpoint below ``parent``; return the folder."""
    statistics = None
    if isinstance(network, LatentModel):
        statistics = evaluation.latent_statistics(network, recipe.data)
    folder = parent / recipe.name
    checkpoints.save(
        folder,
        network,
        card(recipe, network, seconds, device, evaluation.scores(network, recipe.data)),
        statistics,
        evaluation.reference(network, recipe.data),
    )
    return folder


def card(
    recipe: Recipe, network: Network, seconds: float, device: str, scores: tuple[Score, ...]
) -> ModelCard:
    """Return the card of a network that ``recipe`` trained."""
    dataset = datasets.get(recipe.data)
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


def _machine(device: str) -> str:
    import torch

    if device == "cuda":
        return f"one {torch.cuda.get_device_name()}"
    return f"{torch.get_num_threads()} thread(s) of a {platform.machine()} processor"
