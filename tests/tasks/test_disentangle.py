"""Disentangle: scores by model, the order of rows, and sweeps along single numbers."""

import numpy as np
import torch
from small_models import small_network, statistics_for

from latentlab.experiments import Curve, Result, experiments
from latentlab.experiments.disentanglement import ANCHORS, SCORES, VERSIONS, checkpoint
from latentlab.latents import spaces
from latentlab.models import LatentModel
from latentlab.tasks import disentangle


def made() -> Result:
    """A result in which the k-th model scores k/10, and its error is k + 1."""
    found = []
    for line in experiments.get("disentanglement").lines:
        anchor, _, score = line.name.rpartition(".")
        x = (ANCHORS[anchor],) if anchor else tuple(VERSIONS.values())
        row = tuple((k + 1.0) if score == "mse" else k / 10 for k in range(len(x)))
        found.append(Curve(line, x, (row if not anchor else (0.5,),)))
    return Result(
        experiment="disentanglement", version=1, quick=False, budget="", seeds=(0,),
        curves=tuple(found), seconds=1.0, machine="", versions=(),
    )  # fmt: skip


def test_every_code_has_its_own_scores() -> None:
    rows = disentangle.scores(made())
    first, second, *others = (checkpoint(version) for version in VERSIONS)
    assert list(rows) == [first, second, *others, *ANCHORS]
    assert rows[first]["mig"] == 0 and rows[second]["mig"] == 0.1
    assert rows["pca"]["mse"] == 0.5 and "mse" not in rows["perfect"]
    assert set(rows[first]) == set(SCORES)


def test_the_answer_names_what_a_perfect_and_a_random_code_get() -> None:
    names = [checkpoint(version) for version in VERSIONS]
    rows = {name: {"mig": 0.05, "mse": 0.002} for name in (*names, *ANCHORS)}
    rows["perfect"]["mig"], rows["random"]["mig"] = 0.91, 0.0
    rows[names[1]] |= {"mig": 0.1, "mse": 0.003}
    words = disentangle.answer(names[1], rows)
    assert "MIG 0.10" in words and "perfect code gets 0.91" in words
    assert "2.0 times" in words and "50 % more error" in words
    rows[names[2]] |= {"mig": 0.2, "mse": 0.006}
    assert "4.0 times" in (words := disentangle.answer(names[2], rows))
    assert words.endswith("at 3.0 times the error.")
    assert "times" not in disentangle.answer(names[0], rows)
    assert "times" not in disentangle.answer("perfect", rows)


def test_rows_of_one_factor_stand_together_and_idle_numbers_last() -> None:
    information = np.array([[0.0, 0.01], [0.1, 0.6], [0.9, 0], [0.3, 0], [0, 0.7]])
    assert disentangle.order(information, 5) == [2, 3, 4, 1, 0]
    assert disentangle.order(information, 3) == [2, 4, 1]


def test_a_sweep_moves_one_number_and_leaves_the_others() -> None:
    network = small_network("vae")
    assert isinstance(network, LatentModel)
    space = spaces.network_space(network, statistics_for(network.latent_size))
    z = torch.tensor([0.1, 0.2, 0.3])
    found = disentangle.sweep(space, z, (2, 0), columns=3)
    assert found.images.shape[:2] == (2, 3) and found.numbers == (2, 0)
    axis = spaces.linked_axes(space)[2]
    expected = spaces.decode(space, torch.stack([torch.tensor([0.1, 0.2, axis.low])]))
    torch.testing.assert_close(found.images[0, :1], expected)
