"""What the Regularise page computes: one picture through networks that are kept from copying.

    seen = look(network, statistics, x, noisy, drawn)   # its code, what it gives back, the loss
    seen.loss.total                                     # of this very picture

A penalty of a batch (sparseness holds the mean over pictures) is that of the training split, whose
means come with the checkpoint.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from latentlab.errors import UnsupportedError
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import (
    VAE,
    Autoencoder,
    Classifier,
    ContractiveAutoencoder,
    DiagonalGaussian,
    SparseAutoencoder,
)
from latentlab.models.images.sparse_autoencoder import divergence

if TYPE_CHECKING:
    from latentlab.baselines.pca import PrincipalComponents

UNITS, DIMENSIONS = 256, 16
ROLLS = 16  # random codes that a visitor can go through


@dataclass(frozen=True)
class Version:
    """One trained weight of a penalty."""

    name: str  # in addresses
    tag: str  # how names of checkpoints end, after the data set
    label: str  # what its slider says


@dataclass(frozen=True)
class Column:
    """One way to keep a network from copying; versions in the order of its slider."""

    name: str
    title: str
    family: str
    versions: tuple[Version, ...]
    usual: str  # name of the version that is looked at first
    damaged: bool = False  # whether its loss is that of a damaged picture


def _versions(*parts: tuple[str, str, str]) -> tuple[Version, ...]:
    return tuple(Version(*part) for part in parts)


K = f"k{UNITS}"
PCA = "pca"  # the column of the baseline, which has no checkpoint
COLUMNS = (
    Column(PCA, "PCA, 64", "", _versions(("only", "", "")), "only"),
    Column("plain", "Plain", "shallow_autoencoder", _versions(("only", K, "")), "only"),
    Column(
        "sparse",
        "Sparse",
        "sparse_autoencoder",
        _versions(
            ("weak", f"{K}_weak", "λ = 0.5, ρ = 0.05"),
            ("rho10", f"{K}_rho10", "λ = 5, ρ = 0.1"),
            ("usual", K, "λ = 5, ρ = 0.05"),
            ("rho02", f"{K}_rho02", "λ = 5, ρ = 0.02"),
            ("strong", f"{K}_strong", "λ = 50, ρ = 0.05"),
            ("l1", f"{K}_l1", "L1, λ = 0.2"),
        ),
        "usual",
    ),
    Column(
        "denoising",
        "Denoising",
        "shallow_autoencoder",
        _versions(("only", f"{K}_denoising", "")),
        "only",
        damaged=True,
    ),
    Column(
        "contractive",
        "Contractive",
        "contractive_autoencoder",
        _versions(
            ("weak", f"{K}_weak", "λ = 0.01"),
            ("usual", K, "λ = 0.1"),
            ("strong", f"{K}_strong", "λ = 1"),
        ),
        "usual",
    ),
    Column(
        "vae",
        "VAE",
        "dense_vae",
        _versions(
            ("b01", "b01", "β = 0.1"),
            ("b1", "b1", "β = 1"),
            ("b4", "b4", "β = 4"),
            ("b16", "b16", "β = 16"),
            ("collapsed", "collapsed", "β = 200"),
        ),
        "b1",
    ),
)


def column(name: str) -> Column:
    """Return the column called ``name``; another name is a mistake."""
    return next(one for one in COLUMNS if one.name == name)


def checkpoint(of: Column, data: str, version: Version) -> str:
    """Return the name of a version's checkpoint."""
    return f"{of.family}.{data}_{version.tag}"


# --- one picture -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Loss:
    """A loss of one picture in its two parts; the penalty is weighed already.

    Attributes:
        reconstruction: |x - x̂|² summed over pixels; of a VAE -log p(x | z) in nats, at z = μ.
        penalty: 0 where there is none.
    """

    reconstruction: float
    penalty: float

    @property
    def total(self) -> float:
        """What training makes small."""
        return self.reconstruction + self.penalty


@dataclass(frozen=True)
class Seen:
    """What a network makes of one picture.

    Attributes:
        code: [k] activations; of a VAE the means.
        spread: [k] standard deviations of a VAE's posterior; None otherwise.
        again: [C,H,W] what comes back of the picture.
        again_noisy: [C,H,W] what comes back of the same picture under noise.
        invented: [C,H,W] what is decoded from a random code.
        loss: of this picture.
    """

    code: Tensor
    spread: Tensor | None
    again: Tensor
    again_noisy: Tensor
    invented: Tensor
    loss: Loss


