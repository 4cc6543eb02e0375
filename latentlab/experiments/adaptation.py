"""Does what was learnt in one domain help in another, and what does adapting to it add?

LeNet is trained with labels of the source. Each method then gets pictures of the target, without
labels, and as many steps again; beside them stand classical methods, which train no network, and
the *oracle*, which is trained with the target's labels. Full sets; no method's strength, moment or
seed is chosen by a label of a target that is reported: the strength is the best of three in a
rehearsal (`adaptation_rehearsal`), and the moment is the end.

USPS is read from the folder that ``LATENTLAB_DATA`` names.
"""

from functools import partial

from latentlab.experiments import adapting
from latentlab.experiments.adapting import ADAPTED, CLASSICAL, MEASURES, METHODS, line_name
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

# name of the pair: source and target, by their names in `adaptation.domains`
PAIRS = {
    "MNIST → scikit-learn": ("mnist", "scikit"),
    "scikit-learn → MNIST": ("scikit", "mnist"),
    "MNIST → USPS stretched": ("mnist", "usps_stretched"),
    "MNIST → USPS framed": ("mnist", "usps_framed"),
    "USPS stretched → MNIST": ("usps_stretched", "mnist"),
    "USPS framed → MNIST": ("usps_framed", "mnist"),
}
QUICK_PAIR = "MNIST → scikit-learn"


def lines(measures: tuple[str, ...], methods: tuple[str, ...]) -> tuple[Line, ...]:
    """Return what is measured."""
    return tuple(
        Line(
            name=line_name(method, measure),
            label=METHODS[method],
            group=measure,
            y=MEASURES[measure],
            higher_is_better=True,
            baseline=method in CLASSICAL,
        )
        for measure in measures
        for method in methods
    )


# LeNet has no batch normalisation whose statistics could be a domain's.
LINES = lines(tuple(MEASURES), tuple(m for m in METHODS if m not in ("plain", "statistics")))


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            "_to_".join(PAIRS[pair]),
            tuple((line.name, pair) for line in LINES),
            partial(_measure, pair),
        )
        for pair in ([QUICK_PAIR] if quick else PAIRS)
    )


experiments.add(
    "adaptation",
    Experiment(
        name="adaptation",
        title="What adapting to another domain adds",
        question="Does a network that was taught in one domain read another one, and which way of"
        " adapting it without labels helps?",
        x=Axis("source and target"),
        data=("mnist",),
        lines=LINES,
        plan=_plan,
        budget=f"{adapting.STEPS:,} steps of 128 pictures on the source; then as many of 128 and"
        " 128 for each method that adapts, or of 128 for the oracle on the target",
        quick_budget=f"{adapting.QUICK_STEPS} steps, {adapting.QUICK_PICTURES:,} pictures,"
        f" {QUICK_PAIR} alone",
        seeds=5,
    ),
)


def _measure(pair: str, seed: int, effort: Effort) -> Work:
    source, target = PAIRS[pair]
    ours, theirs = (adapting.labelled(name, "train", effort) for name in (source, target))
    tests = (
        adapting.labelled(source, "test", effort),
        adapting.labelled(target, "test", effort),
    )
    parts = 2 + len(ADAPTED)
    network = yield from adapting.shares(adapting.taught(source, seed, effort), 0, parts)
    found = {"source": adapting.measure(network, tests, seed)}
    found |= adapting.classical(network, ours, theirs.x, tests, seed)
    for number, method in enumerate(ADAPTED):
        work = adapting.adapted(method, network, ours, theirs.x, seed, effort)
        made = yield from adapting.shares(work, 1 + number, parts)
        found[method] = adapting.measure(made, tests, seed)
    oracle = yield from adapting.shares(adapting.taught(target, seed, effort), parts - 1, parts)
    found["oracle"] = adapting.measure(oracle, tests, seed)
    return adapting.values(found, LINES)
