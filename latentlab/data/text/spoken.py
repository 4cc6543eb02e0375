"""What ships of the CMU Pronouncing Dictionary: some words with their sounds, and what counts say.

    samples/spoken_words.txt    everyday words and some of the test split: how the dictionary
                                speaks each, and how joint n-grams do
    samples/letter_ngrams.txt   which letter follows which, and words drawn from 7-grams

Both are remade by ``python -m latentlab.evaluation.make_spoken_words``. Licence and credit:
`spellings.LICENCE`, `spellings.CREDIT`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import SAMPLES
from latentlab.data.text.spellings import part_of
from latentlab.errors import DataError

WORDS = SAMPLES / "spoken_words.txt"
LETTERS = SAMPLES / "letter_ngrams.txt"
DRAWN = 2_000  # words
ALPHABET = 26

Sounds = tuple[str, ...]


@dataclass(frozen=True)
class SpokenWord:
    """A word, how the dictionary speaks it, and how joint n-grams do.

    Attributes:
        word: letters from a to z.
        spoken: every pronunciation of the dictionary; the first is the usual one.
        counted: what joint n-grams of the training split make of it.
    """

    word: str
    spoken: tuple[Sounds, ...]
    counted: Sounds

    @property
    def unseen(self) -> bool:
        """Whether it is of the test split."""
        return part_of(self.word) == "test"

    @property
    def held_back(self) -> bool:
        """Whether it is of those that are held back to choose by."""
        return part_of(self.word) == "held_back"


@dataclass(frozen=True)
class Drawn:
    """What n-grams of letters say.

    Attributes:
        bigram: float64 ``[27, 27]``: by the letter before (first: none), how likely the end of the
            word and each letter from a to z is; rows sum to 1.
        words: drawn from the best n-grams.
    """

    bigram: NDArray[np.float64]
    words: tuple[str, ...]


def write_words(words: Iterable[SpokenWord]) -> None:
    """Write the file of words, one a line."""
    lines = (
        "\t".join((one.word, ", ".join(map(" ".join, one.spoken)), " ".join(one.counted)))
        for one in words
    )
    WORDS.write_text("\n".join(lines) + "\n", "utf-8")


@lru_cache(maxsize=1)
def spoken_words() -> dict[str, SpokenWord]:
    """Return the words that ship, by their spelling.

    Raises:
        DataError: the file is missing or damaged.
    """
    found = {}
    try:
        for line in WORDS.read_text("utf-8").splitlines():
            word, spoken, counted = line.split("\t")
            ways = tuple(tuple(way.split()) for way in spoken.split(", "))
            found[word] = SpokenWord(word, ways, tuple(counted.split()))
    except (OSError, ValueError) as error:
        raise DataError(
            f"{WORDS.name} cannot be read ({error}).", "Install latentlab again."
        ) from error
    return found


def write_letters(drawn: Drawn) -> None:
    """Write the file of letters: a row of shares a line, then the words."""
    rows = (" ".join(f"{share:.6f}" for share in row) for row in drawn.bigram)
    LETTERS.write_text("\n".join((*rows, *drawn.words)) + "\n", "utf-8")


@lru_cache(maxsize=1)
def letters() -> Drawn:
    """Return what n-grams of letters say.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        lines = LETTERS.read_text("utf-8").splitlines()
        table = np.array([line.split() for line in lines[: ALPHABET + 1]], np.float64)
        if table.shape != (ALPHABET + 1, ALPHABET + 1) or not (table.sum(1) > 0).all():
            raise ValueError("no table of letters")
    except (OSError, ValueError) as error:
        raise DataError(
            f"{LETTERS.name} cannot be read ({error}).", "Install latentlab again."
        ) from error
    return Drawn(table / table.sum(1, keepdims=True), tuple(lines[ALPHABET + 1 :]))
