"""Recipes of the study “sequences”: networks of one size that learn one task from nothing.

All networks of a task see as many sequences. Learning rates belong to a sort of network and were
fixed in advance; that of the Transformer was halved once, by sequences apart from lessons and tests
(docs/sequences.md).
"""

from latentlab.data.sequences import sequence_tasks
from latentlab.sequences.nets import NETS
from latentlab.training.objectives import Answers
from latentlab.training.recipes.base import Recipe, add

STUDY = "sequences"
BATCH = 64
EPOCHS = {"recall": 20, "parity": 8, "copying": 60, "adding": 20, "brackets": 20}
LIMITS = (
    "Knows the signs of one small task, and nothing of language.",
    "Has seen sequences up to the trained length only.",
)


def recipe(task: str, net: str) -> Recipe:
    """Return the recipe of a network, by its name in `NETS`, for a task."""
    made, asked = NETS[net], sequence_tasks.get(task)
    tag = net if made.family == "recurrent" else ""
    return Recipe(
        name=f"{made.family}.{task}" + (f"_{tag}" if tag else ""),
        data=task,
        tag=tag,
        summary=f"{made.title}, on {asked.title.lower()}.",
        config=made.config_for(asked),
        objective=Answers(),
        epochs=EPOCHS[task],
        batch_size=BATCH,
        learning_rate=made.rate,
        limits=LIMITS,
        study=STUDY,
    )


for _task in EPOCHS:
    for _net in NETS:
        add(recipe(_task, _net))