@torch.inference_mode()
def look(
    network: Autoencoder,
    statistics: LatentStatistics,
    x: Tensor,
    noisy: Tensor,
    drawn: Tensor,
    damaged: bool = False,
) -> Seen:
    """Return what ``network`` makes of a picture.

    Args:
        network: of one of the ``COLUMNS``.
        statistics: of its codes over the training split.
        x: [C,H,W] in [0,1].
        noisy: the same under noise.
        drawn: [k] standard normal numbers, for the random code; see ``random_code``.
        damaged: whether its loss compares what it makes of the noisy picture.
    """
    posterior = network.encode(x[None])
    code = posterior.mode()
    again = network.decode(code)
    again_noisy = network.decode(network.encode(noisy[None]).mode())
    return Seen(
        code[0],
        (posterior.log_variance / 2).exp()[0] if isinstance(posterior, DiagonalGaussian) else None,
        again[0],
        again_noisy[0],
        network.decode(random_code(network, statistics, drawn)[None])[0],
        Loss((again_noisy - x).square().sum().item(), 0.0)
        if damaged
        else _loss(network, statistics, x[None], code),
    )


@torch.inference_mode()
def look_linear(pca: "PrincipalComponents", x: Tensor, noisy: Tensor, drawn: Tensor) -> Seen:
    """Return what principal components make of a picture; arguments as for ``look``."""
    code = pca.encode(x[None])
    again, again_noisy, invented = (
        pca.decode(z).clamp(0, 1)[0]
        for z in (code, pca.encode(noisy[None]), (pca.variance.sqrt() * drawn)[None])
    )
    return Seen(
        code[0], None, again, again_noisy, invented, Loss((again - x).square().sum().item(), 0.0)
    )


def random_code(network: Autoencoder, statistics: LatentStatistics, drawn: Tensor) -> Tensor:
    """Return a code ``[k]`` made of standard normal numbers.

    A VAE says what to draw from: its prior, N(0, I). Of all others nobody knows; every unit is
    drawn for itself, with the mean and the spread that it has over training pictures.
    """
    if isinstance(network, VAE):
        return drawn
    code = statistics.mean + statistics.std * drawn
    return code.clamp(0, 1) if isinstance(network.encoder_layers()[-1], nn.Sigmoid) else code


def _loss(network: Autoencoder, statistics: LatentStatistics, x: Tensor, code: Tensor) -> Loss:
    if isinstance(network, VAE):
        return _variational_loss(network, x, network.encode(x))
    error = (network.decode(code) - x).square().sum().item()
    if isinstance(network, SparseAutoencoder):
        if network.settings.penalty == "l1":
            return Loss(error, network.penalty(code).item())
        held = divergence(network.settings.rho, statistics.mean).sum().item()
        return Loss(error, network.weight * held)
    if isinstance(network, ContractiveAutoencoder):
        return Loss(error, network.penalty(code).item())
    return Loss(error, 0.0)


def _variational_loss(network: VAE, x: Tensor, posterior: DiagonalGaussian) -> Loss:
    """Return the loss of one picture ``[1, C, H, W]`` at z = μ."""
    return Loss(
        -network.log_likelihood(x, posterior.mean).item(),
        network.settings.beta * posterior.kl().sum().item(),
    )


def normal(*shape: int, seed: int) -> Tensor:
    """Return standard normal numbers, the same for everybody."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def with_noise(x: Tensor, sigma: float, pattern: Tensor) -> Tensor:
    """Return a picture under Gaussian noise, clipped to [0, 1]; ``pattern`` is standard normal."""
    return (x + sigma * pattern).clamp(0, 1)


# --- what a browser needs beside the layers -------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What a browser needs of a network beside its chain of layers, to write out the loss.

    Attributes:
        penalty: "none", "damage" (denoising), "kl" (Ng), "l1", "jacobian" (Rifai), "divergence"
            (VAE).
        weight: λ or β.
        rho: ρ of "kl", else 0.
        mean, std: [k] of what random codes are drawn from.
        bounded: whether a code lies in [0, 1].
        variance: of a VAE, weight [k,h] and bias [k] of the layer that gives log σ²; the others
            have none.
    """

    penalty: str
    weight: float
    rho: float
    mean: Tensor
    std: Tensor
    bounded: bool
    variance: tuple[Tensor, Tensor] | None


def beside_linear(pca: "PrincipalComponents") -> Beside:
    """Return the same of principal components."""
    return Beside("none", 0.0, 0.0, torch.zeros(pca.k), pca.variance.sqrt(), False, None)


def beside(network: Autoencoder, statistics: LatentStatistics, damaged: bool = False) -> Beside:
    """Return what a browser needs of a network of one of the ``COLUMNS``.

    Raises:
        UnsupportedError: its last layer is not what a dense VAE has.
    """
    mean, std = statistics.mean, statistics.std
    if isinstance(network, VAE):
        last = network.encoder[-1]
        if not isinstance(last, nn.Linear):
            raise UnsupportedError("This VAE's encoder does not end in a dense layer.")
        k = network.latent_size
        variance = last.weight.detach()[k:], last.bias.detach()[k:]
        prior = torch.zeros(k), torch.ones(k)
        return Beside("divergence", network.settings.beta, 0.0, *prior, False, variance)
    if isinstance(network, SparseAutoencoder):
        settings = network.settings
        rho = settings.rho if settings.penalty == "kl" else 0.0
        return Beside(settings.penalty, network.weight, rho, mean, std, True, None)
    if isinstance(network, ContractiveAutoencoder):
        return Beside("jacobian", network.weight, 0.0, mean, std, True, None)
    return Beside("damage" if damaged else "none", 0.0, 0.0, mean, std, True, None)


