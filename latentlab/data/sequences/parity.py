"""Parity: is the number of ones so far odd? One bit of memory, which every token may turn.

Every position is asked, so that one sequence is a lesson of all its beginnings. Recurrent networks
carry the bit along and work at any length; attention has to count (Hahn 2020, "Theoretical
limitations of self-attention"; Delétang et al. 2023, "Neural networks and the Chomsky hierarchy").
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentlab.data.sequences.base import Batch, SequenceTask, sequence_tasks

if TYPE_CHECKING:
    import torch

TOKENS = ("0", "1")
LENGTH = 40


def draw(count: int, rng: "torch.Generator", *, length: int = LENGTH) -> Batch:
    """Return ``count`` sequences of bits and, at every position, 1 if the ones so far are odd."""
    import torch

    x = torch.randint(2, (count, length), generator=rng)
    return Batch(x, x.cumsum(1) % 2)


def solve(tokens: Sequence[int]) -> list[int | None]:
    """Return 1 wherever the ones so far are odd."""
    ones = 0
    found: list[int | None] = []
    for token in tokens:
        ones += token
        found.append(ones % 2)
    return found


PARITY = sequence_tasks.add(
    "parity",
    SequenceTask(
        name="parity",
        title="Parity",
        question="Is the number of ones odd?",
        vocabulary=TOKENS,
        answers=("even", "odd"),
        length=LENGTH,
        lessons=lambda count, rng, done: draw(count, rng),
        draw=lambda count, length, rng: draw(count, rng, length=length),
        floor=lambda length: 0.5,
        floor_title="a coin",
        solve=solve,
        counted=10,
    ),
)
