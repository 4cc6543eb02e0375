"""Pictures from strangers: bytes to a checked picture, or to one sentence why not.

    picture = read_picture(data, name)             bytes -> float32 [3,H,W] in [0,1]

`read_picture` trusts nothing. The kind of file is found from its content, never from its name;
its size is read from the header and checked before a pixel is decoded; whatever goes wrong
inside a decoder becomes one `ImageError`. What a model makes of the picture begins in
`preparation`.
"""

import io
import re
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
import torch
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from latentlab.errors import ImageError
from latentlab.pictures import images

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
# Longer side of what `read_picture` returns. Models here see 28 to 64 pixels, so this leaves room
# to crop a digit out of a page, at 12 MB a picture where 50 megapixels would take 600.
LONGEST = 1024

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF")
ACCEPTED = "Accepted are PNG, JPEG, WebP, BMP, TIFF and GIF."

# A progressive JPEG may repeat its whole area in any number of scans of a few bytes each: 38 kB
# that take a minute (libjpeg-turbo issue 284). Encoders write about ten.
MAX_JPEG_SCANS = 100
# Pillow makes one Python object for each strip or tile of a TIFF while it opens the file. Tiles
# of 16x16, the smallest that the standard allows, would be this many.
MAX_TIFF_TILES = MAX_PIXELS // (16 * 16)

# 50 megapixels take up to 0.7 GB while they are decoded. Visitors may wait for one another (the
# worst file tried, a run-length BMP, takes 6 s), but must not fill the memory together.
_one_at_a_time = threading.Lock()


def read_picture(data: bytes, name: str = "picture", longest: int = LONGEST) -> torch.Tensor:
    """Return an uploaded file as a picture, float32 [3,H,W] in [0,1].

    Turned upright as its EXIF data say; transparency put on white; the first frame of an
    animation; 16-bit, floating-point, palette, grey and CMYK pictures as colour with 8 bits or
    more. Colour profiles are ignored: numbers are taken as sRGB.

    Args:
        data: content of the file.
        name: what messages call it, say its file name. Folders and control characters are taken
            off, Markdown and HTML are not: whoever shows a message as such has to escape it.
        longest: a longer picture is reduced, without aliasing, until its longer side fits.

    Raises:
        ImageError: empty, too large, not a picture of the accepted kinds, damaged or cut short.
    """
    with opened(data, name) as file:
        return _decode(file, short(name), longest)


@contextmanager
def opened(
    data: bytes, name: str = "picture", *, max_bytes: int = MAX_BYTES
) -> Iterator[ImageFile.ImageFile]:
    """Open a stranger's file for the length of a ``with`` block: checked, its pixels not decoded.

    Whatever Pillow raises within the block becomes an ImageError.

    Args:
        data: content of the file.
        name: what messages call it, as for `read_picture`.
        max_bytes: size of the largest file to be accepted.

    Raises:
        ImageError: empty, too large, not a picture of the accepted kinds, damaged or cut short.
    """
    name = short(name)
    if not data:
        raise ImageError(f"{name} is empty (0 bytes).", "Choose the file again.")
    if len(data) > max_bytes:
        raise ImageError(
            f"{name} has {len(data) / 2**20:.1f} MB; {max_bytes // 2**20} MB are accepted.",
            "Save it smaller, or as a JPEG.",
        )
    _check_before_opening(data, name)
    try:
        # Everything in here is Pillow's reading of a stranger's bytes, and that raises whatever
        # it pleases (OSError, SyntaxError, ValueError, AssertionError, MemoryError, ...).
        with _one_at_a_time, Image.open(io.BytesIO(data), formats=FORMATS) as file:
            _check_size(*file.size, name)
            _check_tiles(file, name)
            yield file
    except ImageError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        # Pillow's own limit lies above ours, so it speaks first for the largest pictures.
        raise ImageError(
            f"{name} has far more than {MAX_PIXELS // 10**6} megapixels.",
            "Make it smaller first.",
        ) from error
    except UnidentifiedImageError as error:
        raise _not_a_picture(data, name) from error
    except MemoryError as error:
        raise ImageError(
            f"{name} needs more memory than there is.", "Make it smaller first."
        ) from error
    except Exception as error:
        reason = re.sub(r"\s+", " ", str(error))[:120].rstrip(". ")
        if isinstance(error, EOFError) or re.search("truncated|create decoder", reason):
            raise ImageError(
                f"{name} is cut short: its pixels end before the picture is full.",
                "Copy or download it again.",
            ) from error
        raise ImageError(
            f"{name} is damaged and cannot be decoded ({reason or type(error).__name__}).",
            "Open it in another program and save it again.",
        ) from error


