"""Pictures of any size through a denoiser, tile by tile, in bounded memory.

A restored pixel depends on what lies within the network's reach. Tiles are cut with that much
around them, on the network's own grid of 2^n pixels, and only their inside is kept: the result is
that of the whole picture at once, without seams, whatever its size.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.errors import InputError, ShapeError
from latentlab.models import Denoiser

# Inner side of a tile, pixels. With the reach around it a tile of our denoiser takes 0.3 GB, and
# 1.6 times the work of its inside; larger ones gain little.
SIDE = 768

Pixels = NDArray[np.uint8] | NDArray[np.uint16] | NDArray[np.float32]  # [H,W] or [H,W,C]


class Windowed(Protocol):
    """A picture whose windows can be had without the whole, as those of an array."""

    @property
    def shape(self) -> tuple[int, ...]:
        """``(H, W)`` or ``(H, W, C)``."""
        ...

    def __getitem__(self, window: tuple[slice, slice], /) -> Any:
        """Return the pixels of a window."""
        ...


@dataclass(frozen=True)
class Progress:
    """How many tiles are done, of how many."""

    done: int
    total: int

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return self.done / self.total


def restore(network: Denoiser, picture: Tensor, sigma: float | Tensor) -> Tensor:
    """Return a restored picture, ``[C, H, W]`` float32 in [0, 1].

    Args:
        network: any denoiser; one for colour also takes grey.
        picture: float32 ``[C, H, W]``; may leave [0, 1], as unclipped noise does.
        sigma: standard deviation of the noise on the same scale; or a map of it, ``[H, W]``.

    Raises:
        ShapeError: as ``restore_tiles``.
    """
    pixels = picture.detach().cpu().float().permute(1, 2, 0).contiguous().numpy()
    restored = np.empty_like(pixels)
    for _ in restore_tiles(network, pixels, sigma, restored):
        pass
    return torch.from_numpy(restored).permute(2, 0, 1).contiguous()


def restore_tiles(
    network: Denoiser,
    pixels: Windowed,
    sigma: float | Tensor,
    restored: Pixels,
    side: int = SIDE,
) -> Iterator[Progress]:
    """Restore a picture into ``restored``, yielding after every tile; stop iterating to cancel.

    Args:
        network: any denoiser, in evaluation mode; one for colour also takes grey.
        pixels: ``[H, W]`` grey or ``[H, W, C]``: uint8, uint16, or float32 with white at 1. An
            array, or what makes its windows when they are needed.
        sigma: standard deviation of the noise where white is 1, or a map of it, ``[H, W]``.
        restored: where the result goes; shape of ``pixels``, any of the types. Clipped to
            [0, white], whole numbers rounded.
        side: inner side of a tile in pixels.

    Raises:
        ShapeError: ``pixels`` has the wrong channels or is too small, or another array does not
            fit it.
    """
    _check(network, pixels, sigma, restored)
    height, width = pixels.shape[:2]
    step = max(1, side // network.multiple) * network.multiple
    margin = math.ceil(network.reach / network.multiple) * network.multiple
    rows, columns = (range(0, length, step) for length in (height, width))
    total = len(rows) * len(columns)
    for done, (top, left) in enumerate(product(rows, columns)):
        bottom, right = min(top + step, height), min(left + step, width)
        # A tile at the border is padded just as the whole picture would be.
        above, before = max(0, top - margin), max(0, left - margin)
        window = np.s_[above : min(bottom + margin, height), before : min(right + margin, width)]
        level = sigma[window] if isinstance(sigma, Tensor) else sigma
        inside = np.s_[top - above : bottom - above, left - before : right - before]
        tile = _tile(network, pixels[window], level)[inside]
        white = white_of(restored)
        if white > 1:
            tile = np.rint(tile * white)
        restored[top:bottom, left:right] = tile
        yield Progress(done + 1, total)


def _tile(network: Denoiser, pixels: Pixels, sigma: float | Tensor) -> NDArray[np.float32]:
    """Return a tile, restored at once, in the shape of ``pixels``, in [0, 1]."""
    with torch.inference_mode():
        picture = torch.from_numpy(pixels.astype(np.float32, order="C")).div_(white_of(pixels))
        x = picture.reshape(*pixels.shape[:2], -1).permute(2, 0, 1)[None]  # [1,C,H,W]
        grey = x.shape[1] < network.image_shape[0]
        x = x.expand(1, network.image_shape[0], -1, -1)
        # A map keeps its size, a number becomes one pixel.
        level = torch.as_tensor(sigma, dtype=torch.float32)
        level = level[None, None] if level.ndim else level.reshape(1, 1, 1, 1)
        device = next(network.parameters()).device
        x = network(x.to(device, memory_format=torch.channels_last), level.to(device)).cpu()
        x = x.mean(1, keepdim=True) if grey else x
        result: NDArray[np.float32] = (
            x[0].permute(1, 2, 0).clamp(0, 1).reshape(pixels.shape).numpy()
        )
        return result


def white_of(pixels: Pixels) -> float:
    """Return what white is in pixels of this type.

    Raises:
        InputError: they are of another one.
    """
    try:
        return {"u1": 255.0, "u2": 65535.0, "f4": 1.0}[pixels.dtype.str[1:]]
    except KeyError:
        raise InputError(
            f"Pixels of type {pixels.dtype} do not say what white is.",
            "Give uint8, uint16, or float32 with white at 1.",
        ) from None


def native(pixels: Pixels) -> Any:
    """Return pixels as torch takes them: row by row, in this machine's byte order.

    OpenCV's colours are turned round, and flipped pictures lie backwards in memory; both are views
    that become copies here, as what may not be written to does.
    """
    white_of(pixels)
    return np.require(pixels, pixels.dtype.newbyteorder("="), ["C", "W"])


def _check(network: Denoiser, pixels: Windowed, sigma: float | Tensor, restored: Pixels) -> None:
    channels = network.image_shape[0]
    axes = len(pixels.shape)
    found = pixels.shape[2] if axes == 3 else 1
    if axes not in (2, 3) or found not in (1, channels):
        raise ShapeError("The picture", f"[H,W] or [H,W,{channels}]", list(pixels.shape))
    if min(pixels.shape[:2]) < network.smallest:
        least = network.smallest
        raise ShapeError("The picture", f"{least}x{least} or more", list(pixels.shape[:2]))
    if restored.shape != pixels.shape:
        raise ShapeError("The result", list(pixels.shape), list(restored.shape))
    if isinstance(sigma, Tensor) and sigma.shape != pixels.shape[:2]:
        raise ShapeError("The map of noise levels", list(pixels.shape[:2]), list(sigma.shape))
