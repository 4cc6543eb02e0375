"""A trigram model of sentences: what counting alone knows of which word follows two others.

Jelinek & Mercer 1980: shares of words after two words, after one, and anywhere, mixed with weights
that are fitted by expectation maximisation to sentences that were not counted.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from latentlab.errors import InputError

_START, _END = "<start>", "<end>"
_ALL = ""  # no word: under it counts hold their sum
_HELD_OUT = 10  # one sentence in so many fits the weights
_ROUNDS = 20
_LEAST = 1e-6  # of a weight


@dataclass(frozen=True)
class Trigrams:
    """Counts of a fitted model.

    Attributes:
        after_two: how often a word follows two others.
        after_one: how often it follows one.
        words: how often it is there at all.
        weights: of the three shares, and of a word that is any of a vocabulary; their sum is 1.
    """

    after_two: dict[tuple[str, str], Counter[str]]
    after_one: dict[str, Counter[str]]
    words: Counter[str]
    weights: tuple[float, float, float, float]

    @classmethod
    def fit(cls, texts: Sequence[Sequence[str]]) -> Self:
        """Return the model of texts, each a sequence of words.

        Raises:
            InputError: fewer than 20 texts.
        """
        if len(texts) < 2 * _HELD_OUT:
            raise InputError(f"A trigram model needs {2 * _HELD_OUT} sentences at least.")
        after_two: dict[tuple[str, str], Counter[str]] = {}
        after_one: dict[str, Counter[str]] = {}
        words: Counter[str] = Counter()
        for place, text in enumerate(texts):
            if place % _HELD_OUT == 0:
                continue
            for first, second, word in _steps(text):
                for counts in (
                    after_two.setdefault((first, second), Counter()),
                    after_one.setdefault(second, Counter()),
                    words,
                ):
                    counts[word] += 1
                    counts[_ALL] += 1
        model = cls(after_two, after_one, words, (0.25, 0.25, 0.25, 0.25))
        shares = np.array(
            [model._shares(*step) for text in texts[::_HELD_OUT] for step in _steps(text)]
        )
        weights = np.full(4, 0.25)
        for _ in range(_ROUNDS):
            parts = shares * weights
            weights = (parts / parts.sum(1, keepdims=True)).mean(0)
        weights = np.maximum(weights, _LEAST)  # what was never seen is unlikely, not impossible
        fitted = tuple(float(weight) for weight in weights / weights.sum())
        return cls(after_two, after_one, words, fitted)  # type: ignore[arg-type]

    def nats(self, text: Sequence[str]) -> float:
        """Return −log p of a text with its end: the lower, the more fluent."""
        return -sum(
            math.log(sum(w * s for w, s in zip(self.weights, self._shares(*step), strict=True)))
            for step in _steps(text)
        )

    def nats_a_word(self, text: Sequence[str]) -> float:
        """Return the same divided by the number of words, the end among them."""
        return self.nats(text) / (len(text) + 1)

    def sample(self, rng: np.random.Generator, longest: int) -> tuple[str, ...]:
        """Return a text that the model writes, of at most ``longest`` words."""
        written: list[str] = []
        first, second = _START, _START
        while len(written) < longest:
            known = [self.after_two.get((first, second)), self.after_one.get(second), self.words]
            weights = np.array([w if k else 0.0 for w, k in zip(self.weights, known, strict=False)])
            chosen = known[rng.choice(3, p=weights / weights.sum())]
            assert chosen  # a weight of zero is never drawn
            choices = [word for word in chosen if word != _ALL]
            counts = np.array([chosen[word] for word in choices], float)
            word = choices[rng.choice(len(counts), p=counts / counts.sum())]
            if word == _END:
                break
            written.append(word)
            first, second = second, word
        return tuple(written)

    def _shares(self, first: str, second: str, word: str) -> tuple[float, float, float, float]:
        return (
            _share(self.after_two.get((first, second)), word),
            _share(self.after_one.get(second), word),
            _share(self.words, word),
            1 / len(self.words),  # one of them stands for all words that were never seen
        )


def _steps(text: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    whole = [_START, _START, *text, _END]
    return zip(whole, whole[1:], whole[2:], strict=False)


def _share(counts: Counter[str] | None, word: str) -> float:
    return counts[word] / counts[_ALL] if counts else 0.0
