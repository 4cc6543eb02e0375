"""The adding problem: two of many numbers are marked; what is their sum?

Hochreiter & Schmidhuber 1997, experiment 4, with one-digit numbers, so that it can be typed. Digits
count as tenths: who remembers nothing says .9 always and has a squared error of twice the variance
of a digit, 0.165 (1/6 for numbers that are continuous).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentlab.data.sequences.base import NOT_ASKED, Batch, SequenceTask, sequence_tasks

if TYPE_CHECKING:
    import torch

DIGITS = "0123456789"
MARKED = "⓪①②③④⑤⑥⑦⑧⑨"
TOKENS = (*DIGITS, *MARKED)
SUMS = 2 * len(DIGITS) - 1
LENGTH = 40
SHORTEST = 4


def draw(count: int, rng: "torch.Generator", *, length: int = LENGTH) -> Batch:
    """Return ``count`` sequences; one digit is marked in each half, the sum is asked at the end."""
    import torch

    digits = torch.randint(len(DIGITS), (count, length), generator=rng)
    half = length // 2
    first = torch.randint(half, (count,), generator=rng)
    second = half + torch.randint(length - half, (count,), generator=rng)
    rows = torch.arange(count)
    y = torch.full_like(digits, NOT_ASKED)
    y[:, -1] = digits[rows, first] + digits[rows, second]
    x = digits.clone()
    x[rows, first] += len(DIGITS)
    x[rows, second] += len(DIGITS)
    return Batch(x, y)


def draw_lessons(count: int, rng: "torch.Generator", done: float) -> Batch:
    """Return a batch for training, of any length up to `LENGTH`."""
    import torch

    return draw(
        count,
        rng,
        length=SHORTEST + int(torch.randint(LENGTH - SHORTEST + 1, (), generator=rng)),
    )


def solve(tokens: Sequence[int]) -> list[int | None]:
    """Return the sum of the circled digits wherever two are known, and None elsewhere."""
    circled: list[int] = []
    found: list[int | None] = []
    for token in tokens:
        if token >= len(DIGITS):
            circled.append(token - len(DIGITS))
        found.append(sum(circled) if len(circled) == 2 else None)
    return found


def floor_error() -> float:
    """Return the squared error, in tenths squared, of who remembers nothing: that of the mean."""
    n = len(DIGITS)
    return 2 * (n * n - 1) / 12 / n**2


ADDING = sequence_tasks.add(
    "adding",
    SequenceTask(
        name="adding",
        title="The adding problem",
        question="Two digits are circled. What is their sum?",
        vocabulary=TOKENS,
        answers=tuple(str(total) for total in range(SUMS)),
        length=LENGTH,
        lessons=draw_lessons,
        draw=lambda count, length, rng: draw(count, rng, length=length),
        # The most frequent sum, 9, comes up with ten of a hundred pairs of digits.
        floor=lambda length: 1 / len(DIGITS),
        floor_title="the most frequent sum",
        solve=solve,
    ),
)
