"""Picture files at full size: read with all that they carry, written back without losing it.

Pixels stay as they are stored: not turned, 8 or 16 bits, transparency apart. What describes the
picture (EXIF, which says how to turn it) and the colour profile travel along. Only TIFFs come
upright, as Pillow turns them; `Photo.upright` turns the others. For screens there is `display`.
"""

import contextlib
import io
import math
import os
import secrets
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from latentlab.errors import ImageError, UnsupportedError
from latentlab.pictures import metadata, opening, profiles, reading, tiffs
from latentlab.pictures.reading import Stored as Stored

MAX_BYTES = 500 << 20  # 50 megapixels of 16 bits, not compressed, are 400 MB
JPEG_QUALITY, WEBP_QUALITY = 95, 95

MOST_EXACT = 1_000_000  # pixels of what is shown without loss: noise does not compress
MOST_SHOWN = 16_000_000  # pixels that a canvas may have on every browser
LONGEST_SHOWN = 16_384  # and its longer side

SUFFIXES = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}


@dataclass(frozen=True)
class Photo:
    """One picture file: pixels ``[H, W]`` grey or ``[H, W, 3]``, and what goes with them."""

    pixels: Stored
    alpha: Stored | None  # [H, W], of the type of the pixels
    exif: bytes | None
    profile: bytes | None  # ICC

    def upright(self) -> "Photo":
        """Return it turned as its EXIF says, which then says that nothing is to be turned."""
        turn = reading.TURNS.get(metadata.orientation(self.exif))
        if turn is None:
            return self
        alpha = None if self.alpha is None else np.ascontiguousarray(turn(self.alpha))
        exif = metadata.upright(self.exif)
        return Photo(np.ascontiguousarray(turn(self.pixels)), alpha, exif, self.profile)


def read(path: Path) -> Photo:
    """Return a picture file, whole.

    Palettes become colours; CMYK and L*a*b* become sRGB. Of a camera's JPEG it is the first
    picture, without those that are there for a display.

    Raises:
        ImageError: it cannot be read, is too large, is damaged or cut short, has several pictures,
            or holds floating-point numbers.
    """
    return decode(read_bytes(path), path.name)


