"""Picture files from strangers, opened: checked before a pixel is decoded, or refused.

The kind of file is found from its content, never from its name; its size is read from the header.
Whatever goes wrong inside a decoder becomes one `ImageError`.
"""

import hashlib
import importlib.util
import io
import re
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFile, UnidentifiedImageError

from latentlab.errors import ImageError
from latentlab.pictures import pngs, tiffs

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
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


@dataclass(frozen=True)
class Opened:
    """A checked file whose pixels are not decoded yet."""

    name: str  # short
    data: bytes
    size: tuple[int, int]  # width and height
    file: ImageFile.ImageFile | None  # as Pillow opens it; None for a TIFF that only tifffile can
    tiff: tiffs.Layout | None = None  # of a TIFF
    png: pngs.Prepared | None = None  # of a PNG


@contextmanager
def opened(data: bytes, name: str = "picture", *, max_bytes: int | None = None) -> Iterator[Opened]:
    """Open a stranger's file for the length of a ``with`` block: checked, its pixels not decoded.

    Whatever Pillow and tifffile raise within the block becomes an ImageError.

    Args:
        data: content of the file.
        name: what messages call it. Folders and control characters are taken off, Markdown and
            HTML are not: whoever shows a message as such has to escape it.
        max_bytes: size of the largest file to be accepted (None = ``MAX_BYTES``).

    Raises:
        ImageError: empty, too large, not a picture of the accepted kinds, damaged or cut short.
    """
    name = short(name)
    tiff = None
    if not data:
        raise ImageError(f"{name} is empty (0 bytes).", "Choose the file again.")
    max_bytes = MAX_BYTES if max_bytes is None else max_bytes
    if len(data) > max_bytes:
        raise ImageError(
            f"{name} has {len(data) / 2**20:.1f} MB; {max_bytes // 2**20} MB are accepted.",
            "Save it smaller, or as a JPEG.",
        )
    if kind_of(data[:32]) == "RAW":
        raise _raw_file(name)
    _check_before_opening(data, name)
    try:
        # Everything in here is the reading of a stranger's bytes, and that raises whatever it
        # pleases (OSError, SyntaxError, ValueError, AssertionError, MemoryError, ...).
        with _one_at_a_time:
            png = pngs.prepare(data) if data.startswith(pngs.SIGNATURE) else None
            tiff = tiffs.layout(data) if data[:2] in (b"II", b"MM") else None
            if tiff is not None and tiff.raw:
                raise _raw_file(name)
            data = data if png is None else png.data
            try:
                file = Image.open(io.BytesIO(data), formats=_formats(data))
            except UnidentifiedImageError:
                if tiff is None:
                    raise
                _check_size(tiff.width, tiff.height, name)
                if not tiff.readable:
                    raise ImageError(
                        f"{name} {tiff.problem() or 'is a TIFF ' + tiff.packing()}.",
                        "Save it with 8 or 16 bits a channel, not compressed; or as a PNG.",
                    ) from None
                yield Opened(name, data, (tiff.width, tiff.height), None, tiff)
                return
            with file:
                if tiff is not None and tiff.index:
                    file.seek(tiff.index)
                _check_size(*file.size, name)
                _check_tiles(file, name)
                if file.format not in ("JPEG", "MPO") or _has_end(data):
                    yield Opened(name, data, file.size, file, tiff, png)
                    return
            data = _ended(data)
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as file:
                yield Opened(name, data, file.size, file)
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
        if tiff is not None and "decoder error" in reason and tiff.unpacking():
            raise ImageError(
                f"{name} is a TIFF {tiff.unpacking()}.", "Save it without compression, or as a PNG."
            ) from error
        raise ImageError(
            f"{name} is damaged and cannot be decoded ({reason or type(error).__name__}).",
            "Open it in another program and save it again.",
        ) from error


def kind_of(start: bytes) -> str | None:
    """Return the format that the first bytes of a file are of, as far as they tell.

    One of ``FORMATS``; "HEIF", "AVIF" or "RAW" for photographs that are not read here, or not by
    every installation; None for all else.
    """
    for kind, signature in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WEBP"
    return _BRANDS.get(start[8:12]) if start[4:8] == b"ftyp" else None


