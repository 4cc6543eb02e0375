"""The tasks between which `transfer` and `transfer_depth` transfer: pictures with a label each.

Registered data sets lend theirs; scikit-learn's digits, KMNIST, Omniglot and single factors of the
toon faces are read here, since nothing but these experiments learns from them. KMNIST and Omniglot
are numbers only: no picture of them ships. Imports torch inside its functions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import DataError

if TYPE_CHECKING:
    from torch import Tensor

TESTED = 2_000  # pictures of a test split, evenly spread over it

Split = Literal["train", "test"]
Arrays = tuple[NDArray[np.uint8], NDArray[np.int64]]  # pictures [N, C, H, W], labels [N]


@dataclass(frozen=True)
class Domain:
    """One task: pictures of one shape, and the classes to tell apart.

    Attributes:
        title: what people call it.
        shape: channels, height, width.
        classes: how many there are.
        read: split -> pictures uint8 ``[N, C, H, W]`` and labels int64 ``[N]``.
    """

    title: str
    shape: tuple[int, int, int]
    classes: int
    read: Callable[[Split], Arrays]


@dataclass(frozen=True)
class Pictures:
    """A split of a domain on a device: ``x`` uint8 ``[N, C, H, W]``, ``labels`` int64 ``[N]``."""

    x: "Tensor"
    labels: "Tensor"


@cache
def load(name: str, split: Split, device: str = "cpu") -> Pictures:
    """Return the training split of a domain, or `TESTED` pictures of its test split.

    Raises:
        DataError: its file is not on this machine, or is not what it should be.
    """
    import torch

    domain = DOMAINS[name]
    pictures, labels = domain.read(split)
    sound = (
        pictures.dtype == np.uint8
        and pictures.shape[1:] == domain.shape
        and labels.shape == (len(pictures),)
        and len(pictures) > 0
        and labels.min() >= 0
        and labels.max() < domain.classes
    )
    if not sound:
        raise DataError(f"The pictures of {domain.title} are not what they should be.")
    if split == "test":  # so many tell methods apart, and hundreds of networks are tested
        every = max(1, len(pictures) // TESTED)
        pictures, labels = pictures[::every], labels[::every]
    x = torch.from_numpy(np.require(pictures, requirements=["C", "W"]))
    return Pictures(x.to(device), torch.from_numpy(labels.astype(np.int64)).to(device))


def _registered(name: str) -> Callable[[Split], Arrays]:
    def read(split: Split) -> Arrays:
        from latentlab.data import datasets

        images = datasets.get(name).load(split)
        return images.images, images.labels

    return read


def _packed(file: str, labels: str) -> Callable[[Split], Arrays]:
    """Read ``<split>_images`` and ``<split>_<labels>`` of an npz file in the data folder."""

    def read(split: Split) -> Arrays:
        import zipfile
        import zlib

        from latentlab.data.base import data_folder

        folder = data_folder()
        hint = f"Name the folder that holds {file} in LATENTLAB_DATA; docs/transfer.md says more."
        if folder is None or not (folder / file).is_file():
            raise DataError(f"{file} is not on this machine.", hint)
        try:
            with (folder / file).open("rb") as opened, np.load(opened, allow_pickle=False) as held:
                pictures = held[f"{split}_images"][:, None]
                return pictures, held[f"{split}_{labels}"].astype(np.int64)
        except (OSError, KeyError, IndexError, ValueError, TypeError, EOFError) as error:
            raise DataError(f"{file} cannot be read ({error}).", hint) from error
        except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
            raise DataError(f"{file} is damaged.", hint) from error

    return read


DIGITS_TESTED = 500  # of the 1,797


def _digits(split: Split) -> Arrays:
    """Return scikit-learn's 8x8 digits, framed as MNIST's are: 20x20 in the middle of 28x28."""
    from skimage.transform import resize
    from sklearn.datasets import load_digits

    found = load_digits()
    small = np.asarray(found.images) / 16
    big = resize(small, (len(small), 20, 20), order=1)
    framed = np.pad(big, ((0, 0), (4, 4), (4, 4)))
    pictures = np.rint(255 * framed).astype(np.uint8)[:, None]
    labels = np.asarray(found.target, dtype=np.int64)
    # A split of our own, as scikit-learn has none: the end of the file, not a random part of it.
    return (
        (pictures[:-DIGITS_TESTED], labels[:-DIGITS_TESTED])
        if split == "train"
        else (pictures[-DIGITS_TESTED:], labels[-DIGITS_TESTED:])
    )


def _halved(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return pictures ``[N, C, 64, 64]`` at half their size."""
    x = images.astype(np.uint16)
    n, channels, height, width = x.shape
    blocks = x.reshape(n, channels, height // 2, 2, width // 2, 2).sum((3, 5))
    halved: NDArray[np.uint8] = ((blocks + 2) // 4).astype(np.uint8)
    return halved


def _factor(name: str) -> Callable[[Split], Arrays]:
    """Read one factor of the toon faces as the class; pictures at half their size, 32x32."""

    def read(split: Split) -> Arrays:
        from latentlab.data import datasets

        dataset = datasets.get("toon_faces")
        images = dataset.load(split)
        column = [factor.name for factor in dataset.factors].index(name)
        assert images.factors is not None
        return _halved(images.images), images.factors[:, column]

    return read


def _even(read: Callable[[Split], Arrays]) -> Callable[[Split], Arrays]:
    """Test on as many pictures of every class: two of three toon faces have no beard.

    Who always says so would be right on two of three otherwise, and seem to know beards.
    """

    def evenly(split: Split) -> Arrays:
        pictures, labels = read(split)
        if split == "train":  # labels are drawn as many of each class anyway
            return pictures, labels
        fewest = int(np.bincount(labels).min())
        chosen = [np.flatnonzero(labels == c)[:fewest] for c in np.unique(labels)]
        places = np.sort(np.concatenate(chosen))
        return pictures[places], labels[places]

    return evenly


def _emoji(split: Split) -> Arrays:
    """Read the emoji with their Unicode groups; pictures at half their size, 32x32."""
    from latentlab.data import datasets

    images = datasets.get("emoji").load(split)
    return _halved(images.images), images.labels


GREY, COLOUR = (1, 28, 28), (3, 32, 32)
DOMAINS = {
    "mnist": Domain("MNIST", GREY, 10, _registered("mnist")),
    "fashion_mnist": Domain("Fashion-MNIST", GREY, 10, _registered("fashion_mnist")),
    "omniglot": Domain("Omniglot", GREY, 242, _packed("omniglot28.npz", "character")),
    "kmnist": Domain("KMNIST", GREY, 10, _packed("kmnist10k.npz", "labels")),
    "digits": Domain("scikit-learn’s digits", GREY, 10, _digits),
    "hair_colour": Domain("Toon faces: hair colour", COLOUR, 6, _factor("hair colour")),
    "clothes_colour": Domain("Toon faces: clothes colour", COLOUR, 10, _factor("clothes colour")),
    "beard": Domain("Toon faces: beard", COLOUR, 6, _even(_factor("beard"))),
    "emoji": Domain("Emoji: group", COLOUR, 9, _emoji),
}
