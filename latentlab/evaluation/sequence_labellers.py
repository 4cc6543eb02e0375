"""Networks that answer at positions of a sequence: right answers, beside who remembers nothing."""

from collections.abc import Iterator

import torch
from torch import Tensor

from latentlab.checkpoints import Score
from latentlab.data import sequence_tasks
from latentlab.evaluation.base import Examination, Lines, examinations
from latentlab.models import SequenceLabeller
from latentlab.sequences import measures

COUNT = 1_000  # sequences
REFERENCE = 2
STRETCHES = {1: "accuracy", 2: "accuracy, twice as long", 4: "accuracy, four times as long"}


def labeller_scores(network: SequenceLabeller, data: str) -> Iterator[Score]:
    """Yield the share of right answers at the trained length, at twice and at four times it."""
    task = sequence_tasks.get(data)
    for times, name in STRETCHES.items():
        length = times * task.length
        found = measures.accuracy(network, task, measures.held_out(task, COUNT, length))
        yield Score(name, found, "", True, task.floor(length), task.floor_title)


def labeller_reference(network: SequenceLabeller, data: str) -> dict[str, Tensor]:
    """Return two sequences and the logits at all their positions."""
    x = sequence_tasks.get(data).showcase(REFERENCE)
    return {"tokens": x, "logits": network(x)}


def labeller_portrait(network: SequenceLabeller, x: Tensor, rng: torch.Generator) -> Lines:
    """Return a line for each sequence of tokens ``[N, T]`` with the answer at its end.

    A network does not know the words of its task; its tokens are shown by number where none fits.
    """
    fitting = [
        task
        for task in map(sequence_tasks.get, sequence_tasks)
        if (task.tokens, len(task.answers)) == (network.tokens, network.config.outputs)
    ]
    last = network(x)[:, -1].softmax(-1)
    lines = []
    for row, chances in zip(x.tolist(), last, strict=True):
        best = int(chances.argmax())
        shown = fitting[0].decode(row) if fitting else " ".join(map(str, row))
        answer = fitting[0].answers[best] if fitting else str(best)
        lines.append((shown, f"{answer} ({100 * float(chances[best]):.0f} %)"))
    return Lines(tuple(lines))


SEQUENCE_LABELLERS = examinations.add(
    "sequence_labeller",
    Examination(SequenceLabeller, labeller_scores, labeller_reference, labeller_portrait),
)
