"""TIFF files: what their numbers mean, read where Pillow does not keep all of them; and written.

What a sample is follows from photometric interpretation, sample format, planar configuration and
extra samples, in that order, and only then from how many bits it has (TIFF 6.0). tifffile reads
what is not compressed or deflated; of what is compressed otherwise Pillow reads what it can.
"""

import io
import logging
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import ImageError

# tifffile writes a line for whatever is odd about a file; what matters is said in a sentence here.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, MASK, CMYK = range(6)
YCBCR, LAB = 6, 8
_MOSAICS = (32803, 34892)  # what sensors see before it is developed
_COLOURS = {WHITE_IS_ZERO: 1, BLACK_IS_ZERO: 1, RGB: 3, CMYK: 4}  # samples of a pixel
_INTEGER, _SIGNED = 1, 2  # sample formats; all others are floating-point or complex
_PREMULTIPLIED, _ALPHA, _COREL = 1, 2, 999  # kinds of extra samples; Corel Draw writes the last
_PLAIN, _DEFLATE = 1, (8, 32946)  # compressions
_COMPRESSIONS = {  # by others: what people call them, and whether Pillow knows them
    2: ("a fax code", True),
    3: ("a fax code", True),
    4: ("a fax code", True),
    5: ("LZW", True),
    6: ("an old kind of JPEG", True),
    7: ("JPEG", True),
    **dict.fromkeys((8, 32946), ("Deflate", True)),
    32771: ("a fax code", True),
    32773: ("PackBits", True),
    32809: ("ThunderScan", True),
    **dict.fromkeys((34676, 34677), ("LogLuv", True)),
    **dict.fromkeys((33003, 33004, 33005, 34712), ("JPEG 2000", False)),
    34887: ("LERC", False),
    34892: ("lossy JPEG", False),
    34925: ("LZMA", True),
    34926: ("Zstandard", False),
    34927: ("WebP", False),
    50000: ("Zstandard", True),
    50001: ("WebP", True),
    34933: ("PNG", False),
    **dict.fromkeys((22610, 34934), ("JPEG XR", False)),
    **dict.fromkeys((50002, 52546), ("JPEG XL", False)),
}
_MOST_PAGES = 64  # that are looked at, to find a second picture
_MOST_VALUES = 1 << 16  # of a tag that is read
MAX_SAMPLES = 8  # a pixel
MAX_PIECES = 200_000  # strips or tiles
MAX_PROFILE = 16 << 20  # bytes
MAX_SIZE = 50_000_000 * 8  # bytes of all samples


@dataclass(frozen=True)
class Layout:
    """What the header says of the first picture of full size."""

    index: int  # of its directory: a scanner may write a small copy before it

    width: int
    height: int
    photometric: int
    formats: tuple[int, ...]  # of samples
    planar: bool  # each channel apart
    extra: tuple[int, ...] | None  # kinds of further samples; None where the file does not say
    bits: tuple[int, ...]  # of each sample of a pixel
    compression: int
    orientation: int
    pictures: int  # of full size
    raw: bool  # what a camera's sensor saw
    texts: dict[int, str]  # tags with their values
    profile: bytes | None  # ICC

    @property
    def integer(self) -> bool:
        """Whether samples are whole numbers from 0 up."""
        return set(self.formats) <= {_INTEGER, 4}  # 4: "undefined"

    @property
    def plain(self) -> bool:
        """Whether Pillow keeps every bit of it, and takes it for what it is."""
        if self.planar:
            return False
        if max(self.bits) <= 8:
            return not (self.photometric == WHITE_IS_ZERO and len(self.bits) > 1)
        return len(self.bits) == 1 and self.photometric == BLACK_IS_ZERO

    @property
    def readable(self) -> bool:
        """Whether ``read`` takes it."""
        colours = _COLOURS.get(self.photometric)
        return (
            colours is not None
            and self.integer
            and set(self.bits) in ({8}, {16})
            and colours <= len(self.bits) <= MAX_SAMPLES
            and self.compression in (_PLAIN, *_DEFLATE)
        )

    @property
    def alpha(self) -> tuple[int, bool] | None:
        """Which of the further samples is transparency, and whether colours are premultiplied."""
        extra = self.extra or ()
        if self.extra is None and self.photometric == RGB and len(self.bits) == 4:
            extra = (_ALPHA,)  # many a writer forgets to say so
        for place, kind in enumerate(extra):
            if kind in (_PREMULTIPLIED, _ALPHA, _COREL):
                return place, kind == _PREMULTIPLIED
        return None

    def problem(self) -> str:
        """Return why this is no picture of 8 or 16 bits a channel; empty if it is one."""
        if self.raw:
            return "is a camera's raw file"
        if _SIGNED in self.formats:
            return "has numbers with a sign for pixels"
        if not self.integer:
            return "has floating-point numbers for pixels"
        if max(self.bits) > 16:
            return f"has pixels of {max(self.bits)} bits"
        if self.photometric == LAB and max(self.bits) > 8:
            return "has CIE L*a*b* colours of 16 bits"
        return ""

    def packing(self) -> str:
        """Return what follows "is a TIFF" of one whose compression stands in the way of reading."""
        known = (f"the method of number {self.compression}", False)
        method, pillow = _COMPRESSIONS.get(self.compression, known)
        if self.compression == _PLAIN:
            return "whose channels are arranged in a way that is not read here"
        if pillow:
            return f"compressed with {method}, which is read here for ordinary channels only"
        return f"compressed with {method}, which is not read here"

    def unpacking(self) -> str:
        """Return what follows "is a TIFF" of one that Pillow began to unpack, and gave up on."""
        method = _COMPRESSIONS.get(self.compression, ("", False))[0]
        if not method:
            return ""
        return f"compressed with {method}, and damaged or of a kind of it that is not read here"


