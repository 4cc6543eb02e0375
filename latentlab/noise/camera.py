"""Damage as photographs have it: what lens, sensor, app and file do to a picture.

A random mix in the spirit of Zhang et al. 2022 ("Practical blind image denoising via Swin-Conv-UNet
and data synthesis"), in the order in which it happens: softness of the lens, noise of the sensor,
digital zoom, whole numbers, JPEG. What only softens (lens, zoom) is done to the clean picture too:
a denoiser should give back the picture without its noise, not invent detail.
"""

import io
import math
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from latentlab.errors import ShapeError

STRONGEST = 50 / 255  # standard deviation of the noise at mid grey
KERNEL = 7  # pixels; Gaussians here have a standard deviation of at most 1


class Taken(NamedTuple):
    """A picture as it was taken and as it would be without noise, ``[B, 3, H, W]`` in [0, 1]."""

    noisy: Tensor
    clean: Tensor


def take(x: Tensor, rng: torch.Generator) -> Taken:
    """Return pictures as a camera might have stored them, each with damage of its own.

    Noise of standard deviation s at mid grey, s = ``STRONGEST`` u^1.5, of which a random share
    grows with the light: Var = s² (1 - p + 2 p x) (Foi et al. 2008, eq. 4). It may be shared
    between channels (from not at all to all grey), stronger in some, and grainy (correlated over
    up to 2 pixels, as after demosaicing). Half of the pictures are stored as JPEG.

    Args:
        x: clean pictures ``[B, 3, H, W]`` in [0, 1]; sides from 8 up.
        rng: a generator on the CPU.

    Raises:
        ShapeError: ``x`` has another shape.
    """
    if x.ndim != 4 or x.shape[1] != 3 or min(x.shape[2:]) < 8:
        raise ShapeError("A batch of photographs", "[B,3,H,W], sides of 8 and up", list(x.shape))
    device, x = x.device, x.cpu().contiguous()
    count = len(x)

    soft = _some(count, 0.3, rng) * _between(count, 0.3, 1.0, rng)
    clean = _blur(x, soft)

    strength = STRONGEST * torch.rand(count, generator=rng) ** 1.5
    shot = torch.rand(count, generator=rng)
    grain = _some(count, 0.5, rng) * _between(count, 0.35, 1.0, rng)
    common = _some(count, 0.6, rng) * torch.rand(count, generator=rng)
    gains = _between(count * 3, 0.7, 1.4, rng).reshape(count, 3, 1, 1)
    own = torch.randn(x.shape, generator=rng)
    shared = torch.randn(count, 1, *x.shape[2:], generator=rng)
    field = _each(1 - common).sqrt() * own + _each(common).sqrt() * shared
    field = _blur(field, grain) / _each(_blur_gain(grain))
    deviation = _each(strength) * (1 - _each(shot) + 2 * _each(shot) * clean).sqrt()
    noisy = clean + gains * deviation * field

    zoom = 1 + _some(count, 0.25, rng) * _between(count, 0.0, 0.6, rng)
    pairs = torch.stack([noisy, clean], 1)  # [B,2,3,H,W]
    noisy, clean = torch.stack(
        [_zoom(pair, factor) for pair, factor in zip(pairs, zoom.tolist(), strict=True)]
    ).unbind(1)
    noisy = noisy.clamp(0, 1).mul(255).round()
    stored = _some(count, 0.5, rng).tolist()
    quality = _between(count, 35, 96, rng).tolist()
    thinned = _some(count, 0.5, rng).tolist()
    corner = torch.randint(0, 16, (count, 2), generator=rng).tolist()
    noisy = torch.stack(
        [
            _jpeg(picture, int(quality[i]), bool(thinned[i]), corner[i]) if stored[i] else picture
            for i, picture in enumerate(noisy)
        ]
    )
    return Taken(noisy.div(255).to(device), clean.clamp(0, 1).to(device))


def _some(count: int, share: float, rng: torch.Generator) -> Tensor:
    """Ones ``[count]`` with probability ``share``, else zeros."""
    return (torch.rand(count, generator=rng) < share).float()


def _between(count: int, low: float, high: float, rng: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=rng)


def _each(values: Tensor) -> Tensor:
    """Turn ``[B]`` into ``[B, 1, 1, 1]``."""
    return values[:, None, None, None]


def _kernels(sigma: Tensor) -> Tensor:
    """Sampled Gaussians ``[B, KERNEL]`` that sum to one; at σ = 0 the identity."""
    offsets = torch.arange(KERNEL) - KERNEL // 2
    weights = torch.exp(-(offsets**2) / (2 * sigma.clamp(min=0.05)[:, None] ** 2))
    return weights / weights.sum(1, keepdim=True)


def _blur(x: Tensor, sigma: Tensor) -> Tensor:
    """Each picture ``[B, C, H, W]`` under a Gaussian of its own deviation, mirrored at borders."""
    blurred = x.clone()
    chosen = sigma.nonzero()[:, 0]
    half = KERNEL // 2
    for index, kernel in zip(chosen.tolist(), _kernels(sigma[chosen]), strict=True):
        planes = F.pad(x[index], (half,) * 4, mode="reflect")[:, None]  # [C,1,H+6,W+6]
        planes = F.conv2d(F.conv2d(planes, kernel[None, None, :, None]), kernel[None, None, None])
        blurred[index] = planes[:, 0]
    return blurred


def _blur_gain(sigma: Tensor) -> Tensor:
    """Standard deviation ``[B]`` that the blur leaves of white noise of deviation one."""
    return (_kernels(sigma) ** 2).sum(1)


def _zoom(pair: Tensor, factor: float) -> Tensor:
    """The middle of ``[2, 3, H, W]``, enlarged by ``factor`` to the same size, bicubic."""
    if factor == 1:
        return pair
    height, width = pair.shape[2:]
    rows, columns = math.ceil(height / factor), math.ceil(width / factor)
    top, left = (height - rows) // 2, (width - columns) // 2
    middle = pair[:, :, top : top + rows, left : left + columns]
    return F.interpolate(middle, (height, width), mode="bicubic", align_corners=False)


def _jpeg(picture: Tensor, quality: int, thinned: bool, corner: list[int]) -> Tensor:
    """``[3, H, W]`` of whole numbers to 255 through a JPEG file whose blocks begin at ``corner``.

    ``thinned``: colour at half the resolution (4:2:0).
    """
    pixels = picture.to(torch.uint8).permute(1, 2, 0).numpy()
    down, right = corner
    pixels = np.pad(pixels, ((down, 0), (right, 0), (0, 0)), mode="symmetric")
    file = io.BytesIO()
    Image.fromarray(pixels).save(
        file, "JPEG", quality=quality, subsampling="4:2:0" if thinned else "4:4:4"
    )
    decoded = np.array(Image.open(file))[down:, right:]
    return torch.from_numpy(decoded).permute(2, 0, 1).float()
