"""PNG files: what Pillow would refuse a picture for is set aside before it looks.

Pillow gives up on a whole picture where a text or a colour profile unpacks to more than 1 MB. Text
is not ours to keep, and profiles may be larger here; both stay bounded. ISO/IEC 15948.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_PROFILE = 8 << 20  # bytes of a colour profile, unpacked: the largest printers' have 4 MB
MAX_TEXT = 1 << 20  # bytes of all texts of a file, unpacked


@dataclass(frozen=True)
class Prepared:
    """A PNG that Pillow can open, and what was taken out or is unknown to Pillow."""

    data: bytes
    profile: bytes | None = None  # ICC, where it was taken out
    coding: tuple[int, ...] = ()  # cICP: primaries, transfer, matrix, full range


def prepare(data: bytes) -> Prepared:
    """Return a PNG without large texts and profiles. A damaged one stays as it is."""
    profile: bytes | None = None
    coding: tuple[int, ...] = ()
    dropped: list[tuple[int, int]] = []
    texts = 0
    for kind, start, end in _chunks(data):
        content = data[start + 8 : end - 4] if kind in _TOUCHED else b""
        if kind == b"cICP" and len(content) == 4:
            coding = tuple(content)
        elif kind == b"iCCP":
            _, _, packed = content.partition(b"\0")
            whole = _unpacked(packed[1:], MAX_PROFILE)
            if whole is None or len(whole) > MAX_TEXT:
                profile = whole
                dropped.append((start, end))
        elif content:
            texts += _text_size(kind, content)
            if texts > MAX_TEXT:
                dropped.append((start, end))
    if not dropped:
        return Prepared(data, None, coding)
    kept, at = [], 0
    for start, end in dropped:
        kept.append(data[at:start])
        at = end
    return Prepared(b"".join([*kept, data[at:]]), profile, coding)


def header(data: bytes) -> tuple[int, int]:
    """Return bits a sample and the type of colour, as a file states them; zeros if it does not."""
    return (data[24], data[25]) if data[12:16] == b"IHDR" and len(data) > 25 else (0, 0)


_TOUCHED = (b"cICP", b"iCCP", b"tEXt", b"zTXt", b"iTXt")


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of every whole chunk."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            return
        yield kind, at, end
        at = end


def _text_size(kind: bytes, content: bytes) -> int:
    """Return how many bytes a text takes; more than ``MAX_TEXT`` for one that unpacks to more."""
    packed = b""
    _, _, rest = content.partition(b"\0")
    if kind == b"zTXt":
        packed = rest[1:]
    elif kind == b"iTXt" and rest[:1] not in (b"", b"\0"):
        packed = rest[2:].split(b"\0", 2)[-1]
    if not packed:
        return len(content)
    whole = _unpacked(packed, MAX_TEXT)
    return MAX_TEXT + 1 if whole is None else len(whole)


def _unpacked(packed: bytes, limit: int) -> bytes | None:
    """Return what zlib packed, if it is at most ``limit`` bytes; what can be had of damaged."""
    unpacker = zlib.decompressobj()
    try:
        whole = unpacker.decompress(packed, limit)
    except zlib.error:
        return b""  # Pillow passes over it too
    return None if unpacker.unconsumed_tail else whole