# --- a VAE by hand ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sampled:
    """The cloud of codes that a VAE has for one picture.

    Attributes:
        mean: μ, [k].
        spread: σ, [k].
        again: [C,H,W] decoded from μ.
        decoded: [n,C,H,W] decoded from z = μ + σ ε.
        invented: [m,C,H,W] decoded from draws of the prior.
        loss: of the picture, at z = μ.
    """

    mean: Tensor
    spread: Tensor
    again: Tensor
    decoded: Tensor
    invented: Tensor
    loss: Loss


@torch.inference_mode()
def sample(network: VAE, x: Tensor, epsilon: Tensor, prior: Tensor) -> Sampled:
    """Return draws from q(z | x) and from the prior, decoded (Kingma & Welling 2013, eq. 4).

    Args:
        network: a VAE.
        x: [C,H,W] in [0,1].
        epsilon: [n,k] standard normal.
        prior: [m,k] standard normal.
    """
    posterior = network.encode(x[None])
    mean, spread = posterior.mean[0], (posterior.log_variance / 2).exp()[0]
    return Sampled(
        mean,
        spread,
        network.decode(posterior.mean)[0],
        network.decode(mean + spread * epsilon),
        network.decode(prior),
        _variational_loss(network, x[None], posterior),
    )


# --- holes --------------------------------------------------------------------------------------

SURE = 0.9  # a picture that the classifier is less sure of is no picture of a class
SIDE = 17  # pictures along a side of the mosaic
INVENTED, SHOWN = 1000, 10  # random codes, and how many of them are shown


@dataclass(frozen=True)
class Mosaic:
    """What a decoder of two numbers makes of a plane, and how much of it is like nothing.

    Attributes:
        image: [C, SIDE·H, SIDE·W], the second number upwards.
        low, high: the corners of the plane: 2 % to 98 % of the codes along each number.
        codes: [N,2] of pictures.
        unsure: the share of the mosaic's pictures that the classifier is less than 90 % sure of.
    """

    image: Tensor
    low: tuple[float, float]
    high: tuple[float, float]
    codes: Tensor
    unsure: float


@torch.inference_mode()
def mosaic(network: Autoencoder, classifier: Classifier, pictures: Tensor) -> Mosaic:
    """Return the plane of an autoencoder whose code has two numbers.

    Args:
        network: its code is ``[B, 2]``.
        classifier: of the same data.
        pictures: [N,C,H,W], whose codes are shown.

    Raises:
        UnsupportedError: the code has not two numbers.
    """
    if network.latent_size != 2:
        raise UnsupportedError("Only a code of two numbers lies in a plane.")
    codes = network.encode(pictures).mode().flatten(1)
    low, high = (codes.quantile(q, dim=0) for q in (0.02, 0.98))
    across, up = (torch.linspace(float(a), float(b), SIDE) for a, b in zip(low, high, strict=True))
    grid = torch.stack(torch.meshgrid(up.flip(0), across, indexing="ij")[::-1], dim=-1)
    made = network.decode(grid.reshape(-1, 2))
    channels, height, width = network.image_shape
    image = made.view(SIDE, SIDE, channels, height, width).permute(2, 0, 3, 1, 4)
    return Mosaic(
        image.reshape(channels, SIDE * height, SIDE * width),
        (float(low[0]), float(low[1])),
        (float(high[0]), float(high[1])),
        codes,
        unsure(classifier, made),
    )


def unsure(classifier: Classifier, x: Tensor) -> float:
    """Return the share of pictures ``[N, C, H, W]`` that a classifier is less than 90 % sure of."""
    with torch.inference_mode():
        certainty = classifier.logits(x).softmax(1).amax(1)
    return float((certainty < SURE).float().mean())


@dataclass(frozen=True)
class Invented:
    """What is decoded from random codes, see ``random_code``.

    Attributes:
        images: [n,C,H,W], the first few.
        unsure: the share, of all that were drawn, that the classifier is less than 90 % sure of.
    """

    images: Tensor
    unsure: float


@torch.inference_mode()
def invent(
    network: Autoencoder, statistics: LatentStatistics, classifier: Classifier, seed: int
) -> Invented:
    """Return what a network decodes from ``INVENTED`` random codes."""
    drawn = normal(INVENTED, network.latent_size, seed=seed)
    made = network.decode(torch.stack([random_code(network, statistics, z) for z in drawn]))
    return Invented(made[:SHOWN], unsure(classifier, made))
