"""Digits on photographs: `adaptation` where the background moves, and not the digits.

An experiment of its own, as it gets fewer methods, seeds and steps: it was measured without a
graphics card. The rehearsal is nothing like it, so DANN is as strong as its paper has it: 1. The
photographs are read from the folder that ``LATENTLAB_DATA`` names; those under the test digits are
seen in no training.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments import adapting
from latentlab.experiments.adaptation import lines
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Work, experiments

if TYPE_CHECKING:
    from collections.abc import Generator

    from latentlab.training.adaptation import LeNet

PAIR, SOURCE, TARGET = "MNIST → photographs", "mnist", "photographs"
STEPS, BATCH = 600, 64
STRENGTH = 1.0
UNTRAINED = ("source", *adapting.CLASSICAL)
ADAPTED = ("dann",)
METHODS = (*UNTRAINED, *ADAPTED)
LINES = lines(tuple(adapting.MEASURES), METHODS)


def _cell(name: str, methods: tuple[str, ...]) -> Cell:
    own = tuple(line for line in LINES if line.name.split(".")[0] in methods)
    points = tuple((line.name, PAIR) for line in own)
    return Cell(name, points, partial(_measure, methods))


def _plan(quick: bool) -> tuple[Cell, ...]:
    return (
        _cell("untrained", UNTRAINED),
        *(_cell(method, (method,)) for method in ADAPTED),
    )


experiments.add(
    "adaptation_photographs",
    Experiment(
        name="adaptation_photographs",
        title="Digits on photographs",
        question="Does a network that was taught digits on black read them on photographs, and does"
        " it help to adapt it?",
        x=Axis("source and target"),
        data=(SOURCE,),
        lines=LINES,
        plan=_plan,
        budget=f"{STEPS:,} steps of {BATCH} pictures on the source; then as many of {BATCH} and"
        f" {BATCH} for DANN",
        quick_budget=f"{adapting.QUICK_STEPS} steps, {adapting.QUICK_PICTURES:,} pictures",
        seeds=3,
    ),
)

_networks: "dict[tuple[int, bool, str], LeNet]" = {}


def _taught(seed: int, effort: Effort) -> "Generator[float, None, LeNet]":
    from latentlab.training import adaptation as training

    key = (seed, effort.quick, effort.device)
    if key not in _networks:
        rng = adapting.rng_of(seed, 0)
        network = training.LeNet(rng).to(effort.device)
        data = adapting.labelled(SOURCE, "train", effort)
        steps = adapting.QUICK_STEPS if effort.quick else STEPS
        yield from training.train(network, data, data.x, steps, rng, batch=BATCH)
        _networks[key] = network
    return _networks[key]


def _measure(methods: tuple[str, ...], seed: int, effort: Effort) -> Work:
    from latentlab.training import adaptation as training

    network = yield from adapting.shares(_taught(seed, effort), 0, 2)
    ours, theirs = (adapting.labelled(name, "train", effort) for name in (SOURCE, TARGET))
    tests = (
        adapting.labelled(SOURCE, "test", effort),
        adapting.labelled(TARGET, "test", effort),
    )
    method = methods[0]
    if method in ADAPTED:
        made = training.copied(network)
        rng = adapting.rng_of(seed, 1)
        steps = adapting.QUICK_STEPS if effort.quick else STEPS
        work = training.adapt(method, made, ours, theirs.x, steps, STRENGTH, rng, BATCH)
        yield from adapting.shares(work, 1, 2)
        found = {method: adapting.measure(made, tests, seed)}
    else:
        found = {method: adapting.measure(network, tests, seed)}
        found |= adapting.classical(network, ours, theirs.x, tests, seed)
    own = [line for line in LINES if line.name.split(".")[0] in methods]
    return adapting.values(found, own)
