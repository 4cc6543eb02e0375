"""Denoise: corrupt a picture, restore it with every method, and score them all alike.

A network sees the noisy picture and nothing else. A classical method is set by an oracle: whoever
turns its knobs sees the clean picture too. That favours the classical side, so that a network that
wins has won against the strongest baseline there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from latentlab.baselines import filters
from latentlab.baselines.pca import PrincipalComponents
from latentlab.errors import ShapeError
from latentlab.metrics import metrics
from latentlab.models import Autoencoder
from latentlab.noise.corruptions import Corruption, make
from latentlab.pictures import images

Side = Literal["none", "network", "classical"]

COMPONENTS = (1, 2, 4, 8, 16, 32, 64, 128)  # how many principal components the oracle tries


@dataclass(frozen=True)
class Restoration:
    """What one method made of the noisy picture."""

    name: str  # of a checkpoint or of a classical denoiser; "pca"; "noisy" for doing nothing
    label: str  # what people call it
    side: Side
    image: Tensor  # float32 [C,H,W] in [0,1]
    psnr: float  # dB, against the clean picture; infinite when equal to it
    ssim: float  # -1 to 1
    setting: str = ""  # what the oracle chose


@dataclass(frozen=True)
class Denoised:
    """One picture, corrupted once, and what every method made of it."""

    clean: Tensor  # float32 [C,H,W] in [0,1]
    noisy: Tensor  # same
    restorations: tuple[Restoration, ...]  # doing nothing first, then networks, then classical

    @property
    def winner(self) -> Restoration:
        """The restoration with the highest PSNR, whoever made it; doing nothing counts too."""
        return max(self.restorations, key=lambda restoration: restoration.psnr)

    def by(self, name: str) -> Restoration:
        """The restoration of that name; KeyError when there is none."""
        for restoration in self.restorations:
            if restoration.name == name:
                return restoration
        raise KeyError(name)


@dataclass(frozen=True)
class Curve:
    """How well one method restores one picture as the noise grows."""

    name: str
    label: str
    side: Side
    psnr: tuple[float, ...]  # dB, one for each strength


def corrupt(clean: Tensor, corruption: Corruption, seed: int) -> Tensor:
    """Return ``clean`` [C,H,W] in [0,1], corrupted; equal seeds give equal patterns.

    Raises:
        ShapeError: ``clean`` is no picture [C,H,W].
    """
    _check(clean)
    return corruption(clean[None], torch.Generator().manual_seed(seed))[0]


@torch.inference_mode()
def denoise(
    clean: Tensor,
    noisy: Tensor,
    models: Mapping[str, tuple[str, Autoencoder]],
    baselines: Sequence[Restoration],
) -> Denoised:
    """Return a noisy picture restored by networks, beside what classical methods made of it.

    A network restores by encoding the noisy picture and decoding the most probable code.

    Args:
        clean: float32 [C,H,W] in [0,1], for the scores alone.
        noisy: same shape, see ``corrupt``.
        models: name of a checkpoint -> its label and its network.
        baselines: from ``restore_classically``, which takes longer and is worth keeping.

    Raises:
        ShapeError: the pictures differ in shape, or are not what a network takes.
    """
    _check(clean, noisy)
    networks = [
        _scored(name, label, "network", model(noisy[None])[0], clean)
        for name, (label, model) in models.items()
    ]
    nothing = _scored("noisy", "Noisy: nothing done", "none", noisy, clean)
    return Denoised(clean, noisy, (nothing, *networks, *baselines))


@torch.inference_mode()
def restore_classically(
    clean: Tensor, noisy: Tensor, components: PrincipalComponents
) -> tuple[Restoration, ...]:
    """Return a noisy picture restored by every classical method, each set by the oracle.

    The oracle knows the clean picture: it chooses the method's parameter (for PCA the number of
    components) and the brightness levels of the result so that the PSNR is highest.

    Args:
        clean: float32 [C,H,W] in [0,1].
        noisy: same shape.
        components: fitted to pictures of the same kind, of which ``clean`` is not one.

    Raises:
        ShapeError: the pictures differ in shape, or the components are of another.
    """
    _check(clean, noisy)
    restored = []
    for name in filters.denoisers:
        denoiser = filters.denoisers.get(name)
        image, parameter = filters.denoise_best(name, noisy[None], clean[None])
        meaning, _, _unit = denoiser.parameter_label.partition(",")
        setting = f"{meaning[0].lower()}{meaning[1:]} {parameter:g}"
        restored.append(
            _scored(name, denoiser.label, "classical", image[0], clean, setting=setting)
        )
    return (_projected(clean, noisy, components), *restored)


def _projected(clean: Tensor, noisy: Tensor, components: PrincipalComponents) -> Restoration:
    """Project on as many components as the oracle finds best; the noise of the others goes."""
    code = components.encode(noisy[None])  # [1,K]
    best = None
    for k in (k for k in COMPONENTS if k <= components.k):
        image = components.truncate(k).decode(code[:, :k])
        image = filters.fit_levels(image, clean[None]).clamp(0, 1)[0]
        candidate = _scored(
            "pca",
            "PCA",
            "classical",
            image,
            clean,
            setting=f"{k} component{'s' * (k > 1)}",
        )
        if best is None or candidate.psnr > best.psnr:
            best = candidate
    assert best is not None  # one component there always is
    return best


@torch.inference_mode()
def curves(
    clean: Tensor,
    corruption: str,
    strengths: Sequence[float],
    seed: int,
    models: Mapping[str, tuple[str, Autoencoder]],
    components: PrincipalComponents,
) -> tuple[Curve, ...]:
    """Return PSNR over the strength of the noise for every method, on one picture.

    The pattern of the noise is the same at all strengths; it only grows.

    Args:
        clean: float32 [C,H,W] in [0,1].
        corruption: a name in ``noise.corruptions``.
        strengths: within the corruption's bounds.
        seed: of the noise.
        models: as for ``denoise``.
        components: as for ``restore_classically``.

    Raises:
        UnknownNameError: no corruption of that name.
        InputError: a strength lies outside the bounds.
        ShapeError: as ``denoise``.
    """
    results = []
    for strength in strengths:
        noisy = corrupt(clean, make(corruption, strength), seed)
        baselines = restore_classically(clean, noisy, components)
        results.append(denoise(clean, noisy, models, baselines))
    return tuple(
        Curve(each.name, each.label, each.side, tuple(r.by(each.name).psnr for r in results))
        for each in results[0].restorations
    )


def comparison(denoised: Denoised, name: str) -> list[tuple[str, Tensor]]:
    """Return clean, noisy, restored by ``name`` and its error map, each [C,H,W] with its caption.

    Raises:
        KeyError: no restoration of that name.
    """
    restored, noisy = denoised.by(name), denoised.by("noisy")
    return [
        ("Clean", denoised.clean),
        (f"Noisy: {noisy.psnr:.1f} dB", denoised.noisy),
        (f"{restored.label}: {restored.psnr:.1f} dB", restored.image),
        ("Its error: blue darker, red brighter", images.error_map(denoised.clean, restored.image)),
    ]


def _scored(
    name: str, label: str, side: Side, image: Tensor, clean: Tensor, *, setting: str = ""
) -> Restoration:
    scores = {
        metric: metrics.get(metric)(image[None], clean[None]).item() for metric in ("psnr", "ssim")
    }
    return Restoration(name, label, side, image, scores["psnr"], scores["ssim"], setting)


def _check(clean: Tensor, noisy: Tensor | None = None) -> None:
    if clean.ndim != 3:
        raise ShapeError("A picture", "[C,H,W]", list(clean.shape))
    if noisy is not None and noisy.shape != clean.shape:
        raise ShapeError("The noisy picture", list(clean.shape), list(noisy.shape))
