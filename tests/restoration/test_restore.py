"""Restoring photographs: in memory, from file to file, and what the method removed."""

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from small_models import small_network

from latentlab.errors import ImageError, InputError, ShapeError, UnsupportedError
from latentlab.metrics import metrics
from latentlab.models import Denoiser
from latentlab.pictures import photo_files, tiling
from latentlab.restoration import restore


@pytest.fixture(scope="module")
def network() -> Denoiser:
    """A small denoiser with random weights."""
    made = small_network("photo_denoiser", (3, 16, 16))
    assert isinstance(made, Denoiser)
    return made.requires_grad_(False)


def noisy(sigma: float, shape: tuple[int, ...] = (3, 90, 120)) -> torch.Tensor:
    return 0.5 + sigma * torch.randn(shape, generator=torch.Generator().manual_seed(2))


@torch.inference_mode()
def whole(network: Denoiser, x: torch.Tensor, level: float) -> torch.Tensor:
    """What the network makes of a picture in one piece, clipped."""
    return tiling.restore(network, x, level)


# --- in memory ----------------------------------------------------------------------------------


def test_white_noise_is_correlated_with_nothing_but_itself() -> None:
    x = noisy(0.1, (3, 200, 200))
    seen = restore.method_noise(x, torch.full_like(x, 0.5), radius=4)
    assert seen.deviation == pytest.approx(0.1, rel=0.02)
    assert seen.autocorrelation.shape == (9, 9)
    assert seen.autocorrelation[4, 4] == pytest.approx(1)
    others = seen.autocorrelation.clone()
    others[4, 4] = 0
    assert others.abs().max() < 0.03


def test_lost_detail_shows_in_the_autocorrelation() -> None:
    stripes = 0.1 * torch.sin(torch.arange(128.0) * torch.pi / 4).expand(1, 128, 128)
    found = restore.method_noise(0.5 + stripes, torch.full_like(stripes, 0.5)).autocorrelation
    assert found[8, 16] == pytest.approx(1, abs=0.02)  # eight pixels on, the stripes repeat
    assert found[8, 12] == pytest.approx(-1, abs=0.02)
    assert found[16, 8] == pytest.approx(1, abs=0.02)


def test_method_noise_wants_two_pictures_of_one_shape() -> None:
    with pytest.raises(ShapeError):
        restore.method_noise(torch.zeros(3, 20, 20), torch.zeros(3, 20, 21))
    with pytest.raises(ShapeError):
        restore.method_noise(torch.zeros(3, 8, 20), torch.zeros(3, 8, 20))


# --- noise added, and whole pictures -----------------------------------------------------------


def stored(shape: tuple[int, ...] = (300, 400, 3), bits: int = 8) -> np.ndarray:
    return np.random.default_rng(3).integers(0, 2**bits, shape).astype(f"u{bits // 8}")


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("shape", [(300, 400, 3), (300, 400)])
def test_a_window_of_a_spoilt_picture_is_that_of_the_spoilt_whole(
    shape: tuple[int, ...], bits: int
) -> None:
    pixels = stored(shape, bits)
    noisy = restore.NoisyPhoto(pixels, 0.2, seed=4)
    whole = noisy[:, :]
    assert whole.dtype == np.float32 and whole.shape == shape == noisy.shape
    assert np.array_equal(noisy[200:290, 240:270], whole[200:290, 240:270])
    noise = whole - pixels / (2**bits - 1)
    assert noise.std() == pytest.approx(0.2, rel=0.01) and abs(noise.mean()) < 0.005
    assert whole.min() < 0 and whole.max() > 1  # not clipped
    twice = restore.NoisyPhoto(pixels, 0.4, seed=4)[:, :] - pixels / (2**bits - 1)
    assert np.allclose(twice, 2 * noise, atol=1e-5)
    clipped = noisy.clipped()
    assert clipped.dtype == pixels.dtype
    assert np.array_equal(clipped, np.rint(whole.clip(0, 1) * (2**bits - 1)))


