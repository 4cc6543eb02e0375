"""What networks for text are asked when they are measured."""

import numpy as np
import pytest

from latentlab.baselines.bags import counted, pairs_right
from latentlab.data.text import sentence_classes
from latentlab.data.text.everyday import EVERYDAY
from latentlab.data.text.vocabulary import SPECIAL
from latentlab.errors import DataError
from latentlab.evaluation import sentence_classes as measured
from latentlab.evaluation.masked_language_models import hidden_places


def test_only_known_words_are_hidden_and_every_one_of_them_may_be() -> None:
    row = [2, 1, 7, 1, 9, 8, 3, 0, 0]  # start, two unknown words, three known ones, end, padding
    rows = np.array([row] * 200 + [[2, 6, 3, 0, 0, 0, 0, 0, 0]])
    places = hidden_places(rows)
    assert set(places[:-1].tolist()) == {2, 4, 5} and places[-1] == 1
    assert (rows[np.arange(len(rows)), places] >= len(SPECIAL)).all()
    assert (places == hidden_places(rows)).all() and (places != hidden_places(rows, 1)).any()


SENTENCES = [
    (*f"{who} {does} {where} .".split(),)
    for who in ("the man", "a woman", "two children", "the dog", "a girl")
    for does in ("is sitting", "stands", "walks alone")
    for where in ("in the park", "near a red car", "on the street")
]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sentence_classes.everyday, sentence_classes.wordnet):
        name = "captions" if module is sentence_classes.everyday else "texts"
        monkeypatch.setattr(module, name, lambda part: SENTENCES)
    for cached in (measured.words_of, measured.right_by_words, measured.right_by_pairs):
        cached.cache_clear()


@pytest.mark.usefixtures("few")
def test_a_bag_of_words_is_right_on_half_of_swapped_sentences_and_pairs_on_more() -> None:
    asked = sentence_classes.labelled("order", "test")
    assert asked.labels.tolist() == [0, 1] * (len(asked.texts) // 2)
    for text, other in zip(asked.texts[::2], asked.texts[1::2], strict=True):
        assert sorted(text) == sorted(other) and text != other and text[-1] != "."
        assert sum(a != b for a, b in zip(text, other, strict=True)) == 2
    assert measured.right_by_words("order") == 0.5
    assert measured.right_by_pairs("order") > 0.9
    for cached in (measured.words_of, measured.right_by_words, measured.right_by_pairs):
        cached.cache_clear()


def test_bags_by_hand() -> None:
    assert counted([[1, 2, 1], []], 4).tolist() == [[0, 2, 1, 0], [0, 0, 0, 0]]
    rows = [[1, 2], [2, 1]] * 10
    labels = np.array([0, 1] * 10)
    assert pairs_right((rows, labels), (rows, labels)) == 1


def test_what_ships_for_sentence_classes_is_whole_or_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    heads = sentence_classes.shipped()
    assert all(len(each.words.weights) == len(EVERYDAY.vocabulary()) for each in heads.values())
    for nonsense in ("", "{}", '{"source": {"code": [1], "words": []}}', "[" * 100_000):
        file = tmp_path / "classes.json"
        file.write_text(nonsense)
        monkeypatch.setattr(sentence_classes, "FILE", file)
        with pytest.raises(DataError):
            sentence_classes.shipped.__wrapped__()
