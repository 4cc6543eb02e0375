"""N-grams by hand, and spelling to sound."""

import math

import numpy as np

from latentlab.baselines.joint_ngrams import JointNGrams
from latentlab.baselines.ngrams import NGrams

# A toy language: "c" is K, and S before e; "ee" is IY; "a" is AE; "t" is T.
WORDS = [
    ("cat", ("K", "AE", "T")),
    ("tac", ("T", "AE", "K")),
    ("act", ("AE", "K", "T")),
    ("cee", ("S", "IY")),
    ("tee", ("T", "IY")),
    ("teeca", ("T", "IY", "K", "AE")),
]


def test_a_bigram_is_what_kneser_and_ney_say() -> None:
    model = NGrams.fit([[0, 1], [0, 1], [0, 0]], order=2, tokens=2)
    # After 0: 1 twice, 0 once; the one bigram seen once of (0, 0), two seen twice: D = 1 / (1 + 2).
    after = model.counts[1][(0,)]
    assert after == {1: 2, 0: 1}
    discount = model.discounts[1]
    assert math.isclose(discount, 1 / 3)
    # Of two tokens, 0 followed the start and 0, 1 followed 0: continuation counts 2 and 1.
    assert model.counts[0][()] == {0: 2, 1: 1}
    lower = max(1 - model.discounts[0], 0) / 3 + model.discounts[0] * 2 / 3 * 0.5
    expected = (2 - discount) / 3 + discount * 2 / 3 * lower
    assert math.isclose(model.probability([0], 1), expected)


def test_probabilities_sum_to_one_whatever_came_before() -> None:
    rng = np.random.default_rng(0)
    texts = [rng.integers(0, 5, size=rng.integers(1, 9)).tolist() for _ in range(50)]
    model = NGrams.fit(texts, order=4, tokens=7)
    for before in ([], [1], [4, 3], [6, 6, 6], [0, 1, 2, 3, 4]):
        chances = model.distribution(before)
        assert math.isclose(chances.sum(), 1, rel_tol=1e-9)
        assert np.allclose(chances, model.probabilities(before, range(7)))
    assert math.isclose(
        model.nats(texts[0]),
        -sum(math.log(model.distribution(texts[0][:i])[t]) for i, t in enumerate(texts[0])),
    )


def test_joint_ngrams_speak_new_words_by_the_letters_around() -> None:
    model = JointNGrams.fit(WORDS, order=3)
    assert model.sounds("cat") == ("K", "AE", "T")
    assert model.sounds("catac") == ("K", "AE", "T", "AE", "K")  # never seen
    assert model.sounds("c?at") == model.sounds("cat")  # what was never seen is passed over
    assert model.sounds("") == ()
