"""How far up do features transfer? Test accuracy over the number of layers that are copied.

Yosinski et al. 2014, "How transferable are features in deep neural networks?", on the pairs of
`transfer`: the first n layers of the source network are copied and frozen (AnB), or copied and
trained further (AnB⁺); what is above is new. Beside it the first n layers of a network with random
weights are frozen. n = 0 is the network from scratch for all three.
"""

from collections.abc import Sequence
from functools import partial

from latentlab.experiments import transfer
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments
from latentlab.experiments.transfer import Pair

PAIRS = tuple(
    Pair(*ends)
    for ends in (
        ("fashion_mnist", "mnist"),
        ("omniglot", "mnist"),
        ("mnist", "digits"),
    )
)

LABELS = (10, 100)
# The network of `training.transfer`, for pages, which never import what trains: channels, side of
# the kernel and stride of every convolution; then the dense layer.
CONVOLUTIONS = ((12, 5, 2), (16, 3, 2), (32, 3, 1), (32, 3, 2))
FEATURES = 128
LAYERS = len(CONVOLUTIONS) + 1
DEPTHS = tuple(range(LAYERS + 1))
QUICK_DEPTHS = (0, 3)
METHODS = {
    "frozen": "Copied and frozen",
    "tuned": "Copied and fine-tuned",
    "random": "Random and frozen",
}


def line_name(method: str, pair: Pair, labels: int) -> str:
    """Return the name of a curve; without a transfer it belongs to the target alone."""
    return f"{method}.{pair.target if method == 'random' else pair.name}.{labels}"


def _plan(quick: bool) -> tuple[Cell, ...]:
    pairs, depths = (PAIRS[:1], QUICK_DEPTHS) if quick else (PAIRS, DEPTHS)
    cells: dict[str, Cell] = {}
    for pair in pairs:
        for labels in LABELS[:1] if quick else LABELS:
            for method in METHODS:
                name = line_name(method, pair, labels)
                points: tuple[tuple[str, X], ...] = tuple((name, n) for n in depths)
                work = partial(_measure, method, pair, labels, depths)
                cells.setdefault(name, Cell(name, points, work))
    return tuple(cells.values())


def _lines() -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for pair in PAIRS:
        for labels in LABELS:
            for method, label in METHODS.items():
                name = line_name(method, pair, labels)
                group = f"{pair.target if method == 'random' else pair.name}.{labels}"
                line = Line(
                    name=name, label=label, group=group, y=transfer.ACCURACY, higher_is_better=True
                )
                lines.setdefault(name, line)
    return tuple(lines.values())


experiments.add(
    "transfer_depth",
    Experiment(
        name="transfer_depth",
        title="How far up do features transfer?",
        question="If the first layers are taken over from another task, up to which one does it"
        " help, and does it matter whether they go on learning?",
        x=Axis("layers taken over"),
        data=("mnist", "fashion_mnist", "toon_faces"),
        lines=_lines(),
        plan=_plan,
        budget=transfer.BUDGET,
        quick_budget=f"{transfer.QUICK_SOURCE_STEPS} steps of the source,"
        f" {transfer.QUICK_STEPS} of the target",
        seeds=5,
    ),
)


def _measure(
    method: str, pair: Pair, labels: int, depths: Sequence[int], seed: int, effort: Effort
) -> Work:
    values = []
    for number, depth in enumerate(depths):
        yield number / len(depths)
        values.append(_accuracy(method, pair, labels, depth, seed, effort))
    return values


def _accuracy(method: str, pair: Pair, labels: int, depth: int, seed: int, effort: Effort) -> float:
    if depth == 0:
        return transfer.scratch(pair.target, labels, seed, transfer.plain(effort))
    if depth == LAYERS and method in ("frozen", "random"):
        # Only the head learns: that is logistic regression, which has no need of steps.
        return transfer.MEASURES[method](pair, labels, seed, effort)
    if method == "random":
        base = transfer.random_network(pair.target, seed, effort.device)
    else:
        base = transfer.source_network(pair.source, seed, effort.quick, effort.device)
    frozen = 0 if method == "tuned" else depth
    made = transfer.trained(base, pair.target, labels, seed, effort, copied=depth, frozen=frozen)
    return transfer.tested(made, pair.target, effort.device)
