"""One window of a photograph by every method: where it lies, its scores, and who sees what."""

import sys
from types import ModuleType

import numpy as np
import pytest
import torch
from small_models import small_network

from latentlab.baselines import filters, photo_filters
from latentlab.errors import ShapeError, UnknownNameError, UnsupportedError
from latentlab.models import Autoencoder, Denoiser
from latentlab.pictures import tiling
from latentlab.restoration import restore
from latentlab.tasks import photographs
from latentlab.tasks.photographs import Window


def clean_picture(height: int = 150, width: int = 180, channels: int = 3) -> np.ndarray:
    """Smooth shades and a few edges."""
    y, x = np.mgrid[:height, :width]
    planes = [100 + 60 * np.sin(x / 17 + c) + 50 * ((x + y) // 40 % 2) for c in range(channels)]
    picture = np.stack(planes, 2).clip(0, 255).astype(np.uint8)
    return picture[..., 0] if channels == 1 else picture


CLEAN = clean_picture()
NOISY = restore.NoisyPhoto(CLEAN, 0.1, seed=3)
WINDOW = Window(60, 40, 64, 48)


@pytest.fixture(scope="module")
def network() -> Denoiser:
    made = small_network("photo_denoiser", (3, 16, 16))
    assert isinstance(made, Denoiser)
    return made.requires_grad_(False)


# --- windows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "centre", "expected"),
    [
        ((1000, 800), (500, 400), Window(372, 272, 256, 256)),
        ((1000, 800), (0, -50), Window(0, 0, 256, 256)),
        ((1000, 800), (999, 5000), Window(744, 544, 256, 256)),
        ((20_000, 200), (9000, 0), Window(8872, 0, 256, 200)),
        ((260, 270), (10, 10), Window(0, 0, 260, 270)),  # hardly more than a window: all of it
        ((8, 8), (4, 4), Window(0, 0, 8, 8)),
    ],
)
def test_a_window_lies_inside_the_picture(
    size: tuple[int, int], centre: tuple[int, int], expected: Window
) -> None:
    assert photographs.window_at(size, centre) == expected


def test_windows_outside_and_other_pictures_are_refused() -> None:
    for window in (Window(150, 0, 64, 64), Window(-1, 0, 64, 64), Window(0, 100, 64, 64)):
        with pytest.raises(ShapeError, match="window"):
            photographs.attempt("noisy", NOISY, window)
    with pytest.raises(ShapeError, match="clean"):
        photographs.attempt("noisy", NOISY, WINDOW, clean=CLEAN[:100])


# --- who takes part -----------------------------------------------------------------------------


def test_contenders_are_in_the_order_of_a_table() -> None:
    names = photographs.contenders(["photo_denoiser.a"], bm3d=True)
    assert names[:3] == ("noisy", "photo_denoiser.a", photographs.DIGITS)
    assert names[3:] == (*photo_filters.photo_denoisers, "bm3d")
    assert photographs.contenders([], digits=False) == ("noisy", *photo_filters.photo_denoisers)


def test_doing_nothing_is_the_noisy_window_as_a_screen_shows_it() -> None:
    found = photographs.attempt("noisy", NOISY, WINDOW, clean=CLEAN)
    expected = torch.from_numpy(NOISY[WINDOW.slices]).permute(2, 0, 1)
    assert (found.side, found.noise, found.setting) == ("none", None, "")
    assert torch.equal(found.picture, expected.clamp(0, 1))
    assert found.psnr == pytest.approx(20, abs=0.5)
    assert found.left == pytest.approx(0.1, rel=0.1)  # found before clipping


@pytest.mark.parametrize("window", [WINDOW, Window(0, 0, 70, 50), Window(117, 99, 63, 51)])
def test_a_network_makes_of_the_window_what_it_makes_of_the_whole(
    network: Denoiser, window: Window
) -> None:
    x = torch.from_numpy(NOISY[:, :]).permute(2, 0, 1)
    with torch.inference_mode():
        whole = tiling.restore(network, x, 0.1)
    found = photographs.attempt("a", NOISY, window, network=network, label="Ours")
    assert (found.label, found.side, found.setting) == ("Ours", "network", "conditioned on σ 25.5")
    assert torch.allclose(found.picture, whole[:, *window.slices], atol=1e-5)
    assert found.picture.shape == (3, window.height, window.width)
    assert found.noise is not None
    removed = x[:, *window.slices] - found.picture
    assert torch.allclose(found.noise.removed, removed, atol=1e-5)


def test_a_network_is_told_what_one_wants_and_never_sees_the_clean_picture(
    network: Denoiser,
) -> None:
    found = photographs.attempt("a", NOISY, WINDOW, network=network)
    scored = photographs.attempt("a", NOISY, WINDOW, network=network, clean=CLEAN)
    assert torch.equal(found.picture, scored.picture)
    assert found.psnr is None and found.ssim is None
    assert scored.psnr is not None and scored.ssim is not None
    told = photographs.attempt("a", NOISY, WINDOW, network=network, sigma=0.3)
    assert told.setting == "conditioned on σ 76.5" and not torch.equal(told.picture, found.picture)
    levels = torch.full(CLEAN.shape[:2], 0.1)
    mapped = photographs.attempt("a", NOISY, WINDOW, network=network, sigma=levels)
    assert torch.allclose(mapped.picture, found.picture, atol=1e-5)
    assert "place" in mapped.setting


def test_the_level_of_a_picture_that_came_noisy_is_found(network: Denoiser) -> None:
    pixels = NOISY.clipped()
    found = photographs.attempt("a", pixels, WINDOW, network=network)
    assert found.setting == f"conditioned on σ {255 * restore.level_of(pixels):.1f}"


def test_digits_are_let_loose_in_squares_channel_by_channel() -> None:
    digits = small_network("denoising_autoencoder")
    assert isinstance(digits, Autoencoder)
    found = photographs.attempt(photographs.DIGITS, NOISY, WINDOW, network=digits, label="Digits")
    assert (found.side, found.setting) == ("network", "in squares of 28 pixels")
    assert found.picture.shape == (3, 48, 64)
    x = torch.from_numpy(NOISY[WINDOW.slices]).permute(2, 0, 1).clamp(0, 1)
    with torch.inference_mode():
        second = digits(x[1:2, None, :28, 28:56][:, 0][None])[0, 0]
    assert torch.allclose(found.picture[1, :28, 28:56], second, atol=1e-6)
    colour = small_network("denoising_autoencoder", (3, 28, 28))
    with pytest.raises(UnsupportedError, match="colour"):
        photographs.attempt("a", NOISY, WINDOW, network=colour)
    with pytest.raises(UnsupportedError, match="restore"):
        photographs.attempt("a", NOISY, WINDOW, network=small_network("classifier"))


@pytest.mark.parametrize("name", list(photo_filters.photo_denoisers))
def test_the_oracle_does_no_worse_than_the_noise_level_alone(name: str) -> None:
    best = photographs.attempt(name, NOISY, WINDOW, clean=CLEAN)
    alone = photographs.attempt(name, NOISY, WINDOW)
    assert best.side == "classical" and best.label == filters.denoisers.get(name).label
    reference = torch.from_numpy(CLEAN[WINDOW.slices]).permute(2, 0, 1) / 255
    mse = (alone.picture - reference).square().mean().item()
    assert best.psnr is not None and best.psnr >= -10 * np.log10(mse)
    assert best.psnr > 24  # noisy: 20
    assert alone.psnr is None and alone.left < 0.05
    assert best.setting.endswith(("σ", "pixels")) and best.seconds > 0


def test_what_lies_around_the_window_helps_but_is_not_judged() -> None:
    elsewhere = CLEAN.copy()
    elsewhere[: WINDOW.top - photographs.MARGIN] = 0
    far = restore.NoisyPhoto(elsewhere, 0.1, seed=3)
    a = photographs.attempt("total_variation", NOISY, WINDOW, clean=CLEAN)
    b = photographs.attempt("total_variation", far, WINDOW, clean=elsewhere)
    assert torch.equal(a.picture, b.picture) and a.psnr == b.psnr


@pytest.mark.parametrize("name", ["noisy", "median", "total_variation", "wavelet", "a"])
def test_grey_and_tiny_pictures_are_taken_too(name: str, network: Denoiser) -> None:
    given = network if name == "a" else None
    grey = clean_picture(40, 50, channels=1)
    noisy = restore.NoisyPhoto(grey, 0.1, seed=0)
    found = photographs.attempt(name, noisy, Window(5, 6, 30, 20), clean=grey, network=given)
    assert found.picture.shape == (1, 20, 30) and found.psnr is not None
    tiny = restore.NoisyPhoto(CLEAN[:8, :8].copy(), 0.1, seed=0)
    found = photographs.attempt(name, tiny, Window(0, 0, 8, 8), network=given)
    assert found.picture.shape == (3, 8, 8) and found.noise is None


def test_an_unknown_method_is_named() -> None:
    with pytest.raises(UnknownNameError, match="median"):
        photographs.attempt("medium", NOISY, WINDOW)


# --- BM3D ---------------------------------------------------------------------------------------


def test_bm3d_is_told_the_noise_and_judged_on_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def half(pixels: np.ndarray, sigma: float) -> np.ndarray:
        seen.append((pixels.shape, sigma))
        return pixels / 2

    package = ModuleType("bm3d")
    package.bm3d = package.bm3d_rgb = half
    monkeypatch.setitem(sys.modules, "bm3d", package)
    found = photographs.attempt("bm3d", NOISY, WINDOW, clean=CLEAN)
    expected = torch.from_numpy(NOISY[WINDOW.slices]).permute(2, 0, 1) / 2
    assert torch.allclose(found.picture, expected.clamp(0, 1), atol=1e-6)
    ((shape, sigma),) = seen
    assert shape == (112, 128, 3) and sigma == pytest.approx(0.1, rel=0.05)


def test_bm3d_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bm3d", None)
    with pytest.raises(UnsupportedError, match="pip install"):
        photographs.attempt("bm3d", NOISY, WINDOW)
