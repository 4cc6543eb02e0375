"""Sentences: what a visitor does with codes of sentences.

a, b = typed("the king lost a hat at home", corpus), typed("we will see a boat", corpus)
found = walk(network, corpus, code(network, a), code(network, b), steps=9)
for line in found.lines: print(line.text, line.grammatical)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.baselines.tfidf import LatentSemantics
from latentlab.baselines.trigrams import Trigrams
from latentlab.data import TextDataset
from latentlab.data.text import grammar
from latentlab.data.text.vocabulary import UNKNOWN
from latentlab.errors import InputError
from latentlab.experiments import Result
from latentlab.latents import changes
from latentlab.latents.directions import supervised, through
from latentlab.latents.paths import paths
from latentlab.latents.statistics import LatentStatistics
from latentlab.metrics import active_units
from latentlab.metrics.sentences import distinct, exact_match, shifted, shuffled_gap
from latentlab.models import SentenceModel

if TYPE_CHECKING:
    from latentlab.experiments import Curve

MAX_CHARACTERS = 2_000  # of what is typed; no sentence here has more
BATCH = 500
SHOWN = 2_000  # test sentences on the map
COUNTED = 5_000  # training sentences that the page counts words of
_SPELT = {"i": "I", UNKNOWN: "(unknown)"}
_BEFORE_MARK = re.compile(r" ([,.;:!?])(?= |$)")
DIALS = 6
HARDLY = 0.01  # of its loss: a code that says less of a sentence is as good as unused
NEIGHBOURS = 6
TRIED, TRIES = 300, 8  # sentences that a direction is measured on, and steps of each


@dataclass(frozen=True)
class Typed:
    """A sentence as a network takes it.

    Attributes:
        words: what is read of it.
        unknown: those of the words that are in no vocabulary, each once.
        cut: whether there was more, which is not read.
        row: ``[1, T]`` int64.
    """

    words: tuple[str, ...]
    unknown: tuple[str, ...]
    cut: bool
    row: Tensor


def typed(text: str, corpus: TextDataset) -> Typed:
    """Return what is read of a text from a visitor.

    Raises:
        InputError: there is no word in it.
    """
    words = corpus.tokenise(text[:MAX_CHARACTERS])
    if not words:
        raise InputError("There is no word in this.", "Type a sentence.")
    vocabulary = corpus.vocabulary()
    most = corpus.length - 2
    read = tuple(words[:most])
    unknown = tuple(dict.fromkeys(word for word in read if word not in vocabulary.numbers))
    row = torch.tensor(vocabulary.rows([read], corpus.length))
    return Typed(read, unknown, len(words) > most or len(text) > MAX_CHARACTERS, row)


def spelt(words: Sequence[str]) -> str:
    """Return words as people write them; networks know small letters alone."""
    text = " ".join(_SPELT.get(word, word) for word in words)
    return _BEFORE_MARK.sub(r"\1", text)


def code(network: SentenceModel, sentence: Typed) -> Tensor:
    """Return the most probable code of a sentence, ``[D]``."""
    with torch.inference_mode():
        return network.encode(sentence.row).mode()[0]


def texts(network: SentenceModel, corpus: TextDataset, z: Tensor) -> list[list[str]]:
    """Return the words that a network writes for codes ``[N, D]``."""
    vocabulary = corpus.vocabulary()
    with torch.inference_mode():
        rows = torch.cat([network.write(part) for part in z.split(BATCH)])
    return [vocabulary.decode(row) for row in rows.tolist()]


@dataclass(frozen=True)
class Line:
    """One sentence that was written.

    Attributes:
        text: the sentence.
        grammatical: whether the grammar has it; None for texts of another kind.
        nats: a word of it, by trigrams; None where nothing was counted.
    """

    text: str
    grammatical: bool | None = None
    nats: float | None = None


@dataclass(frozen=True)
class Walk:
    """The lines on the way from one code to another, both ends among them."""

    lines: tuple[Line, ...]

    @property
    def distinct(self) -> int:
        """How many different ones there are."""
        texts_ = [line.text for line in self.lines]
        return round(distinct(texts_) * len(texts_))

    @property
    def grammatical(self) -> int | None:
        """How many the grammar has; None for texts of another kind."""
        known = [line.grammatical for line in self.lines]
        return None if None in known else sum(map(bool, known))

    @property
    def nats(self) -> float | None:
        """Of a word, by trigrams, on average over the lines."""
        known = [line.nats for line in self.lines if line.nats is not None]
        return sum(known) / len(known) if len(known) == len(self.lines) else None


def walk(
    network: SentenceModel,
    corpus: TextDataset,
    ends: tuple[Tensor, Tensor],
    steps: int,
    counted: Trigrams | None = None,
) -> Walk:
    """Return what a network writes on the straight way between two codes ``[D]``.

    Args:
        network: that reads and writes.
        corpus: whose words it knows.
        ends: where the way begins and ends.
        steps: lines, both ends among them.
        counted: judges how usual the words are; None = nobody does.
    """
    z = paths.get("linear")(*ends, steps)
    return Walk(tuple(line(words, corpus, counted) for words in texts(network, corpus, z)))


def line(words: Sequence[str], corpus: TextDataset, counted: Trigrams | None = None) -> Line:
    """Return a line of words with what is known of it."""
    right = grammar.parse(words) is not None if corpus.name == grammar.GRAMMAR.name else None
    nats = None if counted is None else counted.nats_a_word(words)
    return Line(spelt(words), right, nats)


def counted() -> Trigrams:
    """Return the trigrams of some training sentences of the grammar."""
    return Trigrams.fit([grammar.sentence(int(n)) for n in grammar.split("train")[:COUNTED]])


# --- dials --------------------------------------------------------------------------------------


def strongest(statistics: LatentStatistics) -> list[int]:
    """Return the numbers of a code that matter most, the first before all others."""
    order = statistics.importance.argsort(descending=True)
    return [int(place) for place in order[:DIALS]]


def turned(z: Tensor, statistics: LatentStatistics, by: dict[int, float]) -> Tensor:
    """Return a code ``[D]`` some of whose numbers are moved by so many standard deviations."""
    moved = z.clone()
    for place, steps in by.items():
        moved[place] += steps * statistics.std[place]
    return moved


# --- is the code in use? ------------------------------------------------------------------------


@dataclass(frozen=True)
class Health:
    """Whether a network uses its codes.

    Attributes:
        rates: KL divergence from the prior of every number of the code, nats, ``[D]``.
        active: how many numbers vary with the sentence.
        exact: share of sentences that come back word for word.
        own: nats of a sentence by its own code, on average.
        gap: how many more by the code of another sentence.
        gap_error: standard error of that.
    """

    rates: Tensor
    active: int
    exact: float
    own: float
    gap: float
    gap_error: float

    @property
    def collapsed(self) -> bool:
        """Whether a foreign code costs less than a hundredth of the loss, or three errors."""
        return self.gap <= max(3 * self.gap_error, HARDLY * self.own)


def health(network: SentenceModel, rows: Tensor) -> Health:
    """Return how far a network uses the codes of sentences ``[N, T]``."""
    with torch.inference_mode():
        posterior = network.encode(rows)
        z = posterior.mode()
        own = network.log_likelihood(rows, z)
        gap, error = shuffled_gap(own, network.log_likelihood(rows, shifted(z)))
        return Health(
            rates=posterior.kl().mean(0),
            active=int(active_units(z)),
            exact=exact_match(network.write(z), rows),
            own=-own.mean().item(),
            gap=gap,
            gap_error=error,
        )


# --- map and neighbours -------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """Sentences that no network of this page has learnt from.

    Attributes:
        words: of each.
        texts: the same as people read them.
        rows: as networks take them, ``[N, T]``.
        factors: what is known of each, ``[N, F]``: the factors of the grammar, or how many words.
        numbers: in the grammar, ``[N]``; None for texts of another kind.
    """

    words: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    rows: Tensor
    factors: NDArray[np.int64]
    numbers: NDArray[np.int64] | None


def known(corpus: TextDataset, count: int = SHOWN) -> Known:
    """Return the first test sentences of the grammar, or the samples of other texts."""
    numbers = None
    if corpus.name == grammar.GRAMMAR.name:
        numbers = grammar.split("test")[:count]
        words = tuple(grammar.sentence(int(number)) for number in numbers)
        factors = changes.factors_of(numbers)
    else:
        words = tuple(tuple(corpus.tokenise(text)) for text in corpus.samples()[:count])
        factors = np.array([[len(text)] for text in words])
    rows = torch.tensor(corpus.vocabulary().rows(words, corpus.length))
    return Known(words, tuple(map(spelt, words)), rows, factors, numbers)


def semantics(sentences: Known, k: int) -> LatentSemantics:
    """Return TF-IDF and SVD to ``k`` numbers of these sentences."""
    return LatentSemantics.fit(sentences.words, k)


@dataclass(frozen=True)
class Plane:
    """Codes on a plane: their first two principal components.

    Attributes:
        places: ``[N, 2]``.
        here: where a sentence that is looked at lies, ``[2]``.
        share: of the variance that the plane shows.
    """

    places: NDArray[np.float64]
    here: NDArray[np.float64]
    share: float


def plane(codes: NDArray[np.float64], here: NDArray[np.float64]) -> Plane:
    """Return codes ``[N, D]`` and one more ``[D]`` on their first two principal components."""
    mean = codes.mean(0)
    _, values, axes = np.linalg.svd(codes - mean, full_matrices=False)
    share = float((values[:2] ** 2).sum() / max((values**2).sum(), 1e-12))
    return Plane((codes - mean) @ axes[:2].T, (here - mean) @ axes[:2].T, share)


@dataclass(frozen=True)
class Neighbour:
    """A sentence near another one, and how many factors the two share; None = not known."""

    text: str
    shared: int | None


def neighbours(
    codes: NDArray[np.float64], here: NDArray[np.float64], of: Known, words: Sequence[str]
) -> list[Neighbour]:
    """Return the sentences whose codes ``[N, D]`` are nearest to ``here``, without itself."""
    number = None if of.numbers is None else grammar.parse(words)
    mine = None if number is None else np.array(grammar.factors(number))
    own = spelt(words)
    found = []
    for place in ((codes - here) ** 2).sum(1).argsort(kind="stable"):
        if of.texts[place] == own:
            continue
        shared = None if mine is None else int((of.factors[place] == mine).sum())
        found.append(Neighbour(of.texts[place], shared))
        if len(found) == NEIGHBOURS:
            break
    return found


# --- arithmetic and directions ------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What came of a change that was asked for.

    Attributes:
        line: what the network wrote.
        target: what it should have written.
    """

    line: Line
    target: str

    @property
    def hit(self) -> bool:
        """Whether it did."""
        return self.line.text == self.target


