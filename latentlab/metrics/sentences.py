"""Scores of written sentences: rows of numbers ``[N, T]`` int64, as `Vocabulary.rows` gives them.

What is compared has been written freely, the writer hearing its own words: told the true ones, a
network that knows nothing of the sentence still names most of them.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from latentlab.errors import InputError, ShapeError

_PAD, _START = 0, 2


def _pair(written: Tensor, truth: Tensor) -> None:
    if written.shape != truth.shape or written.ndim != 2 or not len(truth):
        raise ShapeError("The written sentences", list(truth.shape), list(written.shape))


def exact_match(written: Tensor, truth: Tensor) -> float:
    """Return the share of sentences ``[N, T]`` that are right in every word.

    Raises:
        ShapeError: the shapes differ, or there are none.
    """
    _pair(written, truth)
    return (written == truth).all(1).double().mean().item()


def token_accuracy(written: Tensor, truth: Tensor) -> float:
    """Return the share of places with the right word, the end among them.

    A place counts where either sentence has a word: one that goes on too long is wrong there.

    Raises:
        ShapeError: the shapes differ, or there are none.
    """
    _pair(written, truth)
    counted = ((written != _PAD) | (truth != _PAD)) & (truth != _START)
    return ((written == truth) & counted).sum().item() / max(1, int(counted.sum()))


def others_kept(written: Tensor, truth: Tensor, hidden: Tensor) -> float:
    """Return the share of sentences ``[N, T]`` that are right but for places that nobody told.

    Args:
        written: the sentences.
        truth: what they should be.
        hidden: ``[N, T]`` bool, the places whose word does not count.

    Raises:
        ShapeError: the shapes differ, or there are none.
    """
    _pair(written, truth)
    _pair(hidden, truth)
    return ((written == truth) | hidden).all(1).double().mean().item()


def distinct(lines: Sequence[str]) -> float:
    """Return the share of lines that are not there already: 1 where all differ.

    Raises:
        InputError: there are none.
    """
    if not lines:
        raise InputError("No lines can be counted.")
    return len(set(lines)) / len(lines)


def shuffled_gap(own: Tensor, shuffled: Tensor) -> tuple[float, float]:
    """Return by how many nats a foreign code makes sentences less likely, and its standard error.

    Zero means that the writer does not look at the code, whatever its divergence is.

    Args:
        own: log-likelihoods ``[N]`` of sentences by their own codes.
        shuffled: of the same sentences by codes of others.

    Raises:
        ShapeError: the lengths differ, or there are fewer than two.
    """
    if own.shape != shuffled.shape or own.ndim != 1 or len(own) < 2:
        raise ShapeError("The log-likelihoods", ["N ≥ 2"], list(shuffled.shape))
    apart = (own - shuffled).double()
    return apart.mean().item(), (apart.std() / math.sqrt(len(apart))).item()


def shifted(z: Tensor) -> Tensor:
    """Return codes ``[N, D]`` each of which belongs to the sentence before: all are foreign."""
    return torch.roll(z, 1, 0)
