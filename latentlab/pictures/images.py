"""Pictures in and out: the only place where float tensors meet uint8 arrays, PIL and files.

Everywhere else in the core a picture is a float32 tensor [C,H,W] (or [N,C,H,W]) in [0,1], with
C = 1 (grey) or 3 (red, green, blue). Pictures that somebody uploaded are read by
``latentlab.pictures.uploads``, which trusts nothing; what is here handles our own.
"""

import io
from collections.abc import Sequence

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional

from latentlab.errors import ImageError, ShapeError

# The two endpoints of `error_map`, on white: blue and vermilion of the palette of Okabe and Ito
# (2008), told apart under every common kind of colour blindness.
DARKER = (0.000, 0.447, 0.698)
BRIGHTER = (0.835, 0.369, 0.000)

LUMA = (0.299, 0.587, 0.114)  # shares of red, green and blue in brightness: ITU-R BT.601


def to_uint8(x: torch.Tensor) -> np.ndarray:
    """Return a picture as bytes: uint8 [H,W] when grey, [H,W,3] when in colour.

    Values are clamped to [0,1], multiplied by 255 and rounded.

    Args:
        x: float [1,H,W], [3,H,W] or [H,W].

    Raises:
        ShapeError: ``x`` is no single grey or colour picture.
        ImageError: ``x`` holds NaN or infinity, which no picture can show.
    """
    if x.ndim == 2:
        x = x[None]
    if x.ndim != 3 or x.shape[0] not in (1, 3) or 0 in x.shape:
        raise ShapeError("A picture", "[1,H,W] or [3,H,W]", list(x.shape))
    if not torch.isfinite(x).all():
        raise ImageError(
            "This picture cannot be shown: some of its values are not finite numbers.",
            "The model that made it has probably diverged; try another checkpoint.",
        )
    # x.detach().cpu(): a picture may come straight from a model in training or on a GPU.
    scaled = (x.detach().cpu().float().clamp(0, 1) * 255).round()
    pixels = scaled.to(torch.uint8).permute(1, 2, 0).contiguous().numpy()  # [H,W,C]
    return pixels[..., 0] if pixels.shape[2] == 1 else pixels


def from_uint8(pixels: np.ndarray) -> torch.Tensor:
    """Return uint8 [H,W], [H,W,1] or [H,W,3] as float32 [1,H,W] or [3,H,W] in [0,1].

    Raises:
        ShapeError: ``pixels`` is no single grey or colour picture.
    """
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 3) or 0 in pixels.shape:
        raise ShapeError("A picture", "[H,W], [H,W,1] or [H,W,3]", list(pixels.shape))
    if pixels.dtype != np.uint8:
        raise TypeError(f"from_uint8 takes uint8, got {pixels.dtype}")
    # np.array copies: arrays out of PIL are read-only, and a tensor must not share those.
    return torch.from_numpy(np.array(pixels.transpose(2, 0, 1))).float() / 255


def to_pil(x: torch.Tensor, scale: int = 1) -> Image.Image:
    """Return ``x`` [C,H,W] as a PIL picture of mode L or RGB, every pixel a scale×scale square.

    Raises:
        ShapeError: ``x`` is no single grey or colour picture.
        ImageError: ``x`` holds NaN or infinity.
    """
    if scale < 1:
        raise ValueError(f"scale must be a positive whole number, got {scale}")
    pixels = to_uint8(x)
    return Image.fromarray(pixels.repeat(scale, axis=0).repeat(scale, axis=1))


def to_png(x: torch.Tensor, scale: int = 1) -> bytes:
    """Return ``x`` [C,H,W] as a PNG file, every pixel a scale×scale square. Errors as `to_pil`."""
    file = io.BytesIO()
    to_pil(x, scale).save(file, "PNG")
    return file.getvalue()


def to_small_webp(x: torch.Tensor, quality: int = 80) -> bytes:
    """Return ``x`` [C,H,W] as a WebP file to look at, not exact. Errors as `to_pil`."""
    file = io.BytesIO()
    to_pil(x).save(file, "WEBP", quality=quality, method=2)  # twice as fast, hardly larger
    return file.getvalue()


def to_gif(frames: torch.Tensor, milliseconds: int = 100, scale: int = 1) -> bytes:
    """Return frames [N,C,H,W] as an animated GIF that repeats for ever.

    Grey frames keep their values exactly; a colour frame is reduced to the 256 colours that suit
    it best. A GIF counts time in hundredths of a second, so ``milliseconds`` is rounded to 10.

    Raises:
        ShapeError: there is no frame, or the frames are no grey or colour pictures.
        ImageError: a frame holds NaN or infinity.
    """
    first, *others = _frames(frames, scale)
    file = io.BytesIO()
    duration = max(10, round(milliseconds / 10) * 10)
    # optimize=False: otherwise Pillow drops unused greys frame by frame, which costs time and
    # saves almost nothing.
    first.save(
        file,
        "GIF",
        save_all=True,
        append_images=others,
        duration=duration,
        loop=0,
        optimize=False,
        disposal=1,
    )
    return file.getvalue()


def to_webp(frames: torch.Tensor, milliseconds: int = 100, scale: int = 1) -> bytes:
    """Return frames [N,C,H,W] as an animated WebP, lossless, that repeats for ever.

    Raises:
        ShapeError: there is no frame, or the frames are no grey or colour pictures.
        ImageError: a frame holds NaN or infinity.
    """
    first, *others = _frames(frames, scale)
    file = io.BytesIO()
    first.save(
        file,
        "WEBP",
        save_all=True,
        append_images=others,
        duration=max(1, milliseconds),
        loop=0,
        lossless=True,
    )
    return file.getvalue()


