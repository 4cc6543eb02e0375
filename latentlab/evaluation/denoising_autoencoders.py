"""Denoising autoencoders: small pictures restored, beside the best classical denoiser."""

from collections.abc import Iterator

import torch
from torch import Tensor

from latentlab.baselines import filters
from latentlab.checkpoints import Score
from latentlab.evaluation.autoencoders import code_reference, code_statistics
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.shared import BATCH, fixed_rng, splits
from latentlab.metrics import metrics
from latentlab.models import DenoisingAutoencoder
from latentlab.noise import make

PORTRAYED = ("gaussian", 0.5)  # the damage that a card shows


def denoising_scores(network: DenoisingAutoencoder, data: str) -> Iterator[Score]:
    """Yield the PSNR of restored pictures, the best classical denoiser as the baseline.

    Every classical method is tuned with the first 500 clean pictures in hand, and the best of them
    runs on the whole split, its levels matched to the clean pictures of every batch. The network
    sees none of that.
    """
    _, test = splits(data)
    psnr = metrics.get("psnr")
    for kind, strength, text in _DAMAGE:
        corruption = make(kind, strength)
        first = test.tensor(slice(0, BATCH))
        noisy = corruption(first, fixed_rng())
        best_name, best_parameter, best_score = "", 0.0, float("-inf")
        for name in filters.denoisers:
            tuned = filters.denoise_best(name, noisy, first)
            score = psnr(tuned.restored, first).mean().item()
            if score > best_score:
                best_name, best_parameter, best_score = name, tuned.parameter, score
        restored, baseline = [], []
        rng = fixed_rng()
        for x in test.batches(BATCH):
            noisy = corruption(x, rng)
            restored.append(psnr(network(noisy), x))
            tuned = filters.denoise_best(best_name, noisy, x, grid=[best_parameter])
            baseline.append(psnr(tuned.restored, x))
        yield Score(
            f"PSNR, {text}",
            torch.cat(restored).mean().item(),
            "dB",
            True,
            torch.cat(baseline).mean().item(),
            f"{filters.denoisers.get(best_name).label}, tuned on the clean pictures",
        )


_DAMAGE = (
    ("gaussian", 0.5, "Gaussian σ 0.5"),
    ("salt_and_pepper", 0.3, "salt and pepper 30 %"),
)


def restoration_portrait(
    network: DenoisingAutoencoder, x: Tensor, rng: torch.Generator
) -> Portrait:
    """Return pictures with noise, and what the network restores from them."""
    noisy = make(*PORTRAYED)(x, rng)
    return Portrait((noisy, network(noisy)), ("with noise", "restored"))


DENOISING_AUTOENCODERS = examinations.add(
    "denoising_autoencoder",
    Examination(
        DenoisingAutoencoder,
        denoising_scores,
        code_reference,
        restoration_portrait,
        code_statistics,
    ),
)
