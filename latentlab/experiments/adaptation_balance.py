"""Aligned, and wrong: adaptation where the target's classes are not as frequent as the source's.

Of the target, USPS framed as MNIST is, a growing share shows the digits 0 to 4. Accuracy is that on
test digits of the same mixture. Methods are shown no label of the target, as in `adaptation`, and
cannot know that the classes moved.
"""

from functools import partial

from latentlab.experiments import adapting
from latentlab.experiments.adaptation import PAIRS, QUICK_PAIR, lines
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Work, experiments

SHARES = (50, 70, 90, 100)  # per cent
PAIR = "MNIST → USPS framed"
QUICK_SHARES = (50, 100)
METHODS = ("source", "mmd", "dann", "im")
LINES = lines(("target", "domains"), METHODS)


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(f"share{share}", tuple((line.name, share) for line in LINES), partial(_measure, share))
        for share in (QUICK_SHARES if quick else SHARES)
    )


experiments.add(
    "adaptation_balance",
    Experiment(
        name="adaptation_balance",
        title="Aligned, and wrong",
        question="What becomes of methods that align two domains where the classes are not as"
        " frequent in the one as in the other?",
        x=Axis("digits 0 to 4 in the target", "%"),
        data=("mnist",),
        lines=LINES,
        plan=_plan,
        budget=f"{PAIR}: {adapting.STEPS:,} steps of 128 pictures on the source, then as many of"
        " 128 and 128",
        quick_budget=f"{QUICK_PAIR}: {adapting.QUICK_STEPS} steps, {adapting.QUICK_PICTURES:,}"
        " pictures",
        seeds=5,
    ),
)


def _measure(share: int, seed: int, effort: Effort) -> Work:
    from latentlab.training import adaptation as training

    source, target = PAIRS[QUICK_PAIR if effort.quick else PAIR]
    ours = adapting.labelled(source, "train", effort)
    parts = len(METHODS)
    network = yield from adapting.shares(adapting.taught(source, seed, effort), 0, parts)
    # What is left out is decided by labels, since the world knows them. No method does.
    theirs, test = (
        training.uneven(
            adapting.labelled(target, split, effort), share / 100, adapting.rng_of(seed, purpose)
        )
        for purpose, split in ((2, "train"), (3, "test"))
    )
    tests = (adapting.labelled(source, "test", effort), test)
    found = {"source": adapting.measure(network, tests, seed)}
    for number, method in enumerate(METHODS[1:]):
        work = adapting.adapted(method, network, ours, theirs.x, seed, effort)
        made = yield from adapting.shares(work, 1 + number, parts)
        found[method] = adapting.measure(made, tests, seed)
    return adapting.values(found, LINES)
