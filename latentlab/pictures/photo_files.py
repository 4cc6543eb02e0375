"""Picture files at full size: read with all that they carry, written back without losing it.

Pixels stay as they are stored: not turned, 8 or 16 bits, transparency apart. EXIF (which says how
to turn them) and the colour profile travel along. Only TIFFs come upright, as Pillow turns them;
`Photo.upright` turns the others. For screens there is `display`.
"""

import io
import math
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from latentlab.errors import ImageError, UnsupportedError
from latentlab.pictures import uploads

MAX_BYTES = 500 << 20  # 50 megapixels of 16 bits, not compressed, are 400 MB
JPEG_QUALITY, WEBP_QUALITY = 95, 95

MOST_EXACT = 1_000_000  # pixels of what is shown without loss: noise does not compress
MOST_SHOWN = 16_000_000  # pixels that a canvas may have on every browser
LONGEST_SHOWN = 16_384  # and its longer side

SUFFIXES = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}


_ORIENTATION = 274  # EXIF 2.32, section 4.6.5.1.6: what has to be done to stored pixels
_TURNS: dict[Any, Callable[[NDArray[Any]], NDArray[Any]]] = {
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: np.rot90(x, -1),
    7: lambda x: x[::-1, ::-1].swapaxes(0, 1),
    8: lambda x: np.rot90(x),
}


Stored = NDArray[np.uint8] | NDArray[np.uint16]  # as files hold pixels


@dataclass(frozen=True)
class Photo:
    """One picture file: pixels ``[H, W]`` grey or ``[H, W, 3]``, and what goes with them."""

    pixels: Stored
    alpha: Stored | None  # [H, W], of the type of the pixels
    exif: bytes | None
    profile: bytes | None  # ICC

    def upright(self) -> "Photo":
        """Return it turned as its EXIF says, which then says that nothing is to be turned."""
        exif = Image.Exif()
        try:
            exif.load(self.exif or b"")
            turn = _TURNS.get(exif.get(_ORIENTATION))
        except Exception:  # damaged metadata, and Pillow may raise anything
            turn = None
        if turn is None:
            return self
        exif[_ORIENTATION] = 1
        alpha = None if self.alpha is None else np.ascontiguousarray(turn(self.alpha))
        return Photo(np.ascontiguousarray(turn(self.pixels)), alpha, exif.tobytes(), self.profile)


