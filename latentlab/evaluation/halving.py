"""Weights as float16 on disk, where nobody could tell by the scores."""

import torch

from latentlab import checkpoints
from latentlab.checkpoints import Checkpoint, printed
from latentlab.errors import MissingFile
from latentlab.evaluation.base import reference, scores


def halve(checkpoint: Checkpoint) -> list[str]:
    """Store a checkpoint's weights as float16 if every score stays the same as it is printed.

    Returns:
        One sentence for each score that changes; then the folder stays as it is.
    """
    network = checkpoint.load_model()
    with torch.no_grad():
        for tensor in network.state_dict().values():
            if tensor.is_floating_point():
                tensor.copy_(tensor.half())
    card = checkpoint.card
    found = {score.name: score.value for score in scores(network, card.data)}
    changed = [
        f"{score.name} would be {printed(found[score.name], score.unit)},"
        f" not {printed(score.value, score.unit)}"
        for score in card.scores
        if printed(found[score.name], score.unit) != printed(score.value, score.unit)
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
    checkpoints.save(checkpoint.folder, network.half(), card, statistics, outputs, further)
    return []
