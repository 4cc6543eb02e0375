"""What the procedures of experiments share: a trained network for a recipe and a seed.

Imports torch: procedures import this module inside their functions, pages never.
"""

from collections.abc import Generator
from dataclasses import replace

from latentlab import checkpoints
from latentlab.errors import TrainingError, UnknownNameError
from latentlab.experiments.base import Effort
from latentlab.models import Network
from latentlab.training.fit import Run
from latentlab.training.recipes import Recipe


def obtain(
    recipe: Recipe, seed: int, effort: Effort, quick_epochs: int
) -> Generator[float, None, Network]:
    """Train a recipe with ``seed``, yielding the share that is done; return the network.

    A checkpoint that ships with the same recipe and seed is what training would end in: it is
    taken, unless ``effort.retrain``. A quick run trains for ``quick_epochs``, and seed 0 too, as
    all seeds of a curve must have the same budget.

    Raises:
        DataError: the training split is not on this machine.
        TrainingError: the loss stopped being a number.
    """
    recipe = replace(recipe, seed=seed)
    if effort.quick:
        recipe = replace(recipe, epochs=quick_epochs)
    elif not effort.retrain and (network := shipped(recipe)) is not None:
        return network
    file = effort.folder / "training.safetensors" if effort.folder else None
    run = Run(recipe, effort.device, file)
    try:
        run.resume()
    except TrainingError:  # of an older recipe, or cut off: nothing is lost but time
        run = Run(recipe, effort.device, file)
    images = recipe.training_data()
    for progress in run.fit(images):
        yield progress.step / (progress.steps + 1)  # the measuring is still to come
    return run.result()


def shipped(recipe: Recipe) -> Network | None:
    """Return the network of the checkpoint that this very recipe and seed made, if there is one.

    Raises:
        CheckpointError: there is one, but it is damaged.
    """
    try:
        checkpoint = checkpoints.load(recipe.name)
    except UnknownNameError:
        return None
    if checkpoint.card.seed != recipe.seed:
        return None
    network = checkpoint.load_model()
    return network if network.config == recipe.config else None
