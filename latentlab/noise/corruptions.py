"""Corruptions: ways to degrade a picture, each with one strength and a seedable pattern.

Every corruption keeps shape and range: the result is clipped to ``[0, 1]``, as a camera or a file
would clip it. Clipping makes the noise of very dark and very bright pixels smaller and one-sided:
Gaussian noise of sigma 0.5 leaves a black pixel with a mean of about 0.2, not 0.

The pattern depends on ``rng`` alone. Equal seeds at two strengths give the same pattern, weaker or
stronger: the same pixels go first, the block sits in the same place, the same grain grows. So a
slider that is dragged with a fixed seed shows one noise, not a flicker.

    >>> noisy = make("gaussian", 0.5)(images, torch.Generator().manual_seed(0))
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, final

import torch
from torch import Tensor

from latentlab.errors import InputError, ShapeError
from latentlab.registry import Registry


class Bounds(NamedTuple):
    """What a slider needs: ``low`` and ``high`` are both allowed, ``step`` is a sensible grid."""

    low: float
    high: float
    default: float
    step: float


@dataclass(frozen=True)
class Corruption(ABC):
    """One kind of damage at one strength; ``corruption(x, rng)`` applies it.

    Attributes:
        strength: how much, within ``bounds``; larger is always noisier.

    Raises:
        InputError: on construction, when ``strength`` is not a number within ``bounds``.
    """

    strength: float

    label: ClassVar[str]
    strength_label: ClassVar[str]  # what the strength means, as a slider's caption
    formula: ClassVar[str]  # LaTeX; x is the clean picture, \tilde x the noisy one
    summary: ClassVar[str]  # where one meets this noise
    bounds: ClassVar[Bounds]

    def __post_init__(self) -> None:
        self._check(torch.tensor(float(self.strength)))

    @final
    def __call__(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """Return ``x`` [B,C,H,W] in [0,1], corrupted with this strength; same shape and range."""
        return self.apply(x, self.strength, rng)

    @final
    @classmethod
    def apply(cls, x: Tensor, strength: float | Tensor, rng: torch.Generator) -> Tensor:
        """Return corrupted pictures, where each picture may have a strength of its own.

        Args:
            x: pictures [B,C,H,W], floating point in [0,1], on any device.
            strength: one number, or a tensor [B] with one for each picture.
            rng: a generator on the CPU, so that a seed means the same on every device.

        Returns:
            [B,C,H,W] in [0,1], with the dtype and on the device of ``x``.

        Raises:
            ShapeError: ``x`` is not [B,C,H,W], or ``strength`` is a tensor but not [B].
            InputError: a strength is not a number within ``bounds``.
        """
        if x.ndim != 4:
            raise ShapeError("A batch of pictures", "[B,C,H,W]", list(x.shape))
        if isinstance(strength, Tensor):
            if strength.shape != x.shape[:1]:
                raise ShapeError("The strengths", [len(x)], list(strength.shape))
        else:
            strength = torch.full((len(x),), float(strength))
        cls._check(strength)
        per_picture = strength.to(x)[:, None, None, None]
        return cls._corrupt(x, per_picture, rng).clamp(0, 1)

    @classmethod
    def _check(cls, strength: Tensor) -> None:
        low, high = cls.bounds.low, cls.bounds.high
        # A tolerance of float32 rounding; written so that NaN fails too.
        if not ((strength >= low - 1e-6) & (strength <= high + 1e-6)).all():
            raise InputError(
                f"The strength of “{cls.label}” must be a number from {low:g} to {high:g}.",
                f"A usual one is {cls.bounds.default:g}.",
            )

    @staticmethod
    @abstractmethod
    def _corrupt(x: Tensor, strength: Tensor, rng: torch.Generator) -> Tensor:
        """Return corrupted ``x``, not yet clipped; ``strength`` is [B,1,1,1]."""


corruptions: Registry[type[Corruption]] = Registry("corruption")


def make(name: str, strength: float | None = None) -> Corruption:
    """Return the corruption called ``name``; ``strength`` None means its default.

    Raises:
        UnknownNameError: no corruption of that name.
        InputError: the strength is not a number within the corruption's bounds.
    """
    kind = corruptions.get(name)
    return kind(kind.bounds.default if strength is None else strength)


def _uniform(x: Tensor, rng: torch.Generator) -> Tensor:
    """One uniform draw per pixel position [B,1,H,W], shared by its colour channels."""
    return torch.rand(len(x), 1, *x.shape[2:], generator=rng).to(x)


@final
@corruptions.register("gaussian")
class Gaussian(Corruption):
    """Additive white noise, drawn anew for each pixel and channel."""

    label = "Gaussian"
    strength_label = "Standard deviation σ"
    formula = r"\tilde x = x + \sigma\,\epsilon, \quad \epsilon \sim \mathcal N(0, I)"
    summary = "The heat of a sensor and its amplifier; the usual test of a denoiser."
    bounds = Bounds(0.0, 1.0, 0.3, 0.05)

    @staticmethod
    def _corrupt(x: Tensor, strength: Tensor, rng: torch.Generator) -> Tensor:
        return x + strength * torch.randn(x.shape, generator=rng).to(x)


@final
@corruptions.register("salt_and_pepper")
class SaltAndPepper(Corruption):
    """Random pixels become black or white, in all their channels at once."""

    label = "Salt and pepper"
    strength_label = "Share of pixels hit p"
    formula = (
        r"\tilde x_i = 0 \text{ with probability } p/2, \quad"
        r" 1 \text{ with probability } p/2, \quad x_i \text{ otherwise}"
    )
    summary = "Dead or saturated pixels and bits lost on the way."
    bounds = Bounds(0.0, 1.0, 0.2, 0.05)

    @staticmethod
    def _corrupt(x: Tensor, strength: Tensor, rng: torch.Generator) -> Tensor:
        u = _uniform(x, rng)
        peppered = torch.where(u < strength / 2, torch.zeros_like(x), x)
        return torch.where(u >= 1 - strength / 2, torch.ones_like(x), peppered)


@final
@corruptions.register("masking")
class Masking(Corruption):
    """Random pixels are forgotten: set to 0, in all their channels at once.

    The corruption with which Vincent et al., "Extracting and Composing Robust Features with
    Denoising Autoencoders" (2008), section 2.3, introduced denoising autoencoders. They blank an
    exact number of pixels; here each goes with probability ν on its own.
    """

    label = "Masking"
    strength_label = "Share of pixels lost ν"
    formula = r"\tilde x_i = 0 \text{ with probability } \nu, \quad x_i \text{ otherwise}"
    summary = "Missing pixels; the noise of the first denoising autoencoders (Vincent 2008)."
    bounds = Bounds(0.0, 1.0, 0.5, 0.05)

    @staticmethod
    def _corrupt(x: Tensor, strength: Tensor, rng: torch.Generator) -> Tensor:
        return x * (_uniform(x, rng) >= strength)


@final
@corruptions.register("occlusion")
class Occlusion(Corruption):
    """One black block, whose sides are that share of the picture's, at a random place.

    All places where the block lies wholly inside are equally likely. A larger block of the same
    seed contains the smaller one.
    """

    label = "Occlusion"
    strength_label = "Side of the block, as a share of the picture's"
    formula = (
        r"\tilde x_{ij} = 0 \text{ for } (i, j) \text{ in a block of } "
        r"\lfloor sH \rceil \times \lfloor sW \rceil, \quad x_{ij} \text{ otherwise}"
    )
    summary = "Something stands in the way: here a model has to invent, not to smooth."
    bounds = Bounds(0.0, 1.0, 0.4, 0.05)

    @staticmethod
    def _corrupt(x: Tensor, strength: Tensor, rng: torch.Generator) -> Tensor:
        corner = torch.rand(len(x), 2, generator=rng).to(x)

        def inside(axis: int, u: Tensor) -> Tensor:
            """Which of the ``size`` positions along an axis the block covers: [B, size]."""
            size = x.shape[axis]
            side = (strength[:, 0, 0] * size).round()  # [B,1]
            # u < 1, but u * (size - side + 1) may round up to the next whole number.
            start = (u[:, None] * (size - side + 1)).floor().minimum(size - side)
            position = torch.arange(size, device=x.device)
            return (position >= start) & (position < start + side)

        rows, columns = inside(2, corner[:, 0]), inside(3, corner[:, 1])
        block = rows[:, None, :, None] & columns[:, None, None, :]  # [B,1,H,W]
        return x.masked_fill(block, 0.0)


@final
@corruptions.register("speckle")
class Speckle(Corruption):
    """Multiplicative noise: bright pixels suffer, black ones do not."""

    label = "Speckle"
    strength_label = "Standard deviation σ, relative to the pixel"
    formula = r"\tilde x = x\,(1 + \sigma\,\epsilon), \quad \epsilon \sim \mathcal N(0, I)"
    summary = "Coherent light: radar, ultrasound, laser."
    bounds = Bounds(0.0, 2.0, 0.5, 0.1)

    @staticmethod
    def _corrupt(x: Tensor, strength: Tensor, rng: torch.Generator) -> Tensor:
        return x * (1 + strength * torch.randn(x.shape, generator=rng).to(x))


@final
@corruptions.register("poisson")
class Poisson(Corruption):
    """Shot noise: every pixel counts photons, of which a white one gets 1/σ² on average.

    The strength is the standard deviation of a white pixel, so that larger is noisier: σ = 0.1
    means 100 photons at peak, 0.3 about 11, 1 a single one. A pixel of brightness x has standard
    deviation σ √x. Below σ = 0.001, a quarter of one of 256 grey levels, the picture is returned
    as it is.
    """

    label = "Poisson"
    strength_label = "Noise of a white pixel σ = 1/√(photons at peak)"
    formula = (
        r"\tilde x = \sigma^2 n, \quad n \sim \mathrm{Poisson}(x / \sigma^2), \quad"
        r" \text{photons at peak} = 1/\sigma^2"
    )
    summary = "Too little light: photons arrive one by one."
    bounds = Bounds(0.0, 1.0, 0.3, 0.05)

    @staticmethod
    def _corrupt(x: Tensor, strength: Tensor, rng: torch.Generator) -> Tensor:
        # Drawn for every pixel, also those that stay black: the pattern is that of the seed alone.
        # On the CPU, since float64 is not to be had on every device.
        u = torch.rand(x.shape, generator=rng, dtype=torch.float64)
        clean = x.cpu().double()
        variance = strength.cpu().double().square().expand_as(clean)
        counted = (clean > 0) & (variance >= 1e-6)
        rate = clean[counted] / variance[counted]
        noisy = clean.clone()
        noisy[counted] = _poisson_quantile(u[counted], rate) * variance[counted]
        return noisy.to(x)


def _poisson_quantile(u: Tensor, rate: Tensor) -> Tensor:
    """Return the smallest count k with P(Poisson(rate) ≤ k) ≥ u; all are float64 [N].

    ``torch.poisson`` would be faster, but uses up random numbers as it goes: equal seeds at two
    strengths would give unrelated patterns. Putting one uniform number through the quantile
    function keeps the pattern.
    """
    from scipy.stats import poisson  # a second, of which the other kinds need nothing

    counts = poisson.ppf(u.numpy(), rate.numpy()).clip(min=0)  # scipy's quantile of 0 is -1
    return torch.from_numpy(counts)
