"""How strong? What each method reaches on the rehearsal, by which its strength is chosen.

MNIST's first 50,000 training digits with labels against the last 10,000, made as coarse as USPS and
stretched over the picture: 8,000 without labels to adapt to, 2,000 with labels to choose by. No
target of `adaptation` takes part.
"""

from latentlab.experiments import adapting
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

# As `training.adaptation.STRENGTHS`, which pages must not import; a test holds the two together.
STRENGTHS = {
    "mmd": (0.3, 1.0, 3.0),
    "dann": (0.1, 0.3, 1.0),
    "drcn": (1.0, 3.0, 10.0),
    "im": (0.1, 0.3, 1.0),
}
LINES = tuple(
    Line(
        name=adapting.line_name(method),
        label=adapting.METHODS[method],
        group="target",
        y=adapting.MEASURES["target"],
        higher_is_better=True,
    )
    for method in STRENGTHS
)


def _plan(quick: bool) -> tuple[Cell, ...]:
    places = [(adapting.line_name(m), x) for m, known in STRENGTHS.items() for x in known]
    return (Cell("rehearsal", tuple(places), _measure),)


experiments.add(
    "adaptation_rehearsal",
    Experiment(
        name="adaptation_rehearsal",
        title="How strong each method is made",
        question="How strongly should each method align two domains, as far as a pair tells that is"
        " not reported?",
        x=Axis("strength"),
        data=("mnist",),
        lines=LINES,
        plan=_plan,
        budget=f"{adapting.REHEARSED} steps of 128 pictures on the source, then as many of 128 and"
        " 128 for every strength",
        quick_budget=f"{adapting.QUICK_STEPS} steps, {adapting.QUICK_PICTURES:,} pictures",
        seeds=5,
    ),
)


def _measure(seed: int, effort: Effort) -> Work:
    found = yield from adapting.rehearse(seed, effort)
    return [found[method][x] for method, known in STRENGTHS.items() for x in known]
