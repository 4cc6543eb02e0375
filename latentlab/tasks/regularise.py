"""What the Regularise page computes: one picture through networks that are kept from copying.

    seen = look(network, x, noisy, rng)     # its code, what it gives back, and the loss, in parts
    seen.loss.total                         # of this very picture

A penalty of a batch (sparseness holds the mean over pictures) is that of the training split, whose
means come with the checkpoint.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.errors import UnsupportedError
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import VAE, Autoencoder, SparseAutoencoder
from latentlab.models.images.contractive_autoencoder import ContractiveAutoencoder
from latentlab.models.images.sparse_autoencoder import divergence
from latentlab.noise.corruptions import make

UNITS, DIMENSIONS = 256, 16
ON = 0.1  # a sigmoid unit with more than this answers to the picture


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


def _versions(*parts: tuple[str, str, str]) -> tuple[Version, ...]:
    return tuple(Version(*part) for part in parts)


K = f"k{UNITS}"
COLUMNS = (
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
    network: Autoencoder, statistics: LatentStatistics, x: Tensor, noisy: Tensor, drawn: Tensor
) -> Seen:
    """Return what ``network`` makes of a picture.

    Args:
        network: of one of the ``COLUMNS``.
        statistics: of its codes over the training split.
        x: [C,H,W] in [0,1].
        noisy: the same under noise.
        drawn: [k] standard normal numbers, for the random code; see ``random_code``.
    """
    posterior = network.encode(x[None])
    code = posterior.mode()
    again = network.decode(code)
    again_noisy = network.decode(network.encode(noisy[None]).mode())
    return Seen(
        code[0],
        posterior.log_variance.mul(0.5).exp()[0] if isinstance(network, VAE) else None,
        again[0],
        again_noisy[0],
        network.decode(random_code(network, statistics, drawn)[None])[0],
        _loss(network, statistics, x[None], code),
    )


def random_code(network: Autoencoder, statistics: LatentStatistics, drawn: Tensor) -> Tensor:
    """Return a code ``[k]`` made of standard normal numbers.

    A VAE says what to draw from: its prior, N(0, I). Of all others nobody knows; every unit is
    drawn for itself, with the mean and the spread that it has over training pictures.
    """
    if isinstance(network, VAE):
        return drawn
    return (statistics.mean + statistics.std * drawn).clamp(0, 1)


def _loss(network: Autoencoder, statistics: LatentStatistics, x: Tensor, code: Tensor) -> Loss:
    if isinstance(network, VAE):
        kl = network.encode(x).kl().sum().item()
        return Loss(-network.log_likelihood(x, code).item(), network.settings.beta * kl)
    error = (network.decode(code) - x).square().sum().item()
    if isinstance(network, SparseAutoencoder):
        if network.settings.penalty == "l1":
            return Loss(error, network.penalty(code).item())
        held = divergence(network.settings.rho, statistics.mean).sum().item()
        return Loss(error, network.weight * held)
    if isinstance(network, ContractiveAutoencoder):
        return Loss(error, network.penalty(code).item())
    return Loss(error, 0.0)


def with_noise(x: Tensor, sigma: float, seed: int) -> Tensor:
    """Return a picture ``[C, H, W]`` under Gaussian noise, clipped to [0, 1]."""
    rng = torch.Generator().manual_seed(seed)
    return make("gaussian", sigma)(x[None], rng)[0] if sigma else x


# --- what a browser needs beside the layers -------------------------------------------------------


@dataclass(frozen=True)
class Beside:
    """What a browser needs of a network beside its chain of layers, to write out the loss.

    Attributes:
        penalty: "none", "kl" (Ng), "l1", "jacobian" (Rifai), "divergence" (VAE).
        weight: λ or β.
        rho: ρ of "kl", else 0.
        mean, std: [k] of the codes of training pictures.
        variance: of a VAE, weight [k,h] and bias [k] of the layer that gives log σ²; the others
            have none.
    """

    penalty: str
    weight: float
    rho: float
    mean: Tensor
    std: Tensor
    variance: tuple[Tensor, Tensor] | None


def beside(network: Autoencoder, statistics: LatentStatistics) -> Beside:
    """Return what a browser needs of a network of one of the ``COLUMNS``.

    Raises:
        UnsupportedError: its last layer is not what a dense VAE has.
    """
    mean, std = statistics.mean, statistics.std
    if isinstance(network, VAE):
        last = network.encoder[-1]
        if not isinstance(last, torch.nn.Linear):
            raise UnsupportedError("This VAE's encoder does not end in a dense layer.")
        k = network.latent_size
        variance = last.weight.detach()[k:], last.bias.detach()[k:]
        return Beside("divergence", network.settings.beta, 0.0, mean, std, variance)
    if isinstance(network, SparseAutoencoder):
        settings = network.settings
        rho = settings.rho if settings.penalty == "kl" else 0.0
        return Beside(settings.penalty, network.weight, rho, mean, std, None)
    if isinstance(network, ContractiveAutoencoder):
        return Beside("jacobian", network.weight, 0.0, mean, std, None)
    return Beside("none", 0.0, 0.0, mean, std, None)
