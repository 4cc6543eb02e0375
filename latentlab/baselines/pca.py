"""Principal components: the baseline of every autoencoder with as many dimensions.

Of all linear encoders and decoders they have the least squared error.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn

from latentlab.errors import InputError, ShapeError

EXACT_UP_TO = 2048  # pixels times channels; an eigendecomposition of this size takes seconds


@dataclass(frozen=True)
class PrincipalComponents:
    """A linear encoder and decoder: the baseline of an autoencoder with as many dimensions.

    Pearson (1901): of all K-dimensional affine subspaces this one has the least mean squared
    distance from the data that it was fitted to.

    Attributes:
        image_shape: (C,H,W), with D = C·H·W.
        mean: [D] float32.
        components: [K,D] float32, orthonormal rows in the order of falling variance.
        variance: [K] float32, of the data along each component.
        total_variance: of the data in all D directions, those left out included.
    """

    image_shape: tuple[int, int, int]
    mean: Tensor
    components: Tensor
    variance: Tensor
    total_variance: float

    @property
    def shares(self) -> Tensor:
        """The share of the data's variance along each component, ``[K]``.

        What scikit-learn calls ``explained_variance_ratio_``; less than 1 in all, as the directions
        that were left out have their part.
        """
        # Pictures that are all the same vary in no direction.
        return self.variance / max(self.total_variance, torch.finfo(torch.float32).tiny)

    @classmethod
    def fit(cls, images: Tensor, k: int, seed: int = 0) -> Self:
        """Return the first ``k`` principal components of images [N,C,H,W] in [0,1].

        ``seed`` matters for large pictures only: see `principal_components`.

        Raises:
            ShapeError: the images are not [N,C,H,W].
            InputError: ``k`` is not from 1 to min(N, D).
        """
        if images.ndim != 4:
            raise ShapeError("A batch of pictures", "[B,C,H,W]", list(images.shape))
        flat = images.detach().cpu().flatten(1)
        count, dimensions = flat.shape
        if not 1 <= k <= min(count, dimensions):
            raise InputError(
                f"{k} principal components cannot be had from {count} pictures of"
                f" {dimensions} values.",
                f"Ask for 1 to {min(count, dimensions)}.",
            )
        mean, components, variance = principal_components(flat.float(), k, seed)
        channels, height, width = images.shape[1:]
        # In float64: a sum over pixels of squares that are nearly all small.
        total = float(flat.double().var(dim=0, correction=min(1, count - 1)).sum())
        return cls((channels, height, width), mean, components, variance, total)

    @property
    def k(self) -> int:
        """The number of components."""
        return len(self.components)

    def encode(self, x: Tensor) -> Tensor:
        """Return codes [B,K] of pictures [B,C,H,W]; their coordinates along the components.

        Raises:
            ShapeError: the pictures have another shape than the components.
        """
        if tuple(x.shape[1:]) != self.image_shape:
            raise ShapeError("A batch of pictures", ["B", *self.image_shape], list(x.shape))
        return (x.flatten(1) - self.mean) @ self.components.T

    def decode(self, z: Tensor) -> Tensor:
        """Return pictures [B,C,H,W] of codes [B,K], clipped to [0,1].

        Clipping can only lower the error, as pictures lie in [0,1].

        Raises:
            ShapeError: the codes are not [B,K].
        """
        if z.ndim != 2 or z.shape[1] != self.k:
            raise ShapeError("The codes", ["B", self.k], list(z.shape))
        x = self.mean + z @ self.components
        return x.clamp(0, 1).reshape(len(z), *self.image_shape)

    @property
    def latent_shape(self) -> tuple[int]:
        """Shape of one code, (K,)."""
        return (self.k,)

    def decoder_layers(self) -> list[nn.Module]:
        """Return what `decode` does as layers of a network: linear, clipped, an image."""
        linear = nn.Linear(*self.components.shape)
        linear.weight = nn.Parameter(self.components.T, requires_grad=False)
        linear.bias = nn.Parameter(self.mean, requires_grad=False)
        return [linear, nn.Hardtanh(0, 1), nn.Unflatten(1, self.image_shape)]

    def reconstruct(self, x: Tensor) -> Tensor:
        """Return pictures [B,C,H,W] in [0,1], encoded and decoded."""
        return self.decode(self.encode(x))

    def truncate(self, k: int) -> Self:
        """Return the first ``k`` components alone: the same as fitting ``k``.

        Raises:
            InputError: ``k`` is not from 1 to the number of components.
        """
        if not 1 <= k <= self.k:
            raise InputError(
                f"There are {self.k} principal components, not {k}.", f"Ask for 1 to {self.k}."
            )
        return type(self)(
            self.image_shape,
            self.mean,
            self.components[:k],
            self.variance[:k],
            self.total_variance,
        )


def principal_components(rows: Tensor, k: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return mean [D], components [K,D] and variances [K], float32, of rows [N,D] float32.

    Up to D = 2048 exact, by the eigendecomposition of the covariance; above that by randomised
    SVD (Halko, Martinsson & Tropp 2011), the only use of ``seed``. Needs 1 ≤ k ≤ min(N, D). The
    sign of a component is free; its entry of largest magnitude is made positive.
    """
    if rows.shape[1] <= EXACT_UP_TO:
        # scikit-learn does the same, but its import takes longer than the work.
        mean = rows.mean(dim=0, dtype=torch.float64).float()
        scatter = torch.zeros(rows.shape[1], rows.shape[1], dtype=torch.float64)
        for part in torch.split(rows, 4096):  # products in float32, their sum in float64
            centred = part - mean
            scatter += centred.T @ centred
        variances, directions = torch.linalg.eigh(scatter / max(len(rows) - 1, 1))
        components, variance = directions.T.flip(0)[:k], variances.flip(0)[:k].clamp(min=0)
    else:
        from sklearn.decomposition import PCA

        pca = PCA(k, svd_solver="randomized", random_state=seed).fit(rows.numpy())
        mean, components, variance = (
            torch.from_numpy(np.asarray(found))
            for found in (pca.mean_, pca.components_, pca.explained_variance_)
        )
    largest = components.gather(1, components.abs().argmax(dim=1, keepdim=True))  # [K,1]
    return mean.float(), (components * largest.sign()).float(), variance.float()