def _frames(frames: torch.Tensor, scale: int) -> list[Image.Image]:
    if frames.ndim != 4 or not len(frames):
        raise ShapeError("An animation", "[N,C,H,W] with at least one frame", list(frames.shape))
    return [to_pil(frame, scale) for frame in frames]


def grid(images: torch.Tensor, columns: int, gap: int = 1, background: float = 1.0) -> torch.Tensor:
    """Return images [N,C,H,W] set in rows of ``columns`` as one picture [C,H',W'].

    Pictures are ``gap`` pixels apart; gaps and the empty rest of the last row have the value
    ``background``. With R = ceil(N / columns) rows, H' = R·H + (R - 1)·gap, and W' likewise.

    Raises:
        ShapeError: ``images`` is not [N,C,H,W], or N = 0.
    """
    if images.ndim != 4 or not len(images):
        raise ShapeError("A grid", "[N,C,H,W] with at least one image", list(images.shape))
    if columns < 1 or gap < 0:
        raise ValueError(f"columns must be positive and gap not negative: {columns}, {gap}")
    n, channels, height, width = images.shape
    columns = min(columns, n)
    rows = -(-n // columns)
    sheet = images.new_full(
        (channels, rows * (height + gap) - gap, columns * (width + gap) - gap), background
    )
    for i, image in enumerate(images):
        top, left = (i // columns) * (height + gap), (i % columns) * (width + gap)
        sheet[:, top : top + height, left : left + width] = image
    return sheet


def captioned(parts: Sequence[tuple[str, torch.Tensor]], scale: int = 1) -> Image.Image:
    """Return pictures of one size in a row on white, every pixel a scale×scale square, with words.

    Args:
        parts: what stands beneath each, and the picture [C,H,W].
        scale: pixels that one becomes.

    Raises:
        ShapeError: a picture is no grey or colour one.
    """
    tiles = [to_pil(x, scale).convert("RGB") for _, x in parts]
    width, height = tiles[0].size
    gap, size = max(4, width // 28), max(12, width // 14)
    font = ImageFont.load_default(size)
    rows = [_wrapped(text, width, font) for text, _ in parts]
    below = round(1.35 * size)
    words = gap + below * max(len(row) for row in rows)
    sheet = Image.new("RGB", (len(tiles) * (width + gap) - gap, height + words), "white")
    pen = ImageDraw.Draw(sheet)
    for number, (tile, row) in enumerate(zip(tiles, rows, strict=True)):
        left = number * (width + gap)
        sheet.paste(tile, (left, 0))
        for line, text in enumerate(row):
            pen.text((left, height + gap // 2 + line * below), text, "black", font)
    return sheet


def _wrapped(
    text: str, width: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> list[str]:
    """Return the text in lines that fit; a word that is too long for one stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def resize(x: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Return ``x`` resized to ``size`` = (height, width), without aliasing.

    Bicubic (Keys 1981), the kernel widened by the factor of reduction, as Pillow does; clamped to
    [0,1], for a cubic kernel overshoots at edges.

    Args:
        x: float32 [C,H,W] or [B,C,H,W] in [0,1].
        size: height and width, both at least 1.

    Raises:
        ShapeError: ``x`` has another number of axes.
    """
    if x.ndim not in (3, 4):
        raise ShapeError("A picture to resize", "[C,H,W] or [B,C,H,W]", list(x.shape))
    batch = x if x.ndim == 4 else x[None]
    if tuple(batch.shape[2:]) == tuple(size):
        return x
    resized = functional.interpolate(
        batch, size=size, mode="bicubic", antialias=True, align_corners=False
    ).clamp(0, 1)
    return resized if x.ndim == 4 else resized[0]


def luma(x: torch.Tensor) -> torch.Tensor:
    """Return the brightness ``[…, 1, H, W]`` of colour pictures ``[…, 3, H, W]``.

    Weighted as ITU-R BT.601 says, and as PIL's ``convert("L")`` does.
    """
    return (x * x.new_tensor(LUMA)[:, None, None]).sum(-3, keepdim=True)


def error_map(a: torch.Tensor, b: torch.Tensor, limit: float = 1.0) -> torch.Tensor:
    """Return where and how ``b`` differs from ``a``, as a colour picture [3,H,W] in [0,1].

    White: no difference. Vermilion: ``b`` is brighter than ``a``. Blue: ``b`` is darker. The
    colour deepens linearly and is full where the difference reaches ``limit``. For colour
    pictures the size of the difference is its root mean square over the channels, so that a
    change of hue cannot cancel out, and its sign is that of the mean over the channels.

    Args:
        a: reference, float [C,H,W] in [0,1].
        b: what is compared with it, same shape.
        limit: difference shown in full colour; the same ``limit`` makes two maps comparable.

    Raises:
        ShapeError: ``a`` and ``b`` have different shapes, or are no pictures [C,H,W].
    """
    if a.ndim != 3:
        raise ShapeError("A picture", "[C,H,W]", list(a.shape))
    if a.shape != b.shape:
        raise ShapeError("The compared picture", list(a.shape), list(b.shape))
    if limit <= 0:
        raise ValueError(f"limit must be positive, got {limit}")
    difference = b - a  # [C,H,W]
    size = (difference.square().mean(0).sqrt() / limit).clamp(0, 1)  # [H,W]
    brighter = difference.mean(0) >= 0  # [H,W]
    ends = torch.where(
        brighter, a.new_tensor(BRIGHTER)[:, None, None], a.new_tensor(DARKER)[:, None, None]
    )  # [3,H,W]
    return 1 - size * (1 - ends)