def read_bytes(path: Path) -> bytes:
    """Return the content of a picture file.

    Raises:
        ImageError: it cannot be read, or is too large.
    """
    name = opening.short(path.name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ImageError(f"{name} has more than {MAX_BYTES >> 20} MB.")
        return path.read_bytes()
    except OSError as error:
        raise ImageError(f"{name} cannot be read ({error.strerror or error}).") from error


def decode(data: bytes, name: str) -> Photo:
    """Return the picture that the content of a file holds. Errors as ``read``."""
    with opening.opened(data, name, max_bytes=MAX_BYTES) as source:
        if reading.pictures_in(source) > 1:
            raise ImageError(
                f"{source.name} holds several pictures.", "Save one of them by itself."
            )
        exif = reading.exif_of(source)  # now: turning a TIFF on loading, Pillow takes that out
        found = reading.pixels(source)
        if source.tiff is not None:
            exif = metadata.upright(exif) if metadata.orientation(exif) != 1 else exif
        return Photo(found.colours, found.alpha, exif, found.profile)


def write(path: Path, photo: Photo, kind: str | None = None) -> None:
    """Write a picture, whole or not at all.

    Args:
        path: of the file.
        photo: what to write.
        kind: one of the formats in ``SUFFIXES``; None = that which the suffix of ``path`` names.

    Raises:
        UnsupportedError: no such format, or one without transparency for a picture that has it.
        ImageError: the file cannot be written.
    """
    data = encode(photo, format_of(path) if kind is None else kind)
    # A name of its own: with an ending more, the longest names that a disk takes are too long.
    partial = path.with_name(f".{secrets.token_hex(8)}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        os.replace(partial, path)
    except OSError as error:
        raise ImageError(f"{path} cannot be written ({error.strerror or error}).") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def encode(photo: Photo, kind: str) -> bytes:
    """Return the content of a file with a picture, what describes it, and its profile.

    PNG and TIFF keep 16 bits, the others get 8. A TIFF keeps of the EXIF only how to turn the
    picture, resolution, camera, time, author, copyright and description; a BMP nothing, and is
    turned instead.

    Args:
        photo: what to write.
        kind: one of the formats in ``SUFFIXES``.

    Raises:
        UnsupportedError: a format without transparency for a picture that has it.
        ImageError: the picture does not fit the format: too wide, say.
    """
    if photo.alpha is not None and kind in ("JPEG", "BMP"):
        raise UnsupportedError(
            f"{kind} files have no transparency, which the picture has.", "Write a PNG."
        )
    photo = _tidy(photo)
    if kind == "BMP":
        photo = photo.upright()
    deep = photo.pixels.dtype == np.uint16
    colour = photo.pixels.ndim == 3 or photo.alpha is not None
    if deep and kind not in ("PNG", "TIFF"):
        photo = _eight_bits(photo)
    write_to: Callable[[Photo, io.BytesIO], None]
    if deep and colour and kind == "PNG":
        write_to = _encode_deep_png
    elif kind == "TIFF":
        write_to = _encode_tiff
    else:
        write_to = _encoder(kind)
    file = io.BytesIO()
    try:
        write_to(photo, file)
    except Exception as error:  # Pillow and tifffile raise whatever they please
        height, width = photo.pixels.shape[:2]
        raise ImageError(
            f"{width} × {height} pixels cannot be written as {kind} ({error}).", "Write a PNG."
        ) from error
    return file.getvalue()


def display(
    photo: Photo | Stored,
    profile: bytes | None = None,
    most_pixels: int = MOST_SHOWN,
) -> bytes:
    """Return a file for browsers: upright, 8 bits, on white where it is transparent, no EXIF.

    Up to ``MOST_EXACT`` pixels it is a PNG; above, a JPEG in the quality of files that are kept,
    reduced without aliasing to at most ``most_pixels`` and a longer side of ``LONGEST_SHOWN``.

    Args:
        photo: what to show; or its pixels, which are taken for upright and opaque.
        profile: of pixels; a photo brings its own. The file for browsers is in sRGB without one.
        most_pixels: of the picture in the file.
    """
    if not isinstance(photo, Photo):
        photo = Photo(photo, None, None, profile)
    photo = _on_white(_eight_bits(photo.upright()))
    picture = Image.fromarray(photo.pixels)
    width, height = picture.size
    shrink = min(1.0, math.sqrt(most_pixels / (width * height)), LONGEST_SHOWN / max(picture.size))
    if shrink < 1:
        size = max(1, int(width * shrink)), max(1, int(height * shrink))
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    picture = profiles.to_srgb(picture, photo.profile)
    file = io.BytesIO()
    if picture.width * picture.height <= MOST_EXACT:
        picture.save(file, "PNG", compress_level=1)
    else:
        picture.save(file, "JPEG", **OPTIONS["JPEG"])
    return file.getvalue()


def format_of(path: Path) -> str:
    """Return the format that a file name asks for.

    Raises:
        UnsupportedError: none that we write.
    """
    try:
        return SUFFIXES[path.suffix.lower()]
    except KeyError:
        raise UnsupportedError(
            f"{path.name} does not name a format that can be written.",
            f"Let it end in one of: {', '.join(SUFFIXES)}.",
        ) from None


# --- writing ------------------------------------------------------------------------------------


def _tidy(photo: Photo) -> Photo:
    """Return a picture with arrays as encoders take them, and only what can be written."""
    pixels = _native(photo.pixels)
    alpha = None if photo.alpha is None else _native(photo.alpha).astype(pixels.dtype, copy=False)
    exif = None if photo.exif is None else metadata.clean(metadata.read(photo.exif))
    fits = profiles.fits(photo.profile, colour=pixels.ndim == 3)
    return Photo(pixels, alpha, exif, photo.profile if fits else None)


def _native(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array in this machine's byte order, row by row in memory; a copy where it must."""
    return np.ascontiguousarray(values, values.dtype.newbyteorder("="))


def _eight_bits(photo: Photo) -> Photo:
    if photo.pixels.dtype == np.uint8:
        return photo
    alpha = None if photo.alpha is None else reading.rounded(photo.alpha)
    return replace(photo, pixels=reading.rounded(photo.pixels), alpha=alpha)


def _on_white(photo: Photo) -> Photo:
    """Return a picture of 8 bits without transparency."""
    if photo.alpha is None:
        return photo
    alpha = photo.alpha if photo.pixels.ndim == 2 else np.repeat(photo.alpha, 3)
    flat = np.empty_like(photo.pixels)
    for (x, after), (a, _) in zip(_pieces(photo.pixels, flat), _pieces(alpha, flat), strict=True):
        covered = x.astype(np.uint16) * a + (255 - a.astype(np.uint16)) * 255
        after[:] = (covered + 127) // 255
    return replace(photo, pixels=flat, alpha=None)


def _pieces(*arrays: NDArray[Any]) -> Iterator[tuple[NDArray[Any], ...]]:
    """Yield stretches of arrays of one size, so that what is made of them stays small."""
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, 1 << 20):
        yield tuple(each[start : start + (1 << 20)] for each in flat)


def _with_alpha(photo: Photo) -> NDArray[Any]:
    """Return pixels and alpha as one array, ``[H, W]`` or ``[H, W, 2 to 4]``."""
    if photo.alpha is None:
        return photo.pixels
    return np.dstack([photo.pixels, photo.alpha])


OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": JPEG_QUALITY, "subsampling": "4:4:4"},
    "WEBP": {"quality": WEBP_QUALITY},
}


def _encoder(kind: str) -> Callable[[Photo, io.BytesIO], None]:
    options = OPTIONS.get(kind, {})

    def encode(photo: Photo, file: io.BytesIO) -> None:
        extras: dict[str, Any] = {}
        exif = photo.exif
        if exif is not None and kind == "JPEG" and len(exif) > metadata.MAX_IN_JPEG:
            exif = metadata.clean(metadata.read(exif), metadata.MAX_IN_JPEG)
        if exif is not None and kind != "BMP":
            extras["exif"] = exif
        if photo.profile is not None and kind != "BMP":
            extras["icc_profile"] = photo.profile
        Image.fromarray(_with_alpha(photo)).save(file, kind, **options, **extras)

    return encode


def _encode_deep_png(photo: Photo, file: io.BytesIO) -> None:
    """Write 16 bits a channel in colour, which Pillow cannot (ISO/IEC 15948)."""
    values = _with_alpha(photo)
    height, width, channels = values.shape
    colour = {2: 4, 3: 2, 4: 6}[channels]

    def chunk(kind: bytes, content: bytes) -> None:
        file.write(struct.pack(">I", len(content)) + kind + content)
        file.write(struct.pack(">I", zlib.crc32(kind + content)))

    file.write(b"\x89PNG\r\n\x1a\n")
    chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0))
    if photo.profile is not None:
        chunk(b"iCCP", b"profile\0\0" + zlib.compress(photo.profile))
    if photo.exif is not None:
        chunk(b"eXIf", photo.exif.removeprefix(b"Exif\0\0"))
    packer = zlib.compressobj(6)
    above = np.zeros(2 * width * channels, np.uint8)
    for row in values:
        line = row.astype(">u2").reshape(-1).view(np.uint8)
        # Filter 2, "up": the difference from the line above, modulo 256.
        packed = packer.compress(b"\2" + (line - above).tobytes())
        if packed:
            chunk(b"IDAT", packed)
        above = line
    chunk(b"IDAT", packer.flush())
    chunk(b"IEND", b"")


def _encode_tiff(photo: Photo, file: io.BytesIO) -> None:
    """Write a TIFF by tifffile: Pillow cannot write 16 bits in colour, nor EXIF compressed."""
    tiffs.write(
        file,
        _with_alpha(photo),
        alpha=photo.alpha is not None,
        profile=photo.profile,
        tags=metadata.read(photo.exif),
    )
