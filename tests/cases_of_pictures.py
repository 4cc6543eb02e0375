"""Files of the kinds that people bring, made when a test asks for them."""

import io
import struct
import zlib

import numpy as np
from PIL import Image
from tifffile import TiffFile, imwrite


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def tiff(values: np.ndarray, **options: object) -> bytes:
    file = io.BytesIO()
    imwrite(file, values, metadata=None, **options)
    return file.getvalue()


def repacked(plain: bytes, compression: int) -> bytes:
    """A TIFF of strips whose pixels are packed by PackBits, said to be a compression's."""
    data = bytearray(plain)
    with TiffFile(io.BytesIO(plain)) as file:
        tags, order = file.pages[0].tags, file.byteorder
        strips = list(zip(file.pages[0].dataoffsets, file.pages[0].databytecounts, strict=True))
    starts, sizes = [], []
    for start, size in strips:
        parts = [plain[at : min(at + 128, start + size)] for at in range(start, start + size, 128)]
        packed = b"".join(bytes([len(part) - 1]) + part for part in parts)
        starts.append(len(data))
        sizes.append(len(packed))
        data += packed
    for code, values in ((273, starts), (279, sizes), (259, [compression])):
        letter = {3: "H", 4: "I"}[int(tags[code].dtype)]
        struct.pack_into(f"{order}{len(values)}{letter}", data, tags[code].valueoffset, *values)
    return bytes(data)


def smooth(height: int = 40, width: int = 64) -> np.ndarray:
    """A colour picture [H,W,3] without two equal corners, so that every turn of it shows."""
    rows, columns = np.mgrid[:height, :width]
    parts = [255 * rows / height, 255 * columns / width, 127 + 60 * rows / height]
    return np.stack(parts, 2).astype(np.uint8)


def chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def with_chunks(png: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG with further chunks behind its header."""
    return png[:33] + b"".join(chunk(*each) for each in chunks) + png[33:]


def deep_png(samples: np.ndarray, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of 16 bits, [H,W] or [H,W,2 to 4], written by hand."""
    height, width = samples.shape[:2]
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[samples[0, 0].size]
    rows = samples.astype(">u2").reshape(height, -1).view(np.uint8)
    data = zlib.compress(b"".join(b"\0" + row.tobytes() for row in rows))
    header = struct.pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    body = b"".join(chunk(*each) for each in ((b"IHDR", header), *chunks, (b"IDAT", data)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def camera_exif(orientation: int = 6) -> bytes:
    """EXIF with the camera's directory, the place's, and a maker's note."""
    exif = Image.Exif()
    exif[271], exif[272], exif[274], exif[306] = (
        "Maker",
        "Model",
        orientation,
        "2024:01:02 03:04:05",
    )
    camera = exif.get_ifd(34665)
    camera[33434], camera[36867] = 0.01, "2024:01:02 03:04:05"
    camera[37500] = b"Maker's note" * 20
    exif.get_ifd(34853)[1] = "N"
    return exif.tobytes()
