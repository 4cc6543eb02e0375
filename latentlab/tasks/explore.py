"""Explore: what is decoded along the axes of a latent space, and which real pictures are near."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.data import Factor
from latentlab.errors import UnsupportedError
from latentlab.latents import directions
from latentlab.latents.spaces import Axis, Space, decode, draw, encode, linked_axes
from latentlab.metrics import metrics
from latentlab.models import (
    Autoencoder,
    Classifier,
    DiagonalGaussian,
    FactorClassifier,
    LatentModel,
)

NEIGHBOURS = 10  # that say which class a place on a plane belongs to
SURE = 0.95  # probability of a class from which on a classifier is said to be sure
SEARCHED, MOMENTS = 300, 8  # steps of a search for a code, and how many of them are kept
STARTS, RATE = 64, 0.1
FEW = 200  # pictures from which the usual distance to the nearest neighbour is estimated


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


@torch.inference_mode()
def share_sure(classifier: Classifier, pictures: Tensor) -> float:
    """Return of how many pictures ``[N,C,H,W]`` a classifier gives one class more than 95 %."""
    return float((classifier.class_probabilities(pictures).amax(1) > SURE).float().mean())


@dataclass(frozen=True)
class Reading:
    """What a classifier reads of one factor in two pictures.

    Attributes:
        factor: its name.
        before: the value, as the data set spells it, or a number with its unit.
        after: the same of the other picture.
        certainty: the probability of ``after``; None for a number.
        changed: whether the two differ; numbers, by more than a tenth of their range.
    """

    factor: str
    before: str
    after: str
    certainty: float | None
    changed: bool


@torch.inference_mode()
def what_moved(
    judge: FactorClassifier, factors: Sequence[Factor], before: Tensor, after: Tensor
) -> tuple[Reading, ...]:
    """Return what a classifier says of every factor in two pictures ``[C,H,W]``."""
    pair = torch.stack([before, after])
    values = directions.read(judge, pair)  # [2, F]
    differs = directions.differ(values[:1], values[1:], factors)[0]
    found = []
    heads = judge.factors(pair)
    for place, (factor, head) in enumerate(zip(factors, heads, strict=True)):
        one, other = values[:, place]
        choice = bool(factor.values)
        found.append(
            Reading(
                factor.name,
                factor.values[int(one)] if choice else f"{one:.1f} {factor.unit}",
                factor.values[int(other)] if choice else f"{other:.1f} {factor.unit}",
                float(head[1].softmax(0).amax()) if choice else None,
                bool(differs[place]),
            )
        )
    return tuple(found)


@torch.inference_mode()
def arithmetic(space: Space, a: Tensor, b: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Return the code z(a) - z(b) + z(c) ``[D]`` of pictures ``[C,H,W]``, and what it decodes to.

    Larsen et al. 2016, section 3.3, with one picture a side; they use means over many.

    Raises:
        UnsupportedError: the model cannot encode.
    """
    codes = encode(space, torch.stack([a, b, c]))
    z = codes[0] - codes[1] + codes[2]
    return z, decode(space, z[None])[0]


@dataclass(frozen=True)
class Search:
    """The way of a code, step by step, to that of a given picture.

    ``images[k]`` ``[K,C,H,W]`` is what the code ``codes[k]`` ``[K,D]`` draws after ``steps[k]``
    steps, and ``errors[k]`` its mean squared error.
    """

    steps: tuple[int, ...]
    codes: Tensor
    images: Tensor
    errors: tuple[float, ...]


def search(
    space: Space, picture: Tensor, seed: int, steps: int = SEARCHED
) -> Generator[float, None, Search]:
    """Look for the code that draws a picture ``[C,H,W]``, where no encoder gives one.

    Descends the squared error of what is decoded, by Adam from the nearest of 64 random codes, and
    yields the share that is done (Zhu et al. 2016, "Generative visual manipulation on the natural
    image manifold", eq. 5). Codes longer than those that the generator was trained with are pulled
    back to that length: out there it draws what it never had to draw well.

    Raises:
        UnsupportedError: these are principal components, which encode by themselves.
    """
    model = space.model
    if not isinstance(model, LatentModel):
        raise UnsupportedError("Principal components encode; nothing has to be searched for.")
    moments = sorted({round(steps * (k / (MOMENTS - 1)) ** 2) for k in range(MOMENTS)})
    with torch.inference_mode():
        drawn = draw(space, STARTS, seed)
        apart = (decode(space, drawn) - picture).flatten(1).square().mean(1)
        begin = drawn[int(apart.argmin())].clone()
    longest = float(space.size) ** 0.5
    with torch.inference_mode(False):
        target = picture.clone()[None]
        z = begin.clone().requires_grad_(True)
        adam = torch.optim.Adam([z], lr=RATE)
        codes = []
        for step in range(steps + 1):
            if step in moments:
                codes.append(z.detach().clone())
            if step == steps:
                break
            with torch.enable_grad():
                made = model.decode(z.reshape(1, *model.latent_shape))
                error = (made - target).square().mean()
                (z.grad,) = torch.autograd.grad(error, [z])
            for group in adam.param_groups:
                group["lr"] = RATE * (1 - step / steps)
            adam.step()
            with torch.no_grad():
                z.mul_(min(1.0, longest / float(z.norm())))
            if step % 5 == 0:
                yield step / steps
    with torch.inference_mode():
        path = torch.stack(codes)
        images = decode(space, path)
        errors = (images - picture).flatten(1).square().mean(1)
    return Search(tuple(moments), path, images, tuple(errors.tolist()))


@dataclass(frozen=True)
class Cloud:
    """The codes that a VAE gives one picture, q(z | x) = N(μ, σ²), and draws of them."""

    mean: Tensor  # [D] μ
    std: Tensor  # [D] σ
    nats: Tensor  # [D] KL divergence from N(0, 1)
    codes: Tensor  # [N,D] draws
    images: Tensor  # [N,C,H,W] what they decode to


@torch.inference_mode()
def cloud(space: Space, picture: Tensor, n: int, seed: int) -> Cloud:
    """Return the cloud of codes of a picture ``[C,H,W]``.

    Raises:
        UnsupportedError: the model has no encoder, or gives a picture one code.
    """
    model = space.model
    posterior = model.encode(picture[None]) if isinstance(model, Autoencoder) else None
    if not isinstance(posterior, DiagonalGaussian):
        raise UnsupportedError(
            "This model has no cloud of codes for a picture.", "A VAE has one: choose that."
        )
    mean, std = posterior.mean.flatten(), (0.5 * posterior.log_variance).exp().flatten()
    rng = torch.Generator().manual_seed(seed)
    codes = mean + std * torch.randn(n, len(mean), generator=rng)
    return Cloud(mean, std, posterior.kl()[0], codes, decode(space, codes))


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
        side: S, cells along a side; a cell is classified at its middle.
    """
    from sklearn.neighbors import KNeighborsClassifier

    middle = (np.arange(side) + 0.5) / side
    across = low[0] + middle * (high[0] - low[0])
    down = high[1] - middle * (high[1] - low[1])
    rows, columns = np.meshgrid(down, across, indexing="ij")
    classifier = KNeighborsClassifier(min(NEIGHBOURS, len(codes))).fit(codes.numpy(), labels)
    votes = classifier.predict_proba(np.stack([columns, rows], -1).reshape(-1, 2))  # [S·S, classes]
    return Regions(
        classifier.classes_[votes.argmax(1)].reshape(side, side),
        votes.max(1).astype(np.float32).reshape(side, side),
    )
