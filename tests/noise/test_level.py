"""The noise level that is found in a picture alone."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from latentlab.errors import ShapeError
from latentlab.noise.level import estimate_grain, estimate_sigma


def scene(height: int = 160, width: int = 200) -> torch.Tensor:
    """Clouds in colour: most of a photograph is as smooth as this."""
    rows, columns = torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)
    amplitude = 1 / (rows**2 + columns**2).sqrt().clamp(min=1 / height) ** 3
    white = torch.randn(3, height, width, generator=torch.Generator().manual_seed(9))
    clouds = torch.fft.irfft2(torch.fft.rfft2(white) * amplitude, s=(height, width))
    return 0.5 + 0.15 * clouds / clouds.std()


def noisy(sigma: float, seed: int = 0) -> torch.Tensor:
    x = scene()
    return x + sigma / 255 * torch.randn(x.shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("sigma", [2, 5, 15, 25, 50, 75])
def test_white_noise_is_found_within_four_per_cent(sigma: float) -> None:
    assert 255 * estimate_sigma(noisy(sigma)) == pytest.approx(sigma, rel=0.04)


def test_a_picture_without_noise_has_next_to_none() -> None:
    assert 255 * estimate_sigma(scene()) < 0.7
    assert estimate_sigma(torch.full((3, 20, 20), 0.5)) == pytest.approx(0, abs=1e-6)


def test_it_scales_with_the_picture_and_takes_bytes() -> None:
    x = noisy(15)
    assert estimate_sigma(1000 * x) == pytest.approx(1000 * estimate_sigma(x), rel=1e-5)
    assert estimate_sigma((255 * x).round().clamp(0, 255).byte()) == pytest.approx(15, rel=0.05)


def test_grey_large_and_smallest_pictures_have_levels() -> None:
    assert 255 * estimate_sigma(noisy(20)[:1]) == pytest.approx(20, rel=0.05)
    large = 0.5 + 0.1 * torch.randn(1, 900, 900, generator=torch.Generator().manual_seed(1))
    assert estimate_sigma(large) == pytest.approx(0.1, rel=0.02)
    assert estimate_sigma(torch.rand(3, 8, 8)) >= 0


def test_what_is_no_picture_is_refused() -> None:
    for shape in ((20, 20), (1, 3, 20, 20), (3, 7, 20)):
        with pytest.raises(ShapeError):
            estimate_sigma(torch.zeros(shape))


def stored(sigma: float, quality: int) -> torch.Tensor:
    """A smooth picture with noise, through a JPEG file; [3,H,W], white at 1."""
    y, x = np.mgrid[:240, :320]
    clean = np.stack([80 + x / 4, 60 + y / 3, 120 + 0 * x], 2)
    noisy = clean + sigma * np.random.default_rng(0).standard_normal(clean.shape)
    file = io.BytesIO()
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return torch.from_numpy(np.array(Image.open(file))).permute(2, 0, 1) / 255


@pytest.mark.parametrize("quality", [85, 95])
def test_grain_survives_jpeg_which_hides_it_from_the_estimate_of_white_noise(quality: int) -> None:
    found = [255 * estimate_grain(stored(sigma, quality)) for sigma in (0, 10, 20)]
    assert found[0] < 1
    assert 0.5 * 6.7 < found[1] < 1.2 * 6.7, "σ 10 in the channels is 6.7 in brightness"
    assert 0.6 * 13.4 < found[2] < 1.2 * 13.4
    assert 255 * estimate_sigma(stored(20, quality)) < 3


def test_grain_is_looked_for_where_it_is_not_clipped() -> None:
    picture = 0.5 + 0.05 * torch.randn(1, 100, 200, generator=torch.Generator().manual_seed(0))
    picture[:, :, 100:] = 1  # half of it is overexposed
    assert estimate_grain(picture) == pytest.approx(0.05, rel=0.2)
    assert estimate_grain(torch.ones(1, 40, 40)) < 1e-6
    with pytest.raises(ShapeError):
        estimate_grain(torch.ones(40, 40))


@pytest.mark.parametrize("sigma", [5, 15, 50])
def test_grey_that_is_stored_as_three_equal_colours_is_grey(sigma: float) -> None:
    grey = noisy(sigma)[:1]
    assert estimate_sigma(grey.expand(3, -1, -1)) == estimate_sigma(grey)
    assert estimate_grain(grey.expand(3, -1, -1)) == pytest.approx(estimate_grain(grey), rel=1e-3)
    stored = (grey * 65535).clamp(0, 65535).numpy().astype(np.uint16)
    levels = [estimate_sigma(torch.from_numpy(x)) for x in (stored, stored.repeat(3, 0))]
    assert levels[0] == levels[1]
