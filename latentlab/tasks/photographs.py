"""Compare: every method on one window of a photograph, pixel by pixel.

A whole photograph is for the network alone: others would take minutes. On a window each has its
try, one call for each, so that a table fills as they finish. All see the window with a margin
around it, and are judged on what they keep, the window itself.

With the clean picture in hand the classical methods are set by an oracle, as on the small pictures,
which favours them. Without it nobody can be scored: there is the noise that is left, and the method
noise.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.baselines import Side, filters, photo_filters
from latentlab.baselines import bm3d as bm3d_
from latentlab.errors import ShapeError, UnsupportedError
from latentlab.metrics import metrics
from latentlab.models import Autoencoder, Denoiser, Network
from latentlab.noise.level import estimate_grain, estimate_sigma
from latentlab.pictures import tiling
from latentlab.restoration.restore import MethodNoise, NoisyPhoto, level_of, method_noise

SIDE = 256  # pixels of a window
MARGIN = 32  # of a classical method: as far as the patches of BM3D and non-local means lie
SHIFT = 8  # pixels up to which removed noise is compared with itself

NOISY = "noisy"
BM3D = "bm3d"
DIGITS = "denoising_autoencoder.mnist"  # what a narrow training set means


@dataclass(frozen=True)
class Window:
    """A rectangle of a picture, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """What cuts it out of an array ``[H, W]`` or ``[H, W, C]``."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )


@dataclass(frozen=True)
class Attempt:
    """What one method made of the window."""

    name: str  # of a checkpoint or of a classical denoiser; "bm3d"; "noisy" for doing nothing
    label: str  # what people call it
    side: Side
    picture: Tensor  # float32 [C,h,w] in [0,1]
    psnr: float | None  # dB; None where nobody has the clean picture
    ssim: float | None  # -1 to 1
    seconds: float  # of one run on the window with its margin, with the setting that was chosen
    setting: str  # what the oracle chose, or which noise level it was conditioned on
    left: float  # noise found in it, white is 1: white noise, or grain where nobody has it clean
    noise: MethodNoise | None  # what was removed; None for doing nothing, and for tiny windows


def window_at(size: tuple[int, int], centre: tuple[int, int], side: int = SIDE) -> Window:
    """Return the window around a place, moved so that it lies inside the picture.

    Args:
        size: width and height of the picture in pixels.
        centre: (x, y) in pixels; may lie outside.
        side: of the window. A picture of hardly more pixels than such a window is taken whole.
    """
    width, height = size
    if width * height <= 1.1 * side**2:
        return Window(0, 0, width, height)
    across, down = min(side, width), min(side, height)
    left = min(max(centre[0] - across // 2, 0), width - across)
    top = min(max(centre[1] - down // 2, 0), height - down)
    return Window(left, top, across, down)


def contenders(
    denoisers: Sequence[str], *, digits: bool = True, bm3d: bool = False
) -> tuple[str, ...]:
    """Return the names of all methods, in the order of a table.

    Args:
        denoisers: names of checkpoints.
        digits: whether the autoencoder of digits has its try too.
        bm3d: whether the strongest classical method has, which takes by far the longest.
    """
    return (
        NOISY,
        *denoisers,
        *([DIGITS] if digits else []),
        *photo_filters.photo_denoisers,
        *([BM3D] if bm3d else []),
    )


@torch.inference_mode()
def attempt(
    name: str,
    noisy: tiling.Pixels | NoisyPhoto,
    window: Window,
    *,
    clean: tiling.Pixels | None = None,
    sigma: float | Tensor | None = None,
    network: Network | None = None,
    label: str = "",
) -> Attempt:
    """Return what one method makes of a window.

    Args:
        name: one of ``contenders``.
        noisy: the whole picture, ``[H, W]`` or ``[H, W, 3]``, or one with noise added.
        window: a part of it.
        clean: the same picture without noise, where there is one. A classical method is then set
            so that it comes closest to that; a network never sees it.
        sigma: the noise level that a network is conditioned on, where white is 1, or a map of it
            ``[H, W]``; and a classical method, when there is no clean picture. None: what was
            added, else what is found in the whole picture.
        network: of the checkpoint called ``name``: a denoiser, or an autoencoder of grey pictures,
            which gets the window in squares of its size, channel by channel.
        label: what people call the network.

    Raises:
        UnknownNameError: no classical method of that name.
        UnsupportedError: BM3D is not installed; or the network does not take photographs.
        ShapeError: the pictures differ in shape, or the window lies outside.
    """
    height, width = noisy.shape[:2]
    inside = window.slices
    if inside[0].stop > height or inside[1].stop > width or min(window.left, window.top) < 0:
        raise ShapeError("The window", f"to lie within {width}x{height}", window)
    if clean is not None and clean.shape != noisy.shape:
        raise ShapeError("The clean picture", list(noisy.shape), list(clean.shape))
    degraded, reference = (
        None if whole is None else _tensor(whole[inside]) for whole in (noisy, clean)
    )
    assert degraded is not None
    if name == NOISY:
        run = _Run("Noisy: nothing done", "none", degraded, 0.0, "")
    elif isinstance(network, Denoiser):
        run = _by_denoiser(network, noisy, window, sigma, label or name)
    elif isinstance(network, Autoencoder):
        run = _by_squares(network, degraded, label or name)
    elif network is not None:
        raise UnsupportedError(f"{name} does not restore pictures.")
    else:
        run = _classically(name, noisy, window, clean, sigma)
    picture = run.picture.clamp(0, 1)
    psnr = ssim = None
    if reference is not None:
        psnr, ssim = (
            metrics.get(metric)(picture[None], reference[None]).item()
            for metric in ("psnr", "ssim")
        )
    noise = None
    if name != NOISY and min(window.width, window.height) > SHIFT:
        noise = method_noise(degraded, picture, SHIFT)
    return Attempt(
        name,
        run.label,
        run.side,
        picture,
        psnr,
        ssim,
        run.seconds,
        run.setting,
        left=estimate_grain(run.picture) if clean is None else estimate_sigma(run.picture),
        noise=noise,
    )


@dataclass(frozen=True)
class _Run:
    label: str
    side: Side
    picture: Tensor  # [C,h,w], maybe outside [0,1]
    seconds: float
    setting: str


def _by_denoiser(
    network: Denoiser,
    noisy: tiling.Pixels | NoisyPhoto,
    window: Window,
    sigma: float | Tensor | None,
    label: str,
) -> _Run:
    """Restore the window as it is restored in the whole picture."""
    cut, inside = _around(noisy, window, network.reach, network.multiple)
    level = _level(noisy, sigma)
    if isinstance(level, Tensor):
        level, setting = level[cut], "conditioned on σ from place to place"
    else:
        setting = f"conditioned on σ {255 * level:.1f}"
    picture, seconds = _timed(lambda: tiling.restore(network, _tensor(noisy[cut]), level))
    return _Run(label, "network", picture[:, *inside], seconds, setting)


def _by_squares(network: Autoencoder, noisy: Tensor, label: str) -> _Run:
    """Restore a window [C,h,w] square by square, each of its channels for itself."""
    channels, side_down, side_across = network.image_shape
    if channels != 1:
        raise UnsupportedError(f"{label} is for pictures in colour of {side_across} pixels.")
    height, width = noisy.shape[1:]
    beyond = (0, -width % side_across, 0, -height % side_down)

    def restore() -> Tensor:
        x = F.pad(noisy.clamp(0, 1)[None], beyond, mode="replicate")[0]
        rows, columns = x.shape[1] // side_down, x.shape[2] // side_across
        squares = x.unflatten(2, (columns, side_across)).unflatten(1, (rows, side_down))
        squares = squares.transpose(2, 3)  # [C,rows,columns,h,w]
        flat = squares.reshape(-1, 1, side_down, side_across)
        restored = torch.cat([network(part) for part in flat.split(256)])
        restored = restored.reshape(squares.shape).transpose(2, 3)
        return restored.flatten(3, 4).flatten(1, 2)[:, :height, :width]

    picture, seconds = _timed(restore)
    return _Run(label, "network", picture, seconds, f"in squares of {side_across} pixels")


def _classically(
    name: str,
    noisy: tiling.Pixels | NoisyPhoto,
    window: Window,
    clean: tiling.Pixels | None,
    sigma: float | Tensor | None,
) -> _Run:
    """Restore the window with a filter: the best of its grid, or by the noise level alone."""
    cut, inside = _around(noisy, window, MARGIN, 1)
    x = _tensor(noisy[cut])
    level: float | Tensor
    if clean is not None:
        level = (x - _tensor(clean[cut])).square().mean().sqrt().item()
    else:
        level = _level(noisy, sigma)
        if isinstance(level, Tensor):
            level = level[cut].square().mean().sqrt().item()
    if name == BM3D:
        picture, seconds = _timed(lambda: bm3d_.bm3d(x, level))
        setting = f"conditioned on σ {255 * level:.1f}"
        return _Run("BM3D", "classical", picture[:, *inside], seconds, setting)
    denoiser = photo_filters.photo_denoisers.get(name)
    parameter = denoiser.default_parameter(level)
    best = None
    if clean is not None:
        best, parameter = filters.denoise_best(
            name,
            x[None],
            _tensor(clean[cut])[None],
            grid=sorted({*denoiser.grid, parameter}),
            among=photo_filters.photo_denoisers,
            inside=inside,
        )
    picture, seconds = _timed(lambda: denoiser.restore(x[None], parameter, level)[0])
    kept = picture[:, *inside] if best is None else best[0]
    meaning, _, unit = denoiser.parameter_label.partition(", ")
    unit = "σ" if unit == "in units of the noise level" else unit
    setting = f"{meaning[0].lower()}{meaning[1:]} {parameter:.2g} {unit}".rstrip()
    return _Run(denoiser.label, "classical", kept, seconds, setting)


def _around(
    noisy: tiling.Pixels | NoisyPhoto, window: Window, margin: int, multiple: int
) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return the window with a margin, as far as there is one, and the window within that.

    It begins at a multiple, as the whole picture does for a network that halves it.
    """
    cuts, insides = [], []
    for part, side in zip(window.slices, noisy.shape[:2], strict=True):
        start = max(0, part.start - margin) // multiple * multiple
        cuts.append(slice(start, min(side, part.stop + margin)))
        insides.append(slice(part.start - start, part.stop - start))
    return (cuts[0], cuts[1]), (insides[0], insides[1])


def _level(noisy: tiling.Pixels | NoisyPhoto, sigma: float | Tensor | None) -> float | Tensor:
    if sigma is not None:
        return sigma
    return noisy.sigma if isinstance(noisy, NoisyPhoto) else level_of(noisy)


def _tensor(pixels: tiling.Pixels) -> Tensor:
    """Return pixels as float32 ``[C, h, w]``, white at 1."""
    values = torch.from_numpy(pixels.astype(np.float32, order="C")).div_(tiling.white_of(pixels))
    return values.reshape(*pixels.shape[:2], -1).permute(2, 0, 1).contiguous()


def _timed(work: Callable[[], Tensor]) -> tuple[Tensor, float]:
    start = time.perf_counter()
    picture = work()
    return picture, time.perf_counter() - start