def layout(data: bytes) -> Layout | None:
    """Return what a TIFF says of itself; None where that cannot be read."""
    from tifffile import TiffFile

    try:
        with TiffFile(io.BytesIO(data)) as file:
            pages: list[Any] = [file.pages[0]]
            for i in range(1, _MOST_PAGES):
                try:
                    pages.append(file.pages[i])
                except IndexError:
                    break
            full = [i for i, each in enumerate(pages) if not _int(each.tags, 254, 0) & 1]
            index = full[0] if full else 0  # bit 1: reduced in size
            page = pages[index]
            tags = {tag.code: tag for tag in page.tags if tag.count <= _MOST_VALUES}
            raw = any(map(_is_mosaic, pages)) or _has_mosaic_below(pages[0], file)
            if len(page.dataoffsets) > MAX_PIECES:
                return None
            samples = _int(tags, 277, 1)
            bits = _ints(tags, 258, (1,))
            formats = _ints(tags, 339, (_INTEGER,))
            return Layout(
                index=index,
                width=_int(tags, 256, 0),
                height=_int(tags, 257, 0),
                photometric=_int(tags, 262, 0),
                formats=formats,
                planar=_int(tags, 284, 1) == 2 and samples > 1,
                extra=_ints(tags, 338, ()) if 338 in tags else None,
                bits=bits * samples if len(bits) == 1 else bits[:samples],
                compression=_int(tags, 259, _PLAIN),
                orientation=_int(tags, 274, 1),
                pictures=max(1, len(full)),
                raw=raw or 50706 in tags,  # DNGVersion
                profile=_profile(page.tags),
                texts={
                    code: tag.value
                    for code, tag in tags.items()
                    if code in _TEXTS and isinstance(tag.value, str)
                },
            )
    except Exception:  # a stranger's bytes: tifffile may raise anything
        return None


def _is_mosaic(page: Any) -> bool:
    return _int(page.tags, 262, 0) in _MOSAICS


def _has_mosaic_below(page: Any, file: Any) -> bool:
    """Whether the picture is but the preview of a raw file, which lies in a directory below."""
    from tifffile import TiffPage

    for offset in _ints(page.tags, 330, ())[:8]:  # SubIFDs
        file.filehandle.seek(offset)
        try:
            if _is_mosaic(TiffPage(file, index=(0, 0))):
                return True
        except Exception:
            continue
    return False


def _profile(tags: Any) -> bytes | None:
    tag = tags.get(34675)
    if tag is None or tag.count > MAX_PROFILE or not isinstance(tag.value, bytes):
        return None
    return bytes(tag.value)


def _int(tags: Any, code: int, default: int) -> int:
    values = _ints(tags, code, (default,))
    return values[0] if values else default


def _ints(tags: Any, code: int, default: tuple[int, ...]) -> tuple[int, ...]:
    tag = tags.get(code)
    if tag is None:
        return default
    value = tag.value
    return tuple(int(v) for v in (value if isinstance(value, tuple | list) else (value,)))