def read(path: Path) -> Photo:
    """Return a picture file, whole.

    Palettes become colours; CMYK becomes RGB, and loses the profile that no longer fits.

    Raises:
        ImageError: it cannot be read, is too large, is damaged or cut short, has several pictures,
            or holds floating-point numbers.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ImageError(f"{uploads.short(path.name)} has more than {MAX_BYTES >> 20} MB.")
        data = path.read_bytes()
    except OSError as error:
        raise ImageError(
            f"{uploads.short(path.name)} cannot be read ({error.strerror or error})."
        ) from error
    return decode(data, path.name)


def decode(data: bytes, name: str) -> Photo:
    """Return the picture that the content of a file holds. Errors as ``read``."""
    with uploads.opened(data, name, max_bytes=MAX_BYTES) as file:
        shown = uploads.short(name)
        if getattr(file, "n_frames", 1) > 1:
            raise ImageError(f"{shown} holds several pictures.", "Save one of them by itself.")
        profile = file.info.get("icc_profile")
        if file.mode in ("I", "F"):
            raise ImageError(
                f"{shown} has pixels of 32 bits.", "Save it with 8 or 16 bits a channel."
            )
        if file.mode.startswith("I;16"):
            values = np.array(file).astype(np.uint16)
        elif _sixteen_bits(file, shown):
            values = _decode_deep(file, data, shown)
        else:
            if file.mode not in ("L", "LA", "RGB", "RGBA", "P", "PA", "1"):
                profile = None
            values = np.array(_plain(file))
        exif = _exif(file)  # now: turning a TIFF on loading, Pillow takes that out
    if values.ndim == 2:
        return Photo(values, None, exif, profile)
    colours = 1 if values.shape[2] < 3 else 3
    pixels = values[..., 0] if colours == 1 else values[..., :3]
    alpha = values[..., -1] if values.shape[2] > colours else None
    return Photo(
        np.ascontiguousarray(pixels),
        None if alpha is None else np.ascontiguousarray(alpha),
        exif,
        profile,
    )


def write(path: Path, photo: Photo) -> None:
    """Write a picture in the format that the suffix of ``path`` names, whole or not at all.

    Raises:
        UnsupportedError: no such format, or one without transparency for a picture that has it.
        ImageError: the file cannot be written.
    """
    data = encode(photo, format_of(path))
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(data)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ImageError(f"{path} cannot be written ({error.strerror or error}).") from error


def encode(photo: Photo, kind: str) -> bytes:
    """Return the content of a file with a picture, its EXIF and its profile.

    PNG and TIFF keep 16 bits, the others get 8. A TIFF of 16 bits in colour keeps of the EXIF
    only how to turn the picture, camera, time, author and copyright.

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
    deep = photo.pixels.dtype == np.uint16
    colour = photo.pixels.ndim == 3 or photo.alpha is not None
    if deep and kind not in ("PNG", "TIFF"):
        photo = _eight_bits(photo)
    write_to: Callable[[Photo, io.BytesIO], None]
    if deep and colour and kind == "PNG":
        write_to = _encode_deep_png
    elif deep and colour and kind == "TIFF":
        write_to = _encode_deep_tiff
    else:
        write_to = _encoder(kind)
    file = io.BytesIO()
    try:
        write_to(photo, file)
    except (OSError, ValueError) as error:
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
        profile: of pixels; a photo brings its own. It stays, so that colours are those of the file.
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
    options: dict[str, Any] = {} if photo.profile is None else {"icc_profile": photo.profile}
    file = io.BytesIO()
    if picture.width * picture.height <= MOST_EXACT:
        picture.save(file, "PNG", compress_level=1, **options)
    else:
        picture.save(file, "JPEG", **OPTIONS["JPEG"], **options)
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


# --- reading ------------------------------------------------------------------------------------


def _exif(file: ImageFile.ImageFile) -> bytes | None:
    try:
        exif = file.getexif()
        return exif.tobytes() if len(exif) else None
    except Exception:  # damaged metadata, and Pillow may raise anything; the pixels are good
        return None


def _plain(file: ImageFile.ImageFile) -> Image.Image:
    """Return the picture in mode L, LA, RGB or RGBA."""
    if file.mode in ("L", "LA", "RGB", "RGBA") and not (
        file.mode in ("L", "RGB") and file.has_transparency_data
    ):
        return file
    if file.has_transparency_data:
        return file.convert("LA" if file.mode == "L" else "RGBA")
    return file.convert("L" if file.mode == "1" else "RGB")


def _sixteen_bits(file: ImageFile.ImageFile, name: str) -> bool:
    """Whether Pillow is about to keep only the upper half of 16 bits a channel."""
    modes = [part for tile in file.tile for part in _texts(tile.args)]
    deep = any(";16" in mode for mode in modes)
    bits = getattr(file, "tag_v2", {}).get(258, (8,))  # BitsPerSample
    if not deep and max(bits) > 8:
        raise ImageError(
            f"{name} stores its 16-bit channels apart.", "Save it interleaved, or as a PNG."
        )
    return deep


def _decode_deep(file: ImageFile.ImageFile, data: bytes, name: str) -> NDArray[np.uint16]:
    """Return ``[H, W, 2 to 4]`` with all 16 bits.

    Pillow keeps the upper byte of each sample. A second pass that takes the file for one of the
    other byte order gives the lower byte.
    """
    if any("LA;16" in part for tile in file.tile for part in _texts(tile.args)):
        return _decode_deep_grey(data, name)
    values: NDArray[np.uint16] = np.array(file, np.uint16) * np.uint16(256)
    with Image.open(io.BytesIO(data), formats=uploads.FORMATS) as again:
        again.tile = [tile._replace(args=_other_order(tile.args)) for tile in again.tile]
        values |= np.array(again)
    return values


