"""Associative recall: pairs of a letter and a digit lie among filler; then a letter is asked.

    . . c 7 . . . a 3 . f 0 . . . c  ->  7

Arora et al. 2023, "Zoology", ask several keys of each sequence; so does training here, which
makes a lesson of every sequence, not of one position in it. Examinations ask one.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentlab.data.sequences.base import NOT_ASKED, Batch, SequenceTask, sequence_tasks
from latentlab.errors import InputError

if TYPE_CHECKING:
    import torch
    from torch import Tensor

KEYS, VALUES, FILLER = "abcdefghijklmnop", "0123456789", "."
TOKENS = (FILLER, *KEYS, *VALUES)
FIRST_KEY, FIRST_VALUE = 1, 1 + len(KEYS)
MOST_PAIRS = 8
LENGTH = 64  # tokens, the question included
EASY_PAIRS, EASY_LENGTH = 3, 16  # at most, at the beginning of a training
GROWS, GROWN = 0.12, 0.4  # shares of a training between which lessons get harder


def draw(
    count: int,
    rng: "torch.Generator",
    *,
    length: int = LENGTH,
    pairs: int = MOST_PAIRS,
    questions: int = 1,
    gap: int | None = None,
) -> Batch:
    """Return ``count`` sequences and their answers.

    The letters of a sequence differ, and so do its digits: to know which digits were shown, but not
    beside which letter, is worth exactly one over the number of pairs.

    Args:
        count: how many.
        rng: draws them.
        length: tokens up to the first question, itself included.
        pairs: in each sequence.
        questions: the first one stands at ``length - 1``; each further one adds two tokens, the
            answer to the last and its own letter.
        gap: tokens between the pair that is asked for first and the question; None = anywhere.
            The other pairs are shared out between both sides, by the room that is there.

    Raises:
        InputError: there is no room for so many pairs, or for that gap.
    """
    import torch

    context = length - 1
    if not (1 <= questions <= pairs <= MOST_PAIRS and 2 * pairs <= context):
        raise InputError(
            f"{pairs} pairs and {questions} questions do not fit into {length} tokens."
        )
    rows = torch.arange(count)[:, None]
    keys = _distinct(count, len(KEYS), pairs, rng) + FIRST_KEY
    values = _distinct(count, len(VALUES), pairs, rng)
    if gap is None:
        starts = _places(count, context, pairs, rng)
        asked = _distinct(count, pairs, questions, rng)
    else:
        starts, place = _around(count, context, pairs, gap, rng)
        others = (_distinct(count, pairs - 1, questions - 1, rng) + place + 1) % pairs
        asked = torch.cat([torch.full((count, 1), place), others], dim=1)
    x = torch.zeros(count, context + 2 * questions - 1, dtype=torch.long)
    y = torch.full_like(x, NOT_ASKED)
    x[rows, starts] = keys
    x[rows, starts + 1] = values + FIRST_VALUE
    at = context + 2 * torch.arange(questions)
    x[:, at] = keys[rows, asked]
    y[:, at] = values[rows, asked]
    x[:, at[:-1] + 1] = values[rows, asked[:, :-1]] + FIRST_VALUE
    return Batch(x, y)


def draw_lessons(
    count: int, rng: "torch.Generator", done: float, *, most: int = MOST_PAIRS
) -> Batch:
    """Return a batch for training, harder as a run goes on; all pairs are asked.

    At first at most three pairs in 16 tokens, and from `GROWS` on more of both, up to all after
    `GROWN`: with long ones from the start, no network here gets away from guessing in the time that
    it has. Half of the batches have the most pairs there are, the others any number.

    Args:
        count: sequences.
        rng: draws them.
        done: share of the run, 0 to 1.
        most: pairs in the end.
    """
    reach = min(1.0, max(0.0, (done - GROWS) / (GROWN - GROWS)))
    pairs = min(most, round(EASY_PAIRS + reach * (MOST_PAIRS - EASY_PAIRS)))
    longest = round(EASY_LENGTH + reach * (LENGTH - EASY_LENGTH))
    if _pick(2, rng):
        pairs = 1 + _pick(pairs, rng)
    least = 2 * pairs + 2
    length = least + _pick(longest - least + 1, rng)
    return draw(count, rng, length=length, pairs=pairs, questions=pairs)


def solve(tokens: Sequence[int]) -> list[int | None]:
    """Return, after each letter that has had a digit before, the last such digit."""
    known: dict[int, int] = {}
    found: list[int | None] = []
    for at, token in enumerate(tokens):
        if token >= FIRST_VALUE and at and FIRST_KEY <= tokens[at - 1] < FIRST_VALUE:
            known[tokens[at - 1]] = token - FIRST_VALUE
        found.append(known.get(token))
    return found


def floor(pairs: int) -> float:
    """Return the share of right answers of who knows the digits shown, and not their letters."""
    return 1 / pairs


def _pick(below: int, rng: "torch.Generator") -> int:
    import torch

    return int(torch.randint(below, (), generator=rng))


def _distinct(count: int, of: int, chosen: int, rng: "torch.Generator") -> "Tensor":
    """Return ``chosen`` different numbers below ``of`` in every row, ``[count, chosen]``."""
    import torch

    return torch.rand(count, of, generator=rng).argsort(1)[:, :chosen]


def _places(count: int, room: int, pairs: int, rng: "torch.Generator") -> "Tensor":
    """Return where pairs begin in ``room`` tokens, ascending, none upon another."""
    import torch

    # A pair counts as one of room - pairs places; then each is moved by those before it.
    units = _distinct(count, room - pairs, pairs, rng).sort(1).values
    return units + torch.arange(pairs)


def _around(
    count: int, context: int, pairs: int, gap: int, rng: "torch.Generator"
) -> "tuple[Tensor, int]":
    """Return where pairs begin if one lies ``gap`` tokens before the end, and which one it is."""
    import torch

    start = context - 2 - gap
    others = pairs - 1
    if start < 0 or gap < 0 or start // 2 + gap // 2 < others:
        raise InputError(f"A gap of {gap} does not fit {pairs} pairs in {context + 1} tokens.")
    before = round(others * start / max(start + gap, 1))
    before = min(max(before, others - gap // 2), start // 2)
    left = _places(count, start, before, rng)
    right = _places(count, gap, others - before, rng) + start + 2
    return torch.cat([left, torch.full((count, 1), start), right], dim=1), before


RECALL = sequence_tasks.add(
    "recall",
    SequenceTask(
        name="recall",
        title="Associative recall",
        question="Pairs of a letter and a digit lie among dots. Which digit stood beside the letter"
        " at the end?",
        vocabulary=TOKENS,
        answers=tuple(VALUES),
        length=LENGTH,
        lessons=draw_lessons,
        draw=lambda count, length, rng: draw(count, rng, length=length),
        floor=lambda length: floor(MOST_PAIRS),
        floor_title="one over the pairs shown",
        solve=solve,
    ),
)
