"""Pictures as people bring them: each kind that was once read wrongly, and its neighbours."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from cases_of_pictures import (
    camera_exif,
    chunk,
    deep_png,
    encoded,
    repacked,
    smooth,
    tiff,
    with_chunks,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from latentlab.errors import ImageError
from latentlab.pictures import metadata, opening, photo_files, profiles, uploads
from latentlab.pictures.photo_files import Photo

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def random(shape: tuple[int, ...], kind: type) -> np.ndarray:
    return np.random.default_rng(0).integers(
        0, np.iinfo(kind).max, shape, endpoint=True, dtype=kind
    )


def decoded(data: bytes) -> Photo:
    return photo_files.decode(data, "it")


def upload(data: bytes) -> np.ndarray:
    return uploads.read_picture(data, "it").numpy().transpose(1, 2, 0)


def again(photo: Photo, kind: str) -> Photo:
    return decoded(photo_files.encode(photo, kind))


# --- TIFF: what samples are, before how deep -----------------------------------------------------


def meant(values: np.ndarray, photometric: str) -> np.ndarray:
    """Grey or colours of samples [H,W,C] in floating point, white at 1."""
    x = values / np.iinfo(values.dtype).max
    if photometric == "separated":
        return (1 - x[..., :3]) * (1 - x[..., 3:4])
    if photometric == "miniswhite":
        x = 1 - x
    return x[..., 0] if photometric.startswith("minis") else x


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite", "rgb", "separated"])
@pytest.mark.parametrize("extra", [None, "unspecified", "assocalpha", "unassalpha"])
@pytest.mark.parametrize("planar", ["contig", "separate"])
def test_a_tiff_is_what_its_header_says(
    kind: type, photometric: str, extra: str | None, planar: str
) -> None:
    count = {"rgb": 3, "separated": 4}.get(photometric, 1)
    samples = random((24, 40, count), kind)
    opacity = np.maximum(random((24, 40, 1), kind), np.iinfo(kind).max // 4).astype(kind)
    stored = samples
    if extra == "assocalpha":  # as large as the opacity at most
        share = opacity / np.iinfo(kind).max
        stored = np.rint(samples * share).astype(kind)
    if extra is not None:
        stored = np.concatenate([stored, opacity], 2)
    layers = stored.shape[2]
    if planar == "separate" and layers == 1:
        pytest.skip("one channel has no others to lie apart from")
    values = np.moveaxis(stored, -1, 0) if planar == "separate" else stored
    for order, packed, tile in (("<", None, None), (">", "zlib", None), ("<", "zlib", (16, 16))):
        data = tiff(
            np.ascontiguousarray(values[..., 0] if layers == 1 else values),
            photometric=photometric,
            planarconfig=None if layers == 1 else planar,
            extrasamples=None if extra is None else [extra],
            byteorder=order,
            compression=packed,
            predictor=packed is not None,
            tile=tile,
        )
        found = decoded(data)
        assert found.pixels.dtype == kind
        assert (found.alpha is not None) == (extra in ("assocalpha", "unassalpha"))
        assert found.alpha is None or np.array_equal(found.alpha, opacity[..., 0])
        white = np.iinfo(kind).max
        near = 4.1 / white if extra == "assocalpha" else 1.1 / white
        if extra != "assocalpha" or photometric != "miniswhite":
            assert np.abs(found.pixels / white - meant(samples, photometric)).max() < near
        assert all(
            np.array_equal(getattr(again(found, "TIFF"), part), getattr(found, part))
            for part in ("pixels", "alpha")
            if getattr(found, part) is not None
        )
        seen = upload(data).mean()  # the same picture to those who look at it
        share = 1 if found.alpha is None else found.alpha / white
        share = share if found.pixels.ndim == 2 or found.alpha is None else share[..., None]
        assert abs((found.pixels / white * share + 1 - share).mean() - seen) < 0.02


@pytest.mark.parametrize("packed", ["tiff_lzw", "packbits"])
def test_what_only_pillow_unpacks_is_read_to_the_last_bit(packed: str) -> None:
    grey = random((24, 40), np.uint16)
    assert np.array_equal(
        decoded(encoded(Image.fromarray(grey), "TIFF", compression=packed)).pixels, grey
    )


@pytest.mark.parametrize(("kind", "order"), [(np.uint8, "<"), (np.uint8, ">"), (np.uint16, "<")])
def test_a_packed_tiff_is_the_negative_that_its_header_says(kind: type, order: str) -> None:
    grey = random((24, 40), kind)
    data = repacked(tiff(grey, photometric="miniswhite", byteorder=order), 32773)
    assert np.array_equal(decoded(data).pixels, np.iinfo(kind).max - grey)
    assert abs(upload(data)[..., 0] - decoded(data).pixels / np.iinfo(kind).max).max() < 0.003


@pytest.mark.parametrize(
    ("shape", "options", "compression", "said"),
    [
        ((24, 40), {"photometric": "miniswhite", "deep": True}, 32773, "with PackBits"),
        # Pillow would give another transparency than the one that is there.
        ((2, 24, 40), {"planarconfig": "separate", "extrasamples": [2]}, 32773, "with PackBits"),
        ((24, 40, 2), {"extrasamples": [0], "deep": True}, 32773, "read here for ordinary"),
        ((24, 40, 3), {"photometric": "rgb"}, 50002, "with JPEG XL, which is not read here"),
        ((24, 40, 3), {"photometric": "rgb"}, 34712, "with JPEG 2000, which is not read here"),
        ((24, 40, 3), {"photometric": "rgb"}, 50001, "with WebP, and damaged or of a kind"),
        ((24, 40, 3), {"photometric": "rgb"}, 55555, "the method of number 55555"),
    ],
)
def test_a_tiff_that_nobody_unpacks_is_told_by_its_compression(
    shape: tuple[int, ...], options: dict, compression: int, said: str
) -> None:
    options = {"photometric": "minisblack", **options}
    values = random(shape, np.uint16 if options.pop("deep", False) else np.uint8)
    data = repacked(tiff(values, byteorder=">", **options), compression)
    for read in (decoded, upload):
        with pytest.raises(ImageError, match=said) as refused:
            read(data)
        assert "as a PNG" in str(refused.value)


def test_twelve_bits_reach_white() -> None:
    values = np.array([[0, 4095, 2048, 1]], np.uint16)
    packed = bytes([0x00, 0x0F, 0xFF, 0x80, 0x00, 0x01])
    data = tiff(values, photometric="minisblack")
    # The same header with 12 bits a sample, and the samples packed.
    at = data.index(struct.pack("<HHIH", 258, 3, 1, 16))
    data = data[: at + 8] + struct.pack("<H", 12) + data[at + 10 :]
    data = data.replace(values.tobytes(), packed + bytes(2))
    found = decoded(data).pixels
    assert found.tolist() == [[0, 65535, 2048 * 16 + 8, 16]]
    assert abs(upload(data)[0, 1, 0] - 1) < 1e-6


def test_lab_becomes_the_colours_that_it_was_made_of() -> None:
    lab = ImageCms.profileToProfile(
        Image.fromarray(smooth()),
        ImageCms.createProfile("sRGB"),
        ImageCms.createProfile("LAB"),
        outputMode="LAB",
    )
    data = encoded(lab, "TIFF")
    assert np.abs(decoded(data).pixels.astype(int) - smooth()).mean() < 3
    assert np.abs(upload(data) * 255 - smooth()).mean() < 3


@pytest.mark.parametrize("photometric", ["rgb", "minisblack"])
def test_a_tiffs_orientation_is_obeyed_whoever_reads_it(photometric: str) -> None:
    lying = random((24, 40, 3) if photometric == "rgb" else (24, 40), np.uint16)
    data = tiff(lying, photometric=photometric, extratags=[(274, "H", 1, 6, True)])
    found = decoded(data)
    assert np.array_equal(found.pixels, np.rot90(lying, -1))
    assert metadata.orientation(found.exif) == 1
    assert np.abs(upload(data) - np.rot90(lying, -1).reshape(40, 24, -1) / 65535).max() < 0.003


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_a_small_copy_before_the_picture_is_not_taken_for_it(kind: type) -> None:
    import tifffile

    file, large = io.BytesIO(), random((40, 64, 3), kind)
    with tifffile.TiffWriter(file) as writer:
        writer.write(smooth(20, 32), photometric="rgb", metadata=None, subfiletype=1)
        writer.write(large, photometric="rgb", metadata=None)
    assert np.array_equal(decoded(file.getvalue()).pixels, large)
    assert upload(file.getvalue()).shape == (40, 64, 3)


def test_a_page_that_is_reduced_is_no_second_picture() -> None:
    import tifffile

    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(smooth(), photometric="rgb", metadata=None)
        writer.write(smooth(20, 32), photometric="rgb", metadata=None, subfiletype=1)
    assert decoded(file.getvalue()).pixels.shape == (40, 64, 3)
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for _ in range(2):
            writer.write(smooth(), photometric="rgb", metadata=None)
    with pytest.raises(ImageError, match="several pictures"):
        decoded(file.getvalue())


@pytest.mark.parametrize(
    ("values", "options", "said"),
    [
        (np.zeros((9, 9, 3), np.float32), {"photometric": "rgb"}, "floating-point"),
        (np.zeros((9, 9), np.float64), {"photometric": "minisblack"}, "floating-point"),
        (np.zeros((9, 9), np.float32), {"photometric": "minisblack"}, "floating-point"),
        (np.zeros((9, 9), np.int16), {"photometric": "minisblack"}, "sign"),
        (np.zeros((9, 9, 3), np.uint32), {"photometric": "rgb"}, "32 bits"),
        (np.zeros((9, 9), np.uint16), {"photometric": "cfa"}, "raw file"),
    ],
)
def test_a_tiff_that_is_no_ordinary_picture_is_named(
    values: np.ndarray, options: dict, said: str
) -> None:
    with pytest.raises(ImageError, match=said):
        decoded(tiff(values, **options))


def test_a_preview_is_not_taken_for_the_raw_file_around_it() -> None:
    import tifffile

    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        writer.write(smooth(), photometric="rgb", metadata=None, subfiletype=1, subifds=1)
        writer.write(random((80, 128), np.uint16), photometric="cfa", metadata=None)
    for read in (decoded, upload):
        with pytest.raises(ImageError, match="raw file"):
            read(file.getvalue())


def test_strips_that_are_missing_or_unpack_to_too_much_are_refused() -> None:
    data = tiff(random((64, 64, 3), np.uint16), photometric="rgb", rowsperstrip=8)
    with pytest.raises(ImageError, match="cut short"):
        decoded(data[:-2000])
    packed = tiff(np.zeros((16, 16, 3), np.uint16), photometric="rgb", compression="zlib")
    bomb, start = zlib.compress(bytes(1 << 20)), packed.rindex(b"\x78")
    at = packed.index(struct.pack("<HHII", 279, 4, 1, len(packed) - start)) + 8
    data = packed[:at] + struct.pack("<I", len(bomb)) + packed[at + 4 : start]
    with pytest.raises(ImageError, match="more than it should"):
        decoded(data + bomb)


def test_a_directory_far_beyond_the_file_is_one_sentence() -> None:
    data = bytearray(tiff(random((9, 9, 3), np.uint16), photometric="rgb", bigtiff=True))
    data[8:16] = b"\xff" * 8
    for read in (decoded, upload):
        with pytest.raises(ImageError):
            read(bytes(data))


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_transparency_may_come_after_a_channel_of_no_meaning(kind: type) -> None:
    values = random((24, 40, 5), kind)
    found = decoded(tiff(values, photometric="rgb", extrasamples=["unspecified", "unassalpha"]))
    assert np.array_equal(found.pixels, values[..., :3])
    assert np.array_equal(found.alpha, values[..., 4])


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"II*\0\x10\0\0\0CR\2\0", "raw file"),
        (b"IIRO\x08\0\0\0", "raw file"),
        (b"IIU\0\x18\0\0\0", "raw file"),
        (b"FUJIFILMCCD-RAW 0201", "raw file"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "raw file"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\x76\x2f\x31\x01\2\0\0\0", "floating-point"),
        (b"#?RADIANCE\n", "floating-point"),
        (b"\xff\x0a\xfa\x1f", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
    ],
)
def test_photographs_of_other_kinds_are_named(start: bytes, said: str) -> None:
    for read in (decoded, upload):
        with pytest.raises(ImageError, match=said):
            read(start + bytes(100))


# --- PNG -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [1, 2, 4, 8, 16])
def test_the_transparent_grey_of_a_png_counts_in_its_own_bits(depth: int) -> None:
    levels = np.arange(2 ** min(depth, 8)).repeat(8)[: 64 * 8].reshape(1, -1)
    bits = np.unpackbits(levels.astype(np.uint8)[..., None], axis=-1)[..., 8 - min(depth, 8) :]
    row = np.packbits(bits.reshape(-1)).tobytes()
    if depth == 16:
        row = (levels * 257).astype(">u2").tobytes()
    header = struct.pack(">IIBBBBB", levels.size, 1, depth, 0, 0, 0, 0)
    key = struct.pack(">H", 257 if depth == 16 else 1)
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*each)
        for each in (
            (b"IHDR", header),
            (b"tRNS", key),
            (b"IDAT", zlib.compress(b"\0" + row)),
            (b"IEND", b""),
        )
    )
    found = decoded(data)
    assert np.array_equal(found.alpha == 0, levels == 1)
    assert (upload(data)[levels == 1] == 1).all() and (upload(data)[levels == 0] == 0).all()


def test_one_colour_of_sixteen_bits_is_transparent_and_its_neighbours_are_not() -> None:
    values = np.zeros((2, 3, 3), np.uint16) + np.uint16([0x1200, 0x3400, 0x5600])
    values[1, 1, 2] += 1
    data = deep_png(values, (b"tRNS", struct.pack(">HHH", 0x1200, 0x3400, 0x5600)))
    found = decoded(data)
    assert found.alpha.tolist() == [[0, 0, 0], [0, 65535, 0]]
    assert np.array_equal(found.pixels, values)
    assert np.array_equal(again(found, "PNG").alpha, found.alpha)
    assert upload(data)[0, 0].tolist() == [1, 1, 1] and upload(data)[1, 1, 0] < 0.1


@pytest.mark.parametrize(
    "chunks",
    [
        [(b"iCCP", b"x\0\0" + zlib.compress(SRGB + bytes(2 << 20)))],
        [(b"iCCP", b"x\0\0" + zlib.compress(SRGB + bytes(64 << 20)))],
        [(b"zTXt", b"a\0\0" + zlib.compress(bytes(2 << 20)))],
        [(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(3 << 20)))],
        [(b"zTXt", b"a\0\0" + zlib.compress(bytes(900_000)))] * 80,
        [(b"tEXt", b"a\0" + bytes(2 << 20))],
    ],
    ids=["profile", "huge profile", "text", "xmp", "many texts", "long text"],
)
def test_large_chunks_do_not_cost_the_picture(chunks: list) -> None:
    data = with_chunks(encoded(Image.fromarray(smooth()), "PNG"), *chunks)
    found = decoded(data)
    assert np.array_equal(found.pixels, smooth())
    assert np.abs(upload(data) * 255 - smooth()).max() < 1.01
    assert np.array_equal(again(found, "PNG").pixels, smooth())


def test_a_profile_of_more_than_a_megabyte_is_kept_and_read_again() -> None:
    profile = SRGB + np.random.default_rng(0).bytes(1_500_000)
    data = encoded(Image.fromarray(smooth()), "JPEG", icc_profile=profile)
    found = decoded(data)
    assert found.profile == profile
    assert again(found, "PNG").profile == profile


# --- colours -------------------------------------------------------------------------------------

P3 = profiles.of_png({}, (12, 13, 0, 1), colour=True)
LINEAR = profiles.of_png({"gamma": 1.0}, (), colour=True)


def test_a_profile_is_honoured_on_screen_and_by_models_and_kept_in_files() -> None:
    red = np.full((16, 16, 3), (200, 50, 50), np.uint8)
    for kind in ("PNG", "JPEG", "TIFF", "WEBP"):
        data = photo_files.encode(Photo(red, None, None, P3), kind)
        assert decoded(data).profile == P3
        seen = upload(data)[8, 8] * 255
        assert np.abs(seen - (218, 24, 40)).max() < 8, kind
        shown = np.asarray(Image.open(io.BytesIO(photo_files.display(decoded(data)))))
        assert np.abs(shown[8, 8] - seen).max() < 2


def test_gamma_primaries_and_code_points_become_a_profile() -> None:
    grey = np.full((8, 8), 55, np.uint8)
    colours = np.full((8, 8, 3), (200, 50, 50), np.uint8)
    linear = with_chunks(
        encoded(Image.fromarray(grey), "PNG"), (b"gAMA", struct.pack(">I", 100000))
    )
    assert abs(upload(linear)[0, 0, 0] * 255 - 128) < 2
    deep = deep_png(grey.astype(np.uint16) * 257, (b"gAMA", struct.pack(">I", 100000)))
    assert abs(upload(deep)[0, 0, 0] * 255 - 128) < 2
    for kind in ("PNG", "TIFF", "JPEG"):
        assert abs(upload(photo_files.encode(decoded(linear), kind))[0, 0, 0] * 255 - 128) < 4
    wide = struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
    old = with_chunks(
        encoded(Image.fromarray(colours), "PNG"),
        (b"gAMA", struct.pack(">I", 45455)),
        (b"cHRM", wide),
    )
    new = with_chunks(encoded(Image.fromarray(colours), "PNG"), (b"cICP", bytes([12, 13, 0, 1])))
    for data in (old, new):
        assert np.abs(upload(data)[0, 0] * 255 - (218, 20, 38)).max() < 8
        assert np.array_equal(decoded(data).pixels, colours)
    usual = with_chunks(
        encoded(Image.fromarray(colours), "PNG"), (b"gAMA", struct.pack(">I", 45455))
    )
    assert decoded(usual).profile is None


@pytest.mark.parametrize("profile", [b"", b"nonsense", SRGB[:200], SRGB[:-400], bytes(500)])
def test_a_damaged_profile_says_nothing(profile: bytes) -> None:
    data = encoded(Image.fromarray(smooth()), "PNG", icc_profile=profile)
    assert np.abs(upload(data) * 255 - smooth()).max() < 1.01
    photo_files.display(decoded(data))


# --- JPEG ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_without_its_end_marker_is_read_if_its_pixels_are_there(progressive: bool) -> None:
    noise = random((64, 96, 3), np.uint8)
    data = encoded(Image.fromarray(noise), "JPEG", progressive=progressive)
    assert data.endswith(b"\xff\xd9")
    assert np.array_equal(decoded(data[:-2]).pixels, decoded(data).pixels)
    assert np.array_equal(upload(data[:-2]), upload(data))
    for read in (decoded, upload):
        with pytest.raises(ImageError, match="cut short"):
            read(data[:-40])


def test_of_a_cameras_jpeg_its_first_picture_counts() -> None:
    data = encoded(
        Image.fromarray(smooth()), "MPO", save_all=True, append_images=[Image.new("RGB", (16, 12))]
    )
    assert decoded(data).pixels.shape == (40, 64, 3)


@pytest.mark.parametrize(
    "name", ["digit.jfif", "digit.jpe", "digit", "digit.png", "digit.jpg_large"]
)
def test_the_content_decides_and_not_the_name(name: str) -> None:
    data = encoded(Image.fromarray(smooth()), "JPEG")
    assert photo_files.decode(data, name).pixels.shape == (40, 64, 3)
    assert opening.kind_of(data) == "JPEG"


def test_a_phones_photograph_is_read_where_its_reader_is_installed() -> None:
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    exif = Image.Exif()
    exif[274] = 6
    data = encoded(Image.fromarray(smooth()), "HEIF", exif=exif.tobytes(), quality=95)
    assert decoded(data).upright().pixels.shape == (64, 40, 3)
    assert upload(data).shape == (64, 40, 3)
    with pytest.raises(ImageError, match="HEIC photograph that is damaged"):
        decoded(data[:200])


# --- what is said of a picture -------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_a_cameras_exif_goes_where_it_can(kind: str) -> None:
    data = encoded(Image.fromarray(smooth()), "JPEG", exif=camera_exif(), quality=95)
    written = photo_files.encode(decoded(data), kind)
    assert upload(written).shape == (64, 40, 3)  # upright
    assert np.abs(upload(written) - upload(data)).mean() < 0.02
    if kind != "BMP":
        with Image.open(io.BytesIO(written)) as file:
            assert file.getexif()[271] == "Maker"
            if kind != "TIFF":
                assert file.getexif().get_ifd(34665)[36867] == "2024:01:02 03:04:05"
                assert file.getexif().get_ifd(34853)[1] == "N"


def test_a_tiff_with_the_cameras_directory_is_written_again() -> None:
    exif = Image.Exif()
    exif.load(camera_exif())
    data = encoded(Image.fromarray(smooth()), "TIFF", exif=exif)
    found = decoded(data)
    for kind in ("TIFF", "PNG", "JPEG"):
        assert again(found, kind).pixels.shape == (64, 40, 3)


@pytest.mark.parametrize("entry", [(296, "cm"), (282, "far"), (34665, 7), (305, (1, 2)), (271, 5)])
def test_an_entry_that_cannot_be_written_costs_only_itself(entry: tuple) -> None:
    exif = Image.Exif()
    exif[274] = 6
    raw = bytearray(exif.tobytes())
    # One more entry, of a type that its tag does not have: letters, or a number.
    tag, value = entry
    content = value.encode() + b"\0" if isinstance(value, str) else struct.pack("<H", 7)
    kind, count = (2, len(content)) if isinstance(value, str) else (3, 1)
    order = ">" if raw[6:8] == b"MM" else "<"
    entries = sorted(
        [
            struct.pack(f"{order}HHIH2x", 274, 3, 1, 6),
            struct.pack(f"{order}HHI", tag, kind, count) + content[:4].ljust(4, b"\0"),
        ],
        key=lambda e: struct.unpack(f"{order}H", e[:2]),
    )
    head = raw[:14] + struct.pack(f"{order}H", 2) + b"".join(entries) + bytes(4)
    data = encoded(Image.fromarray(smooth()), "JPEG", exif=bytes(head), quality=95)
    assert decoded(data).upright().pixels.shape == (64, 40, 3)
    for kind in ("JPEG", "TIFF", "PNG", "BMP"):
        assert upload(photo_files.encode(decoded(data), kind)).shape == (64, 40, 3)


def test_a_description_too_long_for_a_jpeg_is_left_out() -> None:
    data = tiff(smooth(), photometric="rgb", description="long " * 40_000)
    for kind in ("JPEG", "PNG", "TIFF"):
        assert again(decoded(data), kind).pixels.shape == (40, 64, 3)


def test_how_a_tiff_was_laid_out_is_not_carried_into_another_file() -> None:
    palette = Image.fromarray(smooth()).quantize(16)
    planes = np.ascontiguousarray(smooth().transpose(2, 0, 1))
    for data in (
        encoded(palette, "TIFF"),
        encoded(Image.fromarray(smooth()).convert("YCbCr"), "TIFF"),
        encoded(Image.fromarray(smooth()).convert("CMYK"), "TIFF"),
        tiff(planes, photometric="rgb", planarconfig="separate"),
        tiff(random((24, 40, 3), np.uint16), photometric="rgb", bigtiff=True),
    ):
        found = decoded(data)
        for kind in ("TIFF", "PNG"):
            assert np.array_equal(again(found, kind).pixels, found.pixels)
        with Image.open(io.BytesIO(photo_files.encode(found, "PNG"))) as file:
            assert not set(file.getexif()) & {256, 257, 258, 259, 262, 273, 277, 278, 279, 284, 320}


# --- arrays --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_arrays_of_any_order_are_written_as_their_copies(kind: str) -> None:
    x = random((24, 40, 3), np.uint8)
    for view in (x[..., ::-1], x[::-1], x[:, ::2], x.transpose(1, 0, 2), x.astype(">u2") * 257):
        copy = np.ascontiguousarray(view).astype(view.dtype.newbyteorder("="))
        assert photo_files.encode(Photo(view, None, None, None), kind) == photo_files.encode(
            Photo(copy, None, None, None), kind
        )
        assert photo_files.display(view) == photo_files.display(copy)


# --- what we write we can read -------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["PNG", "TIFF", "BMP", "JPEG", "WEBP"]),
    st.sampled_from([1, 3]),
    st.sampled_from([np.uint8, np.uint16]),
    st.booleans(),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 8),
    st.integers(0, 2**32 - 1),
    st.sampled_from([None, SRGB, P3, LINEAR]),
)
def test_what_is_written_is_read_again(
    kind: str,
    channels: int,
    depth: type,
    transparent: bool,
    height: int,
    width: int,
    orientation: int,
    seed: int,
    profile: bytes | None,
) -> None:
    rng = np.random.default_rng(seed)
    white = np.iinfo(depth).max
    shape = (height, width) if channels == 1 else (height, width, 3)
    alpha = None
    if transparent and kind not in ("JPEG", "BMP"):
        alpha = rng.integers(0, white, (height, width), depth, endpoint=True)
    before = Photo(
        rng.integers(0, white, shape, depth, endpoint=True),
        alpha,
        camera_exif(orientation),
        profile,
    )
    after = again(before, kind).upright()
    wanted = before.upright()
    assert after.pixels.shape[:2] == wanted.pixels.shape[:2]
    if kind in ("PNG", "TIFF"):
        assert after.pixels.dtype == depth and np.array_equal(after.pixels, wanted.pixels)
        assert alpha is None or np.array_equal(after.alpha, wanted.alpha)
        assert after.profile == profile
    if kind == "BMP":
        assert np.array_equal(after.pixels, photo_files.reading.rounded(wanted.pixels))
    assert (after.alpha is None) == (alpha is None) or kind == "WEBP"


def test_a_name_as_long_as_a_disk_takes_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 245 + ".png")
    photo_files.write(path, Photo(smooth(), None, None, None))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_file_as_parent_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ImageError, match="cannot be written"):
        photo_files.write(tmp_path / "file" / "it.png", Photo(smooth(), None, None, None))
