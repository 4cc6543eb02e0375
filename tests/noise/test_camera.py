"""Camera noise: what it may change, and that each picture has its own."""

import pytest
import torch

from latentlab.errors import ShapeError
from latentlab.noise import camera


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def taken() -> camera.Taken:
    """Half-dark, half-light pictures, 64 times."""
    x = torch.full((64, 3, 48, 48), 0.25)
    x[..., 24:] = 0.75
    return camera.take(x, rng())


def test_pictures_stay_pictures_in_whole_numbers(taken: camera.Taken) -> None:
    for x in taken:
        assert x.shape == (64, 3, 48, 48) and x.dtype == torch.float32
        assert x.min() >= 0 and x.max() <= 1
    assert torch.allclose(taken.noisy * 255, (taken.noisy * 255).round(), atol=1e-3)


def test_each_picture_has_damage_of_its_own_from_none_to_strong(taken: camera.Taken) -> None:
    deviation = (taken.noisy - taken.clean).std((1, 2, 3)) * 255
    assert deviation.min() < 2 and 30 < deviation.max() < 90
    assert len(set(deviation.tolist())) == 64


def test_noise_grows_with_the_light_and_is_shared_by_channels_in_some(taken: camera.Taken) -> None:
    error = taken.noisy - taken.clean
    dark, light = (error[..., part].std((1, 2, 3)) for part in (slice(4, 20), slice(28, 44)))
    strong = error.std((1, 2, 3)) > 0.03
    assert ((light / dark)[strong] > 1.3).any() and ((light / dark)[strong] < 1.1).any()
    red, green = error[:, 0].flatten(1), error[:, 1].flatten(1)
    shared = torch.nn.functional.cosine_similarity(red, green)[strong]
    assert shared.max() > 0.7 and shared.min() < 0.2


def test_equal_seeds_give_equal_damage_and_leave_global_state_alone() -> None:
    x = torch.rand(4, 3, 24, 30, generator=rng(1))
    before = torch.get_rng_state()
    first, again, other = (camera.take(x, rng(seed)) for seed in (3, 3, 4))
    assert torch.equal(first.noisy, again.noisy) and torch.equal(first.clean, again.clean)
    assert not torch.equal(first.noisy, other.noisy)
    assert torch.equal(before, torch.get_rng_state())


def test_most_clean_pictures_are_left_alone() -> None:
    x = torch.rand(100, 3, 16, 16, generator=rng(1))
    same = (camera.take(x, rng()).clean == x).flatten(1).all(1)
    assert 30 < same.sum() < 80  # neither softened nor zoomed


def test_a_zoom_keeps_the_middle_and_a_zoom_of_one_changes_nothing() -> None:
    pair = torch.rand(2, 3, 20, 20, generator=rng())
    assert camera._zoom(pair, 1.0) is pair
    ramp = torch.linspace(0, 1, 21).expand(2, 3, 21, 21)
    enlarged = camera._zoom(ramp, 1.4)
    assert enlarged.shape == ramp.shape
    assert enlarged[0, 0, 10, 10] == pytest.approx(0.5, abs=0.03)  # half a pixel of 21
    step = enlarged[0, 0, 10, 15] - enlarged[0, 0, 10, 10]
    assert step == pytest.approx(0.25 / 1.4, abs=0.02)


def test_grain_keeps_its_strength() -> None:
    sigma = torch.tensor([0.0, 0.5, 1.0])
    noise = torch.randn(3, 3, 200, 200, generator=rng())
    field = camera._blur(noise, sigma) / camera._blur_gain(sigma)[:, None, None, None]
    assert torch.allclose(field.std((1, 2, 3)), torch.ones(3), atol=0.02)


def test_what_is_no_batch_of_photographs_is_refused() -> None:
    for shape in ((3, 20, 20), (1, 1, 20, 20), (1, 3, 7, 20)):
        with pytest.raises(ShapeError):
            camera.take(torch.zeros(shape), rng())
