"""What a data set is, and where its files are looked for."""

import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import DataError
from latentlab.kinds import Modality
from latentlab.pictures.conventions import Convention
from latentlab.places import expanded
from latentlab.registry import Registry

if TYPE_CHECKING:
    import torch

    from latentlab.models import ModelConfig

Split = Literal["train", "test"]

SAMPLES = Path(__file__).parent / "samples"


class TrainingData(Protocol):
    """Whatever a training run can draw its batches from; one visit to every item is an epoch."""

    def __len__(self) -> int: ...

    def batch(
        self, chosen: "NDArray[np.int64]", rng: "torch.Generator", done: float = 1.0
    ) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return the chosen items as ``[n, C, H, W]`` float32 in [0, 1], and labels int64 ``[n]``.

        What is random about an item, such as the part that is shown, is drawn from ``rng``.
        ``done`` is the share of the run that lies behind, 0 to 1: items may get harder with it.
        """


@dataclass(frozen=True)
class Images:
    """Pictures of one split, with their labels.

    ``images`` uint8 ``[N, C, H, W]``; ``labels`` int64 ``[N]``; ``ids`` int64 ``[N]``, the place
    of every picture in the official split; ``complete`` says whether this is the whole split.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    ids: NDArray[np.int64]
    split: Split
    complete: bool
    factors: NDArray[np.int64] | None = None  # [N, F], where the data set has any

    def __len__(self) -> int:
        return len(self.images)

    def tensor(self, indices: "NDArray[np.int64] | slice | None" = None) -> "torch.Tensor":
        """Return the chosen pictures (all by default), ``[n, C, H, W]`` float32 in [0, 1]."""
        import torch

        chosen = self.images if indices is None else self.images[indices]
        return torch.from_numpy(np.require(chosen, requirements=["C", "W"])).float().div_(255)

    def part(self, chosen: "NDArray[np.int64] | slice") -> "Images":
        """Return some of the pictures, with all that is known of them."""
        return replace(
            self,
            images=self.images[chosen],
            labels=self.labels[chosen],
            ids=self.ids[chosen],
            complete=False,
            factors=None if self.factors is None else self.factors[chosen],
        )

    def batch(
        self, chosen: "NDArray[np.int64]", rng: "torch.Generator", done: float = 1.0
    ) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return the chosen pictures and their labels; nothing about them is random."""
        import torch

        return self.tensor(chosen), torch.from_numpy(self.labels[chosen])

    def batches(self, size: int) -> "Iterator[torch.Tensor]":
        """Yield all pictures in order, ``size`` at a time; the last batch may be smaller."""
        for start in range(0, len(self), size):
            yield self.tensor(slice(start, start + size))


@dataclass(frozen=True)
class WithFactors:
    """Pictures whose labels are all of their factors: what a classifier of factors learns from.

    Raises:
        DataError: on construction, nothing is known of them but their class.
    """

    pictures: Images

    def __post_init__(self) -> None:
        if self.pictures.factors is None:
            raise DataError(
                "These pictures have no factors, only a class each.",
                "Choose a data set whose factors are known, such as toon_faces.",
            )

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(
        self, chosen: "NDArray[np.int64]", rng: "torch.Generator", done: float = 1.0
    ) -> "tuple[torch.Tensor, torch.Tensor]":
        """Return the chosen pictures, and int64 ``[n, F]``, every factor of each."""
        import torch

        assert self.pictures.factors is not None
        return self.pictures.tensor(chosen), torch.from_numpy(self.pictures.factors[chosen])


class Dataset(Protocol):
    """A named, licensed set of whatever models learn from, with fixed splits."""

    @property
    def name(self) -> str:
        """In its registry, and on cards."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def licence(self) -> str:
        """Of the data, as its source states it."""

    @property
    def credit(self) -> str:
        """Whom to name."""

    @property
    def modality(self) -> Modality:
        """What it consists of."""

    def training_data(self, config: "ModelConfig") -> TrainingData:
        """Return the training split as a network of this config takes it.

        Raises:
            DataError: it is not on this machine, or does not fit the config.
        """

    def showcase(self, count: int) -> "torch.Tensor":
        """Return up to ``count`` shipped items that show what the set is like, for a card."""


@dataclass(frozen=True)
class Factor:
    """One thing that varies from picture to picture and is known: a choice, or a number."""

    name: str
    values: tuple[str, ...] = ()  # of a choice, in the order of their numbers; empty for a number
    unit: str = ""  # of a number
    span: float = 0.0  # of a number, from the least to the greatest


@dataclass(frozen=True)
class Attribute:
    """A question about one factor that is answered by yes or no: "has a beard"."""

    name: str
    factor: int  # its place among the factors
    values: tuple[int, ...] = ()  # that mean yes; of a number, none: there yes is above zero

    def holds(self, factors: NDArray[Any]) -> NDArray[np.bool_]:
        """Return the answers ``[N]`` for factors ``[N, F]``."""
        column = factors[:, self.factor]
        return np.isin(column, self.values) if self.values else column > 0


