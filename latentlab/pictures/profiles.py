"""What the numbers of a picture mean as colours: ICC profiles, and what PNGs say instead of one.

Screens here, and models, take numbers for sRGB (IEC 61966-2-1): `to_srgb` makes them so. Files keep
their profile. Gamma, chromaticities and coding-independent code points of a PNG become a profile
(`of_png`), which every format can carry.
"""

import io
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

MAX_BYTES = 16 << 20  # of a profile: what a JPEG can carry
_MODES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}
_NEAR = 1  # of 255: colours that differ by no more are the same

# White and the three primaries, x and y: ITU-R BT.709 (sRGB), BT.2020, and SMPTE EG 432 (P3).
_SRGB = (0.3127, 0.329, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_PRIMARIES = {
    1: _SRGB,
    5: (0.3127, 0.329, 0.64, 0.33, 0.29, 0.60, 0.15, 0.06),
    6: (0.3127, 0.329, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    7: (0.3127, 0.329, 0.63, 0.34, 0.31, 0.595, 0.155, 0.07),
    9: (0.3127, 0.329, 0.708, 0.292, 0.17, 0.797, 0.131, 0.046),
    12: (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06),
}
_HDR_WHITE = 203.0  # cd/m², that of paper in a picture of high dynamic range (ITU-R BT.2408)


def mode_of(profile: bytes | None) -> str | None:
    """Return the mode of pictures that a profile is for: RGB, L or CMYK; None for no such one."""
    if profile is None or not 128 < len(profile) <= MAX_BYTES or profile[36:40] != b"acsp":
        return None
    return _MODES.get(profile[16:20])


def fits(profile: bytes | None, *, colour: bool) -> bool:
    """Whether a file may carry a profile: many a grey one has that of colours."""
    return mode_of(profile) in (("RGB",) if colour else ("L", "RGB"))


def to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture of 8 bits in sRGB, as mode RGB; the same one where it is already.

    A profile that is damaged, or for pictures of another kind, says nothing.

    Args:
        picture: mode L, RGB or CMYK.
        profile: ICC, of its numbers.
    """
    mode = mode_of(profile)
    if mode == "L" and picture.mode == "RGB":
        return picture  # somebody made colours of it
    if profile is None or mode != picture.mode:
        return picture
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
        )
        if mode != "CMYK" and _changes_nothing(transform, mode):
            return picture
        turned = ImageCms.applyTransform(picture, transform)
    except (ImageCms.PyCMSError, ValueError, TypeError, OSError):
        return picture
    return picture if turned is None else turned


def from_lab(picture: Image.Image) -> Image.Image:
    """Return a picture of mode LAB (D50, as TIFF has it) in sRGB."""
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    turned = ImageCms.applyTransform(picture, ImageCms.buildTransform(lab, srgb, "LAB", "RGB"))
    assert turned is not None
    return turned


def _changes_nothing(transform: Any, mode: str) -> bool:
    """Whether a transform leaves a coarse grid of colours as they are: it is sRGB's own."""
    steps = np.linspace(0, 255, 9 if mode == "RGB" else 256).round().astype(np.uint8)
    if mode == "RGB":
        grid = np.stack(np.meshgrid(steps, steps, steps), -1).reshape(1, -1, 3)
    else:
        grid = steps[None]
    found = np.asarray(ImageCms.applyTransform(Image.fromarray(grid), transform)).astype(int)
    before = grid if mode == "RGB" else grid[..., None]
    return bool(np.abs(found - before).max() <= _NEAR)


def of_png(info: dict[Any, Any], coding: tuple[int, ...], *, colour: bool) -> bytes | None:
    """Return the profile of a PNG: its own, or one that says what its other chunks do.

    Args:
        info: what Pillow found in it.
        coding: of its cICP chunk, which counts before all others (ITU-T H.273).
        colour: whether it has colours.
    """
    if coding:
        primaries, curve = _PRIMARIES.get(coding[0]), _CURVES.get(coding[1])
        if primaries is not None and curve is not None:
            if primaries == _SRGB and coding[1] in _AS_SRGB:
                return None
            return _make(curve, primaries if colour else None)
    if info.get("icc_profile") is not None:
        profile: bytes = info["icc_profile"]
        return profile
    gamma = info.get("gamma")
    if "srgb" in info or not isinstance(gamma, float) or not 0.1 <= gamma <= 5:
        return None
    given = info.get("chromaticity", _SRGB)
    same = all(abs(a - b) < 0.002 for a, b in zip(given, _SRGB, strict=False))
    if abs(gamma - 1 / 2.2) < 0.005 and (same or not colour):
        return None  # what sRGB is near to, and what its writers say of it
    primaries = given if len(given) == 8 else _SRGB
    return _make(lambda v: v ** (1 / gamma), primaries if colour else None)


# --- making profiles: ICC.1:2001-04 -------------------------------------------------------------


_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def _srgb_light(v: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def _pq_light(v: NDArray[np.float64]) -> NDArray[np.float64]:
    """SMPTE ST 2084, paper white at 1 and nothing above it."""
    root = v ** (32 / 2523)
    share = np.maximum(root - 0.8359375, 0) / (18.8515625 - 18.6875 * root)
    return np.minimum(10_000 * share ** (16_384 / 2610) / _HDR_WHITE, 1)


def _hlg_light(v: NDArray[np.float64]) -> NDArray[np.float64]:
    """ITU-R BT.2100, paper white, 75 % of the signal, at 1 and nothing above it."""

    def scene(x: NDArray[np.float64]) -> NDArray[np.float64]:
        high = (np.exp((x - 0.55991073) / 0.17883277) + 0.28466892) / 12
        return np.where(x <= 0.5, x**2 / 3, high)

    return np.minimum(scene(v) / scene(np.array(0.75)), 1)


_AS_SRGB = (1, 6, 13, 14, 15)  # what cameras for television write is shown as sRGB by everybody
_CURVES: dict[int, Curve] = {number: _srgb_light for number in _AS_SRGB}
_CURVES |= {
    4: lambda v: v**2.2,
    5: lambda v: v**2.8,
    8: lambda v: v,
    16: _pq_light,
    18: _hlg_light,
}


def _make(curve: Curve, primaries: tuple[float, ...] | None) -> bytes | None:
    """Return a profile with a curve and, for colour, white and primaries; None for impossible."""
    light = np.rint(curve(np.linspace(0, 1, 4096)) * 65535).clip(0, 65535).astype(">u2")
    table = b"curv" + bytes(4) + struct.pack(">I", len(light)) + light.tobytes()
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 4) + b"PNG\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"CC0\0",
        b"wtpt": _xyz(_D50),
    }
    if primaries is None:
        tags[b"kTRC"] = table
    else:
        columns = _columns(primaries)
        if columns is None:
            return None
        for name, column in zip((b"r", b"g", b"b"), columns.T, strict=True):
            tags[name + b"XYZ"] = _xyz(column)
            tags[name + b"TRC"] = table
    directory, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        directory += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    header = struct.pack(
        ">I4sI4s4s4s",
        start + len(body),
        b"    ",
        0x02400000,
        b"mntr",
        b"GRAY" if primaries is None else b"RGB ",
        b"XYZ ",
    )
    header += struct.pack(">6H", 2000, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    header += b"".join(struct.pack(">i", round(v * 65536)) for v in _D50)
    return header.ljust(128, b"\0") + directory + body


def _xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(struct.pack(">i", round(v * 65536)) for v in values)


def _columns(primaries: tuple[float, ...]) -> NDArray[np.float64] | None:
    """Return red, green and blue as XYZ ``[3, 3]`` under D50; None where they span no colours."""
    pairs = np.array(primaries, np.float64).reshape(4, 2)
    if not (np.isfinite(pairs).all() and (pairs[:, 1] > 1e-3).all() and (pairs <= 1).all()):
        return None
    whole = np.stack([pairs[:, 0], pairs[:, 1], 1 - pairs.sum(1)]) / pairs[:, 1]  # [XYZ, 4]
    white, colours = whole[:, 0], whole[:, 1:]
    if abs(np.linalg.det(colours)) < 1e-6:
        return None
    colours = colours * np.linalg.solve(colours, white)
    cones = _BRADFORD @ white
    if (np.abs(cones) < 1e-6).any():
        return None
    adapt = np.linalg.inv(_BRADFORD) @ np.diag(_BRADFORD @ _D50 / cones) @ _BRADFORD
    columns = adapt @ colours
    return columns if np.abs(columns).max() < 100 else None
