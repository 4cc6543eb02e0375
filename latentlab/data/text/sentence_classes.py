"""Questions about a whole sentence that have two answers, and what ships to answer them.

    source   a caption of a photograph, or an example of a dictionary (WordNet)?
    order    as it was written, or with two neighbouring words swapped?

The labels come with the data: which file a sentence is of, and whether two of its words were
swapped here. Marks at the end are left out, since captions have a full stop and examples have none.
What ships (``samples/sentence_classes.json``) are the weights of two logistic regressions a
question, of a network's code and of a bag of words; no sentence. Remade by

    python -m latentlab.evaluation.make_sentence_classes
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import SAMPLES
from latentlab.data.text import everyday, wordnet
from latentlab.errors import DataError

FILE = SAMPLES / "sentence_classes.json"
NETWORK = "masked_language_model.everyday"  # whose codes the shipped weights are for
PER_CLASS: dict[str, int] = {"train": 15_000, "test": 2_000}  # sentences at most
CANDIDATES = 3  # pairs of words that might be swapped, at least: others say too little

Name = Literal["source", "order"]
Part = Literal["train", "test"]
Words = tuple[str, ...]
CLASSES: dict[Name, tuple[str, str]] = {
    "source": ("photo caption", "dictionary"),
    "order": ("as written", "two swapped"),
}


@dataclass(frozen=True)
class Labelled:
    """Sentences as words, and for each 0 or 1, int64 ``[N]``: which class it is of."""

    texts: tuple[Words, ...]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Linear:
    """One logistic regression: the chance of class 1 is the sigmoid of ``x · weights + bias``."""

    weights: NDArray[np.float64]
    bias: float

    def chances(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the chance of class 1 for rows ``[N, D]``, in [0, 1]."""
        scores: NDArray[np.float64] = x @ self.weights + self.bias
        return 1 / (1 + np.exp(-np.clip(scores, -500, 500)))


@dataclass(frozen=True)
class Heads:
    """What answers one question: of the mean of a network's codes, and of a bag of words."""

    code: Linear  # a weight for each number of a code
    words: Linear  # a weight for each token of the vocabulary


def bare(text: Sequence[str]) -> Words:
    """Return the words that fit a row, without the marks at the end."""
    kept = list(text[: everyday.LONGEST])
    while kept and not kept[-1][0].isalnum():
        kept.pop()
    return tuple(kept)


def labelled(question: Name, part: Part) -> Labelled:
    """Return sentences of one part with their classes, as many of each class.

    Raises:
        DataError: the files are not on this machine, or cannot be read.
    """
    rng = np.random.default_rng(("train", "test").index(part))
    captions = everyday.captions(part)
    if question == "source":
        both = [_some(texts, part, rng) for texts in (captions, wordnet.texts(part))]
        count = min(map(len, both))
        texts = [text for each in both for text in each[:count]]
        return Labelled(tuple(texts), np.repeat(np.arange(2), count))
    pairs = [(text, _swapped(text, rng)) for text in _some(captions, part, rng)]
    texts = [each for text, other in pairs if other is not None for each in (text, other)]
    return Labelled(tuple(texts), np.tile(np.arange(2), len(texts) // 2))


def _some(texts: Sequence[Words], part: Part, rng: np.random.Generator) -> list[Words]:
    chosen = rng.permutation(len(texts))[: PER_CLASS[part]]
    return [text for text in (bare(texts[int(place)]) for place in chosen) if text]


def _swapped(text: Words, rng: np.random.Generator) -> Words | None:
    """Return a text with two different known neighbours swapped; None, where few could be."""
    known = everyday.EVERYDAY.vocabulary().numbers
    usable = [word[0].isalnum() and word in known for word in text]
    places = [
        at
        for at in range(len(text) - 1)
        if usable[at] and usable[at + 1] and text[at] != text[at + 1]
    ]
    if len(places) < CANDIDATES:
        return None
    at = int(rng.choice(places))
    return (*text[:at], text[at + 1], text[at], *text[at + 2 :])


def write(heads: dict[Name, Heads]) -> None:
    """Write the file that ships."""
    rounded = {
        name: {
            part: [round(float(number), 4) for number in (linear.bias, *linear.weights)]
            for part, linear in (("code", each.code), ("words", each.words))
        }
        for name, each in heads.items()
    }
    FILE.write_text(json.dumps(rounded), "utf-8")


@lru_cache(maxsize=1)
def shipped() -> dict[Name, Heads]:
    """Return what ships, by question.

    Raises:
        DataError: the file is missing or damaged.
    """
    try:
        held = json.loads(FILE.read_text("utf-8"))
        found = {
            name: Heads(_linear(held[name]["code"]), _linear(held[name]["words"]))
            for name in CLASSES
        }
        tokens = len(everyday.EVERYDAY.vocabulary())
        if any(len(each.words.weights) != tokens for each in found.values()):
            raise ValueError(f"not {tokens} words")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            f"{FILE.name} cannot be read ({error}).", "Install latentlab again."
        ) from error
    return found


def _linear(numbers: list[float]) -> Linear:
    values = np.array(numbers, np.float64)
    if values.ndim != 1 or len(values) < 2 or not np.isfinite(values).all():
        raise ValueError("no weights")
    return Linear(values[1:], float(values[0]))
