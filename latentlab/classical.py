"""The floor: what denoising and compression without a neural network achieve.

The denoisers are scikit-image's. To make the floor as strong as it can be, `denoise_best` gives
them what no model gets, the clean picture: it tries a grid of the main parameter, fits the
brightness levels of the result, and keeps the best PSNR. Called directly, a denoiser uses a
parameter that follows from the noise level alone.

Photographs have denoisers of their own under the same names: they work in opponent colours, since
the channels of a photograph repeat one another and its noise does not.

Principal components are the floor of every autoencoder with equally many dimensions: of all
linear encoders and decoders they have the least squared error.
"""

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from latentlab.errors import InputError, ShapeError, UnsupportedError
from latentlab.metrics import metrics
from latentlab.registry import Registry

Picture = NDArray[np.float32]  # [H,W,C], as scikit-image wants it

QUIETEST = 1e-3  # a quarter of one of 256 grey levels: the least noise that a filter is told of


@dataclass(frozen=True)
class ClassicalDenoiser:
    """One method and the one parameter that matters most for it.

    Attributes:
        name: the registry's name.
        label: what people call it.
        paper: where it comes from.
        parameter_label: what the parameter means, with its unit.
        grid: the values that `denoise_best` tries, ascending.
        default_parameter: noise level (standard deviation, pixels in [0,1]) -> a sensible value.
            Read off the best values for Gaussian noise: of 0.1 to 0.7 on training pictures of
            MNIST, Fashion-MNIST and toon faces; for photographs, of 5/255 to 75/255 on validation
            pictures.
        filter: (picture [H,W,C], parameter, noise level > 0) -> picture, maybe outside [0,1].
    """

    name: str
    label: str
    paper: str
    parameter_label: str
    grid: tuple[float, ...]
    default_parameter: Callable[[float], float]
    filter: Callable[[Picture, float, float], NDArray[Any]]

    def __call__(self, x: Tensor, sigma: float | None = None) -> Tensor:
        """Return denoised pictures, knowing at most how strong the noise is.

        Args:
            x: pictures [B,C,H,W] in [0,1].
            sigma: standard deviation of the noise; None estimates it for each picture.

        Returns:
            [B,C,H,W] float32 in [0,1].

        Raises:
            ShapeError: ``x`` is not [B,C,H,W].
        """
        _check_batch(x)
        levels = estimate_noise(x).tolist() if sigma is None else [sigma] * len(x)
        restored = [
            self.restore(picture[None], self.default_parameter(level), level)
            for picture, level in zip(x, levels, strict=True)
        ]
        return torch.cat(restored) if restored else x.float()

    def restore(self, x: Tensor, parameter: float, sigma: float) -> Tensor:
        """Return pictures [B,C,H,W] in [0,1], denoised with this parameter at this noise level."""
        return self._filtered(x, parameter, sigma).clamp(0, 1)

    def _filtered(self, x: Tensor, parameter: float, sigma: float) -> Tensor:
        """Like `restore`, not yet clipped."""
        _check_batch(x)
        sigma = max(sigma, QUIETEST)
        pictures = x.detach().cpu().float().movedim(1, 3).contiguous().numpy()
        restored = np.empty_like(pictures)
        for picture, result in zip(pictures, restored, strict=True):
            # Non-local means drops a channel axis of length one.
            result[...] = self.filter(picture, parameter, sigma).reshape(picture.shape)
        return torch.from_numpy(restored).movedim(3, 1).contiguous()


class Tuned(NamedTuple):
    """What `denoise_best` found: pictures [B,C,H,W] in [0,1], and the parameter's best value."""

    restored: Tensor
    parameter: float


denoisers: Registry[ClassicalDenoiser] = Registry("classical denoiser")
photo_denoisers: Registry[ClassicalDenoiser] = Registry("classical denoiser of photographs")


