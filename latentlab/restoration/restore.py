"""Restore photographs, in memory or from file to file; see what was removed.

Where a picture came noisy nobody has the clean one: instead of a score there is the noise level
before and after, and the method noise, which should look like noise and nothing else (Buades, Coll
& Morel 2005). To a clean picture noise can be added: `NoisyPhoto`.
"""

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.errors import ImageError, InputError, ShapeError
from latentlab.models import Denoiser
from latentlab.noise import field
from latentlab.noise.field import Box
from latentlab.noise.level import estimate_grain, estimate_level
from latentlab.pictures import opening, photo_files, tiling

BAND = 256  # rows


@dataclass(frozen=True)
class NoisyPhoto:
    """A photograph with white Gaussian noise, ``x + σ ε``, of which any window can be had.

    ``noisy[rows, columns]`` is float32 ``[h, w]`` or ``[h, w, 3]``, white is 1 before the noise,
    and not clipped, as the literature has it. The whole, 600 MB of 50 megapixels, is never made.
    Equal seeds give a pixel the same noise in every window, and at every strength.

    Raises:
        InputError: on construction, ``sigma`` is negative or no number.
    """

    pixels: photo_files.Stored  # [H,W] or [H,W,3]
    sigma: float  # standard deviation where white is 1
    seed: int

    def __post_init__(self) -> None:
        _checked(self.sigma)

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the picture."""
        return self.pixels.shape

    def __getitem__(self, window: tuple[slice, slice]) -> NDArray[np.float32]:
        """Return the noisy pixels of a window."""
        (top, bottom, _), (left, right, _) = (
            part.indices(side) for part, side in zip(window, self.shape[:2], strict=True)
        )
        clean = self.pixels[top:bottom, left:right]
        x = clean.astype(np.float32, order="C") / np.float32(tiling.white_of(clean))
        noise = field.normal(
            self.seed, Box(top, left, bottom - top, right - left), clean[0, 0].size
        )
        return x + np.float32(self.sigma) * noise.reshape(x.shape)

    def clipped(self) -> NDArray[Any]:
        """Return the whole as a file or a screen would have it, in the type of the pixels."""
        whole = np.empty_like(self.pixels)
        white = tiling.white_of(whole)
        for square in field.squares(Box(0, 0, *self.shape[:2])):
            whole[square.slices] = np.rint(self[square.slices].clip(0, 1) * white)
        return whole


@dataclass(frozen=True)
class MethodNoise:
    """What a method removed, and whether it is noise.

    ``autocorrelation`` ``[2r+1, 2r+1]`` is that of ``removed`` for shifts up to r pixels each way,
    mean over channels, 1 in the middle. White noise has about 0 elsewhere; lost detail has not.
    """

    removed: Tensor  # float32 [C,H,W]: noisy - restored
    deviation: float
    autocorrelation: Tensor


@torch.inference_mode()
def method_noise(noisy: Tensor, restored: Tensor, radius: int = 8) -> MethodNoise:
    """Return what was removed from ``noisy`` ``[C, H, W]``, for shifts up to ``radius`` pixels.

    Raises:
        ShapeError: the pictures differ in shape, or are too small for the radius.
    """
    if noisy.ndim != 3 or min(noisy.shape[1:]) <= radius:
        raise ShapeError("A picture", f"[C,H,W], sides above {radius}", list(noisy.shape))
    if restored.shape != noisy.shape:
        raise ShapeError("The restored picture", list(noisy.shape), list(restored.shape))
    removed = (noisy - restored).float()
    centred = (removed - removed.mean((1, 2), keepdim=True)).double()
    height, width = centred.shape[1:]
    # Padded with zeros, so that shifted ends do not meet (Wiener-Khinchin).
    size = (height + radius, width + radius)
    spectrum = torch.fft.rfft2(centred, s=size)
    products = torch.fft.irfft2(spectrum.abs() ** 2, s=size).mean(0)  # [H+r,W+r], lag 0 first
    shifts = torch.arange(-radius, radius + 1)
    near = products[shifts][:, shifts]  # [2r+1,2r+1]
    pairs = (height - shifts.abs())[:, None] * (width - shifts.abs())
    near = near / pairs
    middle = near[radius, radius].clamp(min=1e-12)
    return MethodNoise(removed, float(removed.std()), (near / middle).float())


def restore_photo(
    network: Denoiser, picture: tiling.Pixels | NoisyPhoto, sigma: float | Tensor | None = None
) -> Generator[tiling.Progress, None, NDArray[Any]]:
    """Restore a picture of any size, yielding after every tile; close it to cancel.

    Beside the picture it takes memory for the result and for one tile.

    Args:
        network: any denoiser.
        picture: uint8, uint16 or float32 ``[H, W]`` or ``[H, W, 3]``, or one with noise added.
        sigma: standard deviation of the noise where white is 1, or a map of it, ``[H, W]``. None:
            what was added, else what is found.

    Returns:
        (When it stops.) The restored pixels, in the shape and type of the picture's.

    Raises:
        ImageError: a side is shorter than the network takes.
        ShapeError: it is no such picture.
        InputError: ``sigma`` is negative or no number.
    """
    if not isinstance(picture, NoisyPhoto):
        picture = tiling.native(picture)
    stored = picture.pixels if isinstance(picture, NoisyPhoto) else picture
    _check_size(network, stored, "The picture")
    level: float | Tensor
    if sigma is not None:
        level = sigma if isinstance(sigma, Tensor) else _checked(sigma)
    else:
        level = picture.sigma if isinstance(picture, NoisyPhoto) else level_of(picture)
    restored: NDArray[Any] = np.empty_like(stored)
    yield from tiling.restore_tiles(network, picture, level, restored)
    return restored


def finish(steps: Generator[tiling.Progress, None, NDArray[Any]]) -> NDArray[Any]:
    """Return what `restore_photo` returns when it stops, without a word on the way."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            restored: NDArray[Any] = end.value
            return restored


