"""Denoisers of photographs, beside published BM3D and the classical filters."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from latentlab.baselines import filters, photo_filters
from latentlab.checkpoints import Score
from latentlab.data import photo_datasets
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.shared import fixed_rng
from latentlab.metrics import metrics
from latentlab.models import Denoiser
from latentlab.noise import camera
from latentlab.noise.level import estimate_level
from latentlab.pictures import tiling

PORTRAYED = 25 / 255  # the noise level that a card shows
CAMERA_SIDE = 192  # pixels: non-local means takes seconds for more


# Mean PSNR over BSD68, in colour as Zhang et al. 2018 (FFDNet) state it, grey as Zhang et al. 2017
# (DnCNN) do.
PUBLISHED_BM3D = {
    "colour": {15: 33.52, 25: 30.71, 50: 27.38},
    "grey": {15: 31.07, 25: 28.57, 50: 25.62},
}


def denoiser_scores(network: Denoiser, data: str) -> Iterator[Score]:
    """Yield the mean PSNR of photographs freed from Gaussian noise; published BM3D is the baseline.

    The noise is not clipped, the restored picture is, and the network knows σ: as in the papers.
    Grey pictures are made by BT.601, rounded.
    """
    if network.rough:
        yield from camera_scores(network, data)
    photographs = photo_datasets.get(data).load("test")
    for tone, baselines in PUBLISHED_BM3D.items():
        for level, baseline in baselines.items():
            psnr = []
            rng = fixed_rng()
            for index in range(len(photographs)):
                x = photographs.tensor(index, grey=tone == "grey")
                noisy = x + level / 255 * torch.randn(x.shape, generator=rng)
                restored = tiling.restore(network, noisy[0], level / 255)
                psnr.append(metrics.get("psnr")(restored[None], x))
            name = "CBM3D" if tone == "colour" else "BM3D"
            yield Score(
                f"PSNR, {tone}, σ {level}",
                torch.cat(psnr).mean().item(),
                "dB",
                True,
                baseline,
                f"{name}, published",
            )


def camera_scores(network: Denoiser, data: str) -> tuple[Score, Score]:
    """Return the mean PSNR on validation photographs as a camera might have stored them.

    Beside the best of the classical filters twice: each tuned for every picture by itself with the
    clean one in hand, and each given what the network is conditioned on, the level that is found in
    the noisy one. All see the middle of each picture.
    """
    photographs = photo_datasets.get(data).load("validation")
    psnr = metrics.get("psnr")
    rng = fixed_rng()
    ours: list[float] = []
    tuned: dict[str, list[float]] = {name: [] for name in photo_filters.photo_denoisers}
    given: dict[str, list[float]] = {name: [] for name in photo_filters.photo_denoisers}
    for index in range(len(photographs)):
        x = photographs.tensor(index)
        top, left = ((side - CAMERA_SIDE) // 2 for side in x.shape[2:])
        x = x[:, :, top : top + CAMERA_SIDE, left : left + CAMERA_SIDE]
        noisy, clean = camera.take(x, rng)
        level = estimate_level(noisy[0])
        restored = tiling.restore(network, noisy[0], level)[None]
        ours.append(psnr(restored, clean).item())
        for name in photo_filters.photo_denoisers:
            best = filters.denoise_best(name, noisy, clean, among=photo_filters.photo_denoisers)
            tuned[name].append(psnr(best.restored, clean).item())
            alone = photo_filters.photo_denoisers.get(name)(noisy, level)
            given[name].append(psnr(alone, clean).item())

    def score(name: str, baselines: dict[str, list[float]], how: str) -> Score:
        best = max(baselines, key=lambda name: float(np.mean(baselines[name])))
        label = photo_filters.photo_denoisers.get(best).label
        return Score(
            name,
            float(np.mean(ours)),
            "dB",
            True,
            float(np.mean(baselines[best])),
            f"{label}, {how}",
        )

    return (
        score("PSNR, camera noise", tuned, "tuned on the clean pictures"),
        score("PSNR, camera noise, level found", given, "given the same level"),
    )


def pattern_reference(network: Denoiser, data: str) -> dict[str, Tensor]:
    """Return noisy patterns, their noise levels, and what the network restores from them."""
    noisy, sigma = _noisy_patterns(network.image_shape)
    return {"noisy": noisy, "sigma": sigma, "restored": network(noisy, sigma)}


def _noisy_patterns(image_shape: tuple[int, int, int]) -> tuple[Tensor, Tensor]:
    """Return discs of four sizes on stripes with noise of four strengths, and these ``[4,1,1,1]``.

    Drawn, because no photograph that a denoiser learns from ships with latentlab.
    """
    channels, height, width = image_shape
    rows = torch.linspace(-1, 1, height)[:, None]
    columns = torch.linspace(-1, 1, width)
    distance = (rows**2 + columns**2).sqrt()
    pictures = []
    for radius in (0.3, 0.5, 0.7, 0.9):
        colours = torch.linspace(0.2, 0.9, channels)[:, None, None]
        stripes = 0.5 + 0.3 * torch.sin(9 * columns / radius)
        pictures.append(torch.where(distance < radius, colours, stripes))
    sigma = torch.tensor([5.0, 15.0, 25.0, 50.0]).div(255).reshape(4, 1, 1, 1)
    noise = torch.randn(4, *image_shape, generator=fixed_rng())
    return torch.stack(pictures) + sigma * noise, sigma


def restoration_portrait(network: Denoiser, x: Tensor, rng: torch.Generator) -> Portrait:
    """Return photographs with noise, and what the network restores from them."""
    noisy = x + PORTRAYED * torch.randn(x.shape, generator=rng)
    restored = network(noisy, x.new_full((len(x), 1, 1, 1), PORTRAYED))
    return Portrait((noisy.clamp(0, 1), restored.clamp(0, 1)), ("with noise", "restored"))


PHOTO_DENOISERS = examinations.add(
    "photo_denoiser",
    Examination(Denoiser, denoiser_scores, pattern_reference, restoration_portrait),
)
