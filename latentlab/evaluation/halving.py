"""Weights as float16 on disk, where nobody could tell by the scores."""

import math
from dataclasses import replace

import torch

from latentlab import checkpoints
from latentlab.checkpoints import Checkpoint, printed
from latentlab.data import datasets
from latentlab.errors import MissingFile
from latentlab.evaluation.base import reference, scores
from latentlab.evaluation.shared import NEIGHBOURS

AGREE = 1e-3  # relative: one neighbour of ten thousand may be another, a better model may not be
COUNTED = f"{NEIGHBOURS}-NN accuracy"  # one picture may be more than a thousandth of it


def halve(checkpoint: Checkpoint) -> list[str]:
    """Store a checkpoint's weights as float16 if every score stays the same within a thousandth.

    One test picture may get another class by its neighbours. The card then says what the stored
    weights score.

    Returns:
        One sentence for each score that changes; then the folder stays as it is.
    """
    network = checkpoint.load_model()
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(tensor.half())
    card = checkpoint.card
    measured = scores(network, card.data, card.only)
    found = {score.name: score.value for score in measured}
    changed = [
        f"{score.name} would be {printed(found[score.name], score.unit)},"
        f" not {printed(score.value, score.unit)}"
        for score in card.scores
        if not math.isclose(
            found[score.name],
            score.value,
            rel_tol=AGREE,
            abs_tol=_one_picture(card.data) if score.name == COUNTED else 0.0,
        )
    ]
    if changed:
        return changed
    try:
        statistics = checkpoint.statistics()
    except MissingFile:
        statistics = None
    further = {
        name: checkpoint.file(name)
        for name in checkpoint.files
        if name not in checkpoints.OWN_FILES
    }
    outputs = reference(network, card.data)
    checkpoints.save(
        checkpoint.folder,
        network.half(),
        replace(card, scores=measured),
        statistics,
        outputs,
        further,
    )
    return []


def _one_picture(data: str) -> float:
    """Return the share of one picture in a test split, rounded up."""
    return 1.001 / len(datasets.get(data).load("test"))
