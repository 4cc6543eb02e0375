"""A small English grammar whose every sentence is known, with all that varies in it.

A sentence is somebody, who does or does not do something to a thing at a place, in the past, the
present or the future:

    the children did not paint a kite near the river

There are 102,600 of them, of at most ten words. Every combination is a sentence, equally often,
so that a language model can at best spend ln 102,600 = 11.54 nats on one. What varies is listed in
`FACTORS`; person, number and subject depend on one another, since only pronouns have a first and a
second person. The grammar is ours; nothing has to be downloaded.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import Factor, Split
from latentlab.data.text.base import TextDataset, corpora
from latentlab.data.text.vocabulary import SPECIAL, Vocabulary
from latentlab.data.text.vocabulary import words as tokenise

TENSES = ("past", "present", "future")
POLARITIES = ("affirmative", "negative")
PERSONS = ("first", "second", "third")
NUMBERS = ("singular", "plural")
SUBJECTS = ("pronoun", "doctor", "child", "woman", "student", "king", "farmer")


@dataclass(frozen=True)
class _Subject:
    words: tuple[str, ...]
    person: int
    number: int
    who: int


# "you all" is the plural: "you" alone would leave its number open. "he" and "she" are both the
# singular pronoun of the third person.
_PRONOUNS = (
    _Subject(("i",), 0, 0, 0),
    _Subject(("we",), 0, 1, 0),
    _Subject(("you",), 1, 0, 0),
    _Subject(("you", "all"), 1, 1, 0),
    _Subject(("he",), 2, 0, 0),
    _Subject(("she",), 2, 0, 0),
    _Subject(("they",), 2, 1, 0),
)
_PLURALS = {"child": "children", "woman": "women"}
_SUBJECTS = _PRONOUNS + tuple(
    _Subject(("the", noun if number == 0 else _PLURALS.get(noun, f"{noun}s")), 2, number, who)
    for who, noun in enumerate(SUBJECTS)
    if who
    for number in (0, 1)
)

# The plain form, the one after he, she or it, and the past.
_VERBS = (
    ("paint", "paints", "painted"),
    ("find", "finds", "found"),
    ("sell", "sells", "sold"),
    ("buy", "buys", "bought"),
    ("carry", "carries", "carried"),
    ("hide", "hides", "hid"),
    ("draw", "draws", "drew"),
    ("lose", "loses", "lost"),
    ("clean", "cleans", "cleaned"),
    ("see", "sees", "saw"),
)
VERBS = tuple(verb[0] for verb in _VERBS)
OBJECTS = ("book", "lamp", "boat", "kite", "clock", "chair", "hat", "drum", "letter", "picture")
PLACES = (
    "in the garden",
    "in the kitchen",
    "at the station",
    "at the market",
    "on the beach",
    "on the train",
    "near the river",
    "near the school",
    "at home",
)

FACTORS = (
    Factor("tense", TENSES),
    Factor("polarity", POLARITIES),
    Factor("person", PERSONS),
    Factor("number", NUMBERS),
    Factor("subject", SUBJECTS),
    Factor("verb", VERBS),
    Factor("object", OBJECTS),
    Factor("place", PLACES),
)

# The digits of a sentence's number, the slowest first.
_SIZES = (len(_SUBJECTS), len(TENSES), len(POLARITIES), len(_VERBS), len(OBJECTS), len(PLACES))
COUNT = math.prod(_SIZES)

_HELD_OUT = 5_000  # sentences of the test split
_SPLIT_SEED = 14
_SAMPLES = 500


def sentence(number: int) -> tuple[str, ...]:
    """Return the words of one sentence.

    Args:
        number: from 0 to ``COUNT`` - 1.
    """
    who, tense, polarity, verb, thing, place = (
        int(digit) for digit in np.unravel_index(number, _SIZES)
    )
    subject = _SUBJECTS[who]
    words = (*subject.words, *_verb(subject, tense, polarity, verb))
    return (*words, "a", OBJECTS[thing], *PLACES[place].split())


def _verb(subject: _Subject, tense: int, polarity: int, verb: int) -> tuple[str, ...]:
    plain, third, past = _VERBS[verb]
    if tense == 2:
        return ("will", "not", plain) if polarity else ("will", plain)
    singular_third = subject.person == 2 and subject.number == 0
    if polarity:
        helper = "did" if tense == 0 else "does" if singular_third else "do"
        return (helper, "not", plain)
    return (past if tense == 0 else third if singular_third else plain,)


def factors(number: int) -> tuple[int, ...]:
    """Return the value of every one of `FACTORS` in the sentence of this number."""
    who, tense, polarity, verb, thing, place = (
        int(digit) for digit in np.unravel_index(number, _SIZES)
    )
    subject = _SUBJECTS[who]
    return (tense, polarity, subject.person, subject.number, subject.who, verb, thing, place)


@cache
def _numbers() -> dict[tuple[str, ...], int]:
    return {sentence(number): number for number in range(COUNT)}


def parse(words: Sequence[str]) -> int | None:
    """Return the number of the sentence with these words; None, if it is not of the grammar."""
    return _numbers().get(tuple(words))


def words() -> tuple[str, ...]:
    """Return every word that the grammar has, in alphabetical order."""
    found = {word for subject in _SUBJECTS for word in subject.words}
    found.update(form for verb in _VERBS for form in verb)
    found.update(OBJECTS, ["a", "did", "does", "do", "will", "not"])
    found.update(word for place in PLACES for word in place.split())
    return tuple(sorted(found))


def longest() -> int:
    """Return how many words the longest sentence has."""
    # The parts vary each for themselves, but for the verb, whose longest form all subjects share.
    return (
        max(len(subject.words) for subject in _SUBJECTS)
        + len(("did", "not", "paint", "a", "book"))
        + max(len(place.split()) for place in PLACES)
    )


@cache
def split(part: Split) -> NDArray[np.int64]:
    """Return the numbers of the sentences of a split, in an order drawn once for all.

    The split is our own: 5,000 sentences, drawn by a fixed seed, are for testing.
    """
    drawn = np.random.default_rng(_SPLIT_SEED).permutation(COUNT)
    chosen: NDArray[np.int64] = drawn[:_HELD_OUT] if part == "test" else drawn[_HELD_OUT:]
    return chosen


def changed(number: int, factor: int, value: int) -> int | None:
    """Return the sentence of this number with one factor changed, and all others as they are.

    Args:
        number: of the sentence.
        factor: its place in `FACTORS`.
        value: the new one.

    Returns:
        The number of the new sentence; None, where the grammar has none: there is no doctor in
        the first person. Of "he" and "she" it is the one that stands there already, or else "he".
    """
    wanted = list(factors(number))
    wanted[factor] = value
    tense, polarity, person, count, who, verb, thing, place = wanted
    alike = [
        at
        for at, known in enumerate(_SUBJECTS)
        if (known.person, known.number, known.who) == (person, count, who)
    ]
    if not alike:
        return None
    before = int(np.unravel_index(number, _SIZES)[0])
    subject = before if before in alike else alike[0]
    return int(np.ravel_multi_index((subject, tense, polarity, verb, thing, place), _SIZES))


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary((*SPECIAL, *words()))


def _read(part: Split) -> tuple[tuple[str, ...], ...]:
    return tuple(sentence(int(number)) for number in split(part))


def _samples() -> tuple[str, ...]:
    return tuple(" ".join(sentence(int(number))) for number in split("test")[:_SAMPLES])


GRAMMAR = corpora.add(
    "grammar",
    TextDataset(
        name="grammar",
        title="Grammar",
        licence="MIT",
        credit="made by rule, by latentlab",
        read=_read,
        vocabulary=_vocabulary,
        samples=_samples,
        length=longest() + 2,
        tokenise=tokenise,
    ),
)
