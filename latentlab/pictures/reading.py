"""The pixels of an opened file with 8 or 16 bits, by what its header says of them.

Pillow decodes; where it would keep only half of 16 bits, or take one kind of channel for another,
there is a second pass of it, or tifffile (`tiffs`).
"""

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from latentlab.errors import ImageError
from latentlab.pictures import metadata, pngs, profiles, tiffs
from latentlab.pictures.opening import FORMATS, Opened

Stored = NDArray[np.uint8] | NDArray[np.uint16]  # as files hold pixels

TURNS: dict[int, Any] = {  # EXIF 2.32, section 4.6.5.1.6: what has to be done to stored pixels
    2: lambda x: x[:, ::-1],
    3: lambda x: x[::-1, ::-1],
    4: lambda x: x[::-1],
    5: lambda x: x.swapaxes(0, 1),
    6: lambda x: np.rot90(x, -1),
    7: lambda x: x[::-1, ::-1].swapaxes(0, 1),
    8: lambda x: np.rot90(x),
}


@dataclass(frozen=True)
class Pixels:
    """What a file holds: grey ``[H, W]`` or colours ``[H, W, 3]``, straight transparency apart."""

    colours: Stored
    alpha: Stored | None  # [H, W], of the type of the colours
    profile: bytes | None  # ICC, that fits the colours

    def eight_bits(self) -> Image.Image:
        """Return it as a picture of mode L, LA, RGB or RGBA."""
        parts = [self.colours] if self.alpha is None else [self.colours, self.alpha]
        eight = [rounded(part) for part in parts]
        return Image.fromarray(eight[0] if len(eight) == 1 else np.dstack(eight))


