"""Picture files at full size: what goes in comes out, and what cannot is refused in a sentence."""

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps, JpegImagePlugin
from tifffile import imwrite

from latentlab.errors import ImageError, UnsupportedError
from latentlab.pictures import photo_files
from latentlab.pictures.photo_files import Photo

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


def deep_png(colour: int, samples: np.ndarray) -> bytes:
    """A PNG of 16 bits whose rows use all the filters that a decoder has to undo."""
    height, width, channels = samples.shape
    raw = samples.astype(">u2").reshape(height, -1).view(np.uint8).astype(int)
    size, rows, above = 2 * channels, b"", np.zeros(raw.shape[1], int)
    for y, line in enumerate(raw):
        left, corner = (np.concatenate([np.zeros(size, int), row[:-size]]) for row in (line, above))
        guess = left + above - corner
        distances = np.abs([guess - left, guess - above, guess - corner])
        paeth = np.choose(distances.argmin(0), [left, above, corner])
        by = [0 * line, left, above, (left + above) // 2, paeth][y % 5]
        rows += bytes([y % 5]) + ((line - by) % 256).astype(np.uint8).tobytes()
        above = line
    file = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    for kind, content in ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")):
        file += struct.pack(">I", len(content)) + kind + content
        file += struct.pack(">I", zlib.crc32(kind + content))
    return file


@pytest.mark.parametrize(("colour", "channels"), [(2, 3), (4, 2), (6, 4)])
def test_a_png_of_sixteen_bits_from_elsewhere_is_read_to_the_last_bit(
    colour: int, channels: int
) -> None:
    samples = values(channels, 16)
    found = photo_files.decode(deep_png(colour, samples), "it.png")
    colours = samples[..., 0] if channels == 2 else samples[..., :3]
    assert np.array_equal(found.pixels, colours)
    assert (found.alpha is None) == (channels == 3)
    assert found.alpha is None or np.array_equal(found.alpha, samples[..., -1])


def with_thumbnail(exif: bytes) -> bytes:
    """EXIF with a second directory that holds a small JPEG."""
    small = encoded(Image.new("RGB", (16, 12), "red"), "JPEG")
    body = bytearray(exif.removeprefix(b"Exif\0\0"))
    order = ">" if body[:2] == b"MM" else "<"
    (entries,) = struct.unpack_from(f"{order}H", body, 8)
    body += b"\0" * (len(body) % 2)
    struct.pack_into(f"{order}I", body, 10 + 12 * entries, len(body))  # where the second one is
    start = len(body) + 2 + 2 * 12 + 4
    body += struct.pack(f"{order}HHHIIHHII", 2, 513, 4, 1, start, 514, 4, 1, len(small))
    return b"Exif\0\0" + bytes(body) + struct.pack(f"{order}I", 0) + small


def test_a_turned_photograph_with_a_thumbnail_comes_upright_and_without_a_stale_one() -> None:
    smooth = np.linspace(0, 250, 40 * 60 * 3).reshape(40, 60, 3).astype(np.uint8)
    data = encoded(Image.fromarray(smooth), "JPEG", exif=with_thumbnail(exif()), quality=95)
    assert data.count(b"\xff\xd8\xff") == 2  # two pictures begin here
    lying = photo_files.decode(data, "it.jpg")
    assert lying.pixels.shape == (40, 60, 3)
    upright = lying.upright()
    assert np.array_equal(upright.pixels, np.rot90(lying.pixels, -1))
    again = photo_files.encode(upright, "JPEG")
    assert again.count(b"\xff\xd8\xff") == 1
    with Image.open(io.BytesIO(again)) as file:
        assert file.size == (40, 60)
        assert file.getexif()[274] == 1 and file.getexif()[271] == "A camera"


@pytest.mark.parametrize("orientation", range(10))
def test_upright_is_what_pillow_makes_of_the_orientation(orientation: int) -> None:
    made = Image.Exif()
    made[274] = orientation
    lying = Photo(values(3, 8), values(1, 8), made.tobytes(), None)
    upright = lying.upright()
    for before, after in ((lying.pixels, upright.pixels), (lying.alpha, upright.alpha)):
        picture = Image.fromarray(before)
        picture.getexif()[274] = orientation
        assert np.array_equal(np.asarray(ImageOps.exif_transpose(picture)), after)
    assert upright.upright() is upright


@pytest.mark.parametrize("damaged", [None, b"", b"Exif\0\0MM\0*", b"nonsense", b"\xff" * 40])
def test_damaged_exif_turns_nothing(damaged: bytes | None) -> None:
    lying = Photo(values(3, 8), None, damaged, None)
    assert lying.upright() is lying


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG"])
def test_a_panorama_keeps_its_size(kind: str) -> None:
    wide = np.full((200, 20_000, 3), 90, np.uint8)
    data = photo_files.encode(Photo(wide, None, None, None), kind)
    assert photo_files.decode(data, "it").pixels.shape == wide.shape


def test_what_is_too_wide_for_a_format_is_refused_in_a_sentence() -> None:
    with pytest.raises(ImageError, match="20000 × 8 pixels cannot be written as WEBP"):
        photo_files.encode(Photo(np.zeros((8, 20_000, 3), np.uint8), None, None, None), "WEBP")


# --- for screens --------------------------------------------------------------------------------


def shown(photo: Photo, **options: int) -> Image.Image:
    picture = Image.open(io.BytesIO(photo_files.display(photo, **options)))
    picture.load()
    return picture


def test_a_small_picture_is_shown_to_the_last_bit() -> None:
    before = Photo(values(3, 8), None, exif(), PROFILE)
    picture = shown(before)
    assert picture.format == "PNG" and not len(picture.getexif())
    assert np.array_equal(np.asarray(picture), np.rot90(before.pixels, -1))
    assert "icc_profile" not in picture.info  # it is in sRGB, as it was
    alone = photo_files.display(before.upright().pixels, PROFILE)
    assert alone == photo_files.display(before)


def test_a_large_picture_is_a_jpeg_without_coarser_colours_and_reduced_where_it_must_be() -> None:
    large = Photo(np.full((1200, 1600, 3), 77, np.uint8), None, None, PROFILE)
    picture = shown(large)
    assert (picture.format, picture.size) == ("JPEG", (1600, 1200))
    assert JpegImagePlugin.get_sampling(picture) == 0  # 4:4:4
    assert "icc_profile" not in picture.info
    smaller = shown(large, most_pixels=1_500_000)
    assert smaller.width * smaller.height <= 1_500_000 < (smaller.width + 2) * (smaller.height + 2)
    assert np.abs(np.asarray(smaller).astype(int) - 77).max() <= 1
    wide = shown(Photo(np.zeros((20, 40_000, 3), np.uint8), None, None, None))
    assert wide.size == (photo_files.LONGEST_SHOWN, 8)


def test_reducing_does_not_turn_fine_stripes_into_coarse_ones() -> None:
    stripes = np.zeros((1000, 1500, 3), np.uint8)
    stripes[:, ::2] = 200
    small = np.asarray(shown(Photo(stripes, None, None, None), most_pixels=300_000)).astype(int)
    assert np.abs(small[20:-20, 20:-20] - 100).max() < 12


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [2, 4])
def test_what_is_transparent_is_shown_on_white(channels: int, bits: int) -> None:
    before = replace(photo(channels, bits), exif=None)
    picture = shown(before)
    eight = before.pixels if bits == 8 else before.pixels / 257
    share = before.alpha / (2**bits - 1)
    share = share if channels == 2 else share[..., None]
    expected = eight * share + 255 * (1 - share)
    assert picture.mode == ("L" if channels == 2 else "RGB")
    assert np.abs(np.asarray(picture) - expected).max() <= 1.5


def test_sixteen_bits_are_shown_with_eight() -> None:
    deep = values(3, 16)
    assert np.array_equal(np.asarray(shown(Photo(deep, None, None, None))), np.rint(deep / 257))


# --- what cannot be read ------------------------------------------------------------------------


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


def test_a_jpeg_that_was_cut_short_says_so() -> None:
    data = encoded(
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (300, 300, 3), np.uint8)), "JPEG"
    )
    with pytest.raises(ImageError, match=r"cut\.jpg is cut short"):
        photo_files.decode(data[: len(data) // 2], "cut.jpg")


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
