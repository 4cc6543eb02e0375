"""Latent spaces: what decodes a code, and where the codes of the data lie.

    space = network_space(model, statistics)              # or linear_space(components, pictures)
    z = draw(space, 1, seed=3)[0]                         # or encode(space, picture[None])[0]
    x = decode(space, z[None])[0]

Codes are flat here, ``[D]``, whatever the model's own latent shape. A space belongs to a network
or to principal components, its classical counterpart: every function takes either.
"""

from dataclasses import dataclass, fields
from typing import Literal

import torch
from torch import Tensor

from latentlab.baselines.pca import PrincipalComponents
from latentlab.errors import BadConfig, ShapeError, UnsupportedError
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import Autoencoder, LatentModel

Kind = Literal["dimensions", "directions", "attributes"]


DrawnBy = Literal["network", "pca"]


Source = Literal["normal", "fitted"]


BATCH = 250


MOST_SLIDERS = 64  # a code with more numbers has sliders along its principal directions only


PRIOR_REACH = 2.326  # 1 % and 99 % quantiles of the standard normal prior


@dataclass(frozen=True)
class Space:
    """A latent space: what decodes its codes, and where the codes of the data lie in it.

    ``attributes`` are lines along which one thing changes that people have a word for, if any are
    known; `latents.directions` finds such.
    """

    model: LatentModel | PrincipalComponents
    statistics: LatentStatistics
    attributes: "tuple[Axis, ...]" = ()

    @property
    def size(self) -> int:
        """D, how many numbers a code has."""
        return len(self.statistics.mean)

    @property
    def has_prior(self) -> bool:
        """Whether training made the codes follow a standard normal distribution."""
        return isinstance(self.model, LatentModel) and self.model.has_prior

    @property
    def can_encode(self) -> bool:
        """Whether a given picture has a code."""
        return isinstance(self.model, Autoencoder | PrincipalComponents)


@dataclass(frozen=True)
class Axis:
    """One slider: a line through the latent space.

    A code z stands at ``direction · (z - origin)`` on it. ``low`` and ``high`` hold 98 % of the
    data. ``weight`` says how much the axis matters, in ``unit``: nats of KL divergence, or a share
    of the whole from 0 to 1 (for principal components, of the pictures' variance: those left out
    have their part of it), or of pictures whose attribute switches; NaN where nothing has been
    measured.
    """

    name: str
    direction: Tensor  # [D], unit length
    origin: Tensor  # [D]
    low: float
    high: float
    weight: float
    unit: Literal["nats", "share", "switches"]

    def coordinate(self, z: Tensor) -> float:
        """Return where the code ``[D]`` stands on this axis."""
        return float(self.direction @ (z - self.origin))

    def move(self, z: Tensor, to: float) -> Tensor:
        """Return the code ``[D]`` moved along this axis alone until it stands at ``to``."""
        return z + (to - self.coordinate(z)) * self.direction


def network_space(
    model: LatentModel, statistics: LatentStatistics, attributes: "tuple[Axis, ...]" = ()
) -> Space:
    """Return the latent space of a network; ``attributes`` as `Space` says.

    Raises:
        ShapeError: the statistics belong to a model of another size.
        BadConfig: they hold values that are no numbers.
    """
    size, kept = model.latent_size, len(statistics.direction_std)
    for field in fields(statistics):
        tensor: Tensor = getattr(statistics, field.name)
        expected = {"directions": [size, kept], "direction_std": [kept]}.get(field.name, [size])
        if list(tensor.shape) != expected:
            raise ShapeError(f"The codes' {field.name}", expected, list(tensor.shape))
        if not bool(tensor.isfinite().all()):
            raise BadConfig(f"The codes' {field.name} holds values that are no numbers.")
    return Space(model, statistics, attributes)


def linear_space(components: PrincipalComponents, pictures: Tensor) -> Space:
    """Return the space that principal components span, with the codes of pictures [N,C,H,W]."""
    codes = components.encode(pictures)  # [N,K]
    low, high = torch.quantile(codes, torch.tensor([0.01, 0.99]), dim=0)
    std = components.variance.sqrt()
    return Space(
        components,
        LatentStatistics(
            mean=torch.zeros(components.k),
            std=std,
            low=low,
            high=high,
            importance=components.variance,
            directions=torch.eye(components.k)[:, :MOST_SLIDERS],
            direction_std=std[:MOST_SLIDERS],
        ),
    )


