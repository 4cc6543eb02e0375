"""Encoder-decoders: spellings to sounds, beside joint n-grams that saw the same dictionary."""

from collections.abc import Iterator
from functools import lru_cache

import torch
from torch import Tensor

from latentlab.baselines.joint_ngrams import JointNGrams
from latentlab.checkpoints import Score
from latentlab.data import corpora
from latentlab.data.text import spellings
from latentlab.errors import UnsupportedError
from latentlab.evaluation.base import Examination, Lines, examinations
from latentlab.evaluation.language_models import BATCH, REFERENCES
from latentlab.metrics.transcriptions import Transcribed, transcribed
from latentlab.models import EncoderDecoder
from latentlab.models.text.encoder_decoder import BEAMS

ORDER = 6  # of the baseline; fixed beforehand: on held-back words, 4 and 6 were near one another
BEST = f"joint {ORDER}-grams, Kneser-Ney"


@lru_cache(maxsize=1)
def joint_ngrams() -> JointNGrams:
    """Return joint n-grams of all words that are trained on."""
    words = [(word, spoken[0]) for word, spoken in spellings.entries("train")]
    return JointNGrams.fit(words, ORDER)


def spoken_scores(network: EncoderDecoder, data: str) -> Iterator[Score]:
    """Yield the share of test words whose sounds are all right, and the phoneme error rate.

    Of words that the dictionary knows several pronunciations of, any is right.

    Raises:
        UnsupportedError: it is another data set than that of pronunciations.
    """
    if data != spellings.PRONUNCIATIONS.name:
        raise UnsupportedError(f"Nobody knows how texts of {data} are to be answered.")
    ours, theirs = spoken_by(network, data), counted()
    yield Score("exact match", ours.exact, "share", True, theirs.exact, BEST)
    yield Score("phoneme error rate", ours.errors, "share", False, theirs.errors, BEST)


def spoken_by(network: EncoderDecoder, data: str) -> Transcribed:
    """Return how well the network speaks the words of the test split."""
    vocabulary = corpora.get(data).vocabulary()
    written = [
        vocabulary.decode(row)
        for part in torch.from_numpy(corpora.get(data).load("test").tokens).split(BATCH)
        for row in network.answers(part, beams=BEAMS).tolist()
    ]
    return transcribed(written, [spoken for _, spoken in spellings.entries("test")])


@lru_cache(maxsize=1)
def counted() -> Transcribed:
    """Return how well joint n-grams speak the same words."""
    model = joint_ngrams()
    words = spellings.entries("test")
    return transcribed([model.sounds(word) for word, _ in words], [spoken for _, spoken in words])


def spoken_reference(network: EncoderDecoder, data: str) -> dict[str, Tensor]:
    """Return a few spellings, the sounds that the network writes, and its scores for these."""
    x = corpora.get(data).showcase(REFERENCES)
    answers = network.answers(x)
    return {"tokens": x, "answers": answers, "scores": network(x, answers[:, :-1])}


def spoken_portrait(network: EncoderDecoder, x: Tensor, rng: torch.Generator) -> Lines:
    """Return spellings and the sounds that the network writes."""
    vocabulary = corpora.get(network.corpus).vocabulary()
    pairs = zip(x.tolist(), network.answers(x, beams=BEAMS).tolist(), strict=True)
    return Lines(
        tuple(
            ("".join(vocabulary.decode(word)), " ".join(vocabulary.decode(said)))
            for word, said in pairs
        )
    )


ENCODER_DECODERS = examinations.add(
    "encoder_decoder",
    Examination(EncoderDecoder, spoken_scores, spoken_reference, spoken_portrait),
)
