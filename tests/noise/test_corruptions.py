import math

import pytest
import torch

from latentlab.errors import InputError, ShapeError, UnknownNameError
from latentlab.noise.corruptions import _poisson_quantile, corruptions, make


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(channels: int = 3, side: int = 16) -> torch.Tensor:
    return torch.rand(4, channels, side, side, generator=generator(99))


every = pytest.mark.parametrize("name", corruptions.names())


def test_the_six_corruptions_are_registered():
    expected = ["gaussian", "salt_and_pepper", "masking", "occlusion", "speckle", "poisson"]
    assert corruptions.names() == expected


# --- the contract, for every registered name


@every
@pytest.mark.parametrize("shape", [(2, 1, 28, 28), (3, 3, 20, 12), (1, 1, 1, 1)])
def test_shape_dtype_and_range_are_kept(name, shape):
    corruption = make(name, corruptions.get(name).bounds.high)
    x = torch.rand(shape, generator=generator(1))
    noisy = corruption(x, generator())
    assert noisy.shape == x.shape
    assert noisy.dtype == torch.float32
    assert noisy.isfinite().all()
    assert noisy.min() >= 0 and noisy.max() <= 1


@every
def test_input_is_not_written_to(name):
    x = pictures()
    before = x.clone()
    make(name)(x, generator())
    assert torch.equal(x, before)


@every
def test_zero_strength_changes_nothing(name):
    x = pictures()
    assert torch.equal(make(name, 0.0)(x, generator()), x)


@every
def test_equal_seeds_give_equal_noise_and_others_do_not(name):
    corruption = make(name)
    x = pictures()
    assert torch.equal(corruption(x, generator(5)), corruption(x, generator(5)))
    assert not torch.equal(corruption(x, generator(5)), corruption(x, generator(6)))


@every
def test_more_strength_is_more_damage(name):
    bounds = corruptions.get(name).bounds
    x = pictures(side=32)
    strengths = torch.linspace(bounds.low, bounds.high, 6).tolist()
    errors = [(make(name, s)(x, generator()) - x).square().mean().item() for s in strengths]
    assert errors == sorted(set(errors))


@every
def test_a_strength_per_picture_equals_pictures_done_with_that_strength(name):
    high = corruptions.get(name).bounds.high
    x = pictures()
    strengths = torch.tensor([0.0, 0.2, 0.5, 1.0]) * high
    mixed = corruptions.get(name).apply(x, strengths, generator())
    for index, strength in enumerate(strengths):
        alone = corruptions.get(name).apply(x, float(strength), generator())
        torch.testing.assert_close(mixed[index], alone[index])


@every
def test_the_generator_moves_on_equally_far_whatever_the_strength(name):
    x = pictures()
    weak, strong = generator(), generator()
    make(name, 0.0)(x, weak)
    make(name, corruptions.get(name).bounds.high)(x, strong)
    assert torch.equal(weak.get_state(), strong.get_state())


@every
def test_a_slider_can_be_built_from_the_bounds(name):
    kind = corruptions.get(name)
    low, high, default, step = kind.bounds
    assert low < default < high
    assert math.isclose(round((high - low) / step) * step, high - low)
    assert math.isclose(round((default - low) / step) * step, default - low)
    assert make(name) == kind(default)
    assert kind.label and kind.strength_label and kind.summary and "\\" in kind.formula


@every
@pytest.mark.parametrize("strength", [-0.1, 2.1, math.nan, math.inf])
def test_strengths_outside_the_bounds_are_refused(name, strength):
    with pytest.raises(InputError, match="must be a number from 0 to"):
        make(name, strength)
    with pytest.raises(InputError, match="must be a number from 0 to"):
        corruptions.get(name).apply(pictures(), torch.tensor([0, 0, 0, strength]), generator())


@every
def test_wrong_shapes_are_refused(name):
    with pytest.raises(ShapeError):
        make(name)(torch.rand(3, 8, 8), generator())
    with pytest.raises(ShapeError):
        corruptions.get(name).apply(pictures(), torch.tensor([0.1]), generator())


def test_unknown_names_list_the_nearest():
    with pytest.raises(UnknownNameError, match="gaussian"):
        make("gausian")


# --- what each one does


def test_gaussian_has_the_stated_standard_deviation():
    grey = torch.full((1, 3, 200, 200), 0.5)
    noise = make("gaussian", 0.1)(grey, generator()) - grey
    assert noise.std().item() == pytest.approx(0.1, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=0.002)
    assert not torch.equal(noise[:, 0], noise[:, 1])


def test_gaussian_pattern_scales_with_the_strength():
    grey = torch.full((1, 1, 16, 16), 0.5)
    weak = make("gaussian", 0.02)(grey, generator()) - grey
    strong = make("gaussian", 0.08)(grey, generator()) - grey
    torch.testing.assert_close(strong, 4 * weak, atol=1e-6, rtol=0)


