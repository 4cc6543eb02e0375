"""How does a Transformer know places, and what is left of it beyond the trained length?

The Transformer of `sequences` with four sorts of positions: a vector for each place that is learnt,
one of sines and cosines (Vaswani et al. 2017), queries and keys that are turned by their place (Su
et al. 2021, *RoFormer*), or nothing but the mask that hides the future. All learn associative
recall from sequences of up to 16 tokens before the questions, with at most three pairs, as the
lessons of `sequences` begin; then they are asked with three pairs in 16, 32 and 64 tokens. The
learning rate is lower than that of `sequences`, since with that one a run may stay on the floor, by
chance, whatever its positions: of rotary ones with seed 0, those of 2,048 and of 4,096 steps did,
and that of 8,192 did not.
"""

from functools import partial
from typing import TYPE_CHECKING, cast

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments

if TYPE_CHECKING:
    from latentlab.models.sequences.attention import Positions

POSITIONS = {
    "learnt": "Learnt",
    "sinusoidal": "Sinusoidal",
    "rotary": "Rotary",
    "none": "None",
}
TIMES = (1, 2, 4)
LENGTHS = (16, 32, 64)  # tokens, the question included
PAIRS = 3
EPOCHS, QUICK_EPOCHS, BATCH = 16, 1, 32
RATE = 1e-3
COUNT = 1_000  # sequences a point
FLOOR = "floor"
QUICK_POSITIONS = ("learnt", "rotary")
RIGHT = Axis("right answers", "%")


def _plan(quick: bool) -> tuple[Cell, ...]:
    def points(name: str) -> tuple[tuple[str, X], ...]:
        return tuple((name, times) for times in TIMES)

    cells = [Cell(FLOOR, points(FLOOR), _floor)]
    for positions in QUICK_POSITIONS if quick else POSITIONS:
        cells.append(Cell(positions, points(positions), partial(_measure, positions)))
    return tuple(cells)


def _floor(seed: int, effort: Effort) -> Work:
    from latentlab.data.sequences import recall

    yield 0.0
    return [100 * recall.floor(PAIRS)] * len(TIMES)


def _measure(positions: str, seed: int, effort: Effort) -> Work:
    from dataclasses import replace

    import torch

    from latentlab.data.sequences import RECALL, Lessons, recall
    from latentlab.models import SequenceLabeller
    from latentlab.models.sequences.transformer import TransformerConfig
    from latentlab.sequences import measures
    from latentlab.training.fit import Run
    from latentlab.training.recipes.sequences import recipe

    usual = recipe(RECALL.name, "transformer")
    assert isinstance(usual.config, TransformerConfig)
    # As many vectors of places as there are in training: later places get the last of them.
    longest = recall.EASY_LENGTH + 2 * (recall.EASY_PAIRS - 1)
    wanted = replace(
        usual,
        config=replace(usual.config, positions=cast("Positions", positions), length=longest),
        epochs=QUICK_EPOCHS if effort.quick else EPOCHS,
        batch_size=BATCH,
        learning_rate=RATE,
        seed=seed,
    )
    easy = replace(RECALL, lessons=lambda count, rng, done: recall.draw_lessons(count, rng, 0.0))
    run = Run(wanted, effort.device, None)
    for progress in run.fit(Lessons(easy)):
        yield progress.step / (progress.steps + 1)
    network = run.result()
    assert isinstance(network, SequenceLabeller)
    found = []
    for length in LENGTHS:
        rng = torch.Generator().manual_seed(2**40 + length)
        batch = recall.draw(COUNT, rng, length=length, pairs=PAIRS)
        found.append(100 * measures.accuracy(network, RECALL, batch))
    return found


experiments.add(
    "sequences_positions",
    Experiment(
        name="sequences_positions",
        title="Places beyond the trained length",
        question="With which sort of positions does a Transformer still answer when sequences are"
        " longer than any that was seen in training?",
        x=Axis("length, in trained lengths"),
        data=(),
        lines=tuple(
            Line(
                name=name,
                label=title,
                group="recall",
                y=RIGHT,
                higher_is_better=True,
                baseline=name == FLOOR,
                seeded=name != FLOOR,
            )
            for name, title in {FLOOR: "One over the pairs shown", **POSITIONS}.items()
        ),
        plan=_plan,
        budget="4,096 steps of 32 sequences, three pairs in up to 16 tokens, about 80,000"
        " parameters",
        seeds=3,
        quick_budget="256 steps of 32 sequences",
    ),
)