_SIGNATURES = (
    ("PNG", pngs.SIGNATURE),
    ("JPEG", b"\xff\xd8\xff"),
    ("RAW", b"II*\0\x10\0\0\0CR"),  # Canon
    ("RAW", b"IIRO"),  # Olympus
    ("RAW", b"IIRS"),
    ("RAW", b"MMOR"),
    ("RAW", b"IIU\0"),  # Panasonic
    ("RAW", b"FUJIFILMCCD-RAW"),
    ("RAW", b"FOVb"),  # Sigma
    ("TIFF", b"II*\0"),
    ("TIFF", b"MM\0*"),
    ("TIFF", b"II+\0"),
    ("TIFF", b"MM\0+"),
    ("GIF", b"GIF87a"),
    ("GIF", b"GIF89a"),
    ("BMP", b"BM"),
)
_BRANDS = {
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIF"
    ),
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"crx ": "RAW",
}


def _formats(data: bytes) -> tuple[str, ...]:
    """Return what Pillow may take a file for; HEIC where its reader is installed."""
    if kind_of(data[:32]) != "HEIF" or not _reads_heic():
        return FORMATS
    import pillow_heif

    pillow_heif.register_heif_opener()
    return ("HEIF",)


def _reads_heic() -> bool:
    return importlib.util.find_spec("pillow_heif") is not None


def _raw_file(name: str) -> ImageError:
    return ImageError(
        f"{name} is a camera's raw file, which has to be developed first.",
        "Export it as a TIFF or JPEG.",
    )


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


def _has_end(data: bytes) -> bool:
    """Whether a JPEG's last scan is followed by the marker of the end."""
    return data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda")


def _ended(data: bytes) -> bytes:
    """Return a JPEG without its end marker with one, if all its pixels are there.

    If they are, what follows them does not matter: with either of two tails they are the same.
    """
    digests = set()
    for tail in (bytes(64), b"\xa5" * 64):
        with Image.open(io.BytesIO(data + tail + _JPEG_END), formats=("JPEG",)) as file:
            digests.add(hashlib.sha256(np.asarray(file).tobytes()).digest())
    return data + _JPEG_END if len(digests) == 1 else data


_JPEG_END = b"\xff\xd9"


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
    except (struct.error, OverflowError):
        return  # a directory outside the file: Pillow will say so


def _check_tiles(file: ImageFile.ImageFile, name: str) -> None:
    """Refuse a TIFF whose single tile is larger than any picture we accept."""
    tags = getattr(file, "tag_v2", {})
    width, height = tags.get(322), tags.get(323)  # TileWidth, TileLength
    if isinstance(width, int) and isinstance(height, int):
        _check_size(width, height, f"A tile of {name}")


def _not_a_picture(data: bytes, name: str) -> ImageError:
    """Say what the file is instead, where its first bytes tell."""
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known = kind_of(data[:32])
    if known == "HEIF" and _reads_heic():
        return ImageError(
            f"{name} is a HEIC photograph that is damaged or cut short.",
            "Copy or download it again.",
        )
    if b"<svg" in start:
        kind, hint = "an SVG drawing", "Export it as a PNG."
    elif start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<!--")):
        kind, hint = "a web page or XML", "Save the picture itself, not the page around it."
    elif data[:2] == b"PK":
        kind, hint = "a ZIP archive", "Unpack it and choose a picture."
    elif data[:4] == b"%PDF":
        kind, hint = "a PDF", "Export the page as a PNG."
    elif known == "HEIF":
        kind = "a HEIC photograph"
        hint = 'Export it as a JPEG, or install its reader here: pip install "latentlab[heif]".'
    elif known == "AVIF":
        kind, hint = "an AVIF picture", "Export it as a PNG or JPEG."
    elif data[:4] == b"8BPS":
        kind, hint = "a Photoshop document", "Export it as a TIFF or PNG."
    elif data.startswith((b"\x76\x2f\x31\x01", b"#?RADIANCE", b"#?RGBE")):
        kind, hint = "a picture of floating-point numbers", "Export it as a TIFF of 16 bits."
    elif data.startswith((b"\xff\x0a", b"\0\0\0\x0cJXL ")):
        kind, hint = "a JPEG XL picture", "Export it as a PNG or JPEG."
    elif data.startswith((b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")):
        kind, hint = "a JPEG 2000 picture", "Export it as a PNG or JPEG."
    elif data[4:8] == b"ftyp":
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
