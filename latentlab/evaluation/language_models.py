"""Language models: nats a token, beside n-grams that saw the same texts."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from latentlab.baselines.ngrams import NGrams
from latentlab.checkpoints import Score
from latentlab.data import corpora
from latentlab.evaluation.base import Examination, Lines, examinations
from latentlab.models import LanguageModel

BATCH = 256
# By data set: tokens that the baseline looks at, chosen on what is held back of each.
ORDERS = {"spellings": 7, "everyday": 4}
REFERENCES = 4  # texts, and of how many tokens the scores are kept
KEPT = 32
BEGUN = 4  # tokens of a portrait that are given, the start among them


@lru_cache(maxsize=8)
def ngrams_of(data: str, order: int, backwards: bool = False) -> NGrams:
    """Return n-grams of the training split of a data set, maybe read from the end."""
    rows = corpora.get(data).load("train").tokens
    texts = [text[::-1] if backwards else text for text in map(plain, rows)]
    return NGrams.fit([[*text, _end(data)] for text in texts], order, len(_words(data)))


def plain(row: NDArray[np.int64]) -> list[int]:
    """Return the tokens of a row between start and end."""
    return [int(token) for token in row if token not in (0, 2, 3)]


def _words(data: str) -> tuple[str, ...]:
    return corpora.get(data).vocabulary().tokens


def _end(data: str) -> int:
    return corpora.get(data).vocabulary().end


def next_token_scores(network: LanguageModel, data: str) -> Iterator[Score]:
    """Yield nats a token on the test split, ends included, and how often the first guess is right.

    The baseline is the best Kneser-Ney n-gram; the bigram, which looks at one token, stands beside.
    Words that are not in the vocabulary are one token for all.
    """
    loss, right = _loss_and_right(network, data)
    counted, bigram, guessed = _counted(data)
    best = f"{ORDERS[data]}-gram, Kneser-Ney"
    yield Score("loss", loss, "nats a token", False, counted, best)
    yield Score("loss of a bigram", bigram, "nats a token", False)
    yield Score("right at the first guess", right, "share", True, guessed, best)
    if network.config.positions != "rotary":  # these are in every product, not added to words
        bare, _ = _loss_and_right(network, data, placed=False)
        yield Score("loss without positions", bare, "nats a token", False)


@lru_cache(maxsize=4)
def _counted(data: str) -> tuple[float, float, float]:
    """Return nats a token of the best n-gram and of the bigram, and how often the best is right."""
    rows, end = corpora.get(data).load("test").tokens, _end(data)
    texts = [[*plain(row), end] for row in rows]
    tokens = sum(map(len, texts))
    model = ngrams_of(data, ORDERS[data])
    nats, bigram = (sum(map(each.nats, texts)) / tokens for each in (model, ngrams_of(data, 2)))
    right = sum(
        int(model.distribution(text[:at]).argmax() == token)
        for text in texts
        for at, token in enumerate(text)
    )
    return nats, bigram, right / tokens


def _loss_and_right(network: LanguageModel, data: str, placed: bool = True) -> tuple[float, float]:
    pad = corpora.get(data).vocabulary().pad
    nats = right = tokens = 0.0
    for part in torch.from_numpy(corpora.get(data).load("test").tokens).split(BATCH):
        scores, true = network(part[:, :-1], placed=placed), part[:, 1:]
        counts = true != pad
        nats += F.cross_entropy(scores[counts], true[counts], reduction="sum").item()
        right += (scores.argmax(2) == true)[counts].sum().item()
        tokens += counts.sum().item()
    return nats / tokens, right / tokens


def next_token_reference(network: LanguageModel, data: str) -> dict[str, Tensor]:
    """Return a few texts and the network's scores of the first tokens."""
    x = corpora.get(data).showcase(REFERENCES)[:, :-1]
    return {"tokens": x, "scores": network(x)[..., :KEPT].contiguous()}


def continued_portrait(network: LanguageModel, x: Tensor, rng: torch.Generator) -> Lines:
    """Return the beginnings of texts, and how the network goes on."""
    vocabulary = corpora.get(network.corpus).vocabulary()
    never = (vocabulary.pad, vocabulary.unknown, vocabulary.start, vocabulary.mask)
    lines = []
    for row in x:
        begun = row[:BEGUN][None]
        more = network.continued(
            begun, network.length, rng, temperature=0.7, banned=never, end=vocabulary.end
        )
        first = vocabulary.decode(begun[0].tolist())
        words = vocabulary.decode(more[0].tolist())
        lines.append((f"{written(first)} …", written(words[len(first) :])))
    return Lines(tuple(lines))


def written(tokens: list[str]) -> str:
    """Return tokens as people write them: words apart, letters together."""
    return ("" if all(len(token) == 1 for token in tokens) else " ").join(tokens)


LANGUAGE_MODELS = examinations.add(
    "language_model",
    Examination(LanguageModel, next_token_scores, next_token_reference, continued_portrait),
)
