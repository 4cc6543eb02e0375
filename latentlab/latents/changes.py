"""What a step through codes does to a sentence, where all that varies in it is known.

The oldest arithmetic of codes: from the mean of those with one value of a factor to the mean of
those with another (Mikolov et al. 2013, "Linguistic regularities in continuous space word
representations", for words; Bowman et al. 2016 for sentences). Whether it did what it should is
read from the sentence that is written, word for word.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.data.text import grammar


@dataclass(frozen=True)
class Means:
    """The mean code of every value of every factor: ``values[f]`` is ``[V, D]``."""

    values: tuple[Tensor, ...]

    @classmethod
    def of(cls, codes: Tensor, factors: NDArray[np.int64]) -> "Means":
        """Return those of codes ``[N, D]`` whose factors ``[N, F]`` are known."""
        found = []
        for place, factor in enumerate(grammar.FACTORS):
            column = torch.from_numpy(factors[:, place])
            found.append(
                torch.stack([codes[column == v].mean(0) for v in range(len(factor.values))])
            )
        return cls(tuple(found))

    def step(self, factor: int, before: int, after: int) -> Tensor:
        """Return what has to be added to a code, ``[D]``."""
        return self.values[factor][after] - self.values[factor][before]


@dataclass(frozen=True)
class Question:
    """A sentence, one factor of it that is to change, and the sentence that should come of it."""

    sentence: int  # its number in the grammar
    factor: int
    before: int
    after: int
    target: int


def questions(numbers: NDArray[np.int64], factor: int, seed: int) -> list[Question]:
    """Return one question for each sentence to which the factor leaves a choice."""
    rng = np.random.default_rng(seed)
    found = []
    for number in numbers.tolist():
        before = grammar.factors(number)[factor]
        targets = {
            value: target
            for value in range(len(grammar.FACTORS[factor].values))
            if value != before and (target := grammar.changed(number, factor, value)) is not None
        }
        if targets:
            after = int(rng.choice(sorted(targets)))
            found.append(Question(number, factor, before, after, targets[after]))
    return found


def moved(codes: Tensor, means: Means, asked: Sequence[Question]) -> Tensor:
    """Return codes ``[N, D]`` after the step that each question asks for."""
    steps = [means.step(each.factor, each.before, each.after) for each in asked]
    return codes + torch.stack(steps)


def hits(answers: Sequence[Sequence[str]], asked: Sequence[Question]) -> float:
    """Return the share of answers that are the sentence asked for, word for word."""
    right = [grammar.parse(a) == each.target for a, each in zip(answers, asked, strict=True)]
    return sum(right) / len(right)


def factors_of(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the factors ``[N, F]`` of the sentences of these numbers."""
    return np.array([grammar.factors(number) for number in numbers.tolist()], np.int64)


def shared(numbers: NDArray[np.int64], neighbours: NDArray[np.int64]) -> float:
    """Return the share of factors in which sentences ``[N]`` agree with neighbours ``[N]``."""
    return float((factors_of(numbers) == factors_of(neighbours)).mean())


def walks(ends: Tensor, steps: int) -> Iterator[Tensor]:
    """Yield straight ways ``[steps, D]`` from each code of ``[N, 2, D]`` to its partner."""
    t = torch.linspace(0, 1, steps)[:, None]
    for a, b in ends:
        yield (1 - t) * a + t * b
