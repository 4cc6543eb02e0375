"""The classical generator of pictures of a class: a Gaussian on principal components.

It is fitted to the same few pictures that a conditional GAN learns from.
"""

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

COMPONENTS = 64
SHRINKAGE = 0.1  # towards the pooled covariance: a class of ten pictures has none of its own


@dataclass(frozen=True)
class ClassGaussians:
    """One Gaussian a class, N(mean, root rootᵀ), in pixels.

    Attributes:
        image_shape: (C, H, W), with D = C·H·W.
        means: ``[K, D]``.
        roots: ``[K, R, D]``: rows whose outer products add up to the covariance of the class.
    """

    image_shape: tuple[int, int, int]
    means: Tensor
    roots: Tensor

    @classmethod
    def fit(cls, x: Tensor, labels: Tensor, classes: int) -> Self:
        """Return the Gaussians of pictures ``[N, C, H, W]`` in [0, 1] with labels ``[N]``.

        Σ_k = (1 - s) S_k + s S, with S_k the covariance of class k, S that of all classes together
        around their own means (Friedman 1989, "Regularized discriminant analysis", eq. 7), both on
        the first 64 principal components of the pictures around the means of their classes.
        """
        flat = x.flatten(1)
        means = torch.stack([flat[labels == k].mean(0) for k in range(classes)])
        rest = flat - means[labels]
        size = min(COMPONENTS, len(x) - classes, flat.shape[1])
        _, _, axes = torch.linalg.svd(rest, full_matrices=False)
        axes = axes[:size]  # [R, D]
        codes = rest @ axes.T
        pooled = codes.T @ codes / len(codes)
        roots = []
        for k in range(classes):
            own = codes[labels == k]
            covariance = (1 - SHRINKAGE) * own.T @ own / len(own) + SHRINKAGE * pooled
            values, vectors = torch.linalg.eigh(covariance)
            roots.append((vectors * values.clamp(min=0).sqrt()).T @ axes)
        shape = (int(x.shape[1]), int(x.shape[2]), int(x.shape[3]))
        return cls(shape, means, torch.stack(roots))

    def sample(self, labels: Tensor, rng: torch.Generator) -> Tensor:
        """Return a picture of each class in ``labels`` ``[B]``, ``[B, C, H, W]`` in [0, 1]."""
        steps = torch.randn(len(labels), self.roots.shape[1], generator=rng).to(self.means)
        flat = self.means[labels] + torch.einsum("br,brd->bd", steps, self.roots[labels])
        return flat.clamp(0, 1).view(-1, *self.image_shape)
