"""Scores of sentences against values worked out by hand."""

import math

import pytest
import torch

from latentlab.baselines.tfidf import LatentSemantics
from latentlab.baselines.trigrams import Trigrams
from latentlab.errors import InputError, ShapeError
from latentlab.evaluation.sentences import one_word
from latentlab.metrics.sentences import (
    distinct,
    exact_match,
    others_kept,
    shifted,
    shuffled_gap,
    token_accuracy,
)

TRUTH = torch.tensor([[2, 7, 8, 3, 0], [2, 9, 3, 0, 0]])


def test_words_count_where_either_sentence_has_one() -> None:
    written = torch.tensor([[2, 7, 8, 3, 0], [2, 9, 5, 3, 0]])
    assert exact_match(written, TRUTH) == 0.5
    assert token_accuracy(written, TRUTH) == 4 / 6  # 7 8 end; 9, and then a word too many
    assert exact_match(TRUTH, TRUTH) == token_accuracy(TRUTH, TRUTH) == 1
    with pytest.raises(ShapeError):
        exact_match(TRUTH, TRUTH[:1])


def test_a_hidden_word_does_not_count_and_all_others_do() -> None:
    written = torch.tensor([[2, 7, 5, 3, 0], [2, 9, 5, 3, 0]])
    hidden = torch.zeros_like(TRUTH, dtype=torch.bool)
    hidden[0, 2] = hidden[1, 1] = True
    assert others_kept(written, TRUTH, hidden) == 0.5  # a word too many in the second
    assert others_kept(TRUTH, TRUTH, hidden) == 1
    with pytest.raises(ShapeError):
        others_kept(TRUTH, TRUTH, hidden[:1])
    places = one_word(TRUTH, torch.Generator().manual_seed(0))
    assert places.sum(1).tolist() == [1, 1] and (TRUTH[places] >= 5).all()


def test_a_walk_that_stands_still_is_not_flattered() -> None:
    assert distinct(["a", "a", "a", "b"]) == 0.5
    with pytest.raises(InputError):
        distinct([])


def test_a_writer_that_ignores_its_code_has_no_gap() -> None:
    own = torch.tensor([-1.0, -2.0, -3.0])
    assert shuffled_gap(own, own) == (0, 0)
    gap, error = shuffled_gap(own, own - torch.tensor([1.0, 2.0, 3.0]))
    assert gap == 2 and error == pytest.approx(1 / math.sqrt(3))
    z = torch.arange(6.0).view(3, 2)
    assert not (shifted(z) == z).any() and sorted(shifted(z)[:, 0].tolist()) == [0, 2, 4]


def test_trigrams_know_what_they_have_counted() -> None:
    texts = [["a", "b"], ["a", "c"]] * 50
    model = Trigrams.fit(texts)
    assert sum(model.weights) == pytest.approx(1)
    # Every tenth text fits the weights: 40 of the other 90 are “a b”.
    assert model.nats(["a", "b"]) == pytest.approx(math.log(90 / 40), abs=0.01)
    assert model.nats(["a", "z"]) > 5  # unlikely, not impossible
    assert model.nats_a_word(["a", "b"]) == pytest.approx(model.nats(["a", "b"]) / 3)
    with pytest.raises(InputError):
        Trigrams.fit(texts[:10])


def test_tfidf_finds_the_very_sentence() -> None:
    texts = ["a cat sat", "a dog ran", "the cat ran", "the dog sat", "a cat ran", "the king sat"]
    split = [text.split() for text in texts]
    fitted = LatentSemantics.fit(split, 4)
    assert fitted.codes.shape == (6, 4)
    assert fitted.nearest(fitted.encode(split)) == split
    assert fitted.encode([["nothing", "known"]]).tolist() == [[0, 0, 0, 0]]
    with pytest.raises(InputError):
        LatentSemantics.fit(split[:1], 40)
