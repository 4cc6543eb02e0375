"""Domains of handwritten digits: the same ten classes, pictured in different ways.

    digits = domains.get("usps_stretched").load("train")
    digits.pictures, digits.labels        # uint8 [N, 28, 28], white on black; int64 [N]

Pictures of USPS and of photographs do not ship: they are looked for in the folder that
``LATENTLAB_DATA`` names. Those of scikit-learn come with it.
"""

import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentlab.data import datasets
from latentlab.data.base import Split, data_folder
from latentlab.data.photographs import PHOTOGRAPHS
from latentlab.errors import DataError
from latentlab.registry import Registry

SIDE = 28
INNER = 20  # side of the box that MNIST's digits are fitted into
LEARNT = 1_297  # of scikit-learn's 1,797 digits; the last 500 are for testing
BACKGROUNDS = 7  # seed of the pieces of photographs; the domain is the same for every training

Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Digits:
    """Pictures of one domain and split.

    Attributes:
        pictures: uint8 ``[N, 28, 28]``, or ``[N, 28, 28, 3]`` in colour.
        labels: int64 ``[N]``, the digit.
    """

    pictures: Pictures
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pictures)


@dataclass(frozen=True)
class Domain:
    """One way in which digits are pictured.

    Attributes:
        title: what people call it.
        load: split -> its pictures. Raises DataError where they are not on this machine.
    """

    title: str
    load: Callable[[Split], Digits]


domains: Registry[Domain] = Registry("domain")


def fit(pictures: NDArray[np.floating[Any]], side: int) -> Pictures:
    """Return pictures ``[N, H, W]`` in [0, 1] as uint8 ``[N, 28, 28]``, on a black ground.

    Args:
        pictures: any size.
        side: of the box in the middle that each picture is made to fill, 28 at most. 20 frames a
            digit as MNIST does; 28 stretches it over the whole picture.
    """
    import torch
    from torch.nn import functional as F

    x = torch.from_numpy(np.ascontiguousarray(pictures, np.float32))[:, None]
    x = F.interpolate(x, size=(side, side), mode="bilinear", antialias=True)
    before = (SIDE - side) // 2
    after = SIDE - side - before
    x = F.pad(x, (before, after, before, after))
    fitted: Pictures = (x[:, 0].clamp(0, 1) * 255).round().byte().numpy()
    return fitted


def on_backgrounds(
    pictures: Pictures, backgrounds: Sequence[Pictures], rng: np.random.Generator
) -> Pictures:
    """Return digits on pieces of photographs: |digit - piece|, ``[N, 28, 28]`` or ``[…, 3]``.

    The recipe of MNIST-M (Ganin et al. 2016, section 5.2.4).

    Args:
        pictures: ``[N, 28, 28]``, white on black.
        backgrounds: uint8 ``[H, W]`` each, or all ``[H, W, 3]``; 28 pixels a side at least.
        rng: draws photograph and place for every digit.
    """
    which = rng.integers(len(backgrounds), size=len(pictures))
    places = rng.random((len(pictures), 2))
    colours = backgrounds[0].shape[2:]
    made = np.empty((*pictures.shape, *colours), np.uint8)
    side = np.arange(SIDE)
    for number, ground in enumerate(backgrounds):  # all digits of a photograph at once
        of = np.flatnonzero(which == number)
        room = np.array(ground.shape[:2]) - SIDE + 1
        top, left = (places[of] * room).astype(int).T
        pieces = ground[(top[:, None] + side)[:, :, None], (left[:, None] + side)[:, None]]
        digits = pictures[of].reshape(-1, SIDE, SIDE, *(1 for _ in colours))
        made[of] = np.abs(digits.astype(np.int16) - pieces)
    return made


def _mnist(split: Split) -> Digits:
    images = datasets.get("mnist").load(split)
    return Digits(images.images[:, 0], images.labels)


def _photographed(split: Split, colour: bool) -> Digits:
    """MNIST on photographs; those under the test split's digits are seen in no training."""
    digits = _mnist(split)
    photographs = PHOTOGRAPHS.load("train" if split == "train" else "validation")
    grounds = [picture if colour else _grey(picture) for picture in photographs.pictures]
    rng = np.random.default_rng((BACKGROUNDS, split == "test"))
    return Digits(on_backgrounds(digits.pictures, grounds, rng), digits.labels)


def _grey(picture: Pictures) -> Pictures:
    """Return the luma of ITU-R BT.601 of a colour picture ``[H, W, 3]``."""
    weights = np.array([0.299, 0.587, 0.114])
    grey: Pictures = (picture @ weights).round().astype(np.uint8)
    return grey


def _scikit(split: Split) -> Digits:
    from sklearn.datasets import load_digits

    found = load_digits()
    chosen = slice(None, LEARNT) if split == "train" else slice(LEARNT, None)
    pictures = found.images[chosen] / 16
    return Digits(fit(pictures, INNER), found.target[chosen].astype(np.int64))


def _usps(split: Split, side: int) -> Digits:
    folder = data_folder()
    if folder is None:
        raise DataError(
            "USPS is read from usps.npz, and LATENTLAB_DATA names no folder.",
            "Set it to the folder that holds the file.",
        )
    path = folder / "usps.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            pictures, labels = archive[f"{split}_images"], archive[f"{split}_labels"]
    except FileNotFoundError:
        raise DataError("usps.npz is not there.", f"Expected it in {folder}.") from None
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"usps.npz cannot be read ({error}).", "Get it again.") from error
    if pictures.dtype != np.uint8 or pictures.shape != (len(labels), 16, 16):
        raise DataError("usps.npz does not hold USPS: uint8 [N, 16, 16].", "Get it again.")
    return Digits(fit(pictures / 255, side), labels.astype(np.int64))


domains.add("mnist", Domain("MNIST", _mnist))
domains.add("photographs", Domain("MNIST on photographs", lambda s: _photographed(s, False)))
domains.add("photographs_colour", Domain("… in colour", lambda s: _photographed(s, True)))
domains.add("scikit", Domain("scikit-learn’s digits", _scikit))
domains.add("usps_stretched", Domain("USPS, stretched", lambda split: _usps(split, SIDE)))
domains.add("usps_framed", Domain("USPS, framed", lambda split: _usps(split, INNER)))
