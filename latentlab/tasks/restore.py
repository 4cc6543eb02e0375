"""Restore photographs that came noisy, in memory or from file to file; see what was removed.

Nobody has the clean picture here: instead of a score there is the noise level before and after, and
the method noise, which should look like noise and nothing else (Buades, Coll & Morel 2005).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from latentlab import photo_files, tiling
from latentlab.errors import ImageError, InputError, ShapeError
from latentlab.models import Restorer
from latentlab.noise_level import estimate_sigma


@dataclass(frozen=True)
class Restored:
    """A photograph without its noise."""

    picture: Tensor  # float32 [C,H,W] in [0,1]
    sigma: float  # noise level that was taken out: what was asked for, else what was found
    left: float  # noise level that is found in the result


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
def restore(network: Restorer, noisy: Tensor, sigma: float | None = None) -> Restored:
    """Return a photograph, restored.

    Args:
        network: any restorer. A blind one judges the noise by itself and ignores ``sigma``.
        noisy: float32 ``[C, H, W]``, grey or in colour, sides of 8 and up.
        sigma: standard deviation of the noise where white is 1; None estimates it.

    Raises:
        ShapeError: ``noisy`` is not such a picture.
        InputError: ``sigma`` is negative or no number.
    """
    level = estimate_sigma(noisy) if sigma is None else _checked(sigma)
    picture = tiling.restore(network, noisy, level)
    return Restored(picture, level, estimate_sigma(picture))


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


def restore_file(
    network: Restorer, source: Path, target: Path, sigma: float | None = None
) -> Iterator[tiling.Progress]:
    """Restore one picture file into another, yielding after every tile of the picture.

    The target is written after the last tile; whoever stops iterating leaves nothing behind.
    Arguments and errors as `restore`, and those of `photo_files`.
    """
    photo_files.format_of(target)  # refused now, not after the work
    photo = photo_files.read(source)
    height, width = photo.pixels.shape[:2]
    if min(height, width) < network.smallest:
        raise ImageError(
            f"{source.name} has {width} × {height} pixels; {network.smallest} a side are needed."
        )
    restored = np.empty_like(photo.pixels)
    level = 0.0
    if not network.blind:
        level = level_of(photo) if sigma is None else _checked(sigma)
    yield from tiling.restore_tiles(network, photo.pixels, level, restored)
    photo_files.write(target, photo_files.Photo(restored, photo.alpha, photo.exif, photo.profile))


def level_of(photo: photo_files.Photo) -> float:
    """Return the noise level that is found in a picture file, where white is 1."""
    pixels = torch.from_numpy(photo.pixels)
    planes = pixels[None] if pixels.ndim == 2 else pixels.permute(2, 0, 1)
    return estimate_sigma(planes) / np.iinfo(photo.pixels.dtype).max


def files(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Return which picture file becomes which: one, or all of a folder and those below it.

    A file goes to ``target``, or into it under its own name where that is a folder; a folder's
    files keep their places. Files whose suffix names no picture are passed over.

    Raises:
        InputError: there is nothing to restore, or a file would overwrite itself.
    """
    if source.is_dir():
        if source.resolve() == target.resolve():
            raise InputError(f"{source} would be overwritten.", "Name another folder to write to.")
        found = sorted(
            path
            for path in source.rglob("*")
            if path.is_file() and path.suffix.lower() in photo_files.SUFFIXES
        )
        # A target within the source: what an earlier run wrote is no input.
        found = [path for path in found if not path.is_relative_to(target)]
        pairs = [(path, target / path.relative_to(source)) for path in found]
        if not pairs:
            raise InputError(f"{source} holds no picture.", "Name a folder with picture files.")
        return pairs
    if not source.exists():
        raise InputError(f"{source} is not there.")
    pairs = [(source, target / source.name if target.is_dir() else target)]
    if pairs[0][1].resolve() == source.resolve():
        raise InputError(f"{source} would be overwritten.", "Name another file to write to.")
    return pairs


def _checked(sigma: float) -> float:
    if not 0 <= sigma < float("inf"):
        raise InputError(f"A noise level cannot be {sigma}.", "Give a number from 0 up.")
    return sigma
