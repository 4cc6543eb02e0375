"""Who remembers? Associative recall over the gap between a pair and its question.

Five networks of about 80,000 parameters see as many sequences of the same sorts, with 1 to 8 pairs
in up to 64 tokens. They are then asked about a pair that lies a known number of tokens back. Nobody
who merely knows which digits were shown can do better than one over the number of pairs.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments

if TYPE_CHECKING:
    from latentlab.models import SequenceLabeller

TASK = "recall"
NETS = {
    "rnn": "RNN",
    "lstm": "LSTM",
    "gru": "GRU",
    "cnn": "Causal CNN",
    "transformer": "Transformer",
}
PAIRS = (2, 4, 8)
GAPS = (0, 8, 16, 24, 32, 40, 48, 56)
COUNT = 400  # sequences a point
FLOOR = "floor"
QUICK_EPOCHS, QUICK_NETS = 1, ("lstm", "transformer")
RIGHT = Axis("right answers", "%")


def line_name(pairs: int, net: str) -> str:
    """Return the name of a curve; ``net`` may be `FLOOR`."""
    return f"{pairs}.{net}"


def _lines() -> tuple[Line, ...]:
    return tuple(
        Line(
            name=line_name(pairs, net),
            label=title,
            group=str(pairs),
            y=RIGHT,
            higher_is_better=True,
            baseline=net == FLOOR,
            seeded=net != FLOOR,
        )
        for pairs in PAIRS
        for net, title in {FLOOR: "One over the pairs shown", **NETS}.items()
    )


def _plan(quick: bool) -> tuple[Cell, ...]:
    nets = QUICK_NETS if quick else tuple(NETS)
    floor: list[tuple[str, X]] = [(line_name(p, FLOOR), gap) for p in PAIRS for gap in GAPS]
    cells = [Cell(FLOOR, tuple(floor), _floor)]
    for net in nets:
        points: list[tuple[str, X]] = [(line_name(p, net), gap) for p in PAIRS for gap in GAPS]
        cells.append(Cell(net, tuple(points), partial(_measure, net)))
    return tuple(cells)


def _floor(seed: int, effort: Effort) -> Work:
    from latentlab.data.sequences import recall

    yield 0.0
    return [100 * recall.floor(pairs) for pairs in PAIRS for _ in GAPS]


def _measure(net: str, seed: int, effort: Effort) -> Work:
    from latentlab.experiments.networks import obtain
    from latentlab.training.recipes.sequences import recipe

    network = yield from obtain(recipe(TASK, net), seed, effort, QUICK_EPOCHS)
    return over_gaps(network)  # type: ignore[arg-type]


def over_gaps(network: "SequenceLabeller") -> list[float]:
    """Return the share of right answers in %, for every number of pairs and every gap."""
    import torch

    from latentlab.data.sequences import recall
    from latentlab.sequences import measures

    network.eval()
    found = []
    for pairs in PAIRS:
        for gap in GAPS:
            rng = torch.Generator().manual_seed(2**41 + 1000 * pairs + gap)
            batch = recall.draw(COUNT, rng, pairs=pairs, gap=gap)
            found.append(100 * measures.accuracy(network, recall.RECALL, batch))
    return found


experiments.add(
    "sequences",
    Experiment(
        name="sequences",
        title="Who remembers?",
        question="A letter is asked whose digit was shown so many tokens ago: which network still"
        " knows it?",
        x=Axis("tokens between pair and question"),
        data=(),
        lines=_lines(),
        plan=_plan,
        budget="20 epochs of 8,192 sequences in batches of 64, about 80,000 parameters",
        seeds=3,
        quick_budget="1 epoch of 8,192 sequences",
    ),
)
