"""What a task on sequences is: a data set made by rule, from a seed; nothing is downloaded.

A task draws sequences of tokens and says at which positions something is asked, and what is right
there. It knows a *floor*, the score of the best who remembers nothing of what matters, and a
program of a few lines that is always right: networks are asked whether they find it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latentlab.data.base import TrainingData
from latentlab.errors import InputError
from latentlab.kinds import Modality
from latentlab.registry import Registry

if TYPE_CHECKING:  # cards of data sets are read before torch is
    import numpy as np
    import torch
    from numpy.typing import NDArray
    from torch import Tensor

    from latentlab.models import ModelConfig

NOT_ASKED = -100  # in place of an answer; what torch's cross entropy passes over
EPOCH = 8192  # sequences: an epoch of what is drawn anew each time
LONGEST = 256  # tokens that a visitor's sequence may have


@dataclass(frozen=True)
class Batch:
    """Sequences of one length, and their answers.

    Attributes:
        x: tokens int64 ``[B, T]``.
        y: numbers of answers int64 ``[B, T]``, `NOT_ASKED` where nothing is asked.
    """

    x: "Tensor"
    y: "Tensor"


@dataclass(frozen=True, kw_only=True)
class SequenceTask:
    """A named rule that makes sequences, and says what is asked of them.

    Attributes:
        name: in its registry, and on cards.
        title: what people call it.
        question: in one sentence.
        vocabulary: the tokens, a character each.
        answers: what can be answered, in words.
        length: tokens of the longest sequences that are trained on.
        lessons: (count, rng, share of the run that is done) -> a batch for training, of one length.
        draw: (count, length, rng) -> a batch for examinations.
        floor: length -> share of right answers of who remembers nothing that matters.
        floor_title: who that is, in words.
        solve: tokens -> the right answer after each; None where nothing can be said.
        counted: the last so many positions are examined, where they are asked.
    """

    name: str
    title: str
    question: str
    vocabulary: tuple[str, ...]
    answers: tuple[str, ...]
    length: int
    lessons: "Callable[[int, torch.Generator, float], Batch]"
    draw: "Callable[[int, int, torch.Generator], Batch]"
    floor: Callable[[int], float]
    floor_title: str
    solve: Callable[[Sequence[int]], list[int | None]]
    counted: int = 1
    licence: str = "none needed: made by rule"
    credit: str = "drawn by latentlab"
    modality: Modality = "sequences"

    @property
    def tokens(self) -> int:
        """How many tokens there are."""
        return len(self.vocabulary)

    def training_data(self, config: "ModelConfig") -> TrainingData:
        """Return lessons without end: each visit to an item draws it anew."""
        return Lessons(self)

    def showcase(self, count: int) -> "Tensor":
        """Return ``count`` sequences, always the same, int64 ``[count, T]``."""
        import torch

        return self.draw(count, self.length, torch.Generator().manual_seed(0)).x

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text; spaces between them do not count.

        Raises:
            InputError: it is empty, too long, or has a character that is no token.
        """
        found = "".join(text[: 16 * LONGEST].split())
        known = "".join(self.vocabulary)
        if not found:
            raise InputError("There is no sequence.", f"Write one with these signs: {known}")
        if len(found) > LONGEST:
            raise InputError(f"The sequence is too long: {LONGEST} signs are the most.")
        for sign in found:
            if sign not in self.vocabulary:
                shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
                raise InputError(f"“{shown}” is no sign of this task.", f"Its signs are: {known}")
        return [self.vocabulary.index(sign) for sign in found]

    def decode(self, tokens: Sequence[int]) -> str:
        """Return tokens as a text."""
        return "".join(self.vocabulary[token] for token in tokens)


@dataclass(frozen=True)
class Lessons:
    """What a network learns a task from: `EPOCH` sequences an epoch, never the same."""

    task: SequenceTask

    def __len__(self) -> int:
        return EPOCH

    def batch(
        self, chosen: "NDArray[np.int64]", rng: "torch.Generator", done: float = 1.0
    ) -> "tuple[Tensor, Tensor]":
        """Return as many new sequences int64 ``[n, T]``, and their answers int64 ``[n, T]``.

        ``done`` is the share of the run that lies behind, 0 to 1: lessons may get harder with it.
        """
        drawn = self.task.lessons(len(chosen), rng, done)
        return drawn.x, drawn.y


sequence_tasks: Registry[SequenceTask] = Registry("task on sequences")
