"""Explore: move through a latent space, and see what is decoded there.

    space = network_space(model, statistics)              # or linear_space(components, pictures)
    z = draw(space, 1, seed=3)[0]                         # or encode(space, picture[None])[0]
    x = decode(space, z[None])[0]

Codes are flat here, ``[D]``, whatever the model's own latent shape. A space belongs to a network
or to principal components, its classical counterpart: every function takes either.
"""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.checkpoints import LatentStatistics
from latentlab.classical import PrincipalComponents
from latentlab.errors import BadConfig, ShapeError, UnsupportedError
from latentlab.metrics import metrics
from latentlab.models import GAN, VAE, Autoencoder, LatentModel

Kind = Literal["dimensions", "directions"]
DrawnBy = Literal["network", "pca"]

BATCH = 250
MOST_SLIDERS = 64  # a code with more numbers has sliders along its principal directions only
PRIOR_REACH = 2.326  # 1 % and 99 % quantiles of the standard normal prior
NEIGHBOURS = 10  # that say which class a place on a plane belongs to
FEW = 200  # pictures from which the usual distance to the nearest neighbour is estimated


@dataclass(frozen=True)
class Space:
    """A latent space: what decodes its codes, and where the codes of the data lie in it."""

    model: LatentModel | PrincipalComponents
    statistics: LatentStatistics

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
    of the whole from 0 to 1; NaN where nothing has been measured.
    """

    name: str
    direction: Tensor  # [D], unit length
    origin: Tensor  # [D]
    low: float
    high: float
    weight: float
    unit: Literal["nats", "share"]

    def coordinate(self, z: Tensor) -> float:
        """Return where the code ``[D]`` stands on this axis."""
        return float(self.direction @ (z - self.origin))

    def move(self, z: Tensor, to: float) -> Tensor:
        """Return the code ``[D]`` moved along this axis alone until it stands at ``to``."""
        return z + (to - self.coordinate(z)) * self.direction


@dataclass(frozen=True)
class Traversal:
    """Pictures along axes, the rest of the code held: ``images[r, c]`` at ``values[r, c]``."""

    names: tuple[str, ...]
    values: Tensor  # [R, C]
    images: Tensor  # [R, C, channels, H, W]


@dataclass(frozen=True)
class Neighbour:
    """The nearest of some points.

    ``usual`` is the median distance from one of those points to its own nearest, to compare with.
    """

    index: int
    distance: float  # Euclidean
    usual: float


@dataclass(frozen=True)
class Reconstruction:
    """A picture encoded and decoded, ``[C,H,W]``, with its mean squared error."""

    image: Tensor
    mse: float


def network_space(model: LatentModel, statistics: LatentStatistics) -> Space:
    """Return the latent space of a network.

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
    return Space(model, statistics)


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
    the first layer changes most (SeFa: Shen & Zhou 2021).
    """
    s = space.statistics
    if kind == "directions":
        total = float(s.std.square().sum())
        measured = not isinstance(space.model, GAN)  # a prior is equally wide in all directions
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
    in_nats = isinstance(space.model, VAE)
    weights = s.importance if in_nats else s.importance / s.importance.sum()
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
    return ("directions",) if space.size > MOST_SLIDERS else ("dimensions", "directions")


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
def draw(space: Space, n: int, seed: int) -> Tensor:
    """Return ``n`` random codes, ``[n,D]``.

    Of a VAE or a GAN they follow the prior. Nothing else has one: there they follow the Gaussian
    fitted to the codes of the data, within its principal directions.
    """
    rng = torch.Generator().manual_seed(seed)
    if isinstance(space.model, LatentModel) and space.model.has_prior:
        return space.model.sample_prior(n, rng).flatten(1)
    return space.statistics.draw(n, rng)


@torch.inference_mode()
def traverse(space: Space, z: Tensor, along: tuple[Axis, ...], columns: int) -> Traversal:
    """Return pictures from the low to the high end of each axis, around the code ``z`` ``[D]``."""
    places = torch.linspace(0, 1, columns)
    values = torch.stack([axis.low + places * (axis.high - axis.low) for axis in along])  # [R,C]
    codes = torch.stack(
        [axis.move(z, to) for axis, row in zip(along, values.tolist(), strict=True) for to in row]
    )  # [R·C, D]
    images = decode(space, codes)
    return Traversal(
        tuple(axis.name for axis in along),
        values,
        images.reshape(len(along), columns, *images.shape[1:]),
    )


@torch.inference_mode()
def nearest(points: Tensor, point: Tensor, usual: float) -> Neighbour:
    """Return which of ``points`` ``[N,D]`` lies nearest to ``point`` ``[D]``.

    ``usual`` is what ``usual_distance(points)`` gives, computed once.
    """
    distances = (points - point).square().sum(1)
    index = int(distances.argmin())
    return Neighbour(index, float(distances[index].sqrt()), usual)


@torch.inference_mode()
def usual_distance(points: Tensor) -> float:
    """Return the median Euclidean distance of a point to the nearest other one.

    Over the first 200 of ``points`` ``[N,D]``, each looked up among all of them.
    """
    some = min(FEW, len(points))
    distances = torch.cdist(points[:some], points)  # [some,N]
    distances[torch.arange(some), torch.arange(some)] = torch.inf
    return float(distances.amin(1).median())


@torch.inference_mode()
def reconstruct(space: Space, picture: Tensor) -> Reconstruction:
    """Return a picture ``[C,H,W]`` encoded and decoded. Errors as ``encode``."""
    image = decode(space, encode(space, picture[None]))
    return Reconstruction(image[0], float(metrics.get("mse")(image, picture[None])))


@dataclass(frozen=True)
class Plane:
    """A two-dimensional latent space, decoded on a grid.

    ``images[r, c]`` ``[S,S,C,H,W]``: the first row at the top, where z₂ is highest. Each picture
    stands in the middle of its cell; the cells fill ``low`` to ``high``.
    """

    low: tuple[float, float]
    high: tuple[float, float]
    images: Tensor


def plane_bounds(space: Space) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the low and the high corner of a plane a little wider than the data.

    Raises:
        UnsupportedError: the space has not two dimensions.
    """
    if space.size != 2:
        raise UnsupportedError(f"A space of {space.size} dimensions is no plane.", "")
    x, y = linked_axes(space)
    across, up = 0.1 * (x.high - x.low), 0.1 * (y.high - y.low)
    return (x.low - across, y.low - up), (x.high + across, y.high + up)


