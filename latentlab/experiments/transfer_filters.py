"""What the first layer looks for before and after, and what a step costs: kept of one run a pair.

    kept = load()
    kept.filters[pair, moment]       # [12, 5, 5, 3] uint8, 127 = zero
    kept.seconds[pair, depth]        # of 100 steps with so many layers frozen, one CPU core

`python -m latentlab.experiments.transfer_filters` makes the file again. Reading it needs no torch;
it may come from a stranger, so names, shapes and types are checked.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError
from latentlab.experiments import kept as arrays
from latentlab.experiments import transfer
from latentlab.experiments.base import RESULTS, Effort
from latentlab.experiments.transfer_depth import CONVOLUTIONS, DEPTHS, PAIRS
from latentlab.experiments.transfer_domains import DOMAINS

if TYPE_CHECKING:
    from torch import Tensor

PATH = RESULTS / "transfer_filters.npz"
MAX_BYTES = 1 << 20
MOMENTS = ("random", "source", "tuned")  # random weights, after the source, fine-tuned
LABELS = 100  # of each class, to fine-tune
SEED = 0
FILTERS, SIDE = CONVOLUTIONS[0][:2]
STEPS, TIMED, TIMES = 100, 20, 3  # what is stated, and what is timed of it, how often


@dataclass(frozen=True)
class Filters:
    """What was kept.

    Attributes:
        filters: [pairs, moments, 12, 5, 5, 3] uint8, 127 = zero, each moment scaled by its
            own largest weight; grey networks have three equal channels.
        seconds: [pairs, depths] float32, of 100 steps of 32 pictures with so many layers frozen.
    """

    filters: NDArray[np.uint8]
    seconds: NDArray[np.float32]


def load(path: Path = PATH) -> Filters:
    """Return what ships.

    Raises:
        UnsupportedError: nothing has been kept yet.
        InputError: the file is damaged, or holds something else.
    """
    kept = arrays.read(
        path,
        Filters.__annotations__,
        largest=MAX_BYTES,
        what="The filters",
        maker="transfer_filters",
    )
    pairs = len(PAIRS)
    wanted = {
        "filters": ((pairs, len(MOMENTS), FILTERS, SIDE, SIDE, 3), np.uint8),
        "seconds": ((pairs, len(DEPTHS)), np.float32),
    }
    arrays.check(kept, wanted, path)
    if kept["seconds"].min() <= 0:
        raise InputError(f"“seconds” in {path.name} is not what it should be.")
    return Filters(**kept)


def filters_of(pair: transfer.Pair, effort: Effort, seed: int = SEED) -> NDArray[np.uint8]:
    """Return the first filters of a pair at all `MOMENTS`, ``[3, 12, 5, 5, 3]``."""
    from latentlab.training.transfer import LAYERS

    source = transfer.source_network(pair.source, seed, effort.quick, effort.device)
    tuned = transfer.trained(source, pair.target, LABELS, seed, effort, copied=LAYERS)
    networks = (transfer.random_network(pair.target, seed, effort.device), source, tuned)
    return np.stack([_drawn(next(network.parameters())) for network in networks])


def _drawn(weight: "Tensor") -> NDArray[np.uint8]:
    """Return filters ``[12, C, 5, 5]`` as bytes ``[12, 5, 5, 3]``."""
    found = weight.detach().cpu()
    found = found / found.abs().max().clamp(min=1e-9)
    bytes_ = (found * 127 + 127).round().byte().permute(0, 2, 3, 1)
    return bytes_.expand(-1, -1, -1, 3).numpy().copy()


def seconds_of(pair: transfer.Pair) -> list[float]:
    """Return how long 100 steps take on this machine's CPU, by the number of frozen layers."""
    import torch

    from latentlab.training import transfer as training

    base = transfer.random_network(pair.target, SEED, "cpu")
    x, labels = transfer.labelled(pair.target, LABELS, SEED, "cpu")
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    found = []
    for depth in DEPTHS:
        network = base.copied(depth, DOMAINS[pair.target].classes, transfer.rng_of(SEED, 5))
        took = []
        for _ in range(TIMES):
            rng = transfer.rng_of(SEED, 6)
            started = time.process_time()
            for _ in training.train(network, x, labels, TIMED, rng, frozen=depth):
                pass
            took.append(time.process_time() - started)
        # The least: what else runs on the machine can only make it more.
        found.append(min(took) * STEPS / TIMED)
    torch.set_num_threads(threads)
    return found


def main() -> None:
    """Write the file that ships."""
    effort = Effort()
    filters = np.stack([filters_of(pair, effort) for pair in PAIRS])
    seconds = np.array([seconds_of(pair) for pair in PAIRS], np.float32)
    np.savez_compressed(PATH, filters=filters, seconds=seconds)
    print(f"{PATH.name}: {PATH.stat().st_size >> 10} KB")


if __name__ == "__main__":
    main()