def change(
    network: SentenceModel, means: changes.Means, sentence: Typed, factor: int, value: int
) -> Answer:
    """Return what becomes of a sentence of the grammar when one factor is to change.

    Raises:
        InputError: it is no sentence of the grammar, or cannot have that value.
    """
    number = grammar.parse(sentence.words)
    if number is None:
        raise InputError(
            "The grammar does not have this sentence, so nobody knows what should come of it.",
            "Take one such as: the king lost a hat at home.",
        )
    title = grammar.FACTORS[factor]
    target = grammar.changed(number, factor, value)
    if target is None:
        raise InputError(
            f"This sentence has no form with the {title.name} “{title.values[value]}”.",
            "Choose another value, or another sentence.",
        )
    step = means.step(factor, grammar.factors(number)[factor], value)
    (words,) = texts(network, grammar.GRAMMAR, (code(network, sentence) + step)[None])
    return Answer(line(words, grammar.GRAMMAR), spelt(grammar.sentence(target)))


def means(network: SentenceModel, of: Known) -> changes.Means:
    """Return the mean codes of every value of every factor."""
    return changes.Means.of(codes(network, of), of.factors)


def codes(network: SentenceModel, of: Known) -> Tensor:
    """Return the most probable codes ``[N, D]`` of known sentences."""
    with torch.inference_mode():
        return torch.cat([network.encode(part).mode() for part in of.rows.split(BATCH)])