def denoise_best(
    name: str,
    noisy: Tensor,
    clean: Tensor,
    *,
    match_levels: bool = True,
    grid: Sequence[float] | None = None,
    among: Registry[ClassicalDenoiser] = denoisers,
    inside: tuple[slice, slice] = (slice(None), slice(None)),
) -> Tuned:
    """Return the best that a classical denoiser can do, tuned with the clean pictures in hand.

    This is oracle tuning, in favour of the classical side. Known from the clean pictures are the
    noise level (root mean squared error of the noisy ones), the best value of the grid (largest
    mean PSNR) and, with ``match_levels``, the gain and offset that bring the result closest.
    Levels matter: clipped noise lifts black and lowers white, and masking darkens; a model learns
    to undo that, a filter cannot. On 40 training digits of MNIST with Gaussian noise of 0.5 total
    variation reaches 12.6 dB without and 16.4 dB with matched levels.

    One parameter, one gain and one offset serve the whole batch, as if set by hand for a kind of
    noise; give pictures one by one to have each tuned on its own.

    Args:
        name: a name in ``among``.
        noisy: pictures [B,C,H,W] in [0,1].
        clean: the same pictures without noise.
        match_levels: whether to fit gain and offset too.
        grid: the parameter values to try (None = the denoiser's own grid).
        among: ``denoisers`` or ``photo_denoisers``.
        inside: the rows and columns that count and are returned; what is around them only helps.

    Raises:
        UnknownNameError: no denoiser of that name.
        ShapeError: shapes differ, or are not [B,C,H,W].
        InputError: there are no pictures.
    """
    denoiser = among.get(name)
    _check_batch(noisy)
    if noisy.shape != clean.shape:
        raise ShapeError("The clean batch", list(noisy.shape), list(clean.shape))
    if not len(noisy):
        raise InputError("There is no picture to denoise.")
    clean = clean.detach().cpu().float()
    sigma = (noisy.detach().cpu().float() - clean).square().mean().sqrt().item()
    psnr = metrics.get("psnr")
    rows, columns = inside
    clean = clean[..., rows, columns]
    best, best_score = None, -torch.inf
    for parameter in grid or denoiser.grid:
        restored = denoiser._filtered(noisy, parameter, sigma)[..., rows, columns]
        if match_levels:
            restored = fit_levels(restored, clean)
        restored = restored.clamp(0, 1)
        score = psnr(restored, clean).mean().item()
        if best is None or score > best_score:
            best, best_score = Tuned(restored, parameter), score
    assert best is not None  # neither grid is empty
    return best


def fit_levels(x: Tensor, clean: Tensor) -> Tensor:
    """Return ``gain * x + offset`` with the least squared distance from ``clean``."""
    deviation = (x - x.mean()).double()
    variance = deviation.square().mean()
    covariance = (deviation * (clean - clean.mean())).mean()
    gain = covariance / variance if variance > 0 else torch.zeros_like(variance)
    return (gain * deviation + clean.double().mean()).float()


def estimate_noise(x: Tensor) -> Tensor:
    """Return the standard deviation [B] of Gaussian noise in pictures [B,C,H,W], mean of channels.

    Donoho & Johnstone, "Ideal Spatial Adaptation by Wavelet Shrinkage" (1994), section 4.2: the
    median absolute diagonal detail of the finest wavelet level, divided by that of a standard
    normal. The same numbers as ``skimage.restoration.estimate_sigma``, but 0 for a flat picture
    instead of a warning. Clipping to [0,1] hides noise, so on pictures with much pure black the
    estimate is low: about half the true 0.5 on MNIST.
    """
    import pywt

    _check_batch(x)
    normal_quartile = 0.6744897501960817  # Φ⁻¹(3/4)
    sigmas = []
    for channel in x.detach().cpu().double().flatten(0, 1).numpy():
        details = np.abs(pywt.dwt2(channel, "db2")[1][2])
        details = details[details > 0]
        sigmas.append(np.median(details) / normal_quartile if details.size else 0.0)
    return torch.tensor(np.reshape(sigmas, x.shape[:2]).mean(axis=1), dtype=torch.float32)


def _check_batch(x: Tensor) -> None:
    if x.ndim != 4:
        raise ShapeError("A batch of pictures", "[B,C,H,W]", list(x.shape))


def _median(picture: Picture, radius: float, sigma: float) -> NDArray[Any]:
    from skimage.filters import median

    reach = np.arange(-int(radius), int(radius) + 1)
    disc = reach[:, None] ** 2 + reach**2 <= radius**2
    channels = picture.transpose(2, 0, 1)
    filtered = [median(channel, disc) for channel in channels]  # type: ignore[no-untyped-call]
    return np.stack(filtered, axis=2)


def _gaussian(picture: Picture, width: float, sigma: float) -> NDArray[Any]:
    from skimage.filters import gaussian

    blurred: NDArray[Any] = gaussian(  # type: ignore[no-untyped-call]
        picture, width, channel_axis=2
    )
    return blurred


def _non_local_means(picture: Picture, h: float, sigma: float) -> NDArray[Any]:
    from skimage.restoration import denoise_nl_means

    # The patch distances are not corrected by the noise variance (skimage's `sigma`): that
    # assumes noise that is not clipped, and costs up to 2.6 dB on MNIST with Gaussian noise of 0.5.
    restored: NDArray[Any] = denoise_nl_means(
        picture, patch_size=5, patch_distance=6, h=h * sigma, channel_axis=-1
    )
    return restored


