"""Spelling to sound without a network: joint n-grams (Bisani & Ney 2008; Chen 2003).

Every letter is paired with the sounds that it stands for, none, one or two; which, is found by
expectation and maximisation in its hard form. An n-gram model of such pairs then tells how likely a
spelling and its sounds are together, and a search over pairs finds the likeliest sounds.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from latentlab.baselines.ngrams import NGrams

Sounds = tuple[str, ...]
Pair = tuple[str, Sounds]  # a letter, and the sounds that it stands for

MOST = 2  # sounds of one letter
ROUNDS = 6  # of expectation and maximisation
LEARNT_FROM = 8_000  # words that these look at; all are then aligned
BEAM = 8  # beginnings that are followed at a time
_FLOOR = math.log(1e-7)  # of a pair that was never chosen


@dataclass(frozen=True)
class JointNGrams:
    """A model of pairs of letters and sounds.

    Attributes:
        pairs: all that occur, by their number; the end of a word comes after the last.
        of_letter: the numbers of the pairs of each letter.
        model: n-grams of these numbers.
    """

    pairs: tuple[Pair, ...]
    of_letter: dict[str, tuple[int, ...]]
    model: NGrams

    @classmethod
    def fit(cls, words: Sequence[tuple[str, Sounds]], order: int) -> "JointNGrams":
        """Align words with their sounds, and count pairs in their order.

        Args:
            words: spellings and their sounds; those with more than two sounds a letter are left.
            order: pairs that are looked at.
        """
        possible = [(word, said) for word, said in words if len(said) <= MOST * len(word)]
        costs = _learnt(possible[:: max(1, len(possible) // LEARNT_FROM)])
        aligned = [_aligned(word, said, costs) for word, said in possible]
        counted = Counter(pair for pairs in aligned for pair in pairs)
        pairs = tuple(sorted(counted))
        number = {pair: place for place, pair in enumerate(pairs)}
        of_letter: dict[str, list[int]] = defaultdict(list)
        for place, (letter, _) in enumerate(pairs):
            of_letter[letter].append(place)
        texts = [[*(number[pair] for pair in row), len(pairs)] for row in aligned]
        return cls(
            pairs,
            {letter: tuple(places) for letter, places in of_letter.items()},
            NGrams.fit(texts, order, len(pairs) + 1),
        )

    def sounds(self, word: str) -> Sounds:
        """Return the likeliest sounds of a spelling; letters that were never seen are passed over.

        Several pairings that sound alike count as the best of them.
        """
        begun: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
        for letter in word:
            places = self.of_letter.get(letter)
            if not places:
                continue
            longer = [
                (cost - math.log(chance), (*row, place))
                for cost, row in begun
                for place, chance in zip(places, self.model.probabilities(row, places), strict=True)
            ]
            begun = sorted(longer)[:BEAM]
        end = len(self.pairs)
        _, best = min(
            (cost - math.log(self.model.probability(row, end)), row) for cost, row in begun
        )
        return tuple(sound for place in best for sound in self.pairs[place][1])


def _learnt(words: Sequence[tuple[str, Sounds]]) -> dict[Pair, float]:
    """Return minus the log-probability of each pair, from words alone."""
    counted: Counter[Pair] = Counter()
    for word, said in words:  # at first whatever lies at about the same place
        for at, letter in enumerate(word):
            place = at * len(said) // len(word)
            for sounds in ((), said[place : place + 1], said[place : place + 2]):
                counted[letter, sounds] += 1
    costs = _costs(counted)
    for _ in range(ROUNDS):
        costs = _costs(Counter(pair for row in words for pair in _aligned(*row, costs)))
    return costs


def _costs(counted: Counter[Pair]) -> dict[Pair, float]:
    letters: Counter[str] = Counter()
    for (letter, _), count in counted.items():
        letters[letter] += count
    return {pair: -math.log(count / letters[pair[0]]) for pair, count in counted.items()}


def _aligned(word: str, said: Sounds, costs: dict[Pair, float]) -> list[Pair]:
    """Return the likeliest pairs that spell ``word`` and sound as ``said`` (Viterbi 1967)."""
    most = len(said)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]  # by letters: sounds used -> cost
    for letter in word:
        reached: dict[int, tuple[float, int]] = {}
        for used, (cost, _) in best[-1].items():
            for count in range(min(MOST, most - used) + 1):
                total = cost + costs.get((letter, said[used : used + count]), -_FLOOR)
                known = reached.get(used + count)
                if known is None or total < known[0]:
                    reached[used + count] = (total, used)
        best.append(reached)
    found: list[Pair] = []
    at = most
    for place in range(len(word), 0, -1):
        before = best[place][at][1]
        found.append((word[place - 1], said[before:at]))
        at = before
    return found[::-1]
