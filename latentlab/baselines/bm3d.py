"""BM3D, the strongest classical denoiser of photographs; an optional package."""

import importlib.util

import torch
from torch import Tensor

from latentlab.baselines.filters import QUIETEST
from latentlab.errors import UnsupportedError


def bm3d(x: Tensor, sigma: float) -> Tensor:
    """Return a photograph restored by BM3D, the strongest classical method.

    Dabov, Foi, Katkovnik & Egiazarian (2007), "Image denoising by sparse 3-D transform-domain
    collaborative filtering"; in colour CBM3D. Not among the others: it takes a hundred times as
    long, and its package is for non-commercial use.

    Args:
        x: [C,H,W], white at 1, maybe outside [0,1].
        sigma: standard deviation of the noise.

    Returns:
        [C,H,W] float32, not clipped.

    Raises:
        UnsupportedError: the package is not installed.
    """
    try:
        from bm3d import bm3d as one_channel
        from bm3d import bm3d_rgb
    except ImportError as error:
        raise UnsupportedError(
            "BM3D is not installed on this server.",
            'It comes with: pip install "latentlab[bm3d]" (for non-commercial use).',
        ) from error
    pixels = x.detach().cpu().permute(1, 2, 0).double().numpy()
    sigma = max(sigma, QUIETEST)
    restored = one_channel(pixels[..., 0], sigma) if len(x) == 1 else bm3d_rgb(pixels, sigma)
    return torch.from_numpy(restored).float().reshape(*x.shape[1:], -1).permute(2, 0, 1)


def bm3d_available() -> bool:
    """Whether the package for ``bm3d`` is installed."""
    return importlib.util.find_spec("bm3d") is not None