def _decode_deep_grey(data: bytes, name: str) -> NDArray[np.uint16]:
    """Return ``[H, W, 2]`` of a PNG in grey with transparency, which no other pass can read.

    Its pixels have four bytes, as those of colour with transparency and 8 bits: the file is taken
    for one of these (ISO/IEC 15948, 11.2.2).
    """
    if data[12:16] != b"IHDR":
        raise ImageError(f"{name} does not begin as a PNG should.", "Save it again.")
    header = data[12:24] + b"\x08\x06" + data[26:29]
    data = data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]
    with Image.open(io.BytesIO(data), formats=("PNG",)) as file:
        return np.array(file).view(">u2").astype(np.uint16)


def _texts(arguments: Any) -> list[str]:
    return [a for a in (arguments if isinstance(arguments, tuple) else (arguments,)) if _is_text(a)]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _other_order(arguments: Any) -> Any:
    """Return a decoder's arguments with the byte order of 16-bit samples turned round."""
    if isinstance(arguments, tuple):
        return tuple(_other_order(argument) for argument in arguments)
    if not isinstance(arguments, str):
        return arguments
    mode, found, order = arguments.partition(";16")
    # N: the order of this machine, which is little-endian wherever torch runs.
    return f"{mode}{found}{'L' if order == 'B' else 'B'}" if found else arguments


# --- writing ------------------------------------------------------------------------------------


def _eight_bits(photo: Photo) -> Photo:
    if photo.pixels.dtype == np.uint8:
        return photo
    alpha = None if photo.alpha is None else _rounded(photo.alpha)
    return replace(photo, pixels=_rounded(photo.pixels), alpha=alpha)


def _rounded(values: NDArray[Any]) -> NDArray[np.uint8]:
    eight = np.empty(values.shape, np.uint8)
    for before, after in _pieces(values, eight):
        after[:] = (before.astype(np.uint32) + 128) // 257
    return eight


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
    "TIFF": {"compression": "tiff_deflate"},
}


def _encoder(kind: str) -> Callable[[Photo, io.BytesIO], None]:
    options = OPTIONS.get(kind, {})

    def encode(photo: Photo, file: io.BytesIO) -> None:
        extras: dict[str, Any] = {}
        if photo.exif is not None and kind != "BMP":
            extras["exif"] = photo.exif
        if photo.profile is not None and kind != "BMP":
            extras["icc_profile"] = photo.profile
        Image.fromarray(_with_alpha(photo)).save(file, kind, **options, **extras)

    return encode


def _encode_deep_png(photo: Photo, file: io.BytesIO) -> None:
    """Write 16 bits a channel in colour, which Pillow cannot (ISO/IEC 15948)."""
    pixels = photo.pixels if photo.pixels.ndim == 3 else np.dstack([photo.pixels] * 3)
    values = pixels if photo.alpha is None else np.dstack([pixels, photo.alpha])
    height, width, channels = values.shape

    def chunk(kind: bytes, content: bytes) -> None:
        file.write(struct.pack(">I", len(content)) + kind + content)
        file.write(struct.pack(">I", zlib.crc32(kind + content)))

    file.write(b"\x89PNG\r\n\x1a\n")
    chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2 if channels == 3 else 6, 0, 0, 0))
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


_TEXTS = (271, 272, 306, 315, 33432)  # Make, Model, DateTime, Artist, Copyright


def _encode_deep_tiff(photo: Photo, file: io.BytesIO) -> None:
    """Write 16 bits a channel in colour, which Pillow cannot."""
    from tifffile import imwrite

    colour = photo.pixels.ndim == 3
    exif = Image.Exif()
    if photo.exif is not None:
        exif.load(photo.exif)
    imwrite(
        file,
        _with_alpha(photo),
        photometric="rgb" if colour else "minisblack",
        planarconfig="contig",
        extrasamples=None if photo.alpha is None else ["unassalpha"],
        compression="zlib",
        iccprofile=photo.profile,
        extratags=[
            (_ORIENTATION, "H", 1, int(exif.get(_ORIENTATION, 1)), True),
            *(
                (tag, "s", 0, exif[tag].encode("ascii", "replace"), True)
                for tag in _TEXTS
                if isinstance(exif.get(tag), str)
            ),
        ],
        metadata=None,
    )
