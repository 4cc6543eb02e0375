"""Sentence autoencoders and VAEs: what comes back, written freely, and whether the code is used."""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from latentlab import metrics
from latentlab.baselines.tfidf import LatentSemantics
from latentlab.baselines.trigrams import Trigrams
from latentlab.checkpoints import Score
from latentlab.data import corpora
from latentlab.data.text import grammar
from latentlab.evaluation.base import Examination, Lines, examinations
from latentlab.evaluation.shared import MOST_DIRECTIONS, fixed_rng, latent_statistics
from latentlab.latents.statistics import LatentStatistics
from latentlab.metrics import sentences as scores_of
from latentlab.models import SentenceAutoencoder, SentenceModel, SentenceVAE

BATCH = 500
KNOWN = 10_000  # training sentences that the nearest one is looked for among, and for statistics
WEIGHED, SAMPLES = 300, 100  # sentences whose likelihood is estimated, and samples for each
INVENTED = 1_000
FIRST_WORD = 5  # numbers of tokens below stand for no word
REFERENCES, SHOWN = 4, 3


@lru_cache(maxsize=2)
def rows_of(data: str) -> tuple[Tensor, Tensor]:
    """Return training and test sentences as rows ``[N, T]`` int64."""
    corpus = corpora.get(data)
    train, test = (torch.from_numpy(corpus.load(split).tokens) for split in ("train", "test"))
    return train, test


@lru_cache(maxsize=2)
def trigrams_of(data: str) -> Trigrams:
    """Return the trigram model of the training split, over the vocabulary that networks know."""
    vocabulary = corpora.get(data).vocabulary()
    return Trigrams.fit([vocabulary.decode(row) for row in rows_of(data)[0].tolist()])


@lru_cache(maxsize=2)
def semantics_of(data: str, k: int) -> LatentSemantics:
    """Return TF-IDF and SVD to ``k`` numbers, fitted to part of the training split."""
    vocabulary = corpora.get(data).vocabulary()
    return LatentSemantics.fit(
        [vocabulary.decode(row) for row in rows_of(data)[0][:KNOWN].tolist()], k
    )


def codes(network: SentenceModel, x: Tensor) -> Tensor:
    """Return the most probable codes ``[N, D]`` of sentences ``[N, T]``."""
    return torch.cat([network.encode(part).mode() for part in x.split(BATCH)])


def written(network: SentenceModel, z: Tensor) -> Tensor:
    """Return what the network writes for codes ``[N, D]``, ``[N, T]``."""
    return torch.cat([network.write(part) for part in z.split(BATCH)])


def likelihoods(network: SentenceModel, x: Tensor, z: Tensor) -> Tensor:
    """Return log p(x | z) in nats of each sentence, ``[N]``."""
    parts = zip(x.split(BATCH), z.split(BATCH), strict=True)
    return torch.cat([network.log_likelihood(sentences, z_) for sentences, z_ in parts])


def rate(network: SentenceVAE, x: Tensor) -> float:
    """Return the divergence from the prior of codes of sentences ``[N, T]``, nats, on average."""
    parts = [network.encode(part).kl().sum(1) for part in x.split(BATCH)]
    return torch.cat(parts).mean().item()


def nll(network: SentenceVAE, x: Tensor, rng: torch.Generator) -> float:
    """Return -log p(x) by importance sampling, nats, on average over the first 300 sentences."""
    parts = [network.log_marginal(part, SAMPLES, rng) for part in x[:WEIGHED].split(50)]
    return -torch.cat(parts).mean().item()


def one_word(x: Tensor, rng: torch.Generator) -> Tensor:
    """Return where one word of each sentence ``[N, T]`` stands, drawn evenly, ``[N, T]`` bool."""
    drawn = torch.rand(x.shape, generator=rng).masked_fill(x < FIRST_WORD, -1)
    place = drawn.argmax(1, keepdim=True)
    return torch.zeros_like(x, dtype=torch.bool).scatter(1, place, True)


