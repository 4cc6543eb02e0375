"""What the photo denoiser alone promises: any size, maps of noise, one behaviour at all scales."""

from dataclasses import replace

import pytest
import torch
from small_models import small_config, small_network

from latentlab.errors import BadConfig, ShapeError
from latentlab.models import PhotoDenoiser, build, count_parameters
from latentlab.models.images.photo_denoiser import PhotoDenoiserConfig

SHAPE = (3, 16, 16)


@pytest.fixture(scope="module")
def network() -> PhotoDenoiser:
    made = small_network("photo_denoiser", SHAPE)
    assert isinstance(made, PhotoDenoiser)
    return made.requires_grad_(False)


def level(value: float, count: int = 1) -> torch.Tensor:
    return torch.full((count, 1, 1, 1), value)


def pictures(height: int, width: int, count: int = 1) -> torch.Tensor:
    return torch.rand(count, 3, height, width, generator=torch.Generator().manual_seed(4))


@pytest.mark.parametrize("size", [(8, 8), (9, 8), (13, 30), (64, 41)])
def test_any_size_from_eight_up(network: PhotoDenoiser, size: tuple[int, int]) -> None:
    x = pictures(*size, count=2)
    restored = network(x, level(0.1, 2))
    assert restored.shape == x.shape and restored.isfinite().all()


def test_it_scales_with_picture_and_noise(network: PhotoDenoiser) -> None:
    x = pictures(24, 24)
    assert torch.allclose(network(3 * x, level(0.3)), 3 * network(x, level(0.1)), atol=1e-5)


def test_an_even_map_says_what_a_number_says(network: PhotoDenoiser) -> None:
    x = pictures(13, 18)
    even = torch.full((1, 1, 13, 18), 0.2)
    assert torch.allclose(network(x, even), network(x, level(0.2)), atol=1e-6)
    uneven = even.clone()
    uneven[..., 9:] = 0
    assert not torch.allclose(network(x, uneven), network(x, level(0.2)), atol=1e-4)


def test_it_starts_near_the_identity() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        fresh = PhotoDenoiser(PhotoDenoiserConfig()).requires_grad_(False)
    x = pictures(64, 64)
    assert (fresh(x, level(0.1)) - x).square().mean().sqrt() < 0.5


def test_what_ships_fits_eight_megabytes() -> None:
    with torch.device("meta"):
        assert 4 * count_parameters(PhotoDenoiser(PhotoDenoiserConfig())) < 8e6


def test_other_shapes_are_refused(network: PhotoDenoiser) -> None:
    for shape in ((1, 3, 7, 20), (3, 20, 20), (1, 1, 20, 20)):
        with pytest.raises(ShapeError):
            network(torch.zeros(shape), level(0.1))
    for shape in ((1,), (2, 1, 1, 1), (1, 3, 20, 20), (1, 1, 20, 19)):
        with pytest.raises(ShapeError):
            network(pictures(20, 20), torch.zeros(shape))


def test_widths_and_depths_go_together() -> None:
    config = replace(small_config("photo_denoiser", SHAPE), depths=(1, 1, 1))
    with pytest.raises(BadConfig, match="depths"):
        build("photo_denoiser", config.to_json())


@pytest.mark.parametrize("depths", [(1, 1), (2, 1), (1, 1, 1), (1, 2, 2)])
def test_nothing_beyond_the_reach_is_seen(depths: tuple[int, ...]) -> None:
    config = PhotoDenoiserConfig(image_shape=SHAPE, widths=(4,) * len(depths), depths=depths)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        made = PhotoDenoiser(config)
    side = 2 * made.reach + 20
    for middle in range(side // 2, side // 2 + made.multiple):
        x = torch.rand(1, 3, side, side, requires_grad=True)
        made(x, level(0.1))[0, :, middle, middle].sum().backward()
        assert x.grad is not None
        seen = x.grad[0].abs().sum(0).nonzero()
        assert (seen - middle).abs().max() <= made.reach
    assert made.reach < 2 * (seen - middle).abs().max()  # a bound, and no loose one
