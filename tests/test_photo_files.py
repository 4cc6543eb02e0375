"""Picture files at full size: what goes in comes out, and what cannot is refused in a sentence."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from tifffile import imwrite

from latentlab import photo_files
from latentlab.errors import ImageError, UnsupportedError
from latentlab.photo_files import Photo

SIZE = (19, 33)  # height, width
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def values(channels: int, bits: int) -> np.ndarray:
    """Random samples [H,W] or [H,W,C] that use all bits."""
    shape = SIZE if channels == 1 else (*SIZE, channels)
    kind = np.uint8 if bits == 8 else np.uint16
    return np.random.default_rng(channels).integers(0, 2**bits, shape).astype(kind)


def exif() -> bytes:
    made = Image.Exif()
    made[274] = 6  # turned by a quarter
    made[271] = "A camera"
    return made.tobytes()


def photo(channels: int, bits: int) -> Photo:
    samples = values(channels, bits)
    if channels in (2, 4):
        return Photo(
            np.ascontiguousarray(samples[..., 0] if channels == 2 else samples[..., :3]),
            np.ascontiguousarray(samples[..., -1]),
            exif(),
            PROFILE,
        )
    return Photo(samples, None, exif(), PROFILE)


def same(a: Photo, b: Photo) -> bool:
    alphas = [x.alpha is None for x in (a, b)]
    return (
        a.pixels.dtype == b.pixels.dtype
        and np.array_equal(a.pixels, b.pixels)
        and alphas[0] == alphas[1]
        and (a.alpha is None or np.array_equal(a.alpha, b.alpha))
    )


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize(
    ("channels", "bits"), [(1, 8), (1, 16), (2, 8), (3, 8), (3, 16), (4, 8), (4, 16)]
)
def test_lossless_files_keep_every_bit_and_the_profile(
    channels: int, bits: int, suffix: str, tmp_path: Path
) -> None:
    before, path = photo(channels, bits), tmp_path / f"it{suffix}"
    photo_files.write(path, before)
    after = photo_files.read(path)
    turned = suffix == ".tif"  # Pillow turns TIFFs upright
    upright = replace(
        before,
        pixels=np.rot90(before.pixels, -turned),
        alpha=None if before.alpha is None else np.rot90(before.alpha, -turned),
    )
    assert same(upright, after)
    assert after.profile == PROFILE
    orientation = Image.Exif()
    orientation.load(after.exif or b"")
    assert orientation.get(274, 1) == (1 if turned else 6)
    with Image.open(path) as file:
        assert file.getexif()[274] == 6
        if (suffix, bits) != (".tif", 16) or channels == 1:
            assert file.getexif()[271] == "A camera"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_lossy_files_stay_close_and_keep_exif_and_profile(suffix: str, tmp_path: Path) -> None:
    rows, columns = np.mgrid[:64, :96]
    smooth = np.stack([2 * rows, 2 * columns, rows + columns], 2).astype(np.uint8)
    path = tmp_path / f"it{suffix}"
    photo_files.write(path, Photo(smooth, None, exif(), PROFILE))
    after = photo_files.read(path)
    assert np.abs(after.pixels.astype(int) - smooth).max() < 12
    assert after.profile == PROFILE and after.exif is not None
    with Image.open(path) as file:
        assert file.getexif()[271] == "A camera"


@pytest.mark.parametrize("suffix", [".jpg", ".bmp", ".webp"])
def test_sixteen_bits_are_rounded_where_the_format_has_eight(suffix: str, tmp_path: Path) -> None:
    deep = np.full((16, 16, 3), 257 * 100 + 128, np.uint16)
    photo_files.write(tmp_path / f"it{suffix}", Photo(deep, None, None, None))
    stored = photo_files.read(tmp_path / f"it{suffix}").pixels
    assert stored.dtype == np.uint8 and np.abs(stored.astype(int) - 100).max() <= 1


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("packed", [None, "zlib"])
def test_tiffs_of_either_byte_order_are_read_to_the_last_bit(
    order: str, packed: str | None, tmp_path: Path
) -> None:
    samples, path = values(3, 16), tmp_path / "it.tif"
    imwrite(path, samples, photometric="rgb", byteorder=order, compression=packed, metadata=None)
    assert np.array_equal(photo_files.read(path).pixels, samples)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def test_a_palette_becomes_colour_with_its_transparency() -> None:
    picture = Image.fromarray(values(3, 8)).quantize(16)
    opaque = photo_files.decode(encoded(picture, "PNG"), "it.png")
    assert opaque.pixels.shape == (*SIZE, 3) and opaque.alpha is None
    assert np.array_equal(opaque.pixels, np.asarray(picture.convert("RGB")))
    clear = photo_files.decode(encoded(picture, "PNG", transparency=3), "it.png")
    assert clear.alpha is not None
    assert np.array_equal(clear.alpha == 0, np.asarray(picture) == 3)


def test_cmyk_becomes_rgb_without_the_profile_that_no_longer_fits() -> None:
    picture = Image.fromarray(values(3, 8)).convert("CMYK")
    found = photo_files.decode(encoded(picture, "JPEG", icc_profile=PROFILE), "it.jpg")
    assert found.pixels.shape == (*SIZE, 3) and found.profile is None


def test_a_grey_jpeg_stays_grey() -> None:
    data = encoded(Image.fromarray(values(1, 8)), "JPEG")
    assert photo_files.decode(data, "it.jpg").pixels.shape == SIZE


def test_pixels_are_not_turned() -> None:
    data = encoded(Image.fromarray(values(3, 8)), "PNG", exif=exif())
    found = photo_files.decode(data, "it.png")
    assert found.pixels.shape[:2] == SIZE


HOSTILE = {
    "empty": b"",
    "text": b"hello",
    "cut": encoded(Image.fromarray(values(3, 8)), "JPEG")[:400],
    "film": encoded(
        Image.new("L", (9, 9)), "GIF", save_all=True, append_images=[Image.new("L", (9, 9), 9)]
    ),
    "float": encoded(Image.fromarray(np.zeros(SIZE, np.float32)), "TIFF"),
    "long": encoded(Image.fromarray(np.zeros(SIZE, np.int32)), "TIFF"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_read_is_refused_by_name(name: str) -> None:
    with pytest.raises(ImageError, match=f"{name}.jpg"):
        photo_files.decode(HOSTILE[name], f"{name}.jpg")


def test_planes_apart_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "it.tif"
    planes = np.ascontiguousarray(values(3, 16).transpose(2, 0, 1))
    imwrite(path, planes, photometric="rgb", planarconfig="separate", metadata=None)
    with pytest.raises(ImageError, match="apart"):
        photo_files.read(path)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"gone\.png"):
        photo_files.read(tmp_path / "gone.png")


def test_formats_that_cannot_hold_it_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="transparency"):
        photo_files.write(tmp_path / "it.jpg", photo(4, 8))
    with pytest.raises(UnsupportedError, match=r"it\.doc"):
        photo_files.write(tmp_path / "it.doc", photo(3, 8))
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "it.png").mkdir()
    with pytest.raises(ImageError, match=r"it\.png cannot be written"):
        photo_files.write(tmp_path / "it.png", photo(3, 8))
    assert [p.name for p in tmp_path.iterdir()] == ["it.png"]
