"""What networks for text are asked when they are measured."""

import numpy as np

from latentlab.data.text.vocabulary import SPECIAL
from latentlab.evaluation.masked_language_models import hidden_places


def test_only_known_words_are_hidden_and_every_one_of_them_may_be() -> None:
    row = [2, 1, 7, 1, 9, 8, 3, 0, 0]  # start, two unknown words, three known ones, end, padding
    rows = np.array([row] * 200 + [[2, 6, 3, 0, 0, 0, 0, 0, 0]])
    places = hidden_places(rows)
    assert set(places[:-1].tolist()) == {2, 4, 5} and places[-1] == 1
    assert (rows[np.arange(len(rows)), places] >= len(SPECIAL)).all()
    assert (places == hidden_places(rows)).all() and (places != hidden_places(rows, 1)).any()