# Questions that are answered by yes or no: (factor, value that means yes).
ATTRIBUTES = {
    "past": ("Past", 0, 0),
    "future": ("Future", 0, 2),
    "negative": ("Negative", 1, 1),
    "plural": ("Plural", 3, 1),
    "first": ("First person", 2, 0),
}


@dataclass(frozen=True)
class Direction:
    """A direction that was found for an attribute, and what it does.

    Attributes:
        vector: ``[D]``, unit length, towards where the attribute holds.
        low: where its slider begins, along the vector.
        high: where it ends.
        switched: share of sentences whose attribute switched on the way to that end.
        clean: share of those that switched in which nothing else changed.
        broken: share of all whose last line is no sentence of the grammar.
    """

    vector: Tensor
    low: float
    high: float
    switched: float
    clean: float
    broken: float


def direction(network: SentenceModel, of: Known, method: str, attribute: str) -> Direction:
    """Return the direction that a method of `latents.directions` finds, and how well it does.

    It is found with the codes of all known sentences but the first 300, which it is measured on:
    each goes in eight steps to the end of the slider where the attribute is the other one, and
    stops at the first line in which it is.
    """
    _, factor, yes_value = ATTRIBUTES[attribute]
    z = codes(network, of)
    yes = of.factors[:, factor] == yes_value
    others = np.delete(of.factors, factor, axis=1)
    vector = supervised.get(method).find(z[TRIED:], yes[TRIED:], others[TRIED:])
    slider = through(vector, z[TRIED:], yes[TRIED:])
    vector, low, high = slider.vector, slider.low, slider.high
    start = z[:TRIED]
    places = start @ vector
    ends = torch.where(torch.from_numpy(yes[:TRIED]), torch.tensor(low), torch.tensor(high))
    left = list(range(len(start)))
    switched, clean, broken = 0, 0, 0
    for step in range(1, TRIES + 1):
        way = (ends[left] - places[left]) * step / TRIES
        lines = texts(network, grammar.GRAMMAR, start[left] + way[:, None] * vector)
        stay = []
        for place, words in zip(left, lines, strict=True):
            number = grammar.parse(words)
            after = None if number is None else grammar.factors(number)
            if after is not None and (after[factor] == yes_value) != bool(yes[place]):
                switched += 1
                same = np.delete(np.array(after), factor) == others[place]
                clean += bool(same.all())
            else:
                stay.append(place)
                broken += step == TRIES and number is None
        left = stay
        if not left:
            break
    return Direction(
        vector,
        low,
        high,
        switched / len(start),
        clean / max(1, switched),
        broken / len(start),
    )


def along(network: SentenceModel, found: Direction, z: Tensor, steps: int) -> Walk:
    """Return lines from one end of a direction to the other, through a code ``[D]``."""
    places = torch.linspace(found.low, found.high, steps)
    moved = z + (places - z @ found.vector)[:, None] * found.vector
    corpus = grammar.GRAMMAR
    return Walk(tuple(line(words, corpus) for words in texts(network, corpus, moved)))


# --- what the experiment found ------------------------------------------------------------------


def value(result: Result, measure: str, network: str) -> tuple[float, float | None] | None:
    """Return a measured mean of one network with its spread; None where it was not measured."""
    curve: Curve | None = result.curve(measure)
    if curve is None or network not in curve.x:
        return None
    place = curve.x.index(network)
    return curve.mean[place], None if curve.spread is None else curve.spread[place]


def baseline(result: Result, measure: str) -> float | None:
    """Return what the classical method reaches in a measure; None where it has no part."""
    curve = result.curve(f"{measure}.baseline")
    return None if curve is None else curve.mean[0]