@dataclass(frozen=True)
class ImageDataset:
    """A set of small pictures of one shape, with a class for each."""

    name: str
    title: str
    licence: str
    credit: str
    image_shape: tuple[int, int, int]
    label_title: str  # what a label says of a picture: "digit", "garment", "hair colour"
    class_names: tuple[str, ...]
    convention: Convention  # how an upload becomes one of its pictures
    read: Callable[["ImageDataset", Split], Images]
    classifier: str | None = None  # the checkpoint that scores samples and paths
    factors: tuple[Factor, ...] = ()  # what is known of every picture beside its class
    attributes: tuple[Attribute, ...] = ()  # what directions in a latent space may be named by
    modality: Modality = "images"

    def load(self, split: Split) -> Images:
        """Return a whole split.

        Raises:
            DataError: its files are not on this machine, or are not what they should be.
        """
        return self.read(self, split)

    def samples(self) -> Images:
        """Return the pictures that latentlab ships: a fixed part of the test split.

        Raises:
            DataError: the file is missing or damaged.
        """
        return read_npz(SAMPLES / f"{self.name}.npz", self, "test", prefix="")

    def training_data(self, config: "ModelConfig") -> TrainingData:
        """Return the whole training split, with classes or with factors, as the network learns.

        Raises:
            DataError: as ``load``; or the network wants factors, and none are known.
        """
        found = self.load("train")
        return WithFactors(found) if config.targets == "factors" else found

    def showcase(self, count: int) -> "torch.Tensor":
        """Return the first sample of each class, ``count`` at most, ``[n, C, H, W]``."""
        shown = self.samples()
        firsts = [int((shown.labels == k).argmax()) for k in sorted(set(shown.labels.tolist()))]
        return shown.tensor(np.array(firsts[:count]))


datasets: Registry[ImageDataset] = Registry("data set")


def data_folder() -> Path | None:
    """Return the folder that ``LATENTLAB_DATA`` names, if it does."""
    folder = os.environ.get("LATENTLAB_DATA")
    return expanded(folder) if folder else None


def check(images: Images, dataset: ImageDataset, source: str) -> Images:
    """Return ``images`` if they are what the data set says.

    Raises:
        DataError: wrong type, shape, lengths or labels.
    """
    pictures, labels = images.images, images.labels
    sound = (
        pictures.dtype == np.uint8
        and pictures.ndim == 4
        and pictures.shape[1:] == dataset.image_shape
        and labels.shape == images.ids.shape == (len(pictures),)
        and len(pictures) > 0
        and labels.min() >= 0
        and labels.max() < len(dataset.class_names)
        and _fit(images.factors, dataset.factors, len(pictures))
    )
    if not sound:
        raise DataError(
            f"{source} does not hold {dataset.title} pictures"
            f" ({'x'.join(map(str, dataset.image_shape))}, uint8, labels below"
            f" {len(dataset.class_names)}).",
            "Get the file again.",
        )
    return images


def _fit(factors: NDArray[np.int64] | None, known: tuple[Factor, ...], count: int) -> bool:
    """Whether factors are those of a data set: one column each, choices within their values."""
    if factors is None:
        return not known
    return factors.shape == (count, len(known)) and all(
        column.min() >= 0 and column.max() < len(factor.values)
        for column, factor in zip(factors.T, known, strict=True)
        if factor.values
    )


# What numpy and the zip beneath it raise for files that are cut off, altered or something else.
_DAMAGE = (
    OSError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)


def read_npz(
    path: Path,
    dataset: ImageDataset,
    split: Split,
    *,
    prefix: str | None = None,
    labels: Callable[[NDArray[np.int64]], NDArray[np.int64]] | None = None,
    label_key: str = "labels",
) -> Images:
    """Return one split of an npz file.

    The file holds ``<prefix>images`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` and
    ``<prefix><label_key>``; ``prefix`` is ``train_`` or ``test_`` unless given. Files without
    ``ids`` hold the whole split in its order. Keras' ``x_train``, ``y_train``, ``x_test`` and
    ``y_test`` are understood too. ``labels`` maps the stored labels to classes.

    Raises:
        DataError: the file is missing, damaged or holds something else.
    """
    start = f"{split}_" if prefix is None else prefix
    try:
        # Opened here: numpy forgets to close a file whose zip it cannot read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            images, classes = f"{start}images", f"{start}{label_key}"
            if images not in archive and f"x_{split}" in archive:
                images, classes = f"x_{split}", f"y_{split}"  # as Keras packs it
            pictures = archive[images]
            stored = archive[classes].astype(np.int64)
            ids = archive["ids"].astype(np.int64) if "ids" in archive else None
            known = f"{start}factors"
            factors = archive[known].astype(np.int64) if known in archive else None
        pictures = pictures[:, None] if pictures.ndim == 3 else np.moveaxis(pictures, -1, 1)
        mapped = labels(stored) if labels else stored
    except FileNotFoundError:
        raise DataError(f"{path.name} is not there.", f"Expected it in {path.parent}.") from None
    except _DAMAGE as error:
        raise DataError(
            f"{path.name} cannot be read as a {dataset.title} file ({error}).",
            f"It should hold {start}images and {start}{label_key}, or x_{split} and y_{split}.",
        ) from error
    found = Images(
        images=np.ascontiguousarray(pictures),
        labels=mapped,
        ids=np.arange(len(pictures)) if ids is None else ids,
        split=split,
        complete=ids is None,
        factors=factors if dataset.factors else None,
    )
    return check(found, dataset, path.name)