def _reconstruction(network: SentenceModel, data: str) -> Iterator[Score]:
    """Yield what comes back, beside the nearest training sentence by TF-IDF and SVD."""
    corpus = corpora.get(data)
    vocabulary = corpus.vocabulary()
    _, test = rows_of(data)
    z = codes(network, test)
    back = written(network, z)
    semantics = semantics_of(data, network.latent_size)
    texts = [vocabulary.decode(row) for row in test.tolist()]
    nearest = semantics.nearest(semantics.encode(texts))
    found = torch.tensor(vocabulary.rows(nearest, corpus.length))
    baseline = f"nearest of {len(semantics.texts):,} training sentences, TF-IDF and SVD"
    for name, score in (
        ("exact sentences", scores_of.exact_match),
        ("words in place", scores_of.token_accuracy),
    ):
        yield Score(name, score(back, test), "", True, score(found, test), baseline)
    gap, error = scores_of.shuffled_gap(
        likelihoods(network, test, z), likelihoods(network, test, scores_of.shifted(z))
    )
    yield Score("loss by a foreign code", gap, "nats", True)
    yield Score("its standard error", error, "nats", False)
    hidden = one_word(test, fixed_rng())
    again = written(network, codes(network, test.masked_fill(hidden, vocabulary.unknown)))
    kept = scores_of.others_kept(again, test, hidden)
    yield Score("all other words kept, one unknown", kept, "", True)


def _vae_scores(network: SentenceVAE, data: str) -> Iterator[Score]:
    """Yield the same, the rate, the likelihood beside counting, and what random codes say."""
    yield from _reconstruction(network, data)
    corpus = corpora.get(data)
    _, test = rows_of(data)
    yield Score("rate (KL)", rate(network, test), "nats", False)
    active = float(metrics.active_units(codes(network, test)))
    yield Score("active units", active, "", True)
    rng = fixed_rng()
    counted = trigrams_of(data)
    vocabulary = corpus.vocabulary()
    by_counting = [counted.nats(vocabulary.decode(row)) for row in test[:WEIGHED].tolist()]
    mean = float(np.mean(by_counting))
    yield Score("NLL", nll(network, test, rng), "nats", False, mean, "trigrams")
    if data == grammar.GRAMMAR.name:
        drawn = written(network, network.sample_prior(INVENTED, rng))
        ours = [vocabulary.decode(row) for row in drawn.tolist()]
        chance = np.random.default_rng(0)
        theirs = [counted.sample(chance, corpus.length - 2) for _ in range(INVENTED)]
        right, of_counting = (
            sum(grammar.parse(text) is not None for text in texts) / INVENTED
            for texts in (ours, theirs)
        )
        yield Score("grammatical, of random codes", right, "", True, of_counting, "trigrams")
        lines = [" ".join(text) for text in ours]
        yield Score("different ones among these", scores_of.distinct(lines), "", True)


def _reference(network: SentenceModel, data: str) -> dict[str, Tensor]:
    x = corpora.get(data).showcase(REFERENCES)
    z = network.encode(x).mode()
    return {"sentences": x, "latents": z, "log_likelihoods": network.log_likelihood(x, z)}


def _portrait(network: SentenceModel, x: Tensor, rng: torch.Generator) -> Lines:
    """Return sentences and what comes back for them; the vocabulary is that of their tokens."""
    corpus = next(
        corpus
        for corpus in map(corpora.get, corpora)
        if (len(corpus.vocabulary()), corpus.length) == (network.tokens, network.length)
    )
    vocabulary = corpus.vocabulary()

    def text(row: list[int]) -> str:
        return " ".join(vocabulary.decode(row))

    shown = x[:SHOWN]
    back = network.write(network.encode(shown).mode())
    pairs = zip(shown.tolist(), back.tolist(), strict=True)
    return Lines(tuple((text(before), text(after)) for before, after in pairs))


def _statistics(network: SentenceModel, data: str) -> LatentStatistics:
    x = rows_of(data)[0][:KNOWN]
    posteriors = [network.encode(part) for part in x.split(BATCH)]
    z = torch.cat([posterior.mode() for posterior in posteriors])
    values, vectors = torch.linalg.eigh((z - z.mean(0)).T @ (z - z.mean(0)) / len(z))
    kept = min(MOST_DIRECTIONS, z.shape[1])
    divergence = torch.cat([posterior.kl() for posterior in posteriors]).mean(0)
    return latent_statistics(
        z,
        importance=divergence if network.importance_unit == "nats" else z.var(0),
        directions=vectors.flip(1)[:, :kept],
        spread=values.flip(0)[:kept].clamp(min=0).sqrt(),
    )


SENTENCE_AUTOENCODERS = examinations.add(
    "sentence_autoencoder",
    Examination(SentenceAutoencoder, _reconstruction, _reference, _portrait, _statistics),
)
SENTENCE_VAES = examinations.add(
    "sentence_vae", Examination(SentenceVAE, _vae_scores, _reference, _portrait, _statistics)
)