def read(data: bytes, layout: Layout, name: str) -> NDArray[Any]:
    """Return all samples ``[H, W, C]``, uint8 or uint16, as they are stored.

    Raises:
        ImageError: pixels are missing, or there are too many of them.
    """
    from tifffile import TiffFile

    size = layout.width * layout.height * len(layout.bits) * (max(layout.bits) // 8)
    if not 0 < size <= MAX_SIZE:
        raise ImageError(f"{name} has too many channels.", "Save it as a PNG.")
    with TiffFile(io.BytesIO(data)) as file:
        page: Any = file.pages[layout.index]
        _check_pieces(data, page, layout, name)
        values = np.asarray(page.asarray(maxworkers=1))
    shape = (layout.height, layout.width, len(layout.bits))
    if layout.planar:
        values = np.moveaxis(values.reshape(shape[2], *shape[:2]), 0, -1)
    kind = np.uint8 if max(layout.bits) == 8 else np.uint16
    return values.reshape(shape).astype(kind, copy=False)


def _check_pieces(data: bytes, page: Any, layout: Layout, name: str) -> None:
    """Refuse strips or tiles that are not there, or unpack to more than they should."""
    planes = len(layout.bits) if layout.planar else 1
    samples = 1 if layout.planar else len(layout.bits)
    sample = max(layout.bits) // 8
    if page.is_tiled:
        rows, columns = page.tilelength, page.tilewidth
    else:
        rows, columns = min(page.rowsperstrip or layout.height, layout.height), layout.width
    if not 0 < rows * columns <= MAX_SIZE // 8:
        raise ImageError(f"A tile of {name} is larger than any picture.", "Save it as a PNG.")
    down, across = -(-layout.height // rows), -(-layout.width // columns)
    if len(page.dataoffsets) < down * across * planes:
        raise _cut_short(name)
    counts = page.databytecounts
    for i, start in enumerate(page.dataoffsets[: down * across * planes]):
        high = rows
        if not page.is_tiled:
            high = min(rows, layout.height - i % down * rows)
        needed = high * columns * samples * sample
        if layout.compression == _PLAIN:
            found = len(data) - start if start else 0
        else:
            unpacker = zlib.decompressobj()
            piece = data[start : start + counts[i]] if i < len(counts) else b""
            found = len(unpacker.decompress(piece, rows * columns * samples * sample))
            if unpacker.unconsumed_tail and unpacker.decompress(unpacker.unconsumed_tail, 1):
                raise ImageError(
                    f"{name} is damaged: a part of it unpacks to more than it should.",
                    "Open it in another program and save it again.",
                )
        if found < needed:
            raise _cut_short(name)


def _cut_short(name: str) -> ImageError:
    return ImageError(
        f"{name} is cut short: its pixels end before the picture is full.",
        "Copy or download it again.",
    )


# --- writing ------------------------------------------------------------------------------------


_TEXTS = {  # what can be said of a picture in letters, and how long it may be
    270: 4096,  # ImageDescription
    271: 1024,  # Make
    272: 1024,  # Model
    305: 1024,  # Software
    306: 64,  # DateTime
    315: 1024,  # Artist
    33432: 1024,  # Copyright
}


def write(
    file: io.BytesIO, values: NDArray[Any], *, alpha: bool, profile: bytes | None, tags: Any
) -> None:
    """Write a picture ``[H, W]`` or ``[H, W, 2 to 4]`` of 8 or 16 bits.

    Args:
        file: where to.
        values: samples; the last channel is transparency where ``alpha`` says so.
        alpha: whether there is transparency.
        profile: ICC.
        tags: descriptive ones with their values; of these letters, orientation and resolution are
            kept.
    """
    from tifffile import imwrite

    colours = (values.shape[2] if values.ndim == 3 else 1) - alpha
    options: dict[str, Any] = {}
    across, down = _positive(tags.get(282)), _positive(tags.get(283))
    if across and down:
        unit = tags.get(296)
        options = {
            "resolution": (across, down),
            "resolutionunit": unit if unit in (1, 2, 3) else 2,
        }
    described = tags.get(270)
    imwrite(
        file,
        values,
        photometric="rgb" if colours == 3 else "minisblack",
        planarconfig="contig" if values.ndim == 3 else None,
        extrasamples=["unassalpha"] if alpha else None,
        compression="zlib",
        predictor=True,
        iccprofile=profile,
        description=_letters(described, 270) if isinstance(described, str) else None,
        software=False,
        extratags=[
            (274, "H", 1, int(tags.get(274, 1)), True),
            *(
                (tag, "s", 0, _letters(tags[tag], tag), True)
                for tag in _TEXTS
                if tag != 270 and isinstance(tags.get(tag), str) and _letters(tags[tag], tag)
            ),
        ],
        metadata=None,
        **options,
    )


def _letters(text: str, tag: int) -> bytes:
    # Pillow reads every byte as a letter of Latin-1; so they become the bytes that they were.
    return text.split("\0")[0].encode("latin-1", "replace")[: _TEXTS[tag]]


def _positive(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if 1e-3 < number < 1e6 else None
