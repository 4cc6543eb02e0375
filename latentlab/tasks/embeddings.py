"""Embed: lay many pictures out on a plane, and say what each plane keeps of them.

    pictures = choose(images, count=2000)
    embedding = embed_codes(model, pictures.tensor())
    embedding.points                            # [N,2]
    quality(embedding, pictures, seed=0)        # mse, 10-NN accuracy, trustworthiness

A plane is two numbers for every picture, however it was made, so all of them can be measured
alike: what the two numbers still say of the picture, of its class and of its neighbours. PCA is
the linear method that an encoder has to beat. It is fitted to the very pictures that are shown,
which an encoder has never seen: where the encoder wins, it wins against the stronger PCA.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import Images
from latentlab.errors import InputError
from latentlab.latents.projections import TSNEMap, projections
from latentlab.metrics import knn_accuracy_within, metrics, trustworthiness
from latentlab.models import Autoencoder

Points = NDArray[np.float32]  # [N,2]

NEIGHBOURS = 10  # of accuracy and trustworthiness
TRUST_LIMIT = 1000  # points compared for trustworthiness; time grows with their square
BATCH = 500


@dataclass(frozen=True, eq=False)
class Embedding:
    """Pictures on a plane.

    Attributes:
        points: [N,2] float32, in the order of the pictures.
        place: pictures [M,C,H,W] -> their points [M,2]; None where a new picture has no place.
        reconstruct: points [M,2] -> pictures [M,C,H,W] in [0,1], from these two numbers alone;
            None where there is no way back from the plane.
    """

    points: Points
    place: Callable[[Tensor], Points] | None
    reconstruct: Callable[[Points], Tensor] | None


@dataclass(frozen=True)
class Quality:
    """What a plane keeps.

    Attributes:
        mse: mean squared error of the pictures made from the points alone, pixels in [0,1];
            None where there is no way back.
        accuracy: share of points whose class most of their 10 nearest neighbours have.
        trustworthiness: how far neighbours on the plane are neighbours as pictures, 0 to 1.
        compared: how many points trustworthiness was measured on.
    """

    mse: float | None
    accuracy: float
    trustworthiness: float
    compared: int


def choose(images: Images, count: int, seed: int = 0) -> Images:
    """Return ``count`` pictures drawn at random, in the order of their ids.

    One seed gives growing sets: the pictures of a smaller count are among those of a larger one.

    Raises:
        InputError: there are not so many pictures.
    """
    if not 1 <= count <= len(images):
        raise InputError(f"{count} pictures cannot be drawn from {len(images)}.")
    rng = torch.Generator().manual_seed(seed)
    drawn = torch.randperm(len(images), generator=rng)[:count].sort().values.numpy()
    return Images(
        images=images.images[drawn],
        labels=images.labels[drawn],
        ids=images.ids[drawn],
        split=images.split,
        complete=images.complete and count == len(images),
    )


def embed_pca(x: Tensor) -> Embedding:
    """Return pictures [N,C,H,W] on the plane of their first two principal components.

    Raises:
        ShapeError, InputError: these are no pictures, or fewer than two.
    """
    with torch.inference_mode():
        pca = PrincipalComponents.fit(x, 2)
        points = pca.encode(x).numpy()
    return Embedding(
        points,
        place=lambda new: pca.encode(new).numpy(),
        reconstruct=lambda places: pca.decode(torch.from_numpy(places)),
    )


def embed_codes(model: Autoencoder, x: Tensor) -> Embedding:
    """Return pictures [N,C,H,W] where an encoder puts them.

    A code of two numbers is the point itself. A longer one is projected onto the first two
    principal components of the codes shown, and the way back decodes the point of that plane in
    the space of codes: what the decoder can make of two numbers.

    Raises:
        ShapeError: the pictures are not those of the model.
    """
    with torch.inference_mode():
        codes = _encode(model, x)  # [N,D]
        if model.latent_size == 2:
            mean, axes = torch.zeros(2), torch.eye(2)
        else:
            # PrincipalComponents takes pictures; a code is one of D channels and a single pixel.
            pca = PrincipalComponents.fit(codes[:, :, None, None], 2)
            mean, axes = pca.mean, pca.components  # [D], [2,D]
        points = ((codes - mean) @ axes.T).numpy()

    def place(new: Tensor) -> Points:
        with torch.inference_mode():
            placed: Points = ((_encode(model, new) - mean) @ axes.T).numpy()
            return placed

    def reconstruct(places: Points) -> Tensor:
        with torch.inference_mode():
            latents = mean + torch.from_numpy(places) @ axes
            parts = latents.reshape(-1, *model.latent_shape).split(BATCH)
            return torch.cat([model.decode(part) for part in parts])

    return Embedding(points, place, reconstruct)


def _encode(model: Autoencoder, x: Tensor) -> Tensor:
    return torch.cat([model.encode(part).mode().flatten(1) for part in x.split(BATCH)])


def embed_neighbours(name: str, x: Tensor, *, perplexity: float = 30.0, seed: int = 0) -> Embedding:
    """Return pictures [N,C,H,W] on a plane that keeps neighbours together.

    Args:
        name: "tsne" or "umap".
        x: pictures in [0,1].
        perplexity: about how many neighbours count; t-SNE alone has it.
        seed: of the random start.

    Raises:
        UnknownNameError: no such projection.
        UnsupportedError: its package is not installed.
        ShapeError, InputError: too few pictures, or all the same.
    """
    kind = projections.get(name)
    projection = TSNEMap(perplexity) if kind is TSNEMap else kind()
    flat = x.flatten(1).numpy()
    points = projection.fit_transform(flat, seed)

    def place(new: Tensor) -> Points:
        return projection.transform(new.flatten(1).numpy())

    return Embedding(points, place if kind.places_new else None, reconstruct=None)


def quality(embedding: Embedding, pictures: Images, seed: int = 0) -> Quality:
    """Return what a plane keeps of the pictures that it shows.

    Args:
        embedding: of exactly these pictures.
        pictures: at least 22 of them.
        seed: decides which points trustworthiness compares, where there are more than 1,000.

    Raises:
        ShapeError, InputError: the plane does not fit the pictures, or there are too few.
    """
    x = pictures.tensor()
    rng = torch.Generator().manual_seed(seed)
    with torch.inference_mode():
        mse = None
        if embedding.reconstruct is not None:
            errors = reconstruction_errors(embedding, x, np.arange(len(x)))
            mse = float(errors.mean())
        return Quality(
            mse,
            knn_accuracy_within(embedding.points, pictures.labels, k=NEIGHBOURS),
            trustworthiness(x.flatten(1), embedding.points, rng, NEIGHBOURS, TRUST_LIMIT),
            compared=min(len(x), TRUST_LIMIT),
        )


def reconstruction_errors(
    embedding: Embedding, x: Tensor, positions: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the mean squared error of every picture ``x`` [M,C,H,W] made from its point, [M].

    ``positions`` [M] says which points of the plane are those of ``x``.
    """
    assert embedding.reconstruct is not None
    mse = metrics.get("mse")
    errors = [
        mse(embedding.reconstruct(embedding.points[positions[start : start + BATCH]]), part)
        for start, part in zip(range(0, len(x), BATCH), x.split(BATCH), strict=True)
    ]
    return torch.cat(errors).numpy()