@torch.inference_mode()
def plane(space: Space, side: int) -> Plane:
    """Return the latent plane of a space with two dimensions, a little wider than the data.

    Raises:
        UnsupportedError: the space has not two dimensions.
    """
    low, high = plane_bounds(space)
    middle = (torch.arange(side) + 0.5) / side
    across = low[0] + middle * (high[0] - low[0])
    down = high[1] - middle * (high[1] - low[1])
    rows, columns = torch.meshgrid(down, across, indexing="ij")
    images = decode(space, torch.stack([columns, rows], dim=-1).reshape(-1, 2))
    return Plane(low, high, images.reshape(side, side, *images.shape[1:]))


@dataclass(frozen=True)
class Regions:
    """Which class the codes around each cell of a plane have, first row at the top, ``[S,S]``."""

    labels: NDArray[np.int64]
    shares: NDArray[np.float32]  # of the neighbours that have that class, above 0 and up to 1


def class_regions(
    codes: Tensor,
    labels: NDArray[np.int64],
    low: tuple[float, float],
    high: tuple[float, float],
    side: int,
) -> Regions:
    """Return the majority among the nearest codes of every cell (k nearest neighbours, k = 10).

    Args:
        codes: [N,2] of pictures.
        labels: [N] their classes.
        low: lower left corner of the plane.
        high: upper right corner.
        side: S, cells along a side; a cell is judged at its middle.
    """
    from sklearn.neighbors import KNeighborsClassifier

    middle = (np.arange(side) + 0.5) / side
    across = low[0] + middle * (high[0] - low[0])
    down = high[1] - middle * (high[1] - low[1])
    rows, columns = np.meshgrid(down, across, indexing="ij")
    judge = KNeighborsClassifier(min(NEIGHBOURS, len(codes))).fit(codes.numpy(), labels)
    votes = judge.predict_proba(np.stack([columns, rows], -1).reshape(-1, 2))  # [S·S, classes]
    return Regions(
        judge.classes_[votes.argmax(1)].reshape(side, side),
        votes.max(1).astype(np.float32).reshape(side, side),
    )
