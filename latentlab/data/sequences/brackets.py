"""Bracket matching: which bracket must be closed next? A stack of memories.

Sequences are beginnings of Dyck words of three sorts of brackets, at most `DEEPEST` deep: at every
token a fair coin opens or closes, where both can be done. After an opening bracket the answer is
that very bracket; what is asked, and counted, comes after a closing one.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from latentlab.data.sequences.base import NOT_ASKED, Batch, SequenceTask, sequence_tasks

if TYPE_CHECKING:
    import torch

OPENING, CLOSING = "([{", ")]}"
SORTS = len(OPENING)
TOKENS = (*OPENING, *CLOSING)
DEEPEST = 6
LENGTH = 40
COUNTED = 10


def draw(count: int, rng: "torch.Generator", *, length: int = LENGTH) -> Batch:
    """Return ``count`` sequences; after closing brackets, which is to be closed next (0 = none)."""
    import torch

    rows = torch.arange(count)
    stack = torch.zeros(count, DEEPEST + 1, dtype=torch.long)  # place 0 lies below all
    depth = torch.zeros(count, dtype=torch.long)
    coins = torch.rand(length, count, generator=rng)
    sorts = torch.randint(SORTS, (length, count), generator=rng)
    x, y = torch.zeros(2, count, length, dtype=torch.long).unbind(0)
    for at in range(length):
        opens = (depth == 0) | ((depth < DEEPEST) & (coins[at] < 0.5))
        closed = stack[rows, depth]
        depth = depth + opens.long() * 2 - 1
        stack[rows[opens], depth[opens]] = sorts[at, opens]
        x[:, at] = torch.where(opens, sorts[at], closed + SORTS)
        under = torch.where(depth == 0, 0, stack[rows, depth] + 1)
        y[:, at] = torch.where(opens, NOT_ASKED, under)
    return Batch(x, y)


def solve(tokens: Sequence[int]) -> list[int | None]:
    """Return which bracket is to be closed next after each closing one, 0 = none.

    None after opening ones, where nobody asks, and once a wrong one was closed.
    """
    open_ones: list[int] = []
    found: list[int | None] = []
    for token in tokens:
        if token < SORTS:
            open_ones.append(token)
            found.append(None)
            continue
        if not open_ones or open_ones.pop() != token - SORTS:
            break
        found.append(open_ones[-1] + 1 if open_ones else 0)
    return found + [None] * (len(tokens) - len(found))


@lru_cache(maxsize=64)
def floor(length: int) -> float:
    """Return the most that can be had by position and last token alone.

    Depth is a random walk between 0 and `DEEPEST`, and the sort of the bracket below does not
    depend on that of the bracket just closed: at each position the best guess is either "none", or
    any one sort. Averaged over the last ten positions, as they come up after a closing bracket.
    """
    depths = [1.0] + [0.0] * DEEPEST
    asked = right = 0.0
    for at in range(length):
        after, closing = [0.0] * (DEEPEST + 1), [0.0] * (DEEPEST + 1)
        for depth, share in enumerate(depths):
            up = 1.0 if depth == 0 else 0.0 if depth == DEEPEST else 0.5
            if up:
                after[depth + 1] += share * up
            if up < 1:
                closing[depth - 1] += share * (1 - up)
        if at >= length - COUNTED:
            asked += sum(closing)
            right += max(closing[0], sum(closing[1:]) / SORTS)
        depths = [a + b for a, b in zip(after, closing, strict=True)]
    return right / asked


BRACKETS = sequence_tasks.add(
    "brackets",
    SequenceTask(
        name="brackets",
        title="Bracket matching",
        question="Which bracket has to be closed next?",
        vocabulary=TOKENS,
        answers=("none", *CLOSING),
        length=LENGTH,
        lessons=lambda count, rng, done: draw(count, rng),
        draw=lambda count, length, rng: draw(count, rng, length=length),
        floor=floor,
        floor_title="the best guess by the last bracket and its place",
        solve=solve,
        counted=COUNTED,
    ),
)