def run_through(steps: Generator[object, None, np.ndarray]) -> tuple[list[float], np.ndarray]:
    shares = []
    while True:
        try:
            shares.append(next(steps).share)
        except StopIteration as end:
            return shares, end.value


def test_a_spoilt_picture_is_restored_without_ever_being_whole(
    network: Denoiser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore.tiling.restore_tiles, "__defaults__", (64,))
    noisy = restore.NoisyPhoto(stored((90, 120, 3)), 0.2, seed=1)
    shares, restored = run_through(restore.restore_photo(network, noisy))
    assert shares == [0.25, 0.5, 0.75, 1.0]
    x = torch.from_numpy(noisy[:, :]).permute(2, 0, 1)
    expected = whole(network, x, 0.2).permute(1, 2, 0).numpy()
    assert restored.dtype == np.uint8
    assert np.abs(restored / 255.0 - expected).max() <= 0.5001 / 255 + 1e-5
    _, other = run_through(restore.restore_photo(network, noisy, 0.05))
    assert not np.array_equal(restored, other)


def test_the_level_of_a_stored_picture_is_found(network: Denoiser) -> None:
    pixels = (noisy(0.05).clamp(0, 1).permute(1, 2, 0).numpy() * 255).astype(np.uint8)
    level = restore.level_of(pixels)
    assert level == pytest.approx(0.05, rel=0.05)
    floats = (pixels / 255).astype(np.float32)
    assert restore.level_of(floats) == pytest.approx(level, rel=1e-3)
    _, found = run_through(restore.restore_photo(network, pixels))
    _, told = run_through(restore.restore_photo(network, pixels, level))
    assert np.array_equal(found, told)


def test_pictures_and_levels_that_cannot_be_are_refused(network: Denoiser) -> None:
    with pytest.raises(ImageError, match="The picture has 40 × 7 pixels"):
        run_through(restore.restore_photo(network, stored((7, 40, 3)), 0.1))
    for sigma in (-1.0, float("nan"), float("inf")):
        with pytest.raises(InputError, match="noise level"):
            run_through(restore.restore_photo(network, stored(), sigma))
    with pytest.raises(InputError, match="noise level"):
        restore.NoisyPhoto(stored(), float("nan"), 0)


# --- from file to file --------------------------------------------------------------------------


def save(path: Path, bits: int = 8, alpha: bool = False) -> None:
    levels = noisy(0.05).clamp(0, 1).permute(1, 2, 0).numpy() * (2**bits - 1)
    pixels = levels.astype(np.uint8 if bits == 8 else np.uint16)
    exif = Image.Exif()
    exif[271] = "A camera"
    opacity = pixels[..., 0].copy() if alpha else None
    path.parent.mkdir(parents=True, exist_ok=True)
    photo_files.write(path, photo_files.Photo(pixels, opacity, exif.tobytes(), b"profile"))


def run(network: Denoiser, source: Path, target: Path, sigma: float | None = None) -> list[int]:
    return [p.done for p in restore.restore_file(network, source, target, sigma)]


def test_a_file_keeps_its_bits_its_transparency_and_its_metadata(
    network: Denoiser, tmp_path: Path
) -> None:
    save(tmp_path / "in.png", bits=16, alpha=True)
    assert run(network, tmp_path / "in.png", tmp_path / "out.png") == [1]
    before, after = (photo_files.read(tmp_path / name) for name in ("in.png", "out.png"))
    assert after.pixels.dtype == np.uint16 and (after.pixels % 257).any()
    assert np.array_equal(before.alpha, after.alpha)
    assert (after.exif, after.profile) == (before.exif, before.profile)
    level = restore.level_of(before.pixels)
    assert level == pytest.approx(0.05, rel=0.05)
    x = torch.from_numpy(before.pixels.astype(np.float32) / 65535).permute(2, 0, 1)
    expected = whole(network, x, level).permute(1, 2, 0).numpy()
    assert np.abs(after.pixels / 65535 - expected).max() < 1e-4


