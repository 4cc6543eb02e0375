"""Tiles: no seams, any size, grey and colour, whole numbers and floats."""

import numpy as np
import pytest
import torch
from small_models import small_network

from latentlab.errors import ShapeError
from latentlab.models import Denoiser, PhotoDenoiser
from latentlab.pictures import tiling


def network(channels: int = 3) -> Denoiser:
    """A small denoiser whose random weights change every pixel a lot."""
    made = small_network("photo_denoiser", (channels, 16, 16))
    assert isinstance(made, PhotoDenoiser)
    made.requires_grad_(False).tail.weight.mul_(10)
    return made


def picture(height: int, width: int, channels: int = 3, kind: type = np.float32) -> np.ndarray:
    values = np.random.default_rng(1).random((height, width, channels), np.float32)
    values = values if kind is np.float32 else (values * np.iinfo(kind).max).astype(kind)
    return values[..., 0] if channels == 1 else values


def at_once(model: Denoiser, pixels: np.ndarray, sigma: torch.Tensor) -> np.ndarray:
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    return model(x, sigma)[0].permute(1, 2, 0).clamp(0, 1).numpy()


@pytest.mark.parametrize("size", [(8, 8), (9, 15), (64, 64), (131, 70), (65, 8), (8, 200)])
@pytest.mark.parametrize("side", [8, 33, 64])
def test_tiles_give_what_the_whole_gives(size: tuple[int, int], side: int) -> None:
    model, pixels = network(), picture(*size)
    restored = np.full_like(pixels, np.nan)
    steps = list(tiling.restore_tiles(model, pixels, 0.1, restored, side))
    whole = at_once(model, pixels, torch.full((1, 1, 1, 1), 0.1))
    assert np.abs(restored - whole).max() < 1e-5
    assert np.abs(whole - pixels).mean() > 0.01
    assert [step.done for step in steps] == list(range(1, steps[-1].total + 1))
    assert len(steps) == steps[-1].total


def test_a_map_of_levels_goes_with_its_tiles() -> None:
    model, pixels = network(), picture(70, 90)
    levels = torch.linspace(0, 0.3, 90).expand(70, 90)
    restored = np.empty_like(pixels)
    for _ in tiling.restore_tiles(model, pixels, levels, restored, 32):
        pass
    assert np.abs(restored - at_once(model, pixels, levels[None, None])).max() < 1e-5
    even = np.empty_like(pixels)
    for _ in tiling.restore_tiles(model, pixels, 0.15, even, 32):
        pass
    assert np.abs(restored - even).max() > 1e-3


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
def test_whole_numbers_are_rounded_floats(kind: type, channels: int) -> None:
    model, pixels = network(), picture(30, 41, channels, kind)
    white = np.iinfo(kind).max
    restored = np.empty_like(pixels)
    list(tiling.restore_tiles(model, pixels, 0.1, restored, 16))
    floats = (pixels / white).astype(np.float32)
    expected = np.empty_like(floats)
    list(tiling.restore_tiles(model, floats, 0.1, expected, 16))
    assert restored.dtype == kind
    assert np.abs(restored / white - expected).max() <= 0.5001 / white + 1e-6


def test_windows_may_come_from_elsewhere_and_the_result_may_be_of_another_type() -> None:
    model, pixels = network(), picture(40, 50)

    class Windows:
        shape = pixels.shape

        def __getitem__(self, window: tuple[slice, slice]) -> np.ndarray:
            return pixels[window]

    restored, expected = np.empty((40, 50, 3), np.uint8), np.empty_like(pixels)
    list(tiling.restore_tiles(model, Windows(), 0.1, restored, 16))
    list(tiling.restore_tiles(model, pixels, 0.1, expected, 16))
    assert np.array_equal(restored, np.rint(255 * expected))


def test_grey_is_seen_as_three_equal_channels() -> None:
    model, grey = network(), picture(24, 24, 1)
    found = tiling.restore(model, torch.from_numpy(grey)[None], 0.1)
    three = torch.from_numpy(grey)[None, None].expand(1, 3, -1, -1)
    expected = model(three, torch.full((1, 1, 1, 1), 0.1)).mean(1).clamp(0, 1)
    assert found.shape == (1, 24, 24)
    assert torch.allclose(found, expected, atol=1e-6)


def test_what_happens_far_away_changes_nothing() -> None:
    model, pixels = network(), picture(200, 200)
    other = pixels.copy()
    other[:, 100 + model.reach + 1 :] = 0
    a, b = (at_once(model, p, torch.full((1, 1, 1, 1), 0.1)) for p in (pixels, other))
    assert np.array_equal(a[:, :101], b[:, :101])
    assert not np.array_equal(a[:, 101 : 102 + model.reach], b[:, 101 : 102 + model.reach])


def test_it_can_be_stopped_between_tiles() -> None:
    pixels = picture(64, 64)
    restored = np.full_like(pixels, -1)
    steps = tiling.restore_tiles(network(), pixels, 0.1, restored, 32)
    assert next(steps).total == 4
    steps.close()
    assert (restored[:32, :32] >= 0).all() and (restored[32:] == -1).all()


def test_arrays_that_do_not_fit_are_refused() -> None:
    model, good = network(), picture(20, 20)
    wrong = [
        (picture(7, 20), 0.1, None),
        (picture(20, 20, 4), 0.1, None),
        (good[None], 0.1, None),
        (good, torch.zeros(20, 19), None),
        (good, 0.1, np.empty((20, 21, 3), np.float32)),
    ]
    for pixels, sigma, restored in wrong:
        target = np.empty_like(pixels) if restored is None else restored
        with pytest.raises(ShapeError):
            next(tiling.restore_tiles(model, pixels, sigma, target))
