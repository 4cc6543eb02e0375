"""What a sequence costs: time, and memory that training needs, over its length.

Theory, for T tokens: a recurrent network does the same work at each token, one after another, O(T);
a dilated convolution whose field covers everything needs log T layers, O(T log T), all positions at
once; attention compares each position with all before it, O(T²).
"""

import time
from typing import Any

import torch
from torch.nn import functional as F

from latentlab.models import SequenceLabeller

REPEATS = 11


def seconds(network: SequenceLabeller, length: int, batch: int = 1) -> float:
    """Return the CPU seconds that reading a sequence takes, the least of `REPEATS` tries.

    Those of the calling thread: what else the machine does meanwhile does not count. torch should
    have one thread.
    """
    x = torch.zeros(batch, length, dtype=torch.long)
    best = float("inf")
    with torch.inference_mode():
        network(x)  # the first call prepares what later ones share
        for _ in range(REPEATS):
            started = time.thread_time()
            network(x)
            best = min(best, time.thread_time() - started)
    return best


def kept_bytes(network: SequenceLabeller, length: int) -> int:
    """Return the bytes that a sequence leaves behind for the backward pass, weights aside.

    Counted, not estimated: every tensor that torch saves on the way forward, each storage once.
    """
    own = {parameter.untyped_storage().data_ptr() for parameter in network.parameters()}
    held: dict[int, int] = {}
    alive: list[torch.Tensor] = []  # so that no address is used twice

    def keep(tensor: torch.Tensor) -> Any:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in own:
            held[storage.data_ptr()] = storage.nbytes()
            alive.append(tensor)
        return tensor

    x = torch.zeros(1, length, dtype=torch.long)
    wanted = [parameter.requires_grad for parameter in network.parameters()]
    with torch.inference_mode(False), torch.enable_grad():
        try:
            network.requires_grad_(True)
            with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
                F.cross_entropy(network(x)[0], x[0])
        finally:
            for parameter, before in zip(network.parameters(), wanted, strict=True):
                parameter.requires_grad_(before)
    return sum(held.values())