def test_clipped_gaussian_noise_lifts_black_to_its_known_mean():
    # E[max(0, σε)] = σ / √(2π); at σ = 0.3 the upper clip is out of reach.
    black = torch.zeros(1, 1, 300, 300)
    mean = make("gaussian", 0.3)(black, generator()).mean().item()
    assert mean == pytest.approx(0.3 / math.sqrt(2 * math.pi), rel=0.02)


def test_salt_and_pepper_hits_the_stated_share_half_black_half_white():
    grey = torch.full((1, 3, 200, 200), 0.5)
    noisy = make("salt_and_pepper", 0.3)(grey, generator())
    assert (noisy == 0).float().mean().item() == pytest.approx(0.15, abs=0.01)
    assert (noisy == 1).float().mean().item() == pytest.approx(0.15, abs=0.01)
    assert torch.equal(noisy[:, 0], noisy[:, 1]) and torch.equal(noisy[:, 0], noisy[:, 2])


def test_full_salt_and_pepper_leaves_no_pixel():
    noisy = make("salt_and_pepper", 1.0)(torch.full((1, 1, 64, 64), 0.5), generator())
    assert ((noisy == 0) | (noisy == 1)).all()


def test_masking_loses_the_stated_share_and_keeps_the_rest():
    x = pictures(side=64) * 0.5 + 0.5
    noisy = make("masking", 0.25)(x, generator())
    lost = noisy == 0
    assert lost.float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert torch.equal(noisy[~lost], x[~lost])
    assert torch.equal(lost[:, 0], lost[:, 2])


@pytest.mark.parametrize("name", ["salt_and_pepper", "masking", "occlusion"])
def test_a_stronger_hit_contains_the_weaker_one(name):
    grey = torch.full((8, 1, 23, 17), 0.5)
    hit = torch.zeros_like(grey, dtype=torch.bool)
    for strength in torch.linspace(0, 1, 40):
        now = make(name, float(strength))(grey, generator()) != 0.5
        assert (now | ~hit).all()
        hit = now
    assert hit.all()


def test_occlusion_is_one_block_of_the_stated_sides_inside_the_picture():
    white = torch.ones(64, 3, 20, 10)
    hidden = make("occlusion", 0.3)(white, generator()) == 0
    assert (hidden.any(dim=3).sum(dim=2) == 6).all()  # 0.3 × 20 rows
    assert (hidden.any(dim=2).sum(dim=2) == 3).all()  # 0.3 × 10 columns
    assert (hidden.sum(dim=(2, 3)) == 18).all()


def test_occlusion_reaches_every_place():
    hidden = make("occlusion", 0.5)(torch.ones(400, 1, 4, 4), generator()) == 0
    corners = {tuple(block[0].nonzero()[0].tolist()) for block in hidden}
    assert corners == {(row, column) for row in range(3) for column in range(3)}


def test_speckle_spares_black_and_scales_with_brightness():
    x = torch.cat([torch.zeros(1, 1, 200, 200), torch.full((1, 1, 200, 200), 0.25)])
    black, grey = make("speckle", 0.4)(x, generator())
    assert (black == 0).all()
    assert grey.std().item() == pytest.approx(0.1, rel=0.05)


def test_poisson_counts_photons_with_mean_and_variance_as_stated():
    sigma, brightness = 0.2, 0.3  # 25 photons at peak: a mean of 7.5, of which 25 are out of reach
    grey = torch.full((1, 1, 300, 300), brightness)
    noisy = make("poisson", sigma)(grey, generator())
    counts = noisy / sigma**2
    torch.testing.assert_close(counts, counts.round(), atol=1e-4, rtol=0)
    assert noisy.mean().item() == pytest.approx(brightness, rel=0.01)
    assert noisy.std().item() == pytest.approx(sigma * math.sqrt(brightness), rel=0.02)


def test_poisson_leaves_black_black():
    assert (make("poisson", 1.0)(torch.zeros(1, 1, 8, 8), generator()) == 0).all()


def test_poisson_pattern_stays_when_the_strength_moves():
    grey = torch.full((1, 1, 64, 64), 0.5)
    first, second = (make("poisson", s)(grey, generator()).flatten() for s in (0.15, 0.18))
    assert torch.corrcoef(torch.stack([first, second]))[0, 1] > 0.95


def test_poisson_quantile_by_hand():
    # P(N ≤ 0), P(N ≤ 1), P(N ≤ 2) at rate 1 are 1/e, 2/e, 2.5/e = .368, .736, .920.
    u = torch.tensor([0.0, 0.3, 0.37, 0.73, 0.74, 0.91, 0.93], dtype=torch.float64)
    counts = _poisson_quantile(u, torch.ones_like(u))
    assert counts.tolist() == [0, 0, 1, 1, 2, 2, 3]