def restore_file(
    network: Denoiser, source: Path, target: Path, sigma: float | None = None
) -> Iterator[tiling.Progress]:
    """Restore one picture file into another, yielding after every tile of the picture.

    The target is written after the last tile; whoever stops iterating leaves nothing behind.
    Arguments and errors as `restore_photo`, and those of `photo_files`.
    """
    # A name without an ending, or with one of its own, keeps the format of the content.
    as_is = target.suffix == source.suffix and target.suffix.lower() not in photo_files.SUFFIXES
    kind = None if as_is and source.exists() else photo_files.format_of(target)
    data = photo_files.read_bytes(source)
    if kind is None:
        kind = opening.kind_of(data[:32]) or ""
        if kind not in photo_files.SUFFIXES.values():
            photo_files.decode(data, source.name)  # says what it is, if that is no picture
            photo_files.format_of(target)
    photo = photo_files.decode(data, source.name)
    del data
    _check_size(network, photo.pixels, source.name)
    restored = yield from restore_photo(network, photo.pixels, sigma)
    photo_files.write(target, replace(photo, pixels=restored), kind)


def psnr(clean: NDArray[Any], other: NDArray[Any]) -> float:
    """Return the PSNR in dB of stored pixels, band by band: 50 megapixels as floats are 600 MB.

    Args:
        clean: uint8 or uint16, ``[H, W]`` or ``[H, W, C]``.
        other: same shape and type; infinite where all are equal.

    Raises:
        ShapeError: the shapes or types differ.
    """
    if clean.shape != other.shape or clean.dtype != other.dtype:
        raise ShapeError("The other picture", list(clean.shape), list(other.shape))
    total = 0.0
    for top in range(0, len(clean), BAND):
        difference = clean[top : top + BAND].astype(np.float32) - other[top : top + BAND]
        total += float(np.square(difference, dtype=np.float64).sum())
    mse = total / clean.size / float(tiling.white_of(clean)) ** 2
    return float("inf") if mse == 0 else -10 * math.log10(mse)


def level_of(pixels: tiling.Pixels) -> float:
    """Return the noise level that is found in a picture, where white is 1.

    Args:
        pixels: uint8, uint16 or float32 ``[H, W]`` or ``[H, W, C]``, sides of 8 and up.
    """
    white = tiling.white_of(pixels)
    return estimate_level(_planes(pixels), white) / white


def grain_of(pixels: tiling.Pixels) -> float:
    """Return how much brightness varies in the flattest places; arguments as `level_of`."""
    white = tiling.white_of(pixels)
    return estimate_grain(_planes(pixels), white) / white


def _planes(pixels: tiling.Pixels) -> Tensor:
    values = torch.from_numpy(tiling.native(pixels))
    return values[None] if values.ndim == 2 else values.permute(2, 0, 1)


def _check_size(network: Denoiser, pixels: NDArray[Any], name: str) -> None:
    height, width = pixels.shape[:2]
    if min(height, width) < network.smallest:
        raise ImageError(
            f"{name} has {width} × {height} pixels; {network.smallest} a side are needed."
        )


def _checked(sigma: float) -> float:
    if not 0 <= sigma < float("inf"):
        raise InputError(f"A noise level cannot be {sigma}.", "Give a number from 0 up.")
    return sigma
