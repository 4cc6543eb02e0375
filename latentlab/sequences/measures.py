"""What is measured of a network's answers, over sequences that are drawn for it."""

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.data.sequences import NOT_ASKED, SequenceTask
from latentlab.data.sequences.base import Batch
from latentlab.models import SequenceLabeller

BATCH = 250  # sequences at once


def logits_of(network: SequenceLabeller, x: Tensor) -> Tensor:
    """Return logits for tokens ``[B, T]``, a part of the batch after another, on the CPU."""
    device = next(network.parameters()).device
    with torch.inference_mode():
        return torch.cat([network(part.to(device)).cpu() for part in x.split(BATCH)])


def share_right(logits: Tensor, y: Tensor) -> float:
    """Return the share of asked positions ``[B, T]`` at which the likeliest answer is right."""
    asked = y != NOT_ASKED
    return float((logits.argmax(-1)[asked] == y[asked]).float().mean())


def nats(logits: Tensor, y: Tensor) -> float:
    """Return the mean cross-entropy of asked positions in nats."""
    return float(F.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=NOT_ASKED))


def squared_error(logits: Tensor, y: Tensor, unit: float) -> float:
    """Return the mean squared error of the expected answer, where answers are numbers.

    Args:
        logits: ``[B, T, outputs]``; answer n stands for the number ``n * unit``.
        y: numbers of the right answers, ``[B, T]``.
        unit: what one answer more is worth.
    """
    asked = y != NOT_ASKED
    worth = unit * torch.arange(logits.shape[-1], dtype=logits.dtype)
    expected = (logits.softmax(-1) * worth).sum(-1)
    return float((expected[asked] - unit * y[asked]).square().mean())


def examined(task: SequenceTask, batch: Batch) -> Batch:
    """Return the batch with only those positions asked that a task counts."""
    y = batch.y.clone()
    y[:, : -task.counted] = NOT_ASKED
    return Batch(batch.x, y)


def accuracy(network: SequenceLabeller, task: SequenceTask, batch: Batch) -> float:
    """Return the share of right answers among the counted positions of a batch."""
    return share_right(logits_of(network, batch.x), examined(task, batch).y)


def held_out(task: SequenceTask, count: int, length: int) -> Batch:
    """Return sequences to be examined by: always the same, drawn apart from all lessons."""
    return task.draw(count, length, torch.Generator().manual_seed(2**40 + length))
