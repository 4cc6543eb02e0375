"""Digits on photographs: `adaptation` where the background moves, and not the digits.

An experiment of its own, as its network is another one (`training.photographs`) and begins every
training with nothing learnt. DANN is set in advance as its paper has it: λ rises to 1, and the
classifier of domains reads what the convolutions make (`adaptation_tries` says what a rule without
labels would have chosen). MMD is as strong as the rehearsal of the other pairs found. Batch
normalisation with the target's statistics adapts already: it is a row of its own. So is the source
alone without batch normalisation, which reads a new domain better than with it. The photographs are
read from the folder that ``LATENTLAB_DATA`` names; those under the test digits are seen in no
training.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments import adaptation_tries, adapting, adapting_photographs
from latentlab.experiments.adaptation import lines
from latentlab.experiments.adapting_photographs import GREY, SOURCE, STEPS
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Work, experiments

if TYPE_CHECKING:
    from latentlab.experiments.adapting import Meters
    from latentlab.training.adaptation import Labelled
    from latentlab.training.photographs import PhotoNetwork, Setting

PAIRS = {"MNIST → photographs": GREY}
TAKEN = {GREY: "grey, norm apart, λ 1"}  # the name of a try
STRENGTHS = {"mmd": 3.0}
UNTRAINED = ("source", *adapting.CLASSICAL)
TRAINED = ("plain", "dann", *STRENGTHS)
METHODS = tuple(m for m in adapting.METHODS if m in (*UNTRAINED, *TRAINED))
LINES = lines(tuple(adapting.MEASURES), METHODS)


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            f"{methods[0]}.{domain}",
            tuple((line.name, pair) for line in LINES if _method(line.name) in methods),
            partial(_measure, methods, domain),
        )
        for pair, domain in PAIRS.items()
        for methods in (UNTRAINED, *((method,) for method in TRAINED))
    )


def _method(line: str) -> str:
    return line.split(".")[0]


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
        budget=f"{STEPS:,} steps for each method, from nothing: of 64 pictures with labels, and 64"
        " of the target for those that adapt",
        quick_budget=f"{adapting.QUICK_STEPS} steps, {adapting.QUICK_PICTURES:,} pictures",
        seeds=3,
        version=3,
    ),
)


def setting_of(method: str, domain: str) -> "Setting":
    """Return how a method is trained on a domain."""
    from dataclasses import replace

    from latentlab.training.photographs import Setting

    dann = Setting(**adaptation_tries.TRIES[TAKEN[domain]][1])
    if method == "dann":
        return dann
    if method in STRENGTHS:
        return replace(dann, method=method, strength=STRENGTHS[method])
    return replace(dann, method="source", normalised=method != "plain")


def _measure(methods: tuple[str, ...], domain: str, seed: int, effort: Effort) -> Work:
    ours, theirs = (
        adapting_photographs.pictures(name, "train", effort) for name in (SOURCE, domain)
    )
    tests = (
        adapting_photographs.pictures(SOURCE, "test", effort),
        adapting_photographs.pictures(domain, "test", effort),
    )
    method = methods[0]
    network = yield from adapting_photographs.trained(
        setting_of(method, domain), ours, theirs.x, STEPS, seed, effort
    )
    made = adapting_photographs.readers(network, ours, theirs.x)
    if method == "source":
        meters, *_ = adapting_photographs.read(made.of_source, made.of_source, tests, seed)
        found = {method: meters, **_classical(made, ours, theirs, tests, seed)}
    else:
        found = {method: adapting_photographs.read(made.of_source, made.of_target, tests, seed)[0]}
    return adapting.values(found, [line for line in LINES if _method(line.name) in methods])


def _classical(
    made: adapting_photographs.Readers,
    source: "Labelled",
    target: "Labelled",
    tests: "tuple[Labelled, Labelled]",
    seed: int,
) -> "dict[str, Meters]":
    """Return the meters of what adapts the network of the source without training."""
    from latentlab.training import adaptation, photographs

    found = {
        "statistics": adapting_photographs.read(made.of_source, made.of_target, tests, seed)[0]
    }
    network: PhotoNetwork = made.of_source
    # What is done to all pictures needs no more than their first ones to be known.
    known = [digits.x[: photographs.COUNTED] for digits in (source, target)]
    ours, theirs = (x.float() / 255 for x in known)
    clouds = [photographs.features_of(network, test.x) for test in tests]
    moved = adaptation.restyled(tests[1].x.float() / 255, theirs, ours)
    restyled = photographs.features_of(network, moved)
    own, other = (photographs.features_of(network, x) for x in known)
    for name, cloud in {
        "pixels": restyled,
        "features": adaptation.standardised(clouds[1], other, own),
        "coral": adaptation.coral(clouds[1], other, own),
    }.items():
        pair = [clouds[0], cloud]
        scores = [network.head(each).detach() for each in pair]
        found[name] = adapting.meters(scores, pair, tests, seed)
    return found
