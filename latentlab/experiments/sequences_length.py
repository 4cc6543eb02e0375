"""Beyond the trained length: sequences once, twice and four times as long as in training.

Every network learns its task from nothing, from sequences up to its trained length. Accuracy is
that of the last answer, or of the last ten where each position is asked.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments
from latentlab.experiments.sequences import NETS

if TYPE_CHECKING:
    from latentlab.models import SequenceLabeller

TRAINED = {"recall": tuple(NETS), "parity": tuple(NETS)}  # each a training of its own
TASKS = tuple(TRAINED)
TIMES = (1, 2, 4)
COUNT = 1_000  # sequences a point
FLOOR = "floor"
QUICK_EPOCHS, QUICK_TASKS, QUICK_NETS = 1, ("parity",), ("lstm", "transformer")
RIGHT = Axis("right answers", "%")


def line_name(task: str, net: str) -> str:
    """Return the name of a curve; ``net`` may be `FLOOR`."""
    return f"{task}.{net}"


def _lines() -> tuple[Line, ...]:
    return tuple(
        Line(
            name=line_name(task, net),
            label="Who remembers nothing" if net == FLOOR else NETS[net],
            group=task,
            y=RIGHT,
            higher_is_better=True,
            baseline=net == FLOOR,
            seeded=net != FLOOR,
        )
        for task, nets in TRAINED.items()
        for net in (FLOOR, *nets)
    )


def _plan(quick: bool) -> tuple[Cell, ...]:
    def points(task: str, net: str) -> tuple[tuple[str, X], ...]:
        return tuple((line_name(task, net), times) for times in TIMES)

    cells = []
    for task in QUICK_TASKS if quick else TASKS:
        cells.append(Cell(f"{task}.{FLOOR}", points(task, FLOOR), partial(_floor, task)))
        for net in QUICK_NETS if quick else TRAINED[task]:
            work = partial(_measure, task, net)
            cells.append(Cell(f"{task}.{net}", points(task, net), work))
    return tuple(cells)


def _floor(task: str, seed: int, effort: Effort) -> Work:
    from latentlab.data.sequences import sequence_tasks

    yield 0.0
    asked = sequence_tasks.get(task)
    return [100 * asked.floor(times * asked.length) for times in TIMES]


def _measure(task: str, net: str, seed: int, effort: Effort) -> Work:
    from latentlab.experiments.networks import obtain
    from latentlab.training.recipes.sequences import recipe

    network = yield from obtain(recipe(task, net), seed, effort, QUICK_EPOCHS)
    return over_lengths(network, task)  # type: ignore[arg-type]


def over_lengths(network: "SequenceLabeller", task: str) -> list[float]:
    """Return the share of right answers in % at all lengths."""
    from latentlab.data.sequences import sequence_tasks
    from latentlab.sequences import measures

    network.eval()
    asked = sequence_tasks.get(task)
    batches = [measures.held_out(asked, COUNT, times * asked.length) for times in TIMES]
    return [100 * measures.accuracy(network, asked, batch) for batch in batches]


experiments.add(
    "sequences_length",
    Experiment(
        name="sequences_length",
        title="Beyond the trained length",
        question="What is left of an answer when sequences are two and four times as long as any"
        " that was seen in training?",
        x=Axis("length, in trained lengths"),
        data=(),
        lines=_lines(),
        plan=_plan,
        budget="20 (recall) or 8 epochs of 8,192 sequences in batches of 64, about 80,000"
        " parameters",
        seeds=1,
        quick_budget="1 epoch of 8,192 sequences",
    ),
)
