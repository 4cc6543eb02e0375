"""Targets, draws, the meter and the fight in torch."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from latentlab.adversaries import draws, meter, targets
from latentlab.adversaries.arena import Arena
from latentlab.adversaries.losses import losses
from latentlab.adversaries.settings import Settings
from latentlab.errors import InputError, TrainingError, UnknownNameError

SMALL = Settings(batch=16, width=(8, 8))


def test_draws_follow_from_their_key_alone() -> None:
    assert np.array_equal(draws.uniform(5, 1, 2), draws.uniform(9, 1, 2)[:5])
    assert not np.array_equal(draws.uniform(5, 1, 2), draws.uniform(5, 2, 1))
    assert np.array_equal(draws.normal(3, 4), draws.normal(8, 4)[:3])


def test_draws_are_as_uniform_and_as_normal_as_they_should_be() -> None:
    many = np.concatenate([draws.uniform(500, 0, step) for step in range(200)])
    assert ((many > 0) & (many < 1)).all()
    counts = np.histogram(many, 20, (0, 1))[0]
    assert ((counts - 5000) ** 2 / 5000).sum() < 43.8  # chi-squared, 19 degrees: one in a thousand
    shaken = draws.normal(100_000, 7)
    assert abs(shaken.mean()) < 0.01 and abs(shaken.std() - 1) < 0.01
    assert abs(np.corrcoef(shaken[:-1], shaken[1:])[0, 1]) < 0.01


@pytest.mark.parametrize("name", targets.targets.names())
def test_a_target_has_parts_of_about_equal_weight_within_reach(name: str) -> None:
    target = targets.get(name)
    weights = np.bincount(target.parts) / len(target.parts)
    assert weights.max() < 1.2 * weights.min()
    assert target.scale >= np.abs(target.anchors).max()
    assert np.abs(target.sample(1000, 0) / target.scale).max() < 3


def test_ring_and_grid_are_pacgans() -> None:
    ring, grid = targets.get("ring"), targets.get("grid")
    assert (ring.count, ring.sigma, grid.count, grid.sigma) == (8, 0.01, 25, 0.05)
    assert np.linalg.norm(ring.anchors, axis=1) == pytest.approx(1)
    assert sorted({float(x) for x in grid.anchors[:, 0]}) == [-4, -2, 0, 2, 4]
    with pytest.raises(UnknownNameError):
        targets.get("circle")


@pytest.mark.parametrize("points", [[], [(0.0, 2.0)], [(math.nan, 0.0)], [(0.0, 0.0)] * 401])
def test_an_impossible_drawing_is_one_sentence(points: list[tuple[float, float]]) -> None:
    with pytest.raises(InputError):
        targets.drawn(points)


# --- the meter -----------------------------------------------------------------------------------


def test_the_meter_reads_what_was_counted_by_hand() -> None:
    ring = targets.get("ring")
    points = np.repeat(ring.anchors[:2], [3, 1], 0)
    points = np.concatenate([points, [[0.5, 0.0], [1.029, 0.0], [1.031, 0.0], [0.0, 0.0]]])
    reading = meter.read(ring, points.astype(np.float32))
    assert reading.covered == 2
    assert reading.fair == 2  # a quarter of one point each: one is enough
    assert reading.inside == 5 / 8
    counts = np.bincount(
        ((points[:, None] - ring.anchors) ** 2).sum(-1).argmin(1), minlength=8
    ) / len(points)
    seen = counts[counts > 0]
    assert reading.divergence == pytest.approx((seen * np.log(8 * seen)).sum())


@pytest.mark.parametrize("name", ["ring", "grid", "moons", "gaussian"])
def test_the_meter_tells_a_perfect_generator_from_a_collapsed_one(name: str) -> None:
    """GAN Lab's chart reads the two nearly alike, since it counts few points in many cells."""
    target = targets.get(name)
    scale = meter.perfect(target)
    honest = meter.read(target, target.sample(meter.POINTS, 5))
    assert honest.covered == honest.fair == target.count
    margin = 0.005
    assert scale.low.inside - margin <= honest.inside <= scale.high.inside + margin
    assert honest.divergence <= 2 * scale.high.divergence
    one = target.sample(meter.POINTS, 6)
    one[:] = target.anchors[0]  # all on one point of it
    collapsed = meter.read(target, one)
    assert collapsed.inside == 1 > scale.high.inside, "too narrow"
    if target.count > 1:
        assert collapsed.fair == 1
        assert collapsed.divergence > 100 * scale.high.divergence


