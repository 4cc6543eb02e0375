"""Copying, adding, parity, brackets: who finds the way, over the length of a sequence?

Five networks learn each task from nothing, from sequences up to its trained length, and are then
examined at lengths within it, and at twice and four times it. Beside right answers, copying and
adding have the loss that papers report: nats a position, and the squared error of a sum whose
digits count as tenths.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments
from latentlab.experiments.sequences import NETS

if TYPE_CHECKING:
    from latentlab.models import SequenceLabeller

LENGTHS = {
    "copying": (21, 25, 30, 35, 40, 45, 50, 100, 200),  # delays of 1 to 30, then 80 and 180
    "adding": (4, 8, 16, 24, 32, 40, 80, 160),
    "parity": (10, 20, 30, 40, 80, 160),
    "brackets": (10, 20, 30, 40, 80, 160),
}
TASKS = tuple(LENGTHS)
COUNT = 1_000  # sequences a point
FLOOR = "floor"
QUICK_EPOCHS, QUICK_TASKS, QUICK_NETS = 1, ("adding",), ("lstm", "transformer")
RIGHT, LOSS = "right", "loss"
AXES = {
    "copying": {RIGHT: Axis("right letters", "%"), LOSS: Axis("loss of a position", "nats")},
    "adding": {RIGHT: Axis("right answers", "%"), LOSS: Axis("squared error of the sum")},
    "parity": {RIGHT: Axis("right answers", "%")},
    "brackets": {RIGHT: Axis("right answers", "%")},
}
UNIT = 0.1  # what a digit counts in the squared error of adding


def line_name(task: str, measure: str, net: str) -> str:
    """Return the name of a curve; ``net`` may be `FLOOR`."""
    return f"{task}.{measure}.{net}"


def _lines() -> tuple[Line, ...]:
    return tuple(
        Line(
            name=line_name(task, measure, net),
            label="Who remembers nothing" if net == FLOOR else NETS[net],
            group=f"{task}.{measure}",
            y=axis,
            higher_is_better=measure == RIGHT,
            baseline=net == FLOOR,
            seeded=net != FLOOR,
        )
        for task, axes in AXES.items()
        for measure, axis in axes.items()
        for net in (FLOOR, *NETS)
    )


def _plan(quick: bool) -> tuple[Cell, ...]:
    def points(task: str, net: str) -> tuple[tuple[str, X], ...]:
        return tuple((line_name(task, m, net), n) for m in AXES[task] for n in LENGTHS[task])

    cells = []
    for task in QUICK_TASKS if quick else TASKS:
        cells.append(Cell(f"{task}.{FLOOR}", points(task, FLOOR), partial(_floor, task)))
        for net in QUICK_NETS if quick else NETS:
            work = partial(_measure, task, net)
            cells.append(Cell(f"{task}.{net}", points(task, net), work))
    return tuple(cells)


def _floor(task: str, seed: int, effort: Effort) -> Work:
    from latentlab.data.sequences import adding, copying, sequence_tasks

    yield 0.0
    asked = sequence_tasks.get(task)
    found = [100 * asked.floor(length) for length in LENGTHS[task]]
    if task == "copying":
        found += [copying.floor_nats(length) for length in LENGTHS[task]]
    if task == "adding":
        found += [adding.floor_error()] * len(LENGTHS[task])
    return found


def _measure(task: str, net: str, seed: int, effort: Effort) -> Work:
    from latentlab.experiments.networks import obtain
    from latentlab.training.recipes.sequences import recipe

    network = yield from obtain(recipe(task, net), seed, effort, QUICK_EPOCHS)
    return by_length(network, task)  # type: ignore[arg-type]


def by_length(network: "SequenceLabeller", task: str) -> list[float]:
    """Return right answers in % at all lengths of a task, then its loss there, if it has one."""
    from latentlab.data.sequences import sequence_tasks
    from latentlab.sequences import measures

    network.eval()
    asked = sequence_tasks.get(task)
    right, loss = [], []
    for length in LENGTHS[task]:
        batch = measures.held_out(asked, COUNT, length)
        logits = measures.logits_of(network, batch.x)
        right.append(100 * measures.share_right(logits, measures.examined(asked, batch).y))
        if task == "copying":
            loss.append(measures.nats(logits, batch.y))
        if task == "adding":
            loss.append(measures.squared_error(logits, batch.y, UNIT))
    return right + loss


experiments.add(
    "sequences_tasks",
    Experiment(
        name="sequences_tasks",
        title="Copying, adding, parity, brackets",
        question="Which network finds the way of a task, and is that so at each length?",
        x=Axis("signs in the sequence"),
        data=(),
        lines=_lines(),
        plan=_plan,
        budget="20 epochs (parity 8, copying 60) of 8,192 sequences in batches of 64,"
        " about 42,500 parameters (parity 80,000)",
        seeds=1,
        quick_budget="1 epoch of 8,192 sequences",
    ),
)
