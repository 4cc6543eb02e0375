"""Copy after a delay: ten letters, a wait, and at the sign each of them again.

Hochreiter & Schmidhuber 1997; Arjovsky et al. 2016, "Unitary evolution recurrent neural networks",
section 5.1. Who remembers nothing says "blank" until the sign and then guesses among eight letters:
10 ln 8 nats a sequence, spread over all its positions. Accuracy counts the ten letters alone, since
all other positions are easy.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentlab.data.sequences.base import Batch, SequenceTask, sequence_tasks

if TYPE_CHECKING:
    import torch

LETTERS, BLANK, SIGN = "abcdefgh", ".", "!"
TOKENS = (BLANK, SIGN, *LETTERS)
SIGN_TOKEN, FIRST = 1, 2  # of the vocabulary: the sign, and the first letter
SPAN = 10  # letters to be kept
LENGTH = 50  # tokens in all: a delay of 30


def draw(count: int, rng: "torch.Generator", *, length: int = LENGTH) -> Batch:
    """Return ``count`` sequences of ``length`` = delay + 20 tokens; every position is asked.

    Answer 0 is the blank, answer 1 + n letter n.
    """
    import torch

    letters = torch.randint(len(LETTERS), (count, SPAN), generator=rng)
    x = torch.zeros(count, length, dtype=torch.long)
    y = torch.zeros_like(x)
    x[:, :SPAN] = letters + FIRST
    x[:, length - SPAN - 1] = SIGN_TOKEN
    y[:, -SPAN:] = letters + 1
    return Batch(x, y)


def draw_lessons(count: int, rng: "torch.Generator", done: float) -> Batch:
    """Return a batch for training, with any delay up to that of `LENGTH`."""
    import torch

    delay = 1 + int(torch.randint(LENGTH - 2 * SPAN, (), generator=rng))
    return draw(count, rng, length=2 * SPAN + delay)


def solve(tokens: Sequence[int]) -> list[int | None]:
    """Return blanks until the sign, and from it on the first ten letters, one after another."""
    letters = [token - FIRST + 1 for token in tokens[:SPAN]]
    found: list[int | None] = [0] * len(tokens)
    if SIGN_TOKEN in tokens:
        sign = list(tokens).index(SIGN_TOKEN)
        for at in range(sign + 1, len(tokens)):
            place = at - sign - 1
            found[at] = max(letters[place], 0) if place < len(letters) else None
    return found


def floor_nats(length: int) -> float:
    """Return the loss of who remembers nothing, in nats a position: 10 ln 8 / (delay + 20)."""
    return SPAN * math.log(len(LETTERS)) / length


COPYING = sequence_tasks.add(
    "copying",
    SequenceTask(
        name="copying",
        title="Copy after a delay",
        question="Ten letters, then a wait. At the sign, which were they, in their order?",
        vocabulary=TOKENS,
        answers=(BLANK, *LETTERS),
        length=LENGTH,
        lessons=draw_lessons,
        draw=lambda count, length, rng: draw(count, rng, length=length),
        floor=lambda length: 1 / len(LETTERS),
        floor_title="one over the letters there are",
        solve=solve,
        counted=SPAN,
    ),
)
