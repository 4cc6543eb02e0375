"""Masked language models: how often a hidden word is found, beside n-grams from both sides."""

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from latentlab.checkpoints import Score
from latentlab.data import corpora
from latentlab.data.text.everyday import EVERYDAY
from latentlab.data.text.vocabulary import SPECIAL
from latentlab.evaluation.base import Examination, Lines, examinations
from latentlab.evaluation.language_models import BATCH, KEPT, REFERENCES, ngrams_of, plain, written
from latentlab.evaluation.sentence_classes import (
    fitted,
    right_by_code,
    right_by_pairs,
    right_by_words,
)
from latentlab.models import MaskedLanguageModel

ORDER = 3  # of the n-grams: two neighbours on either side
BEST = "trigrams of both sides, Kneser-Ney"


def hidden_places(rows: NDArray[np.int64], seed: int = 0) -> NDArray[np.int64]:
    """Return for every row ``[N, T]`` the place of one of its known words, ``[N]``.

    Nothing is hidden that networks do not learn to say: special tokens, and unknown words. Every
    row has a known word.
    """
    rng = np.random.default_rng(seed)
    return np.array([rng.choice(np.flatnonzero(row >= len(SPECIAL))) for row in rows], np.int64)


def hidden_token_scores(network: MaskedLanguageModel, data: str) -> Iterator[Score]:
    """Yield how well one hidden token of every text of the test split is found.

    The baseline multiplies what n-grams make of the tokens before, and of those after, and divides
    by how frequent a token is: right if both sides were independent given the token. Both are told
    that the token is a known word.
    """
    loss, right = _loss_and_right(network, data)
    counted, found = _counted(data)
    yield Score("loss", loss, "nats a hidden token", False, counted, BEST)
    yield Score("right at the first guess", right, "share", True, found, BEST)
    bare, _ = _loss_and_right(network, data, placed=False)
    yield Score("loss without positions", bare, "nats a hidden token", False)
    if data == EVERYDAY.name:
        yield from _class_scores(network)


def _class_scores(network: MaskedLanguageModel) -> Iterator[Score]:
    """Yield how often a linear head on the mean code finds the class of a sentence."""
    source = right_by_code(network, "source", fitted(network, "source").code)
    order = right_by_code(network, "order", fitted(network, "order").code)
    best = "logistic regression on {}"
    yield Score(
        "caption or dictionary, from the mean code",
        source,
        "share",
        True,
        right_by_words("source"),
        best.format("words"),
    )
    yield Score(
        "two words swapped, from the mean code",
        order,
        "share",
        True,
        right_by_pairs("order"),
        best.format("pairs of words"),
    )


def _questions(data: str) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return rows ``[N, T]``, the place in each that is hidden ``[N]``, and what stands there."""
    rows = corpora.get(data).load("test").tokens
    rows = rows[(rows >= len(SPECIAL)).any(1)]
    places = hidden_places(rows)
    return rows, places, rows[np.arange(len(rows)), places]


def _loss_and_right(
    network: MaskedLanguageModel, data: str, placed: bool = True
) -> tuple[float, float]:
    rows, places, true = _questions(data)
    shown = rows.copy()
    shown[np.arange(len(rows)), places] = corpora.get(data).vocabulary().mask
    parts = (torch.from_numpy(each).split(BATCH) for each in (shown, places))
    scores = torch.cat(
        [
            network(part, placed=placed)[torch.arange(len(part)), at]
            for part, at in zip(*parts, strict=True)
        ]
    )
    scores[:, : len(SPECIAL)] = -torch.inf  # a known word stands there
    answers = torch.from_numpy(true)
    right = (scores.argmax(1) == answers).float().mean().item()
    return F.cross_entropy(scores, answers).item(), right


@lru_cache(maxsize=4)
def _counted(data: str) -> tuple[float, float]:
    """Return the loss of n-grams of both sides, and how often their first guess is right."""
    rows, places, true = _questions(data)
    guesses = both_sides(data, rows, places)
    nats = -sum(math.log(guess[token]) for guess, token in zip(guesses, true, strict=True))
    return nats / len(rows), float(np.mean([guess.argmax() for guess in guesses] == true))


def both_sides(
    data: str, rows: NDArray[np.int64], places: NDArray[np.int64]
) -> list[NDArray[np.float64]]:
    """Return what n-grams of both sides say of one place a row: probabilities ``[tokens]`` each.

    A known word stands there: special tokens, the unknown one among them, get next to nothing.
    """
    before, after = ngrams_of(data, ORDER), ngrams_of(data, ORDER, backwards=True)
    frequent = ngrams_of(data, 1).distribution(())
    found = []
    for row, place in zip(rows, places, strict=True):
        text = plain(row)
        left = before.distribution(text[: place - 1])
        chances = left * after.distribution(text[place:][::-1]) / frequent
        chances[: len(SPECIAL)] = 1e-12
        found.append(chances / chances.sum())
    return found


def hidden_token_reference(network: MaskedLanguageModel, data: str) -> dict[str, Tensor]:
    """Return a few texts with their third token hidden, and the network's scores of the first."""
    x = corpora.get(data).showcase(REFERENCES).clone()
    x[:, 3] = corpora.get(data).vocabulary().mask
    return {"tokens": x, "scores": network(x)[..., :KEPT].contiguous()}


def filled_portrait(network: MaskedLanguageModel, x: Tensor, rng: torch.Generator) -> Lines:
    """Return texts with one token hidden, and the network's three best guesses."""
    vocabulary = corpora.get(network.corpus).vocabulary()
    lines = []
    for row in x:
        text = row.clone()
        length = len(vocabulary.decode(row.tolist()))
        place = 1 + int(torch.randint(max(1, length), (), generator=rng))
        text[place] = vocabulary.mask
        chances = network(text[None])[0, place].softmax(0)
        best = chances.topk(3)
        shown = written(
            ["▢" if token == "<mask>" else token for token in vocabulary.decode(text.tolist())]
        )
        guesses = (
            f"{vocabulary.tokens[int(token)]} {chance:.0%}"
            for chance, token in zip(best.values.tolist(), best.indices, strict=True)
        )
        lines.append((shown, ", ".join(guesses)))
    return Lines(tuple(lines))


MASKED_LANGUAGE_MODELS = examinations.add(
    "masked_language_model",
    Examination(MaskedLanguageModel, hidden_token_scores, hidden_token_reference, filled_portrait),
)
