"""Classical denoisers of photographs, under the names of those for small pictures.

They work in opponent colours, since the channels of a photograph repeat one another and its noise
does not.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentlab.baselines.filters import ClassicalDenoiser, Picture, denoisers, gaussian, median
from latentlab.registry import Registry

photo_denoisers: Registry[ClassicalDenoiser] = Registry("classical denoiser of photographs")


# Rows: brightness and two differences of colour, orthonormal, so that white noise stays white. Of
# a photograph brightness has nearly everything, the differences little besides noise: they bear
# several times the smoothing. On 8 validation pictures with noise of 25/255 this lifts total
# variation from 25.9 to 28.0 dB, non-local means from 26.4 to 28.0, wavelets from 25.9 to 28.2.
_OPPONENT = np.array(
    [
        [1 / 3**0.5, 1 / 3**0.5, 1 / 3**0.5],
        [1 / 2**0.5, 0, -1 / 2**0.5],
        [1 / 6**0.5, -2 / 6**0.5, 1 / 6**0.5],
    ],
    np.float32,
)


Plane = NDArray[np.float32]  # [H,W]


def _in_opponent_colours(
    smooth: Callable[[Plane, float, float], NDArray[Any]], chroma: float
) -> Callable[[Picture, float, float], NDArray[Any]]:
    """Return a filter of pictures; differences of colour get ``chroma`` times the parameter."""

    def filter_picture(picture: Picture, parameter: float, sigma: float) -> NDArray[Any]:
        if picture.shape[2] != 3:
            planes = [smooth(plane, parameter, sigma) for plane in np.moveaxis(picture, 2, 0)]
            return np.stack(planes, 2)
        planes = [
            smooth(np.ascontiguousarray(plane), parameter * factor, sigma)
            for plane, factor in zip(
                np.moveaxis(picture @ _OPPONENT.T, 2, 0), (1, chroma, chroma), strict=True
            )
        ]
        restored: NDArray[Any] = np.stack(planes, 2) @ _OPPONENT
        return restored

    return filter_picture


def _median_of_photo(plane: Plane, radius: float, sigma: float) -> NDArray[Any]:
    return median(plane[..., None], min(radius, 6.0), sigma)[..., 0]


def _gaussian_of_photo(plane: Plane, width: float, sigma: float) -> NDArray[Any]:
    return gaussian(plane[..., None], width, sigma)[..., 0]


def _non_local_means_of_photo(plane: Plane, h: float, sigma: float) -> NDArray[Any]:
    from skimage.restoration import denoise_nl_means

    # Noise of photographs is hardly clipped: distances of patches are corrected by its variance.
    restored: NDArray[Any] = denoise_nl_means(
        plane, patch_size=5, patch_distance=6, h=h * sigma, sigma=sigma
    )
    return restored


def _total_variation_of_photo(plane: Plane, weight: float, sigma: float) -> NDArray[Any]:
    from skimage.restoration import denoise_tv_chambolle

    # Strong smoothing stops too early at skimage's tolerance of 2e-4.
    restored: NDArray[Any] = denoise_tv_chambolle(
        plane, weight=weight * sigma, eps=5e-5, max_num_iter=300
    )
    return restored


SHIFTS, WAVELET_LEVELS = 4, 4


def _wavelet_of_photo(plane: Plane, factor: float, sigma: float) -> NDArray[Any]:
    import pywt
    from skimage.restoration import denoise_wavelet

    side = min(plane.shape)
    wavelet = "sym4" if side >= 14 else "haar"  # eight samples, or two
    # skimage by itself leaves out the three coarsest levels, which of a window are nearly all.
    levels = min(WAVELET_LEVELS, pywt.dwt_max_level(side, wavelet))
    total = np.zeros_like(plane)
    for shift in np.ndindex(SHIFTS, SHIFTS):
        shifted = np.roll(plane, shift, axis=(0, 1))
        restored = denoise_wavelet(
            shifted, sigma=factor * sigma, wavelet=wavelet, wavelet_levels=levels
        )
        total += np.roll(restored, (-shift[0], -shift[1]), axis=(0, 1))
    return total / SHIFTS**2


for _name, _grid, _default, _smooth, _chroma in (
    ("median", (0.5, 1.0, 1.4, 1.8, 2.2, 3.0), lambda sigma: 1 + 4 * sigma, _median_of_photo, 3.0),
    (
        "gaussian",
        (0.25, 0.35, 0.45, 0.55, 0.7, 0.85, 1.0, 1.25, 1.6, 2.2),
        lambda sigma: 0.25 + 2.9 * sigma,
        _gaussian_of_photo,
        4.0,
    ),
    (
        "non_local_means",
        (0.3, 0.45, 0.55, 0.65, 0.8, 1.1),
        lambda sigma: 0.65,
        _non_local_means_of_photo,
        1.5,
    ),
    (
        "total_variation",
        (0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.4),
        lambda sigma: 0.3 + 1.7 * sigma,
        _total_variation_of_photo,
        4.0,
    ),
    ("wavelet", (0.9, 1.0, 1.1, 1.3, 1.8), lambda sigma: 1.0, _wavelet_of_photo, 1.0),
):
    photo_denoisers.add(
        _name,
        replace(
            denoisers.get(_name),
            grid=_grid,
            default_parameter=_default,
            filter=_in_opponent_colours(_smooth, _chroma),
        ),
    )
