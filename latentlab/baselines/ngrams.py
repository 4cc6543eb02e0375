"""Counting which token follows which others: interpolated Kneser-Ney n-grams.

Kneser & Ney 1995; Chen & Goodman 1999, section 2.7, with one discount an order, n1 / (n1 + 2 n2).
Tokens are whole numbers.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Context = tuple[int, ...]
START = -1  # stands before every text, as often as a context is long


@dataclass(frozen=True)
class NGrams:
    """What has been counted.

    Attributes:
        counts: by length of context, from 0: context -> how often each token follows. Below the
            longest these are numbers of different contexts that it followed.
        discounts: what is taken from every count, by length of context, in [0, 1].
        tokens: how many there may be; each is equally likely before anything is counted.
    """

    counts: tuple[dict[Context, Counter[int]], ...]
    discounts: tuple[float, ...]
    tokens: int

    @classmethod
    def fit(cls, texts: Iterable[Sequence[int]], order: int, tokens: int) -> "NGrams":
        """Count texts.

        Args:
            texts: their tokens, the end among them where it is to be predicted.
            order: tokens that are looked at, the predicted one included: 2 is a bigram.
            tokens: how many there may be.
        """
        counts: list[dict[Context, Counter[int]]] = [defaultdict(Counter) for _ in range(order)]
        for text in texts:
            padded = (START,) * (order - 1) + tuple(text)
            for at in range(order - 1, len(padded)):
                counts[-1][padded[at - order + 1 : at]][padded[at]] += 1
        for length in range(order - 1, 0, -1):
            for context, following in counts[length].items():
                shorter = counts[length - 1][context[1:]]
                for token in following:
                    shorter[token] += 1
        plain = tuple({context: following for context, following in by.items()} for by in counts)
        return cls(plain, tuple(_discount(by) for by in plain), tokens)

    @property
    def order(self) -> int:
        """Tokens that are looked at, the predicted one included."""
        return len(self.counts)

    def probability(self, before: Sequence[int], token: int) -> float:
        """Return how likely ``token`` is after ``before``, the whole text so far; in (0, 1]."""
        return self.probabilities(before, (token,))[0]

    def probabilities(self, before: Sequence[int], among: Sequence[int]) -> list[float]:
        """Return the same of each token ``among``."""
        found = [1 / self.tokens] * len(among)
        for following, total, discount in self._following(before):
            left = discount * len(following) / total
            found = [
                max(following[token] - discount, 0.0) / total + left * shorter
                for token, shorter in zip(among, found, strict=True)
            ]
        return found

    def _following(self, before: Sequence[int]) -> Iterator[tuple[Counter[int], int, float]]:
        """Yield what followed each context, its sum, and its discount; the longest comes last."""
        most = len(self.counts) - 1
        context = ((START,) * most + tuple(before[max(0, len(before) - most) :]))[-most:]
        for length, (by, discount) in enumerate(zip(self.counts, self.discounts, strict=True)):
            following = by.get(context[most - length :] if most else ())
            if following is None:
                return
            yield following, following.total(), discount

    def distribution(self, before: Sequence[int]) -> NDArray[np.float64]:
        """Return the probability of every token after ``before``, ``[tokens]``; they sum to 1.

        All tokens that were counted must be below ``tokens``.
        """
        found = np.full(self.tokens, 1 / self.tokens)
        for following, total, discount in self._following(before):
            found *= discount * len(following) / total
            for token, count in following.items():
                found[token] += max(count - discount, 0.0) / total
        return found

    def nats(self, text: Sequence[int]) -> float:
        """Return minus the log-likelihood of a text."""
        return -sum(math.log(self.probability(text[:at], token)) for at, token in enumerate(text))


def _discount(by: dict[Context, Counter[int]]) -> float:
    once = twice = 0
    for following in by.values():
        for count in following.values():
            once += count == 1
            twice += count == 2
    return once / (once + 2 * twice) if once else 0.5