def axes(space: Space, kind: Kind) -> tuple[Axis, ...]:
    """Return the sliders of a space, the one that matters most first.

    "dimensions": one for every number of the code; by KL divergence for a VAE, by the slope of the
    first layer for a GAN, by variance for others. "directions": the principal directions of the
    codes, through their mean, three standard deviations either way; for a GAN those along which
    the first layer changes most (SeFa: Shen & Zhou 2021). "attributes": those of the space.
    """
    if kind == "attributes":
        return space.attributes
    s = space.statistics
    linear = space.model if isinstance(space.model, PrincipalComponents) else None
    if kind == "directions":
        total = linear.total_variance if linear else float(s.std.square().sum())
        measured = space.can_encode  # a prior is equally wide in all directions
        return tuple(
            Axis(
                name=f"direction {i + 1}",
                direction=s.directions[:, i],
                origin=s.mean,
                low=-3 * float(std),
                high=3 * float(std),
                weight=float(std) ** 2 / total if measured else float("nan"),
                unit="share",
            )
            for i, std in enumerate(s.direction_std)
        )
    low, high = s.low, s.high
    if space.has_prior:
        # The codes of an unused dimension all lie at zero; its slider shows better over the prior
        # that it does nothing.
        low, high = low.clamp(max=-PRIOR_REACH), high.clamp(min=PRIOR_REACH)
    in_nats = isinstance(space.model, LatentModel) and space.model.importance_unit == "nats"
    weights = s.importance if in_nats else s.importance / s.importance.sum()
    if linear is not None:
        weights = linear.shares
    units = torch.eye(space.size)
    origin = torch.zeros(space.size)
    return tuple(
        Axis(
            name=f"z{_subscript(i + 1)}",
            direction=units[i],
            origin=origin,
            low=float(low[i]),
            high=float(high[i]),
            weight=float(weights[i]),
            unit="nats" if in_nats else "share",
        )
        for i in s.importance.argsort(descending=True).tolist()
    )


def kinds(space: Space) -> tuple[Kind, ...]:
    """Return the kinds of sliders that a space can have: a very long code has no dimensions."""
    found: tuple[Kind, ...] = ("dimensions", "directions")
    if space.size > MOST_SLIDERS:
        found = ("directions",)
    return (*found, "attributes") if space.attributes else found


def linked_axes(space: Space) -> tuple[Axis, ...]:
    """Return the axes along which a link holds a code: all its numbers in order, if they are few.

    They are at right angles, so that moving a start along each in turn reaches the code.
    """
    if "dimensions" not in kinds(space):
        return axes(space, "directions")
    return tuple(sorted(axes(space, "dimensions"), key=lambda axis: int(axis.direction.argmax())))


def _subscript(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


@torch.inference_mode()
def decode(space: Space, z: Tensor) -> Tensor:
    """Return pictures ``[B,C,H,W]`` in [0,1] of codes ``[B,D]``.

    Raises:
        ShapeError: the codes have another size.
    """
    if z.ndim != 2 or z.shape[1] != space.size:
        raise ShapeError("The codes", ["B", space.size], list(z.shape))
    if isinstance(space.model, PrincipalComponents):
        return space.model.decode(z)
    return torch.cat(
        [space.model.decode(part.reshape(-1, *space.model.latent_shape)) for part in z.split(BATCH)]
    )


@torch.inference_mode()
def encode(space: Space, x: Tensor) -> Tensor:
    """Return the most probable codes ``[B,D]`` of pictures ``[B,C,H,W]`` in [0,1].

    Raises:
        UnsupportedError: the model cannot encode.
        ShapeError: the pictures have not the model's shape.
    """
    if isinstance(space.model, PrincipalComponents):
        return space.model.encode(x)
    if not isinstance(space.model, Autoencoder):
        raise UnsupportedError(
            f"A {type(space.model).title.lower()} has no encoder: a given picture has no code.",
            "Start from a random draw, or choose a model that encodes.",
        )
    model = space.model
    return torch.cat([model.encode(part).mode().flatten(1) for part in x.split(BATCH)])


@torch.inference_mode()
def draw_from(space: Space, source: Source, n: int, seed: int) -> Tensor:
    """Return ``n`` random codes, ``[n,D]``, whatever the model learnt to draw from.

    "normal": of N(0, I), right for a VAE or a GAN. "fitted": of the Gaussian fitted to the codes of
    the data, within its principal directions.
    """
    rng = torch.Generator().manual_seed(seed)
    if source == "normal":
        return torch.randn(n, space.size, generator=rng)
    return space.statistics.draw(n, rng)


@torch.inference_mode()
def draw(space: Space, n: int, seed: int) -> Tensor:
    """Return ``n`` random codes, ``[n,D]``.

    Of a VAE or a GAN they follow the prior. Nothing else has one: there they follow the Gaussian
    fitted to the codes of the data, within its principal directions.
    """
    rng = torch.Generator().manual_seed(seed)
    if isinstance(space.model, LatentModel) and space.model.has_prior:
        return space.model.sample_prior(n, rng).flatten(1)
    return space.statistics.draw(n, rng)
