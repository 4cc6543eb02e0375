"""The class of a sentence: a linear head on a masked model's mean code, beside bags of words."""

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from latentlab.baselines.bags import counted, pairs_right
from latentlab.data.text import sentence_classes
from latentlab.data.text.everyday import EVERYDAY
from latentlab.data.text.sentence_classes import CLASSES, Heads, Labelled, Linear, Name, Words
from latentlab.models import MaskedLanguageModel

BATCH = 512


def rows_of(texts: tuple[Words, ...]) -> list[list[int]]:
    """Return the tokens of texts, without start and end."""
    vocabulary = EVERYDAY.vocabulary()
    return [vocabulary.encode(text) for text in texts]


@torch.inference_mode()
def mean_codes(network: MaskedLanguageModel, texts: tuple[Words, ...]) -> NDArray[np.float64]:
    """Return the mean over its positions of what the layers make of each text, ``[N, D]``."""
    rows = torch.tensor(EVERYDAY.vocabulary().rows(texts, EVERYDAY.length))
    return torch.cat([network.mean_codes(part) for part in rows.split(BATCH)]).double().numpy()


def fitted(network: MaskedLanguageModel, question: Name) -> Heads:
    """Return the heads of one question, fitted to the training split.

    Raises:
        DataError: its files are not on this machine.
    """
    known = sentence_classes.labelled(question, "train")
    return Heads(_head(mean_codes(network, known.texts), known), words_of(question))


@lru_cache(maxsize=len(CLASSES))
def words_of(question: Name) -> Linear:
    """Return the head of a bag of words. Errors as ``fitted``."""
    known = sentence_classes.labelled(question, "train")
    return _head(counted(rows_of(known.texts), len(EVERYDAY.vocabulary())), known, scaled=False)


def _head(x: NDArray[np.float64], known: Labelled, scaled: bool = True) -> Linear:
    """Return logistic regression on rows ``[N, D]``, with one unit of ridge.

    ``scaled`` gives every column the variance 1 first, so that the ridge weighs all alike; the
    weights that are returned take columns as they are.
    """
    from sklearn.linear_model import LogisticRegression

    size = x.std(0) + 1e-6 if scaled else np.ones(x.shape[1])
    middle = x.mean(0) if scaled else np.zeros(x.shape[1])
    found = LogisticRegression(max_iter=300).fit((x - middle) / size, known.labels)
    weights = found.coef_[0] / size
    return Linear(weights, float(found.intercept_[0] - weights @ middle))


def right_by_code(network: MaskedLanguageModel, question: Name, head: Linear) -> float:
    """Return the share of test sentences whose class a head finds from their mean code."""
    asked = sentence_classes.labelled(question, "test")
    return _right(head.chances(mean_codes(network, asked.texts)), asked)


@lru_cache(maxsize=len(CLASSES))
def right_by_words(question: Name) -> float:
    """Return the share of test sentences whose class a bag of words finds."""
    asked = sentence_classes.labelled(question, "test")
    x = counted(rows_of(asked.texts), len(EVERYDAY.vocabulary()))
    return _right(words_of(question).chances(x), asked)


@lru_cache(maxsize=len(CLASSES))
def right_by_pairs(question: Name) -> float:
    """Return the share of test sentences whose class pairs of neighbouring words find."""
    known, asked = (sentence_classes.labelled(question, part) for part in ("train", "test"))
    return pairs_right((rows_of(known.texts), known.labels), (rows_of(asked.texts), asked.labels))


def _right(chances: NDArray[np.float64], asked: Labelled) -> float:
    """Return the share that is right; a chance of exactly a half is half right."""
    sure = np.where(asked.labels == 1, chances, 1 - chances)
    return float(np.mean(np.where(np.isclose(sure, 0.5), 0.5, sure > 0.5)))
