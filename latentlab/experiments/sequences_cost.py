"""What does a longer sequence cost? Time and memory of five networks, over the length.

Untrained networks of the same 80,000 parameters: what they cost does not depend on what they know.
Time is that of reading one sequence, in seconds of one CPU thread, the least of eleven tries;
memory is what a sequence leaves behind for the backward pass, counted. The positions of a
Transformer are learnt up to 64; what it costs beyond does not depend on that.
"""

from functools import partial

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments
from latentlab.experiments.sequences import NETS

LENGTHS = (16, 32, 64, 128, 256, 512, 1024, 2048)
QUICK_LENGTHS = LENGTHS[:3]
TIME, MEMORY = Axis("time a token", "µs"), Axis("memory a token, for training", "kB")


def line_name(net: str, measure: str) -> str:
    """Return the name of a curve; ``measure`` is “time” or “memory”."""
    return f"{net}.{measure}"


def _plan(quick: bool) -> tuple[Cell, ...]:
    lengths = QUICK_LENGTHS if quick else LENGTHS
    cells = []
    for net in NETS:
        times: list[tuple[str, X]] = [(line_name(net, "time"), length) for length in lengths]
        kept: list[tuple[str, X]] = [(line_name(net, "memory"), length) for length in lengths]
        cells.append(Cell(f"{net}.time", tuple(times), partial(_time, net, lengths)))
        cells.append(Cell(f"{net}.memory", tuple(kept), partial(_memory, net, lengths)))
    return tuple(cells)


def _time(net: str, lengths: tuple[int, ...], seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.data.sequences import RECALL
    from latentlab.sequences import costs, nets

    network = nets.NETS[net].build(RECALL, seed).eval()
    threads = torch.get_num_threads()
    found = []
    try:
        torch.set_num_threads(1)
        for number, length in enumerate(lengths):
            yield number / len(lengths)
            found.append(1e6 * costs.seconds(network, length) / length)
    finally:
        torch.set_num_threads(threads)
    return found


def _memory(net: str, lengths: tuple[int, ...], seed: int, effort: Effort) -> Work:
    from latentlab.data.sequences import RECALL
    from latentlab.sequences import costs, nets

    yield 0.0
    network = nets.NETS[net].build(RECALL, 0)
    return [costs.kept_bytes(network, length) / length / 1000 for length in lengths]


def _line(net: str, title: str, measure: str) -> Line:
    return Line(
        name=line_name(net, measure),
        label=title,
        group=measure,
        y=TIME if measure == "time" else MEMORY,
        higher_is_better=False,
        seeded=measure == "time",
    )


experiments.add(
    "sequences_cost",
    Experiment(
        name="sequences_cost",
        title="What does length cost?",
        question="How do time and memory of a token grow with the length of its sequence?",
        x=Axis("tokens"),
        data=(),
        lines=tuple(
            _line(net, title, m) for m in ("time", "memory") for net, title in NETS.items()
        ),
        plan=_plan,
        budget="one sequence, seconds of one CPU thread, least of 11 tries;"
        " about 80,000 parameters",
        quick_budget="one sequence, seconds of one CPU thread, least of 11 tries; short ones alone",
    ),
)
