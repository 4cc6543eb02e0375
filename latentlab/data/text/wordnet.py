"""WordNet's usage examples: short phrases and sentences that show how a word is used.

From WordNet 3.0 (Miller 1995, "WordNet: a lexical database for English"), three to fourteen words
each, in a split of our own. The last 2,000 of the file to train on are held back to choose by. Both
files are looked for in the folder that ``LATENTLAB_DATA`` names. A dictionary's examples are rich
in rare words: of ten words two are not among the 3,495 most frequent ones of the training file.
Networks are trained and tested on those examples alone that have no other, a quarter of all: what
they write then is words, and not "unknown" every fifth time. These words ship in
``samples/wordnet_words.txt``, and 300 such examples of the test split in
``samples/wordnet_examples.txt``, under WordNet's licence (``samples/WORDNET.txt``). Remade by

    python -m latentlab.data.make_words
"""

from functools import lru_cache
from typing import Literal

from latentlab.data.base import SAMPLES, Split, data_folder
from latentlab.data.text.base import TextDataset, corpora
from latentlab.data.text.vocabulary import Vocabulary, words
from latentlab.errors import DataError

WORDS = SAMPLES / "wordnet_words.txt"
EXAMPLES = SAMPLES / "wordnet_examples.txt"
KNOWN = 3_500  # words, with the special ones
LONGEST = 14  # words and marks
SHIPPED = 300
HELD_BACK = 2_000
MOST_BYTES = 1 << 24

Part = Literal["train", "held_back", "test"]


def _lines(file: str) -> list[str]:
    folder = data_folder()
    path = None if folder is None else folder / file
    if path is None or not path.is_file():
        raise DataError(
            f"{file} is not on this machine.",
            "Put it, one example a line, into the folder that LATENTLAB_DATA names.",
        )
    if path.stat().st_size > MOST_BYTES:
        raise DataError(
            f"{file} is larger than {MOST_BYTES >> 20} MB, which WordNet’s examples are not.",
            "Get the file again.",
        )
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read ({error}).", "Get the file again.") from error
    return [line for line in lines if line.strip()]


def examples(part: Part) -> list[str]:
    """Return the examples of one part as WordNet writes them.

    Raises:
        DataError: the files are not on this machine, or cannot be read.
    """
    if part == "test":
        return _lines("wordnet_examples_test.txt")
    lines = _lines("wordnet_examples_train.txt")
    return lines[-HELD_BACK:] if part == "held_back" else lines[:-HELD_BACK]


@lru_cache(maxsize=4)
def texts(part: Part) -> tuple[tuple[str, ...], ...]:
    """Return the examples of one part, each as its words.

    Raises:
        DataError: as ``examples``.
    """
    return tuple(tuple(words(line)) for line in examples(part))


def plain(part: Part) -> tuple[tuple[str, ...], ...]:
    """Return the texts of one part that fit a row and have no unknown word.

    Raises:
        DataError: as ``examples``.
    """
    numbers = _vocabulary().numbers
    return tuple(
        text
        for text in texts(part)
        if len(text) <= LONGEST and all(word in numbers for word in text)
    )


def _read(split: Split) -> tuple[tuple[str, ...], ...]:
    return plain(split)


@lru_cache(maxsize=1)
def _vocabulary() -> Vocabulary:
    return Vocabulary.shipped(WORDS)


@lru_cache(maxsize=1)
def _samples() -> tuple[str, ...]:
    try:
        return tuple(EXAMPLES.read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"{EXAMPLES.name} cannot be read ({error}).", "Install latentlab again."
        ) from error


WORDNET = corpora.add(
    "wordnet",
    TextDataset(
        name="wordnet",
        title="WordNet examples",
        licence="WordNet 3.0 licence",
        credit="WordNet 3.0 © 2006 Princeton University",
        read=_read,
        vocabulary=_vocabulary,
        samples=_samples,
        length=LONGEST + 2,
        tokenise=words,
    ),
)
