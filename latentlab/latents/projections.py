"""Projections: maps of many-dimensional points to the plane.

Each is a class in scikit-learn's manner: hyperparameters in the constructor, data in
``fit_transform``, what was learned in attributes that end in ``_``. The encoders of
two-dimensional models are maps too, and so are principal components (`latentlab.baselines.pca`);
they need no class here, since they only encode.

    >>> points = projections.get("tsne")().fit_transform(x, seed=0)  # [N,2]
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib.util import find_spec
from threading import Lock
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError, ShapeError, UnsupportedError
from latentlab.registry import Registry

Points = NDArray[np.float32]
Progress = Callable[[float], None]  # called with the share done, 0 to 1

FEWEST = 5  # fewer points do not make a map
SMALL, LARGE = 1e-3, 1e6  # sizes of points that are taken as they are
FARTHEST = 1e6  # where new points are laid that lie farther out, in units of the spread


class Projection(ABC):
    """A way to put points on a plane.

    Attributes:
        label: what people call it.
        paper: where it comes from.
        places_new: whether `transform` can add points to a map once made.
    """

    label: ClassVar[str]
    paper: ClassVar[str]
    places_new: ClassVar[bool]

    @classmethod
    @abstractmethod
    def available(cls) -> bool:
        """Whether the packages that it needs are installed; imports none of them."""

    @final
    def fit_transform(self, x: Points, seed: int, progress: Progress | None = None) -> Points:
        """Return a map [N,2] float32 of points ``x`` [N,D] float32; remembers it for `transform`.

        Equal arguments give equal maps on one machine; t-SNE and UMAP amplify rounding, so that
        another processor may give another map.

        Args:
            x: at least 5 points of at least 2 finite values of any size, not all equal.
            seed: from 0 to 2³² - 1.
            progress: is called with 0 at the start and 1 at the end, and at no other time, as
                the libraries report nothing in between but text on the terminal.

        Raises:
            ShapeError: ``x`` is not [N,D] with N ≥ 5 and D ≥ 2.
            InputError: a value is not finite, all points are equal, or so nearly that there is no
                map of them, or the seed is out of range.
            UnsupportedError: a package is missing, or cannot work here.
        """
        x = np.ascontiguousarray(x, dtype=np.float32)
        if x.ndim != 2 or len(x) < FEWEST or x.shape[1] < 2:
            raise ShapeError("The points", f"[N ≥ {FEWEST}, D ≥ 2]", list(x.shape))
        _check_finite(x)
        if (x == x[0]).all():
            raise InputError("All points are the same, so there is nothing to map.")
        if not 0 <= seed < 2**32:
            raise InputError(f"The seed {seed} is not a whole number from 0 to {2**32 - 1}.")
        if progress is not None:
            progress(0.0)
        self._middle_, self._unit_ = _measure(x)
        x = self._scaled(x)
        if (x == x[0]).all():
            raise InputError("All points are nearly the same, so there is nothing to map.")
        points = self._fit(x, seed)
        if not np.isfinite(points).all():
            raise InputError(
                f"{self.label} finds no map of these points.",
                "Some may lie too far from all others.",
            )
        self.dimensions_ = x.shape[1]
        if progress is not None:
            progress(1.0)
        return np.asarray(points, dtype=np.float32)

    @final
    def transform(self, x: Points) -> Points:
        """Return where new points ``x`` [M,D] fall on the map: [M,2] float32.

        Raises:
            UnsupportedError: this projection places only the points that it was fitted to.
            ShapeError: the points have another number of values than those fitted.
            InputError: a value is not finite.
        """
        x = np.ascontiguousarray(x, dtype=np.float32)
        if x.ndim != 2 or x.shape[1] != self.dimensions_:
            raise ShapeError("The new points", ["M", self.dimensions_], list(x.shape))
        _check_finite(x)
        return np.asarray(self._place(self._scaled(x)), dtype=np.float32)

    @final
    def _scaled(self, x: Points) -> Points:
        """Return points as the libraries take them: squares of them are numbers."""
        if self._unit_ == 1:
            return np.clip(x, -FARTHEST * LARGE, FARTHEST * LARGE)
        scaled = (x.astype(np.float64) - self._middle_) / self._unit_
        return np.clip(scaled, -FARTHEST, FARTHEST).astype(np.float32)

    @abstractmethod
    def _fit(self, x: Points, seed: int) -> NDArray[Any]:
        """Return the map [N,2] of checked points [N,D]."""

    @abstractmethod
    def _place(self, x: Points) -> NDArray[Any]:
        """Return places [M,2] of checked new points [M,D], or raise UnsupportedError."""


def _measure(x: Points) -> tuple[NDArray[np.float64], float]:
    """Return the middle of points and how far they spread; 1 for what needs no scaling.

    Distances are squared in 32 bits: from 1e19 they are infinite, below 1e-22 they are 0.
    """
    far = float(np.abs(x).max())
    middle = x.astype(np.float64).mean(0)
    spread = float(np.abs(x.astype(np.float64) - middle).max())
    usual = spread >= SMALL and far <= LARGE
    return middle, 1.0 if usual or spread == 0 else spread


def _check_finite(x: Points) -> None:
    if not np.isfinite(x).all():
        raise InputError("The points should hold finite numbers, but some are not.")


projections: Registry[type[Projection]] = Registry("projection")


@final
@projections.register("tsne")
class TSNEMap(Projection):
    """Keeps neighbours together; distances between clusters and their sizes mean little.

    As its authors do, points of more dimensions are first reduced to ``FIRST_REDUCED_TO``
    principal components. It starts from the PCA map, which keeps the large arrangement sensible
    (Kobak & Linderman 2021).

    Args:
        perplexity: about how many neighbours count; at most a third of the other points.
    """

    label = "t-SNE"
    paper = "van der Maaten & Hinton, Visualizing Data Using t-SNE (2008)"
    places_new = False

    FIRST_REDUCED_TO = 50

    def __init__(self, perplexity: float = 30.0) -> None:
        if not perplexity > 0:
            raise InputError(f"The perplexity should be above 0, but is {perplexity:g}.")
        self.perplexity = perplexity

    @classmethod
    def available(cls) -> bool:
        """True: scikit-learn is always there."""
        return True

    def _fit(self, x: Points, seed: int) -> NDArray[Any]:
        from sklearn.decomposition import PCA
        from sklearn.manifold import TSNE

        kept = min(self.FIRST_REDUCED_TO, len(x) - 1)
        if x.shape[1] > kept:
            x = PCA(kept, svd_solver="randomized", random_state=seed).fit_transform(x)
        self.perplexity_ = min(self.perplexity, (len(x) - 1) / 3)
        tsne = TSNE(2, perplexity=self.perplexity_, init="pca", random_state=seed)
        return np.asarray(tsne.fit_transform(x))

    def _place(self, x: Points) -> NDArray[Any]:
        raise UnsupportedError(
            "t-SNE cannot place new points on a finished map.",
            "Compute the map again with the new points, or choose a projection that can.",
        )


# Numba's simplest threading layer ends the whole process when two threads compute at once, and a
# web server computes for several visitors.
_umap_lock = Lock()


def _umap() -> Any:
    """Return the library; numba beneath it keeps what it compiled in a folder that it must find.

    Raises:
        UnsupportedError: it finds none, or the library is damaged.
    """
    try:
        import umap
    except (RuntimeError, KeyError, OSError, ImportError) as error:
        raise UnsupportedError(
            f"UMAP cannot be started here ({' '.join(str(error).split())[:120]}).",
            "Set NUMBA_CACHE_DIR to a folder that this user can write to.",
        ) from error
    return umap


@final
@projections.register("umap")
class UMAPMap(Projection):
    """Keeps neighbours together, faster than t-SNE, and can place new points.

    Needs the package umap-learn: ``pip install "latentlab[umap]"``.

    Args:
        neighbours: how many neighbours count, at least 2; fewer if there are not as many points.
        min_dist: how close points may lie on the map, 0 to 1.
    """

    label = "UMAP"
    paper = "McInnes, Healy & Melville, UMAP: Uniform Manifold Approximation and Projection (2018)"
    places_new = True

    def __init__(self, neighbours: int = 15, min_dist: float = 0.1) -> None:
        if neighbours < 2 or not 0 <= min_dist <= 1:
            raise InputError("UMAP needs at least 2 neighbours and a least distance from 0 to 1.")
        self.neighbours = neighbours
        self.min_dist = min_dist

    @classmethod
    def available(cls) -> bool:
        """Whether umap-learn is installed."""
        return find_spec("umap") is not None

    def _fit(self, x: Points, seed: int) -> NDArray[Any]:
        if not self.available():
            raise UnsupportedError(
                "UMAP is not installed here.", 'Install it with: pip install "latentlab[umap]"'
            )
        umap = _umap()
        with _umap_lock:
            self._umap_ = umap.UMAP(
                n_components=2,
                n_neighbors=min(self.neighbours, len(x) - 1),
                min_dist=self.min_dist,
                random_state=seed,
                transform_seed=seed,
                n_jobs=1,  # what a fixed seed needs; said here, or umap warns
            )
            return np.asarray(self._umap_.fit_transform(x))

    def _place(self, x: Points) -> NDArray[Any]:
        with _umap_lock:
            return np.asarray(self._umap_.transform(x))