def test_who_stops_early_leaves_nothing_behind(network: Denoiser, tmp_path: Path) -> None:
    save(tmp_path / "in.png")
    steps = restore.restore_file(network, tmp_path / "in.png", tmp_path / "out.png")
    next(steps)
    steps.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.png"]


def test_a_target_without_a_format_is_refused_before_the_work(
    network: Denoiser, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedError, match=r"out\.gif"):
        run(network, tmp_path / "is not even there.png", tmp_path / "out.gif")


def test_a_picture_too_small_is_refused_by_name(network: Denoiser, tmp_path: Path) -> None:
    Image.new("RGB", (7, 30)).save(tmp_path / "thin.png")
    with pytest.raises(ImageError, match=r"thin\.png has 7 × 30"):
        run(network, tmp_path / "thin.png", tmp_path / "out.png")


@pytest.mark.parametrize("suffix", ["", ".jpg_large", ".jfif"])
def test_a_picture_of_any_name_keeps_its_format(
    network: Denoiser, tmp_path: Path, suffix: str
) -> None:
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(tmp_path / f"it{suffix}", "JPEG")
    (tmp_path / "out").mkdir()
    run(network, tmp_path / f"it{suffix}", tmp_path / "out" / f"it{suffix}")
    with Image.open(tmp_path / "out" / f"it{suffix}") as file:
        assert file.format == "JPEG"


def views() -> dict[str, np.ndarray]:
    x = np.random.default_rng(0).integers(0, 255, (40, 48, 3), dtype=np.uint8)
    return {
        "bgr": x[..., ::-1],
        "flipped": x[::-1],
        "every other": x[:, ::2],
        "big-endian": x.astype(">u2") * 257,
        "big-endian floats": (x / 255).astype(">f4"),
        "fortran": np.asfortranarray(x),
        "read-only": np.frombuffer(x.tobytes(), np.uint8).reshape(x.shape),
    }


@pytest.mark.parametrize("name", views())
def test_arrays_as_other_libraries_give_them_are_as_good_as_copies(
    network: Denoiser, name: str
) -> None:
    view = views()[name]
    copy = np.array(view, view.dtype.newbyteorder("="), order="C")

    def restored(x: np.ndarray) -> np.ndarray:
        steps = restore.restore_photo(network, x, 0.1)
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return end.value

    assert restore.level_of(view) == restore.level_of(copy)
    assert restore.grain_of(view) == restore.grain_of(copy)
    assert np.array_equal(restored(view), restored(copy))
    assert restore.psnr(view, view) == float("inf")
    if copy.dtype.kind == "u":
        windows = [restore.NoisyPhoto(x, 0.1, 0)[0:9, 3:20] for x in (view, copy)]
        assert np.array_equal(*windows)
        assert np.array_equal(*(restore.NoisyPhoto(x, 0.1, 0).clipped() for x in (view, copy)))


def test_pixels_of_a_type_without_a_white_are_refused(network: Denoiser) -> None:
    for kind in (np.int64, np.float64, bool):
        with pytest.raises(InputError, match="white"):
            restore.level_of(np.zeros((20, 20), kind))


def test_psnr_of_stored_pixels_is_that_of_the_metric_whatever_their_depth() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 256, (2, 2 * restore.BAND + 7, 30, 3)).astype(np.uint8)
    pictures = [torch.from_numpy(x).permute(2, 0, 1)[None] / 255 for x in (a, b)]
    expected = metrics.get("psnr")(*pictures).item()
    assert restore.psnr(a, b) == pytest.approx(expected, abs=1e-3)
    deep = [x.astype(np.uint16) * 257 for x in (a, b)]
    assert restore.psnr(*deep) == pytest.approx(expected, abs=1e-3)
    assert restore.psnr(a, a) == float("inf")
    with pytest.raises(ShapeError):
        restore.psnr(a, deep[0])
