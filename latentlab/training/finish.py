"""From a trained network to a checkpoint folder: scores, statistics, reference, card."""

import platform
from pathlib import Path

import torch

from latentlab import checkpoints
from latentlab.checkpoints import ModelCard, Score
from latentlab.data import find
from latentlab.kinds import kinds
from latentlab.models import Network, count_parameters
from latentlab.training.recipes import Recipe


def write(recipe: Recipe, network: Network, seconds: float, device: str, parent: Path) -> Path:
    """Measure a trained network and write its checkpoint below ``parent``; return the folder."""
    from latentlab import evaluation  # brings scikit-image: seconds that training need not wait

    folder = parent / recipe.name
    checkpoints.save(
        folder,
        network,
        card(recipe, network, seconds, device, evaluation.scores(network, recipe.data)),
        evaluation.statistics(network, recipe.data),
        evaluation.reference(network, recipe.data),
    )
    return folder


def card(
    recipe: Recipe, network: Network, seconds: float, device: str, scores: tuple[Score, ...]
) -> ModelCard:
    """Return the card of a network that ``recipe`` trained."""
    dataset = find(recipe.data)
    return ModelCard(
        title=type(network).title,
        summary=recipe.summary,
        family=recipe.family,
        kind=network.kind,
        modality=kinds.get(network.kind).modality,
        data=recipe.data,
        tag=recipe.tag,
        latent_size=network.latent_size,
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
    if device == "cuda":
        return f"one {torch.cuda.get_device_name()}"
    return f"{torch.get_num_threads()} CPU thread(s), {platform.machine()}"