def _total_variation(picture: Picture, weight: float, sigma: float) -> NDArray[Any]:
    from skimage.restoration import denoise_tv_chambolle

    restored: NDArray[Any] = denoise_tv_chambolle(  # type: ignore[no-untyped-call]
        picture, weight=weight * sigma, channel_axis=2
    )
    return restored


def _wavelet(picture: Picture, factor: float, sigma: float) -> NDArray[Any]:
    from skimage.restoration import denoise_wavelet

    # Averaging over shifts by one pixel removes most of the blocks that Haar wavelets leave; it
    # gains about 1 dB at four times the work. More shifts or smoother wavelets gain little here.
    total = np.zeros_like(picture)
    for shift in ((0, 0), (0, 1), (1, 0), (1, 1)):
        shifted = np.roll(picture, shift, axis=(0, 1))
        restored = denoise_wavelet(shifted, sigma=factor * sigma, wavelet="haar", channel_axis=2)
        total += np.roll(restored, (-shift[0], -shift[1]), axis=(0, 1))
    return total / 4


for _denoiser in (
    ClassicalDenoiser(
        name="median",
        label="Median filter",
        paper="Tukey, Exploratory Data Analysis (1977)",
        parameter_label="Radius of the disc, pixels",
        grid=(1.0, 1.5, 2.0, 2.3, 3.0, 4.5),
        default_parameter=lambda sigma: min(1 + 2.5 * sigma, 4.5),
        filter=_median,
    ),
    ClassicalDenoiser(
        name="gaussian",
        label="Gaussian filter",
        paper="Marr & Hildreth, Theory of Edge Detection (1980)",
        parameter_label="Standard deviation of the kernel, pixels",
        grid=(0.3, 0.5, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 2.5),
        default_parameter=lambda sigma: 0.4 + sigma,
        filter=_gaussian,
    ),
    ClassicalDenoiser(
        name="non_local_means",
        label="Non-local means",
        paper="Buades, Coll & Morel, A Non-Local Algorithm for Image Denoising (2005)",
        parameter_label="Cut-off distance of patches h, in units of the noise level",
        grid=(0.3, 0.6, 0.8, 1.0, 1.3),
        default_parameter=lambda sigma: max(0.9 - sigma, 0.4),
        filter=_non_local_means,
    ),
    ClassicalDenoiser(
        name="total_variation",
        label="Total variation",
        paper="Rudin, Osher & Fatemi, Nonlinear Total Variation Based Noise Removal (1992); "
        "algorithm of Chambolle (2004)",
        parameter_label="Weight of the variation, in units of the noise level",
        grid=(0.05, 0.2, 0.4, 0.6, 0.8, 1.2, 1.8),
        default_parameter=lambda sigma: 0.5,
        filter=_total_variation,
    ),
    ClassicalDenoiser(
        name="wavelet",
        label="Wavelets (BayesShrink)",
        paper="Chang, Yu & Vetterli, Adaptive Wavelet Thresholding (2000); averaged over shifts "
        "after Coifman & Donoho, Translation-Invariant De-Noising (1995)",
        parameter_label="Assumed noise, in units of the noise level",
        grid=(0.1, 0.4, 0.7, 1.0, 1.3, 1.8),
        default_parameter=lambda sigma: 1.0,
        filter=_wavelet,
    ),
):
    denoisers.add(_denoiser.name, _denoiser)


# --- photographs --------------------------------------------------------------------------------

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
    return _median(plane[..., None], min(radius, 6.0), sigma)[..., 0]


def _gaussian_of_photo(plane: Plane, width: float, sigma: float) -> NDArray[Any]:
    return _gaussian(plane[..., None], width, sigma)[..., 0]


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


EXACT_UP_TO = 2048  # pixels times channels; an eigendecomposition of this size takes seconds


