"""What was tried beside `adaptation_photographs`, and what one would choose without labels.

A training has a place for its classifier of domains, a strength λ, and batch normalisation or none
(`training.photographs.Setting`). All are trained on the first 55,000
training digits, on black and on photographs; the last 5,000 of either are held back, and no test
split takes part. Without a label of the target one knows three things of a network: how it reads
what is held back of the source, how well its domains can be told apart, and how much its answers
tell of the target's pictures, in nats (mutual information: sure of each, and even over all; 2.3 at
most). `RULE` says what one would choose by these. Accuracy on the target is what that rule cannot
see; it stands here to show what the rule is worth.

One seed: it chooses among settings, it does not state what one of them is worth.
"""

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from latentlab.experiments import adapting, adapting_photographs
from latentlab.experiments.adapting_photographs import COLOUR, GREY, SOURCE
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    from latentlab.experiments.base import Result
    from latentlab.training.adaptation import Labelled

STEPS = 600
HELD = 5_000  # of either domain
QUICK_HELD = 200
RULE = (
    "of DANN's settings whose accuracy on the source is within a point of the best, the one whose"
    " answers tell most of the target's pictures"
)
WITHIN = 1.0  # points

# What differs from `Setting`'s defaults, by name. Grey first, then in colour.
_PLAIN, _OWN = {"normalised": False}, {"normalised": True}
_ALONE, _DENSE = {"method": "source"}, {"critic": "dense"}


def _dann(norm: dict[str, Any], *strengths: float, **more: Any) -> list[dict[str, Any]]:
    return [norm | {"strength": strength} | more for strength in strengths]


TRIED: dict[str, list[dict[str, Any]]] = {
    GREY: [
        *_dann(_OWN, 1.0),
        _OWN | _ALONE,
        *_dann(_OWN, 0.1),
        *_dann(_PLAIN, 0.1),
        *_dann(_OWN, 0.3),
        *_dann(_OWN, 1.0, **_DENSE),
        _PLAIN | _ALONE,
        *_dann(_PLAIN, 0.1, **_DENSE),
        *_dann(_PLAIN, 1.0),
    ],
    COLOUR: [_OWN | _ALONE, *_dann(_OWN, 1.0)],
}


def title(domain: str, fields: dict[str, Any]) -> str:
    """Return what a try is called: only what tells it from the others."""
    words = ["colour" if domain == COLOUR else "grey"]
    words.append("norm apart" if fields["normalised"] else "no norm")
    if fields.get("method") == "source":
        return ", ".join([*words, "source only"])
    words.append(f"λ {fields['strength']:g}")
    words += ["critic on dense"] if fields.get("critic") == "dense" else []
    return ", ".join(words)


TRIES: dict[str, tuple[str, dict[str, Any]]] = {
    title(domain, fields): (domain, fields) for domain, tried in TRIED.items() for fields in tried
}
QUICK_TRIES = 2
MEASURES = {
    "target": Axis("accuracy on what is held back of the target", "%"),
    "source": Axis("accuracy on what is held back of the source", "%"),
    "domains": Axis("error of a fresh domain classifier", "%"),
    "told": Axis("what answers tell of the target’s pictures", "nats"),
}
LINES = tuple(
    Line(name=measure, label=measure, group=measure, y=axis, higher_is_better=True)
    for measure, axis in MEASURES.items()
)


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            re.sub(r"[^a-z0-9.]+", "_", name),
            tuple((line.name, name) for line in LINES),
            partial(_measure, domain, fields),
        )
        for number, (name, (domain, fields)) in enumerate(TRIES.items())
        if not quick or number < QUICK_TRIES
    )


experiments.add(
    "adaptation_tries",
    Experiment(
        name="adaptation_tries",
        title="What was tried with DANN on photographs",
        question="What does it take for a classifier of domains with reversed gradient to help, and"
        " can one tell without labels?",
        x=Axis("setting"),
        data=(SOURCE,),
        lines=LINES,
        plan=_plan,
        budget=f"{STEPS:,} steps of 64 pictures of each domain;"
        f" {HELD:,} training pictures of each are held back",
        quick_budget=f"{adapting.QUICK_STEPS} steps, {adapting.QUICK_PICTURES:,} pictures,"
        f" {QUICK_TRIES} settings",
        seeds=1,
    ),
)


def _measure(domain: str, fields: dict[str, Any], seed: int, effort: Effort) -> Work:
    from latentlab.training.adaptation import mutual_information
    from latentlab.training.photographs import Setting

    (ours, held), (theirs, asked) = (
        _parted(adapting_photographs.pictures(name, "train", effort), effort)
        for name in (SOURCE, domain)
    )
    setting = Setting(**fields)
    network = yield from adapting_photographs.trained(setting, ours, theirs.x, STEPS, seed, effort)
    made = adapting_photographs.readers(network, ours, theirs.x)
    # The source alone knows no statistics but its own.
    reader = made.of_source if setting.method == "source" else made.of_target
    meters, _, scores = adapting_photographs.read(made.of_source, reader, (held, asked), seed)
    return [*meters, mutual_information(scores[1]).item()]


def _parted(digits: "Labelled", effort: Effort) -> "tuple[Labelled, Labelled]":
    """Return what is trained on and what is held back."""
    from latentlab.training.adaptation import Labelled

    held = QUICK_HELD if effort.quick else HELD
    return (
        Labelled(digits.x[:-held], digits.labels[:-held]),
        Labelled(digits.x[-held:], digits.labels[-held:]),
    )


def names(result: "Result", domain: str) -> dict[str, int]:
    """Return the names of what was tried on a domain, and their places in the result."""
    told = result.curve("told")
    places = {str(name): place for place, name in enumerate(told.x if told else ())}
    return {n: p for n, p in places.items() if n in TRIES and TRIES[n][0] == domain}


def chosen(result: "Result", domain: str) -> str:
    """Return the name of the try that `RULE` chooses on a domain; no label of it takes part."""
    source, told = result.curve("source"), result.curve("told")
    assert source is not None and told is not None
    places = {
        name: place
        for name, place in names(result, domain).items()
        if TRIES[name][1].get("method") != "source"
    }
    best = max(source.mean[place] for place in places.values())
    fit = {n: p for n, p in places.items() if source.mean[p] >= best - WITHIN}
    return max(fit, key=lambda name: told.mean[fit[name]])
