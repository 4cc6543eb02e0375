"""Small pictures made large without a network."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.errors import InputError, ShapeError
from latentlab.registry import Registry

ROUNDS = 10  # of back-projection; a hundred change the PSNR by less than .01 dB


@dataclass(frozen=True)
class ClassicalEnlarger:
    """A classical way to more pixels that knows nothing of any data set.

    Attributes:
        label: what people call it.
        paper: where it comes from.
        enlarge: (small pictures ``[B, C, h, w]`` in [0, 1], factor) -> ``[B, C, h·f, w·f]`` in
            [0, 1].
    """

    label: str
    paper: str
    enlarge: Callable[[Tensor, int], Tensor]

    def __call__(self, small: Tensor, factor: int) -> Tensor:
        """Return small pictures ``[B, C, h, w]`` in [0, 1], ``factor`` times as wide and high."""
        return self.enlarge(small, factor)


def back_project(large: Tensor, small: Tensor, factor: int) -> Tensor:
    """Return large pictures mended until their means over squares are the small one's pixels.

    Irani & Peleg 1991: what is missing is added, enlarged by bicubic interpolation.
    """
    for _ in range(ROUNDS):
        missing = small - F.avg_pool2d(large, factor)
        mend = F.interpolate(missing, scale_factor=factor, mode="bicubic", align_corners=False)
        large = (large + mend).clamp(0, 1)
    return large


def _bicubic(small: Tensor, factor: int) -> Tensor:
    large = F.interpolate(small, scale_factor=factor, mode="bicubic", align_corners=False)
    return large.clamp(0, 1)


def _back_projected(small: Tensor, factor: int) -> Tensor:
    return back_project(_bicubic(small, factor), small, factor)


classical_enlargers: Registry[ClassicalEnlarger] = Registry("way to enlarge")
classical_enlargers.add(
    "bicubic",
    ClassicalEnlarger("Bicubic", "Keys 1981, 10.1109/TASSP.1981.1163711", _bicubic),
)
classical_enlargers.add(
    "back_projection",
    ClassicalEnlarger(
        "Bicubic, back-projected",
        "Irani & Peleg 1991, 10.1016/1049-9652(91)90045-L",
        _back_projected,
    ),
)


FITTED = 100_000  # patches that the middles of clusters are found from
RIDGE = 1.0  # added to the diagonal: a small cluster has few patches
AT_ONCE = 1 << 20  # distances between patches and middles that are held at a time


@dataclass(frozen=True)
class PatchRegression:
    """A linear map for each sort of patch, learnt from a training split: no network, but trained.

    Yang & Yang 2013, "Fast direct super-resolution by simple functions" (ICCV): small patches are
    sorted by k-means, and each cluster has its own least squares from a small patch to the square
    of large pixels below its middle; then the picture is back-projected.

    Attributes:
        factor: of enlargement, f.
        size: s, the side of a small patch in pixels, odd.
        middles: ``[K, C·s·s]``.
        maps: ``[K, C·s·s + 1, C·f·f]``; the last row is the constant.
    """

    factor: int
    size: int
    middles: Tensor
    maps: Tensor

    @classmethod
    def fit(cls, x: Tensor, factor: int, size: int, clusters: int, seed: int = 0) -> Self:
        """Return the maps learnt from pictures ``[N, C, H, W]`` in [0, 1].

        Raises:
            InputError: there are fewer patches than clusters.
        """
        from sklearn.cluster import MiniBatchKMeans

        patches = _patches(F.avg_pool2d(x, factor), size)
        if len(patches) < clusters:
            raise InputError(f"{len(patches)} patches make no {clusters} clusters.")
        squares = F.pixel_unshuffle(x, factor).flatten(2).transpose(1, 2).flatten(0, 1)
        rng = torch.Generator().manual_seed(seed)
        chosen = torch.randperm(len(patches), generator=rng)[:FITTED]
        found = MiniBatchKMeans(clusters, random_state=seed, n_init=1, batch_size=4096)
        found.fit(patches[chosen].numpy())
        middles = torch.from_numpy(found.cluster_centers_).float()
        known = torch.cat([patches, torch.ones(len(patches), 1)], 1).double()
        of = _nearest(patches, middles)
        weight = RIDGE * torch.eye(known.shape[1], dtype=torch.float64)
        maps = []
        for k in range(clusters):
            a, y = known[of == k], squares[of == k].double()
            maps.append(torch.linalg.solve(a.T @ a + weight, a.T @ y).float())
        return cls(factor, size, middles, torch.stack(maps))

    def __call__(self, small: Tensor, factor: int) -> Tensor:
        """Return small pictures ``[B, C, h, w]`` in [0, 1], enlarged, in [0, 1].

        Raises:
            InputError: another factor than it was fitted for.
            ShapeError: other channels than those.
        """
        if factor != self.factor:
            raise InputError(f"This was fitted to enlarge by {self.factor}, not by {factor}.")
        channels = self.middles.shape[1] // self.size**2
        if small.ndim != 4 or small.shape[1] != channels:
            raise ShapeError("Small pictures", ["B", channels, "h", "w"], list(small.shape))
        patches = _patches(small, self.size)
        of = _nearest(patches, self.middles)
        known = torch.cat([patches, torch.ones(len(patches), 1)], 1)
        squares = torch.zeros(len(patches), self.maps.shape[2])
        for k in of.unique().tolist():
            squares[of == k] = known[of == k] @ self.maps[k]
        maps = squares.unflatten(0, (len(small), -1)).transpose(1, 2)
        large = F.pixel_shuffle(maps.unflatten(2, small.shape[2:]), factor)
        return back_project(large.clamp(0, 1), small, factor)


def _patches(small: Tensor, size: int) -> Tensor:
    """Return the patch around every pixel, ``[B·h·w, C·size·size]``, borders repeated."""
    padded = F.pad(small, (size // 2,) * 4, mode="replicate")
    return F.unfold(padded, size).transpose(1, 2).flatten(0, 1)


def _nearest(patches: Tensor, middles: Tensor) -> Tensor:
    """Return the number of the nearest middle for each patch."""
    step = max(1, AT_ONCE // len(middles))
    return torch.cat([torch.cdist(part, middles).argmin(1) for part in patches.split(step)])
