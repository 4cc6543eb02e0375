import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFile

from latentlab.data import datasets
from latentlab.errors import ImageError
from latentlab.pictures import opening, preparation, uploads

# --------------------------------------------------------------------------- files to try

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 40), (20, 40, 210), (255, 255, 255)


def quadrants(width=40, height=24):
    """Four flat colours, so that every turn and every swap of channels shows."""
    picture = Image.new("RGB", (width, height), WHITE)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, width // 2 - 1, height // 2 - 1), RED)
    draw.rectangle((width // 2, 0, width, height // 2 - 1), GREEN)
    draw.rectangle((0, height // 2, width // 2 - 1, height), BLUE)
    return picture


def grain(width=60, height=48):
    """Noise: no encoder can make it small, so that a file cut short always lacks pixels."""
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), dtype=np.uint8))


def encoded(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def as_float(picture):
    return np.asarray(picture.convert("RGB"), dtype=np.float32).transpose(2, 0, 1) / 255


def read(data, **options):
    x = uploads.read_picture(data, "it.png", **options)
    assert x.dtype == torch.float32
    assert x.ndim == 3 and x.shape[0] == 3
    assert x.min() >= 0 and x.max() <= 1
    return x.numpy()


def refused(data, name="it.png"):
    """The one sentence with which a file is refused."""
    with pytest.raises(ImageError) as caught:
        uploads.read_picture(data, name)
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 320
    return str(caught.value)


def chunk(kind, content):
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png(width, height, *chunks, depth=8, colour=2):
    """A PNG written by hand, of any claimed size."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = b"".join(chunk(*c) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def tiff(*tags, extra=b""):
    """A little-endian TIFF written by hand; a tag is (number, type, count, value or bytes)."""
    start = 8 + 2 + 12 * len(tags) + 4
    entries, content = b"", b""
    for number, kind, count, value in sorted(tags, key=lambda tag: tag[0]):
        if isinstance(value, bytes):
            content, value = content + value, start + len(content)
        entries += struct.pack("<HHII", number, kind, count, value)
    head = b"II*\0" + struct.pack("<IH", 8, len(tags))
    return head + entries + struct.pack("<I", 0) + content + extra


def grey_tiff(width, height, *more):
    basic = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (262, 3, 1, 1)]
    return tiff(*basic, (277, 3, 1, 1), *more, extra=bytes(64))


FILES = {
    "png": encoded(quadrants(), "PNG"),
    "png, interlaced palette": encoded(quadrants().quantize(4), "PNG", interlace=1),
    "jpeg": encoded(quadrants(), "JPEG", quality=95, subsampling=0),
    "jpeg, progressive": encoded(quadrants(), "JPEG", quality=95, subsampling=0, progressive=True),
    "mpo": encoded(
        quadrants(), "MPO", save_all=True, append_images=[grain()], quality=95, subsampling=0
    ),
    "webp": encoded(quadrants(), "WEBP", quality=95),
    "webp, lossless": encoded(quadrants(), "WEBP", lossless=True),
    "bmp": encoded(quadrants(), "BMP"),
    "bmp, palette": encoded(quadrants().quantize(4), "BMP"),
    "tiff": encoded(quadrants(), "TIFF"),
    "tiff, deflate": encoded(quadrants(), "TIFF", compression="tiff_adobe_deflate"),
    "tiff, lzw": encoded(quadrants(), "TIFF", compression="tiff_lzw"),
    "tiff, big": encoded(quadrants(), "TIFF", big_tiff=True),
    "gif": encoded(quadrants(), "GIF"),
}


@pytest.mark.parametrize("kind", FILES)
def test_every_accepted_kind_gives_the_same_picture(kind):
    x = read(FILES[kind])
    wanted = as_float(quadrants())
    assert x.shape == wanted.shape
    assert np.abs(x - wanted).mean() < 0.02


def test_the_ending_of_the_name_decides_nothing():
    x = uploads.read_picture(FILES["jpeg"], "photo.gif")
    np.testing.assert_array_equal(x.numpy(), read(FILES["jpeg"]))


# What each orientation (EXIF 2.3, tag 0x0112) asks for, as stored -> upright, in numpy.
UPRIGHT = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: np.rot90(a, 1),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", UPRIGHT)
def test_pictures_are_turned_upright(orientation, kind):
    upright = np.asarray(quadrants())
    # Only 6 and 8 are not their own inverse; they are each other's.
    stored = UPRIGHT[{6: 8, 8: 6}.get(orientation, orientation)](upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}
    data = encoded(
        Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif, **options.get(kind, {})
    )
    x = read(data)
    assert x.shape == (3, 24, 40)
    assert np.abs(x - as_float(quadrants())).mean() < 0.02


@pytest.mark.filterwarnings("ignore:.*EXIF:UserWarning")
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b""])
def test_damaged_exif_does_not_cost_the_picture(exif):
    data = encoded(quadrants(), "JPEG", exif=exif, quality=95, subsampling=0)
    assert np.abs(read(data) - as_float(quadrants())).mean() < 0.02


# --------------------------------------------------------------------------- kinds of pixels


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_keep_more_than_eight(kind):
    levels = np.arange(0, 65536, 64, dtype=np.uint16).reshape(32, 32)
    x = read(encoded(Image.fromarray(levels), kind))
    np.testing.assert_allclose(x[0], levels / 65535, atol=1e-6)
    np.testing.assert_array_equal(x[0], x[2])


def test_big_endian_sixteen_bits_are_read():
    levels = np.array([[0, 32768, 65535]], dtype=">u2")
    picture = Image.frombytes("I;16B", (3, 1), levels.tobytes())
    x = read(encoded(picture, "TIFF"))
    np.testing.assert_allclose(x[0], [[0, 32768 / 65535, 1]], atol=1e-6)


@pytest.mark.parametrize(
    "values, wanted",
    [
        ([0, 51, 255], [0, 0.2, 1]),  # holds what 8 bits hold
        ([0, 13107, 65535], [0, 0.2, 1]),  # what 16 bits hold
        ([-100, 0, 400], [0, 0.2, 1]),  # neither: from the least to the greatest
        ([7_000_000, 8_000_000, 12_000_000], [0, 0.2, 1]),
    ],
)
@pytest.mark.parametrize("kind", [np.int32, np.float32])
def test_deep_pictures_find_their_white(kind, values, wanted):
    x = read(encoded(Image.fromarray(np.array([values], dtype=kind)), "TIFF"))
    np.testing.assert_allclose(x[0], [wanted], atol=1e-5)


def test_floating_point_between_0_and_1_is_kept():
    values = np.array([[0.0, 0.1234567, 0.9]], dtype=np.float32)
    x = read(encoded(Image.fromarray(values), "TIFF"))
    np.testing.assert_allclose(x[0], values, atol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_pixels_that_are_not_numbers_are_refused(bad):
    values = np.array([[0.0, bad]], dtype=np.float32)
    assert "not numbers" in refused(encoded(Image.fromarray(values), "TIFF"))


def test_a_transparent_level_of_sixteen_bits_is_white():
    rows = zlib.compress(b"\0" + struct.pack(">HH", 1000, 2000))
    data = png(2, 1, (b"tRNS", struct.pack(">H", 1000)), (b"IDAT", rows), depth=16, colour=0)
    np.testing.assert_allclose(read(data)[0], [[1, 2000 / 65535]], atol=1e-6)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_shows_its_colours(kind):
    # Pillow writes a CMYK JPEG as Adobe does: inverted, with Adobe's marker.
    data = encoded(quadrants().convert("CMYK"), kind, **({"quality": 95} if kind == "JPEG" else {}))
    if kind == "JPEG":
        assert b"Adobe" in data
    assert np.abs(read(data) - as_float(quadrants())).mean() < 0.03


def transparent_left(mode):
    """Left half transparent, right half opaque and dark."""
    picture = Image.new("RGBA", (8, 4), (10, 20, 30, 255))
    picture.paste((200, 0, 0, 0), (0, 0, 4, 4))
    return picture.convert(mode)


def palette_with_one_transparent_colour():
    picture = Image.new("P", (8, 4), 1)
    picture.putpalette([200, 0, 0, 10, 20, 30])
    picture.paste(0, (0, 0, 4, 4))
    return picture


@pytest.mark.parametrize(
    "data",
    [
        encoded(transparent_left("RGBA"), "PNG"),
        encoded(transparent_left("LA"), "PNG"),
        encoded(transparent_left("RGBA"), "WEBP", lossless=True),
        encoded(transparent_left("RGBA"), "TIFF"),
        encoded(palette_with_one_transparent_colour(), "PNG", transparency=0),
        encoded(palette_with_one_transparent_colour(), "PNG", transparency=bytes([0, 255])),
        encoded(palette_with_one_transparent_colour(), "GIF", transparency=0),
        encoded(
            palette_with_one_transparent_colour().convert("RGB"), "PNG", transparency=(200, 0, 0)
        ),
        encoded(Image.fromarray(np.repeat(np.uint8([[9, 20]]), 4, 1)), "PNG", transparency=9),
    ],
    ids=["RGBA", "LA", "webp", "tiff", "P", "P by bytes", "gif", "RGB by colour", "L by level"],
)
def test_transparency_shows_white_paper(data):
    x = read(data)
    half = x.shape[2] // 2
    assert (x[:, :, :half] == 1).all()
    assert (x[:, :, half:] < 0.2).all()


def test_half_transparent_is_half_white():
    x = read(encoded(Image.new("RGBA", (2, 2), (0, 0, 0, 51)), "PNG"))
    np.testing.assert_allclose(x, 0.8, atol=0.005)


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "GIF"])
def test_one_bit_is_black_and_white(kind):
    picture = Image.new("1", (6, 2), 0)
    picture.paste(1, (3, 0, 6, 2))
    x = read(encoded(picture, kind))
    assert (x[:, :, :3] == 0).all() and (x[:, :, 3:] == 1).all()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_an_animation_gives_its_first_frame(kind):
    others = [Image.new("RGB", (40, 24), colour) for colour in ("black", "yellow")]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(quadrants(), kind, save_all=True, append_images=others, **options)
    assert np.abs(read(data) - as_float(quadrants())).mean() < 0.02


# --------------------------------------------------------------------------- size


def test_a_large_picture_is_reduced_to_the_longest_side():
    large = quadrants(1600, 960)
    for kind in ("PNG", "JPEG"):
        x = read(encoded(large, kind), longest=200)
        assert x.shape == (3, 120, 200)
        small = as_float(quadrants(200, 120))
        assert np.abs(x - small).mean() < 0.02


def test_reducing_does_not_alias():
    stripes = Image.fromarray(np.tile(np.uint8([[0, 255]]), (600, 300)))
    for kind in ("PNG", "JPEG"):
        x = read(encoded(stripes, kind), longest=100)
        assert np.abs(x - 0.5).max() < 0.1


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (2, 1), (3, 3)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF"])
def test_the_oddest_sizes_go_all_the_way(size, kind):
    x = uploads.read_picture(encoded(Image.new("RGB", size, "teal"), kind))
    assert max(x.shape) <= uploads.LONGEST and min(x.shape) >= 1
    for name, shape in [("mnist", (1, 28, 28)), ("fashion_mnist", (1, 28, 28))]:
        prepared = preparation.prepare(x, shape, datasets.get(name).convention)
        assert (prepared.image == 0).all()  # one colour: nothing stands out
    face = preparation.prepare(x, (3, 64, 64), datasets.get("toon_faces").convention).image
    assert face.shape == (3, 64, 64)
    assert (face.amax((1, 2)) - face.amin((1, 2)) < 0.02).all()


def claims(kind):
    """Small files that claim 100 or more megapixels, by their kind."""
    jpeg = bytearray(encoded(quadrants(), "JPEG"))
    at = jpeg.index(b"\xff\xc0") + 5
    jpeg[at : at + 4] = struct.pack(">HH", 60000, 60000)
    gif = bytearray(encoded(quadrants(), "GIF"))
    gif[6:10] = struct.pack("<HH", 65535, 65535)
    bmp = bytearray(encoded(quadrants(), "BMP"))
    bmp[18:26] = struct.pack("<ii", 30000, 30000)
    lossy, extended = bytearray(FILES["webp"]), b"VP8X" + struct.pack("<I", 10) + bytes(4)
    lossy[26:30] = struct.pack("<HH", 16383, 16383)
    lossless = bytearray(FILES["webp, lossless"])
    lossless[21:25] = struct.pack("<I", 16382 | 16382 << 14)
    extended += (16382).to_bytes(3, "little") * 2
    return {
        "png": png(30000, 30000, (b"IDAT", b"")),
        "png, below Pillow's own limit": png(8000, 8000, (b"IDAT", b"")),
        "png, where Pillow only warns": png(10000, 10000, (b"IDAT", b"")),
        "jpeg": bytes(jpeg),
        "gif": bytes(gif),
        "bmp": bytes(bmp),
        "tiff": grey_tiff(40000, 40000, (278, 4, 1, 1), (273, 4, 1, 8), (279, 4, 1, 8)),
        "webp, lossy": bytes(lossy),
        "webp, lossless": bytes(lossless),
        "webp, extended": lossy[:12] + extended + lossy[12:],
    }[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "png",
        "png, below Pillow's own limit",
        "png, where Pillow only warns",
        "jpeg",
        "gif",
        "bmp",
        "tiff",
        "webp, lossy",
        "webp, lossless",
        "webp, extended",
    ],
)
def test_too_many_pixels_are_refused_before_any_is_decoded(kind, monkeypatch):
    def decode(*_):
        raise AssertionError("a pixel was decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    assert "megapixels" in refused(bytes(claims(kind)))


def test_too_many_bytes_are_refused():
    assert "20 MB are accepted" in refused(FILES["png"] + bytes(uploads.MAX_BYTES))


def test_as_many_pixels_as_allowed_are_read(monkeypatch):
    monkeypatch.setattr(opening, "MAX_PIXELS", 40 * 24)
    read(FILES["png"])
    monkeypatch.setattr(opening, "MAX_PIXELS", 40 * 24 - 1)
    assert "megapixels" in refused(FILES["png"])


def test_text_that_unpacks_to_much_is_refused():
    text = b"a\0\0" + zlib.compress(bytes(1_000_000), 9)
    assert "damaged" in refused(png(10, 10, *[(b"zTXt", text)] * 80))


def test_a_jpeg_of_endless_scans_is_refused():
    data = FILES["jpeg, progressive"]
    last = data.rindex(b"\xff\xda")
    scan, end = data[last:-2], data[-2:]
    assert opening._jpeg_scans(data) < 15
    read(data[:-2] + scan * 20 + end)
    assert "scans" in refused(data[:-2] + scan * opening.MAX_JPEG_SCANS + end)


def test_scans_are_counted_in_the_picture_and_nowhere_else():
    data = FILES["jpeg, progressive"]
    scans = opening._jpeg_scans(data)
    noise = b"\xff\xda\0\2" * 500
    comment = b"\xff\xfe" + struct.pack(">H", len(noise) + 2) + noise
    assert opening._jpeg_scans(data[:2] + comment + data[2:] + noise) == scans
    read(data[:2] + comment + data[2:] + noise)


def test_a_tiff_in_endless_pieces_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(Image, "open", None)
    pieces = opening.MAX_TIFF_TILES + 1
    data = grey_tiff(100, 100, (278, 4, 1, 1), (273, 1, pieces, bytes(pieces)), (279, 4, 1, 1))
    assert "pieces" in refused(data)


def test_a_tiff_with_one_endless_tile_is_refused():
    tile = [(322, 4, 1, 40000), (323, 4, 1, 40000), (324, 4, 1, 8), (325, 4, 1, 64)]
    assert "tile" in refused(grey_tiff(100, 100, (259, 3, 1, 8), *tile))


# --------------------------------------------------------------------------- what is no picture


def zip_file():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", FILES["png"])
    return file.getvalue()


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<svg/>", "SVG"),
        (b"<!DOCTYPE html><html><body>hello</body></html>", "web page"),
        (b"\n\n<HTML><img src=x onerror=alert(1)></HTML>", "web page"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (zip_file(), "ZIP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1", "AVIF"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "film"),
        (b"hello, this is text", "not a picture"),
        (bytes(1000), "not a picture"),
        (encoded(quadrants(), "PPM"), "not a picture"),  # Pillow could, but it is not offered
        (encoded(quadrants(), "ICO"), "not a picture"),
        (b"\x89PNG\r\n\x1a\n", "header"),
        (b"GIF89a", "header"),
        (b"\xff\xd8\xff", "header"),
        (b"BM" + bytes(40), ""),
        (b"II*\0\x08\0\0\0", ""),
        (b"RIFF\0\0\0\0WEBPVP8 ", "header"),
    ],
)
def test_what_is_no_picture_is_named(data, said):
    assert said in refused(data, "holiday.png")


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow grumbles about a TIFF cut short
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(
    "kind, options",
    [
        ("PNG", {}),
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("BMP", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("GIF", {}),
    ],
)
def test_a_file_cut_short_is_refused_with_the_reason(kind, options, share):
    data = encoded(grain(), kind, **options)
    said = refused(data[: int(share * len(data))])
    assert "cut short" in said or "damaged" in said


@pytest.mark.filterwarnings("ignore::UserWarning")  # about damaged metadata; the server logs them
@pytest.mark.parametrize("kind", FILES)
def test_flipped_bytes_give_a_picture_or_one_sentence_and_nothing_else(kind):
    rng = np.random.default_rng(0)
    original = np.frombuffer(FILES[kind], dtype=np.uint8)
    outcomes = []
    for trial in range(200):
        data = original.copy()
        # Half of the trials aim at the header, where sizes, counts and offsets are.
        reach = len(data) if trial % 2 else min(len(data), 200)
        where = rng.integers(0, reach, rng.integers(1, 6))
        data[where] = rng.integers(0, 256, len(where))
        try:
            x = uploads.read_picture(data.tobytes())
        except ImageError as error:
            assert error.message.endswith(".")
            outcomes.append("refused")
        else:
            assert x.shape[0] == 3 and torch.isfinite(x).all()
            assert x.min() >= 0 and x.max() <= 1
            outcomes.append("read")
    assert outcomes.count("refused") > 5  # so the trials did reach what matters


def test_messages_call_a_file_by_a_short_printable_name():
    assert refused(b"", "../../etc/passwd").startswith("passwd is empty")
    assert refused(b"", "C:\\Users\\me\\cat.png").startswith("cat.png is empty")
    assert refused(b"", "a\nb\x1b[31m\u202e.png").startswith("ab[31m.png is empty")
    assert len(refused(b"", "x" * 5000 + ".png")) < 120
    assert refused(b"", "").startswith("picture is empty")
