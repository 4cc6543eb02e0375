"""What the Pretrain page says, on numbers made up for it."""

import numpy as np
import pytest

from latentlab.errors import UnsupportedError
from latentlab.experiments import Curve, Point, Result, pretrain, pretrain_moments
from latentlab.tasks import pretrain as tasks

ERRORS = {"svm": 20.0, "scratch": 25.0, "greedy": 18.0, "denoising": 15.0, "joint": 24.0}


def measured(spread: float = 1.0, **errors: float) -> Result:
    """Three draws with 100 labels, ``spread`` apart; hindsight is two points better."""
    errors = ERRORS | errors
    curves = []
    for line in pretrain.lines(hindsight=True):
        _, method, measure = line.name.split(".")
        middle = errors[method] - (2 if measure == "hindsight" else 0)
        rows = tuple((middle + step * spread,) for step in (-1, 0, 1))
        curves.append(Curve(line, (100,), rows))
    return Result(
        experiment="pretrain",
        version=1,
        quick=False,
        budget="made up",
        seeds=(0, 1, 2),
        curves=tuple(curves),
        seconds=1.0,
        machine="none",
    )


def verdict(**changes: float) -> tasks.Verdict:
    return tasks.verdict(tasks.compare(measured(**changes), None, "today", 100), "today", 100)


def test_pretraining_helps_where_the_bands_do_not_touch() -> None:
    found = verdict()
    assert (found.pretraining, found.winner) == ("helps", "denoising")
    assert "**pretraining helps**: greedy denoising errs on 15.0 %" in found.sentence
    assert found.sentence.endswith("PCA(40) with an SVM (20.0 %) is beaten.")
    assert "the stack from nothing on 25.0 %" in found.sentence
    assert "the stack from nothing still guesses (90.0 %)" in verdict(scratch=90.0).sentence


def test_what_lies_within_the_bands_is_said_to() -> None:
    found = verdict(spread=6.0)
    assert found.pretraining == "within"
    assert "**pretraining changes nothing that draws do not**" in found.sentence
    assert found.sentence.endswith("is as good as the best network.")
    assert verdict(scratch=9.0).pretraining == "hurts"


def test_a_baseline_that_wins_is_marked() -> None:
    found = verdict(svm=5.0)
    assert found.winner == "svm"
    assert found.sentence.endswith("PCA(40) with an SVM (5.00 %) **beats them all**.")


def test_rows_have_means_and_spreads_and_the_baseline_comes_first() -> None:
    rows = tasks.compare(measured(), None, "2006", 100)
    assert [row.method for row in rows] == list(tasks.METHODS)
    assert rows[0].point == Point(100, 20.0, 1.0, 3)
    with pytest.raises(UnsupportedError):
        tasks.compare(measured(), None, "2006", 60_000)


def test_hindsight_gets_better_with_every_choice() -> None:
    # Draws of denoising: 14, 15, 16; by hindsight 12, 13, 14; greedy's are 15, 16, 17.
    found = tasks.hindsight(measured(), "today", 100)
    assert (found.honest, found.moment, found.row, found.draw) == (15, 13, 13, 12)
    assert found.flattery == 3 and found.draws == 3
    # Where greedy is better on every draw, choosing the row pays as well.
    better = tasks.hindsight(measured(greedy=14.0), "today", 100)
    assert (better.honest, better.row, better.draw) == (15, 12, 11)
    with pytest.raises(UnsupportedError):
        tasks.hindsight(measured(), "today", 300)


def test_published_rows_are_those_in_print() -> None:
    plain, contractive, ladder = tasks.PUBLISHED
    assert (plain.error(100), plain.error(1000)) == (25.8, 10.7)
    assert (contractive.error(100), contractive.error(1000)) == (13.5, 4.8)
    assert (ladder.error(100), ladder.error(1000), ladder.error(300)) == (1.06, 0.84, None)


def test_every_moment_is_put_into_words() -> None:
    count = len(pretrain_moments.MOMENTS)
    moments = pretrain_moments.Moments(
        pictures=np.zeros((2, 46, 28, 28), np.uint8),
        gradients=np.array([[1e-6, 1e-5, 1e-4, 1e-3], [1, 1, 1, 1]], np.float32),
        which=np.array([[0] * count, [1] * count, [1] * count], np.uint8),
        epochs=np.array([0, 0.25, 0.5, 12], np.float32),
        losses=np.zeros((3, 4), np.float32),
        errors=np.array([[90, 90, 89, 3], [90, 50, 8, 2], [90, 40, 5, 1]], np.float32),
    )
    said = [tasks.words(moments, at) for at in range(count)]
    assert len({one.when for one in said}) == count
    assert "1,000 times weaker" in said[0].seen
    half, last = said[5], said[-1]
    assert half.when == "After half an epoch with labels"
    assert "errs on 89.0 % from nothing (it stands still" in half.seen
    assert "on 8.00 % after pretraining. Today’s, from nothing: 5.00 %." in half.seen
    assert half.alone.startswith("the stack of 2006 errs on 89.0 %: it stands still.")
    assert "errs on 3.00 % from nothing (it has got away" in last.seen
    assert tasks.error_at(moments, 1, 4.0) == 8, "the last point before it"