def test_a_two_dimensional_gaussian_has_98_9_percent_within_three_sigma() -> None:
    scale = meter.perfect(targets.get("gaussian"))
    assert scale.low.inside < 1 - math.exp(-4.5) < scale.high.inside < 1


def test_one_point_a_mode_covers_all_and_is_no_fair_share() -> None:
    ring = targets.get("ring")
    points = ring.anchors[np.r_[np.zeros(2493, int), np.arange(1, 8)]].astype(np.float32)
    reading = meter.read(ring, points)
    assert (reading.covered, reading.fair) == (8, 1)


def test_points_that_are_no_numbers_are_nowhere() -> None:
    reading = meter.read(targets.get("ring"), np.full((10, 2), np.nan, np.float32))
    assert (reading.covered, reading.fair, reading.inside) == (0, 0, 0)


# --- the fight -----------------------------------------------------------------------------------


def weights(arena: Arena) -> torch.Tensor:
    parts = [*arena.generator.parameters, *arena.discriminator.parameters]
    return torch.cat([p.detach().flatten() for p in parts])


@pytest.mark.parametrize("loss", losses.names())
@pytest.mark.parametrize("spectral", [False, True])
def test_a_run_follows_from_its_settings(loss: str, spectral: bool) -> None:
    settings = replace(SMALL, losses=((0, loss),), spectral=spectral)
    first, again = (Arena(targets.get("ring"), settings) for _ in range(2))
    start = weights(first)
    first.play([("step", 3), ("discriminator", 2)])
    again.play([("step", 3)])
    again.play([("discriminator", 1)] * 2)
    assert torch.equal(weights(first), weights(again))
    assert not torch.equal(weights(first), start)
    other = Arena(targets.get("ring"), replace(settings, seed=1))
    assert not torch.equal(weights(other), start)


def test_losses_change_where_a_run_branches() -> None:
    arena = Arena(targets.get("ring"), replace(SMALL, losses=((0, "minimax"), (2, "relativistic"))))
    arena.play([("step", 1)])
    assert arena.loss == "minimax"
    arena.play([("step", 1)])
    assert arena.loss == "relativistic"


def test_a_move_of_one_network_leaves_the_other_alone() -> None:
    arena = Arena(targets.get("grid"), SMALL)
    before = [p.detach().clone() for p in arena.generator.parameters]
    arena.play([("discriminator", 1)])
    assert all(torch.equal(p, q) for p, q in zip(arena.generator.parameters, before, strict=True))
    before = [p.detach().clone() for p in arena.discriminator.parameters]
    arena.play([("generator", 1)])
    parts = zip(arena.discriminator.parameters, before, strict=True)
    assert all(torch.equal(p, q) for p, q in parts)


def test_rates_fall_to_nothing_where_the_run_ends() -> None:
    arena = Arena(targets.get("ring"), replace(SMALL, length=4))
    paces = []
    for _ in range(5):
        paces.append(arena.pace)
        arena.play([("discriminator", 1)])
    assert paces == [1, 0.75, 0.5, 0.25, 0]


def test_spectral_norm_makes_the_largest_singular_value_one() -> None:
    arena = Arena(targets.get("ring"), replace(SMALL, spectral=True))
    arena.play([("discriminator", 20)])
    network = arena.discriminator
    for weight, (into, out) in zip(network.weights, network.directions, strict=True):
        largest = torch.linalg.matrix_norm(weight.detach(), 2)
        assert (into @ weight @ out).item() == pytest.approx(largest.item(), rel=0.1)


def test_what_explodes_says_so() -> None:
    arena = Arena(targets.get("ring"), replace(SMALL, rate=(1e30, 1e30)))
    with pytest.raises(TrainingError, match="no finite number after"):
        arena.play([("step", 50)])


def test_two_linear_networks_turn_in_circles_and_a_penalty_ends_it() -> None:
    """The Dirac GAN (Mescheder et al. 2018): what alternating steps do near the one solution."""
    dirac = Settings(noise="none", depth=(0, 0), batch=4, rate=(0.02, 0.02))

    def away(loss: str, penalty: float) -> list[float]:
        settings = replace(dirac, losses=((0, loss),), penalty=penalty)
        arena = Arena(targets.get("point"), settings)
        found = []
        for _ in range(240):
            arena.play([("step", 1)])
            found.append(float(np.abs(arena.generate(1)).max() / arena.target.scale))
        return found

    assert max(away("non_saturating", 0)[-100:]) > 0.1
    assert max(away("relativistic", 1)[-20:]) < 0.1
