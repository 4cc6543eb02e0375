"""Drawings of the photographs of the Denoise page: data to HTML or PNG; no streamlit."""

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from latentlab.ui.denoise.figures import decibels

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.baselines import Side
    from latentlab.restoration.restore import MethodNoise
    from latentlab.tasks.photographs import Attempt
    from latentlab.ui.shared.background import Progress

# What a method removed is drawn around mid grey, so much stronger than it is; the same for all.
GAIN = 3.0


def gallery(
    attempts: Sequence["Attempt"],
    addresses: Mapping[str, str],
    captions: Mapping[str, str],
    best: Container[str],
) -> str:
    """HTML of one picture for each attempt.

    Args:
        attempts: what to show.
        addresses: of their pictures, by name.
        captions: what stands beneath, plain text, by name.
        best: names of those that are ringed as the best.
    """
    drawn = []
    for each in attempts:
        ring = " class=best" if each.name in best else ""
        drawn.append(
            f"<figure{ring}><img src='{escape(addresses[each.name], quote=True)}' "
            f"alt='{escape(each.label, quote=True)}'><figcaption><b>{escape(each.label)}</b>"
            f"<span>{escape(captions[each.name])}</span></figcaption></figure>"
        )
    return f"<div class='tiles windows'>{''.join(drawn)}</div>"


def winners(attempts: Sequence["Attempt"]) -> frozenset[str]:
    """Return the names of those with the highest PSNR; of none where that is not known."""
    scored = [each.psnr for each in attempts if each.psnr is not None]
    return frozenset(each.name for each in attempts if scored and each.psnr == max(scored))


@dataclass(frozen=True)
class Known:
    """An attempt whose PSNR is known, for a sentence about winners."""

    label: str
    side: "Side"
    psnr: float


def known(attempts: "Sequence[Attempt]") -> list[Known]:
    """Return the attempts whose PSNR is known."""
    return [Known(each.label, each.side, each.psnr) for each in attempts if each.psnr is not None]


def score(attempt: "Attempt") -> str:
    """The caption of a restored window: its PSNR, or without a clean picture the noise left."""
    if attempt.psnr is None:
        return f"σ {255 * attempt.left:.1f} left"
    return decibels(attempt.psnr)


def neighbours(noise: "MethodNoise") -> float:
    """How much a removed pixel knows of the one beside and below it: the larger correlation.

    0 for white noise; near 1 where edges and texture were taken away with it.
    """
    middle = len(noise.autocorrelation) // 2
    beside = noise.autocorrelation[middle, middle + 1], noise.autocorrelation[middle + 1, middle]
    return max((float(value) for value in beside), key=abs)


def removed_picture(noise: "MethodNoise") -> "Tensor":
    """What was removed, ``[C, H, W]`` in [0, 1]: mid grey is nothing."""
    return (0.5 + GAIN * noise.removed).clamp(0, 1)


def autocorrelation_picture(noise: "MethodNoise") -> "Tensor":
    """The autocorrelation, ``[3, 2r+1, 2r+1]``: blue below 0, orange above, white at 0."""
    import torch

    from latentlab.pictures import images

    values = noise.autocorrelation[None]
    return images.error_map(torch.zeros_like(values), values)


def trained_range(strongest: float, trained: float) -> str:
    """HTML of a bar under a slider from 0: where the network was trained, and the zone beyond."""
    share = 100 * trained / strongest
    return (
        f"<div class='trained' style='--trained:{share:.1f}%' aria-hidden='true'>"
        f"<span>trained up to {trained:.0f}</span><span>beyond</span></div>"
    )


def levels(before: float, after: float) -> str:
    """One sentence, as HTML: the grain in the flattest places before and after."""
    return (
        "<p class='verdict'>Estimated noise, in the flattest places: σ "
        f"<b>{255 * before:.1f}</b> before, <b>{255 * after:.1f}</b> after (of 255)."
        " PSNR cannot be known: nobody has the clean picture.</p>"
    )


def gain(noisy: float, restored: float) -> str:
    """One sentence, as HTML: the PSNR of the whole picture before and after."""
    if math.isinf(noisy):
        return "<p class='verdict'>There is no noise in it: restoring can only lose something.</p>"
    change = restored - noisy
    word = "more" if change >= 0 else "less"
    return (
        f"<p class='verdict'>The whole picture: <b>{decibels(noisy)}</b> noisy, "
        f"<b>{decibels(restored)}</b> restored, {abs(change):.1f} dB {word}.</p>"
    )


def waiting(progress: "Progress[Any]") -> str:
    """What stands over a progress bar: how far the work is, or how many others come first."""
    if progress.ahead:
        others = "1 picture" if progress.ahead == 1 else f"{progress.ahead} pictures"
        return f"Waiting: {others} of others come first …"
    if progress.remaining is None:
        return "Restoring …"
    return f"Restoring, {100 * progress.share:.0f} %, about {progress.remaining:.0f} s left …"
