"""How fast do they find it? Right answers on associative recall over the steps of training.

The same training as in `sequences`, looked at every 64 steps: 8 pairs in 64 tokens, which none of
the batches is made of alone. The sequences it is looked at with are drawn apart from all lessons.
"""

from functools import partial

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments
from latentlab.experiments.sequences import NETS, QUICK_NETS, TASK

EVERY, STEPS = 64, 2560
QUICK_STEPS = 256
COUNT = 500  # sequences
FLOOR = "floor"
RIGHT = Axis("right answers", "%")


def moments(quick: bool = False) -> tuple[int, ...]:
    """Return the steps after which a network is examined; the first one is untrained."""
    return tuple(range(0, (QUICK_STEPS if quick else STEPS) + 1, EVERY))


def _plan(quick: bool) -> tuple[Cell, ...]:
    nets = QUICK_NETS if quick else tuple(NETS)
    floor: list[tuple[str, X]] = [(FLOOR, step) for step in moments(quick)]
    cells = [Cell(FLOOR, tuple(floor), _floor)]
    for net in nets:
        points: list[tuple[str, X]] = [(net, step) for step in moments(quick)]
        cells.append(Cell(net, tuple(points), partial(_measure, net)))
    return tuple(cells)


def _floor(seed: int, effort: Effort) -> Work:
    from latentlab.data.sequences import RECALL

    yield 0.0
    return [100 * RECALL.floor(RECALL.length)] * len(moments(effort.quick))


def _measure(net: str, seed: int, effort: Effort) -> Work:
    from dataclasses import replace

    from latentlab.data.sequences import RECALL
    from latentlab.models import SequenceLabeller
    from latentlab.sequences import measures
    from latentlab.training.fit import Run
    from latentlab.training.recipes.sequences import recipe

    wanted = replace(recipe(TASK, net), seed=seed)
    run = Run(wanted, effort.device, None)
    network = run.learner.result()
    assert isinstance(network, SequenceLabeller)
    batch = measures.held_out(RECALL, COUNT, RECALL.length)

    def look() -> float:
        network.eval()
        found = 100 * measures.accuracy(network, RECALL, batch)
        network.train()
        return found

    values = [look()]
    last = moments(effort.quick)[-1]
    for progress in run.fit(wanted.training_data()):
        yield progress.step / (last + 1)
        if progress.step % EVERY == 0:
            values.append(look())
        if progress.step == last:
            break
    return values


experiments.add(
    "sequences_training",
    Experiment(
        name="sequences_training",
        title="How fast do they find it?",
        question="After how many steps of training does a network know where to look?",
        x=Axis("steps"),
        data=(),
        lines=(
            Line(
                name=FLOOR,
                label="One over the pairs shown",
                group=TASK,
                y=RIGHT,
                higher_is_better=True,
                baseline=True,
                seeded=False,
            ),
            *(
                Line(name=net, label=title, group=TASK, y=RIGHT, higher_is_better=True)
                for net, title in NETS.items()
            ),
        ),
        plan=_plan,
        budget="2,560 steps of 64 sequences, about 80,000 parameters",
        seeds=3,
        quick_budget="256 steps of 64 sequences",
    ),
)