def short(name: str) -> str:
    """Return a file name without folders and control characters, of at most 60 characters."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(c for c in name if c.isprintable()).strip() or "picture"
    return name if len(name) <= 60 else f"{name[:40]}…{name[-19:]}"


def _check_size(width: int, height: int, name: str) -> None:
    if width * height > MAX_PIXELS:
        raise ImageError(
            f"{name} has {width} × {height} = {width * height / 1e6:.0f} megapixels; "
            f"{MAX_PIXELS // 10**6} are accepted.",
            "Make it smaller first.",
        )


def _check_before_opening(data: bytes, name: str) -> None:
    """Refuse what would hurt already while Pillow opens the file, before it reports a size."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        # libwebp allocates two whole canvases on opening.
        size = _webp_size(data)
        if size is None:
            raise ImageError(
                f"{name} is damaged: its WebP header cannot be read.",
                "Open it in another program and save it again.",
            )
        _check_size(*size, name)
    elif data[:3] == b"\xff\xd8\xff" and _jpeg_scans(data) > MAX_JPEG_SCANS:
        raise ImageError(
            f"{name} is a JPEG of more than {MAX_JPEG_SCANS} scans, made to keep a decoder busy.",
            "Open it in another program and save it again.",
        )
    elif data[:2] in (b"II", b"MM"):
        most = max(_tiff_counts(data), default=0)
        if most > MAX_TIFF_TILES:
            raise ImageError(
                f"{name} is a TIFF in {most} pieces; {MAX_TIFF_TILES} are accepted.",
                "Open it in another program and save it again, or as a PNG.",
            )


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in the header of a WebP file (RFC 9649, section 2), None if unreadable."""
    kind, head = data[12:16], data[20:30]
    if kind == b"VP8X" and len(head) == 10:
        return (
            int.from_bytes(head[4:7], "little") + 1,
            int.from_bytes(head[7:10], "little") + 1,
        )
    if kind == b"VP8L" and len(head) >= 5 and head[0] == 0x2F:
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(head) == 10 and head[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[6:10])
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg_scans(data: bytes) -> int:
    """Number of scans of the first picture in a JPEG file.

    The segments are walked one by one: metadata and what follows the end of the picture (the
    film of a "motion photo") hold the same two bytes by chance.
    """
    scans, at = 0, 2
    # 0xFF before 0x00 is a coded byte, before 0xD0-0xD7 a restart, before 0xFF padding: none of
    # them begins a segment.
    marker = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])", re.DOTALL)
    while scans <= MAX_JPEG_SCANS:
        found = marker.search(data, at)
        if not found or found[1] == b"\xd9":  # end of image
            break
        at = found.end()
        if found[1] not in (b"\xd8", b"\x01"):  # these two have no length
            at += int.from_bytes(data[at : at + 2], "big")
        scans += found[1] == b"\xda"
    return scans


def _tiff_counts(data: bytes) -> Iterator[int]:
    """Entries that the first directory of a TIFF file claims in its tables of strips and tiles."""
    order = "<" if data[:2] == b"II" else ">"
    big = len(data) > 8 and 43 in (data[2], data[3])  # BigTIFF: 64-bit offsets
    try:
        (start,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
        (entries,) = struct.unpack_from(order + ("Q" if big else "H"), data, start)
        start += 8 if big else 2
        for i in range(min(entries, 65535)):
            tag, _, count = struct.unpack_from(
                order + ("HHQ" if big else "HHI"), data, start + i * (20 if big else 12)
            )
            if tag in (273, 279, 324, 325):  # offsets and byte counts of strips and of tiles
                yield count
    except struct.error:
        return  # a directory outside the file: Pillow will say so


def _check_tiles(file: ImageFile.ImageFile, name: str) -> None:
    """Refuse a TIFF whose single tile is larger than any picture we accept."""
    tags = getattr(file, "tag_v2", {})
    width, height = tags.get(322), tags.get(323)  # TileWidth, TileLength
    if isinstance(width, int) and isinstance(height, int):
        _check_size(width, height, f"A tile of {name}")


def _decode(file: ImageFile.ImageFile, name: str, longest: int) -> torch.Tensor:
    """Decode, turn upright, flatten on white and reduce an opened file."""
    width, height = file.size
    shrink = min(1.0, longest / max(width, height))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    # A JPEG can be decoded at 1/2, 1/4 or 1/8 in a fraction of the time and memory. Twice the
    # final size leaves the rest of the reduction to a proper filter.
    file.draft("RGB", (2 * size[0], 2 * size[1]))
    file.load()
    stored = file.size
    with suppress(Exception):  # damaged metadata, and Pillow may raise anything; pixels are good
        ImageOps.exif_transpose(file, in_place=True)
    if file.size != stored:
        size = size[::-1]
    picture = _flatten(file, name)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    if picture.mode == "F":
        grey = torch.from_numpy(np.array(picture, dtype=np.float32)).clamp(0, 1)
        return grey.expand(3, *grey.shape).contiguous()
    return images.from_uint8(np.asarray(picture))


def _flatten(file: Image.Image, name: str) -> Image.Image:
    """Return the picture as RGB on white, or as F in [0,1] where it has more than 8 bits."""
    if file.mode == "F" or file.mode.startswith("I"):
        return _deep_grey(file, name)
    if file.has_transparency_data:
        picture = file.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        return white
    # CMYK: Pillow has undone Adobe's inversion on reading. LAB is what it cannot convert.
    return file.convert("RGB")


def _deep_grey(file: Image.Image, name: str) -> Image.Image:
    """Return a grey picture of 16 or 32 bits as mode F in [0,1].

    Modes I;16: white is 65535. Modes I and F do not say what white is: the smallest of 1 (F
    only), 255 and 65535 that holds every value is taken for it, and values beyond any of them
    are stretched from the least to the greatest.
    """
    values = np.asarray(file)
    if not np.isfinite(values).all():
        raise ImageError(
            f"{name} holds pixels that are not numbers (NaN or infinity).",
            "Save it again as an ordinary 8- or 16-bit picture.",
        )
    least, greatest = float(values.min()), float(values.max())
    if file.mode.startswith("I;16"):
        whites: tuple[float, ...] = (65535.0,)
    else:
        whites = (1.0, 255.0, 65535.0) if file.mode == "F" else (255.0, 65535.0)
    black = 0.0
    white = next((w for w in whites if least >= 0 and greatest <= w), None)
    if white is None:
        black, white = least, greatest
    transparent = file.info.get("transparency")
    if isinstance(transparent, int):
        file = Image.fromarray(np.where(values == transparent, white, values).astype(np.float32))
    scale = 1 / max(white - black, 1e-12)
    return file.convert("F").point(lambda value: value * scale - black * scale)


def _not_a_picture(data: bytes, name: str) -> ImageError:
    """Say what the file is instead, where its first bytes tell."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    brand = data[8:12] if data[4:8] == b"ftyp" else b""
    if b"<svg" in start:
        kind, hint = "an SVG drawing", "Export it as a PNG."
    elif start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--")):
        kind, hint = "a web page or XML", "Save the picture itself, not the page around it."
    elif data[:2] == b"PK":
        kind, hint = "a ZIP archive", "Unpack it and choose a picture."
    elif data[:4] == b"%PDF":
        kind, hint = "a PDF", "Export the page as a PNG."
    elif brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        kind, hint = "a HEIC photograph", "Export it as a JPEG."
    elif brand in (b"avif", b"avis"):
        kind, hint = "an AVIF picture", "Export it as a PNG or JPEG."
    elif brand:
        kind, hint = "a film", "Take a still picture from it."
    else:
        starts = (b"\x89png", b"\xff\xd8\xff", b"riff", b"bm", b"ii*\0", b"mm\0*", b"gif8")
        if data[:8].lower().startswith(starts):
            return ImageError(
                f"{name} begins like a picture, but its header is damaged or cut short.",
                "Copy or download it again.",
            )
        return ImageError(f"{name} is not a picture that can be read here.", ACCEPTED)
    return ImageError(f"{name} is {kind}, not a picture that can be read here.", hint)