@dataclass(frozen=True)
class PrincipalComponents:
    """A linear encoder and decoder: the floor of an autoencoder with as many dimensions.

    Pearson (1901): of all K-dimensional affine subspaces this one has the least mean squared
    distance from the data that it was fitted to.

    Attributes:
        image_shape: (C,H,W), with D = C·H·W.
        mean: [D] float32.
        components: [K,D] float32, orthonormal rows in the order of falling variance.
        variance: [K] float32, of the data along each component.
    """

    image_shape: tuple[int, int, int]
    mean: Tensor
    components: Tensor
    variance: Tensor

    @classmethod
    def fit(cls, images: Tensor, k: int, seed: int = 0) -> Self:
        """Return the first ``k`` principal components of images [N,C,H,W] in [0,1].

        ``seed`` matters for large pictures only: see `principal_components`.

        Raises:
            ShapeError: the images are not [N,C,H,W].
            InputError: ``k`` is not from 1 to min(N, D).
        """
        _check_batch(images)
        flat = images.detach().cpu().flatten(1)
        count, dimensions = flat.shape
        if not 1 <= k <= min(count, dimensions):
            raise InputError(
                f"{k} principal components cannot be had from {count} pictures of"
                f" {dimensions} values.",
                f"Ask for 1 to {min(count, dimensions)}.",
            )
        mean, components, variance = principal_components(flat.float(), k, seed)
        channels, height, width = images.shape[1:]
        return cls((channels, height, width), mean, components, variance)

    @property
    def k(self) -> int:
        """The number of components."""
        return len(self.components)

    def encode(self, x: Tensor) -> Tensor:
        """Return codes [B,K] of pictures [B,C,H,W]; their coordinates along the components.

        Raises:
            ShapeError: the pictures have another shape than the components.
        """
        if tuple(x.shape[1:]) != self.image_shape:
            raise ShapeError("A batch of pictures", ["B", *self.image_shape], list(x.shape))
        return (x.flatten(1) - self.mean) @ self.components.T

    def decode(self, z: Tensor) -> Tensor:
        """Return pictures [B,C,H,W] of codes [B,K], clipped to [0,1].

        Clipping can only lower the error, as pictures lie in [0,1].

        Raises:
            ShapeError: the codes are not [B,K].
        """
        if z.ndim != 2 or z.shape[1] != self.k:
            raise ShapeError("The codes", ["B", self.k], list(z.shape))
        x = self.mean + z @ self.components
        return x.clamp(0, 1).reshape(len(z), *self.image_shape)

    @property
    def latent_shape(self) -> tuple[int]:
        """Shape of one code, (K,)."""
        return (self.k,)

    def decoder_layers(self) -> list[nn.Module]:
        """Return what `decode` does as layers of a network: linear, clipped, an image."""
        linear = nn.Linear(*self.components.shape)
        linear.weight = nn.Parameter(self.components.T, requires_grad=False)
        linear.bias = nn.Parameter(self.mean, requires_grad=False)
        return [linear, nn.Hardtanh(0, 1), nn.Unflatten(1, self.image_shape)]

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return pictures [B,C,H,W] in [0,1], encoded and decoded."""
        return self.decode(self.encode(x))

    def truncate(self, k: int) -> Self:
        """Return the first ``k`` components alone: the same as fitting ``k``.

        Raises:
            InputError: ``k`` is not from 1 to the number of components.
        """
        if not 1 <= k <= self.k:
            raise InputError(
                f"There are {self.k} principal components, not {k}.", f"Ask for 1 to {self.k}."
            )
        return type(self)(self.image_shape, self.mean, self.components[:k], self.variance[:k])


def principal_components(rows: Tensor, k: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return mean [D], components [K,D] and variances [K], float32, of rows [N,D] float32.

    Up to D = 2048 exact, by the eigendecomposition of the covariance; above that by randomised
    SVD (Halko, Martinsson & Tropp 2011), the only use of ``seed``. Needs 1 ≤ k ≤ min(N, D). The
    sign of a component is free; its entry of largest magnitude is made positive.
    """
    if rows.shape[1] <= EXACT_UP_TO:
        # scikit-learn does the same, but its import takes longer than the work.
        mean = rows.mean(dim=0, dtype=torch.float64).float()
        scatter = torch.zeros(rows.shape[1], rows.shape[1], dtype=torch.float64)
        for part in torch.split(rows, 4096):  # products in float32, their sum in float64
            centred = part - mean
            scatter += centred.T @ centred
        variances, directions = torch.linalg.eigh(scatter / max(len(rows) - 1, 1))
        components, variance = directions.T.flip(0)[:k], variances.flip(0)[:k].clamp(min=0)
    else:
        from sklearn.decomposition import PCA

        pca = PCA(k, svd_solver="randomized", random_state=seed).fit(rows.numpy())
        mean, components, variance = (
            torch.from_numpy(np.asarray(found))
            for found in (pca.mean_, pca.components_, pca.explained_variance_)
        )
    largest = components.gather(1, components.abs().argmax(dim=1, keepdim=True))  # [K,1]
    return mean.float(), (components * largest.sign()).float(), variance.float()
