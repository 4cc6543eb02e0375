"""How far what was written is from what should have been written, token by token."""

from collections.abc import Sequence
from dataclasses import dataclass


def edits(written: Sequence[str], true: Sequence[str]) -> int:
    """Return the fewest tokens to insert, delete or replace that make one the other.

    Levenshtein 1966.
    """
    row = list(range(len(true) + 1))
    for done, token in enumerate(written, 1):
        above, row = row, [done]
        for at, other in enumerate(true, 1):
            row.append(min(above[at] + 1, row[at - 1] + 1, above[at - 1] + (token != other)))
    return row[-1]


@dataclass(frozen=True)
class Transcribed:
    """How well texts were transcribed.

    Attributes:
        exact: share that is right from beginning to end, in [0, 1].
        errors: edits by tokens that should have been written (the phoneme error rate, where these
            are phonemes), from 0; above 1 where more is wrong than there is.
    """

    exact: float
    errors: float


def transcribed(
    written: Sequence[Sequence[str]], true: Sequence[Sequence[Sequence[str]]]
) -> Transcribed:
    """Return how well texts were transcribed.

    Args:
        written: what was written for each.
        true: what counts as right for each, one answer or several; the nearest is taken.
    """
    exact = wrong = length = 0
    for found, answers in zip(written, true, strict=True):
        fewest, of = min((edits(found, answer), len(answer)) for answer in answers)
        exact += fewest == 0
        wrong += fewest
        length += of
    return Transcribed(exact / len(written), wrong / length)
