"""From a trained network to a checkpoint folder: scores, statistics, reference, card."""

import platform
from pathlib import Path

import torch

from latentlab import checkpoints
from latentlab.checkpoints import VOCABULARY, ModelCard, Score
from latentlab.data import TextDataset, TrainingData, find
from latentlab.errors import TrainingError
from latentlab.kinds import kinds
from latentlab.models import Network, count_parameters
from latentlab.training.fit import Run
from latentlab.training.objectives import Adversarial
from latentlab.training.recipes import Recipe

FEWEST = 10  # training items: what is measured asks for so many neighbours


def check(recipe: Recipe, items: TrainingData) -> None:
    """Refuse what could be trained but not be measured.

    Raises:
        TrainingError: there is too little to learn from.
    """
    if len(items) < FEWEST:
        raise TrainingError(
            f"{recipe.name} has {len(items)} item(s) to learn from; with fewer than {FEWEST} it"
            " cannot be measured.",
            "Look at what LATENTLAB_DATA holds.",
        )


def write(run: Run, parent: Path) -> Path:
    """Measure what a run has trained and write its checkpoint below ``parent``; return the folder.

    Snapshots that the run has kept, or the story that is made of them, are further files of the
    checkpoint.
    """
    from latentlab import evaluation  # brings scikit-image: seconds that training need not wait

    recipe, network = run.recipe, run.result()
    folder = parent / recipe.name
    scores = evaluation.scores(network, recipe.data, recipe.only)
    checkpoints.save(
        folder,
        network,
        card(recipe, network, run.seconds, run.device, scores),
        evaluation.statistics(network, recipe.data, recipe.only),
        evaluation.reference(network, recipe.data),
        further(run),
    )
    return folder


def further(run: Run, device: str = "cpu") -> dict[str, bytes]:
    """Return the files that a run adds to its checkpoint: contents by name; often none.

    These are snapshots, or the story that is made of them, and the vocabulary of a text.

    Args:
        run: a run that has come to its end.
        device: where a story is measured.
    """
    from latentlab import evaluation

    recipe = run.recipe
    data = find(recipe.data)
    if isinstance(data, TextDataset):
        return {**run.snapshots(), VOCABULARY: data.vocabulary().to_json()}
    if recipe.snapshots is None or not recipe.snapshots.story:
        return run.snapshots()
    kept = evaluation.Kept(
        network=run.result(),
        beside=run.learner.beside(),
        moments=run.moments,
        data=recipe.data,
        held_back=recipe.held_back,
        loss=recipe.objective.loss if isinstance(recipe.objective, Adversarial) else "",
    )
    return evaluation.stories.get(recipe.snapshots.story)(kept, device)


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
        study=recipe.study,
        only=recipe.only,
    )


def _machine(device: str) -> str:
    if device == "cuda":
        return f"one {torch.cuda.get_device_name()}"
    return f"{torch.get_num_threads()} CPU thread(s), {platform.machine()}"