def rounded(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Return 8 bits of 8 or 16."""
    if values.dtype == np.uint8:
        return values
    eight = np.empty(values.shape, np.uint8)
    flat, after = values.reshape(-1), eight.reshape(-1)
    for start in range(0, flat.size, 1 << 20):  # what is made of them stays small
        part = slice(start, start + (1 << 20))
        after[part] = (flat[part].astype(np.uint32) + 128) // 257
    return eight


def profile_of(source: Opened) -> bytes | None:
    """Return the ICC profile of a file, or one made of what it says instead."""
    if source.file is None:
        return None if source.tiff is None else source.tiff.profile
    profile = source.file.info.get("icc_profile")
    if source.png is not None:
        if source.png.profile is not None:
            profile = source.png.profile
        info = source.file.info | {"icc_profile": profile}
        colour = source.file.mode in ("RGB", "RGBA", "P") and pngs.header(source.data)[1] != 4
        profile = profiles.of_png(info, source.png.coding, colour=colour)
    return profile if isinstance(profile, bytes) and len(profile) <= profiles.MAX_BYTES else None


def needs_care(source: Opened) -> bool:
    """Whether Pillow alone would lose something of it, or take it for something else."""
    if source.tiff is not None:
        return not source.tiff.problem() and (not source.tiff.plain or source.tiff.bits == (12,))
    if source.png is None:
        return False
    depth, colour = pngs.header(source.data)
    assert source.file is not None
    if depth == 16:
        return colour != 0
    return "transparency" in source.file.info and colour in (0, 2)


def pictures_in(source: Opened) -> int:
    """Return how many pictures a file holds, reduced copies aside."""
    if source.tiff is not None:
        return source.tiff.pictures
    if source.file is None or source.file.format in ("JPEG", "MPO", "HEIF"):
        return 1  # others in it are for the camera's display, or of its second lens
    count: int = getattr(source.file, "n_frames", 1)
    return count


def turned(picture: Image.Image, source: Opened) -> Image.Image:
    """Return a picture that ``pixels`` gave, upright."""
    turn = TURNS.get(orientation_of(source))
    if turn is None:
        return picture
    return Image.fromarray(np.ascontiguousarray(turn(np.asarray(picture))))


def orientation_of(source: Opened) -> int:
    """Return what has to be done to what ``pixels`` gives."""
    if source.file is None or source.tiff is not None:
        return 1  # `pixels` has done it
    found = exif_of(source)
    return metadata.orientation(found)


def exif_of(source: Opened) -> bytes | None:
    """Return what describes the picture; of a TIFF before its pixels are decoded."""
    if source.file is None:
        exif = Image.Exif()
        for tag, text in (source.tiff.texts if source.tiff else {}).items():
            exif[tag] = text
        return metadata.clean(exif)
    try:
        return metadata.clean(source.file.getexif())
    except Exception:  # damaged metadata, and Pillow may raise anything; the pixels are good
        return None


def pixels(source: Opened) -> Pixels:
    """Return the pixels of a file; a TIFF's upright, others' as they are stored.

    Palettes become colours; CMYK and L*a*b* become sRGB.

    Raises:
        ImageError: they are no whole numbers of up to 16 bits, or only a decoder that is not here
            could read them.
    """
    profile = profile_of(source)
    if source.tiff is not None:
        problem = source.tiff.problem()
        if problem:
            raise ImageError(f"{source.name} {problem}.", "Save it with 8 or 16 bits a channel.")
        if source.file is None or not source.tiff.plain:
            return _of_tiff(source, source.tiff, profile)
    file = source.file
    assert file is not None  # only a TIFF can be without
    if file.mode in ("I", "F"):
        raise ImageError(
            f"{source.name} has pixels of 32 bits.", "Save it with 8 or 16 bits a channel."
        )
    if source.png is not None:
        return _of_png(source, file, profile)
    if file.mode.startswith("I;16"):
        values: NDArray[Any] = np.array(file).astype(np.uint16)
        if source.tiff is not None and source.tiff.bits == (12,):
            values = np.left_shift(values, 4) | np.right_shift(values, 8)
        return _parted(values, profile)
    if file.mode == "CMYK":
        return _parted(np.array(profiles.to_srgb(file, profile).convert("RGB")), None)
    if file.mode == "LAB":
        return _parted(np.array(profiles.from_lab(file)), None)
    return _parted(np.array(_plain(file)), profile)


def _parted(values: NDArray[Any], profile: bytes | None) -> Pixels:
    """Return ``[H, W]`` or ``[H, W, 1 to 4]`` with its transparency apart."""
    alpha = None
    if values.ndim == 3:
        colours = 1 if values.shape[2] < 3 else 3
        alpha = values[..., -1] if values.shape[2] > colours else None
        values = values[..., 0] if colours == 1 else values[..., :3]
    return Pixels(
        np.ascontiguousarray(values),
        None if alpha is None else np.ascontiguousarray(alpha),
        profile if profiles.fits(profile, colour=values.ndim == 3) else None,
    )


def _plain(file: ImageFile.ImageFile) -> Image.Image:
    """Return the picture in mode L, LA, RGB or RGBA."""
    if file.mode in ("L", "LA", "RGB", "RGBA") and not (
        file.mode in ("L", "RGB") and file.has_transparency_data
    ):
        return file
    if file.has_transparency_data:
        return file.convert("LA" if file.mode in ("L", "La") else "RGBA")
    return file.convert("L" if file.mode == "1" else "RGB")


# --- PNG ----------------------------------------------------------------------------------------


def _of_png(source: Opened, file: ImageFile.ImageFile, profile: bytes | None) -> Pixels:
    depth, colour = pngs.header(source.data)
    key = file.info.pop("transparency", None) if colour in (0, 2) else None
    if depth == 16 and colour == 4:
        values = _deep_grey_png(source)
    elif depth == 16 and colour != 0:
        values = _two_passes(file, source.data, 0)
    elif depth == 16:
        values = np.array(file).astype(np.uint16)
    else:
        values = np.array(_plain(file))
    if key is not None and values.ndim == (2 if colour == 0 else 3):
        values = _keyed(values, key, depth)
    return _parted(values, profile)


def _keyed(values: NDArray[Any], key: Any, depth: int) -> NDArray[Any]:
    """Return pixels with transparency: none of those that have exactly the colour ``key``."""
    white = np.iinfo(values.dtype).max
    if depth == 1 and isinstance(key, int):
        key = min(key, 1)  # Pillow has made 255 of it
    # The chunk counts in the file's own bits; higher ones mean nothing.
    whites = 2**depth - 1
    levels = np.atleast_1d(np.array(key, np.int64)) & whites
    levels = levels * (int(white) // whites)
    clear = (values.reshape(*values.shape[:2], -1) == levels).all(2)
    return np.dstack([values, np.where(clear, 0, white).astype(values.dtype)])


def _deep_grey_png(source: Opened) -> NDArray[np.uint16]:
    """Return ``[H, W, 2]`` of a PNG in grey with transparency, which no other pass can read.

    Its pixels have four bytes, as those of colour with transparency and 8 bits: the file is taken
    for one of these (ISO/IEC 15948, 11.2.2).
    """
    data = source.data
    if data[12:16] != b"IHDR":
        raise ImageError(f"{source.name} does not begin as a PNG should.", "Save it again.")
    header = data[12:24] + b"\x08\x06" + data[26:29]
    data = data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]
    with Image.open(io.BytesIO(data), formats=("PNG",)) as file:
        return np.array(file).view(">u2").astype(np.uint16)


# --- TIFF ---------------------------------------------------------------------------------------


def _of_tiff(source: Opened, layout: tiffs.Layout, profile: bytes | None) -> Pixels:
    """Return what Pillow alone would get wrong."""
    if layout.readable:
        values = tiffs.read(source.data, layout, source.name)
        turn = TURNS.get(layout.orientation)
        values = values if turn is None else turn(values)
    elif source.file is not None and source.file.mode.startswith("I;16"):
        values = np.array(source.file).astype(np.uint16)[..., None]
    elif source.file is not None and not layout.planar and set(layout.bits) == {16}:
        values = _two_passes(source.file, source.data, layout.index)
        values = values[..., None] if values.ndim == 2 else values
    elif source.file is not None and max(layout.bits) <= 8 and _as_pillow(layout):
        return _parted(np.array(_plain(source.file)), profile)
    else:
        raise ImageError(
            f"{source.name} is a TIFF {layout.packing()}.",
            "Save it without compression, or as a PNG.",
        )
    return _meant(values, layout, profile)


def _as_pillow(layout: tiffs.Layout) -> bool:
    """Whether Pillow takes channels of 8 bits that are not plain for what they are."""
    if layout.planar and layout.photometric == tiffs.BLACK_IS_ZERO:
        return layout.alpha is None  # of grey it reads the plane of transparency wrongly
    return layout.photometric in (tiffs.BLACK_IS_ZERO, tiffs.RGB, tiffs.PALETTE, tiffs.YCBCR)


def _meant(values: NDArray[Any], layout: tiffs.Layout, profile: bytes | None) -> Pixels:
    """Return samples ``[H, W, C]`` as what the header says they are."""
    white = np.iinfo(values.dtype).max
    count = {tiffs.RGB: 3, tiffs.CMYK: 4}.get(layout.photometric, 1)
    colours, alpha = values[..., :count], None
    if layout.alpha is not None and values.shape[2] > count + layout.alpha[0]:
        place, premultiplied = layout.alpha
        alpha = values[..., count + place]
        if premultiplied:
            colours = _straight(colours, alpha)
    if layout.photometric == tiffs.WHITE_IS_ZERO:
        colours = white - colours
    if layout.photometric == tiffs.CMYK:
        fitting = profiles.mode_of(profile) == "CMYK"
        colours, profile = _from_cmyk(colours, profile if fitting else None), None
        if alpha is not None:
            alpha = alpha if colours.dtype == alpha.dtype else rounded(alpha)
    return _parted(colours if alpha is None else np.dstack([colours, alpha]), profile)


def _straight(colours: NDArray[Any], alpha: NDArray[Any]) -> NDArray[Any]:
    """Return colours that were multiplied by their opacity as they were before."""
    white = int(np.iinfo(colours.dtype).max)
    straight = np.empty_like(colours)
    for row in range(len(colours)):
        a = alpha[row, :, None].astype(np.uint32)
        x = (colours[row].astype(np.uint32) * white + a // 2) // np.maximum(a, 1)
        straight[row] = np.where(a == 0, 0, np.minimum(x, white))
    return straight


def _from_cmyk(values: NDArray[Any], profile: bytes | None) -> NDArray[Any]:
    if profile is not None:
        picture = Image.fromarray(np.ascontiguousarray(rounded(values)), mode="CMYK")
        found = profiles.to_srgb(picture, profile)
        if found.mode == "RGB":
            return np.array(found)
    white = int(np.iinfo(values.dtype).max)
    colours = np.empty((*values.shape[:2], 3), values.dtype)
    for row in range(len(values)):
        ink = white - values[row].astype(np.uint32)
        colours[row] = (ink[:, :3] * ink[:, 3:] + white // 2) // white
    return colours


# --- a second pass ------------------------------------------------------------------------------


def _two_passes(file: ImageFile.ImageFile, data: bytes, index: int) -> NDArray[np.uint16]:
    """Return ``[H, W]`` or ``[H, W, 3 or 4]`` with all 16 bits.

    Pillow keeps the upper byte of each sample. A second pass that takes the file for one of the
    other byte order gives the lower byte.
    """
    file.tile = [tile._replace(args=_in_order(tile.args, None)) for tile in file.tile]
    values: NDArray[np.uint16] = np.array(file, np.uint16) * np.uint16(256)
    with Image.open(io.BytesIO(data), formats=FORMATS) as again:
        if index:
            again.seek(index)
        again.tile = [tile._replace(args=_in_order(tile.args, "other")) for tile in again.tile]
        values |= np.array(again)
    return values


def _in_order(arguments: Any, order: str | None) -> Any:
    """Return a decoder's arguments, premultiplied colours left as they are.

    With an ``order``, that of the bytes of 16-bit samples is turned round.
    """
    if isinstance(arguments, tuple):
        return tuple(_in_order(argument, order) for argument in arguments)
    if not isinstance(arguments, str):
        return arguments
    mode, found, end = arguments.partition(";16")
    if not found:
        return arguments
    mode = "RGBA" if mode == "RGBa" else mode
    if order is None:
        return f"{mode};16{end}"
    # N: the order of this machine, which is little-endian wherever torch runs.
    return f"{mode};16{'L' if end == 'B' else 'B'}"
