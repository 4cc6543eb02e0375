"""Some training pictures of every class, and the principal components of each: they ship.

    known = known_of("mnist", 3)
    known.pictures    # 256 that networks of this class have seen
    known.held_out    # 200 that nothing has seen: thresholds are chosen on them
    known.pca         # of all training pictures of the class

Networks of one class are compared with what knows the same class; `data.components` has seen all
ten. Remade by

    python -m latentlab.data.classes             # of all that ship
"""

import sys
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import OneClass, datasets
from latentlab.data.base import SAMPLES
from latentlab.errors import DataError, InputError

if TYPE_CHECKING:
    from torch import Tensor

COMPONENTS = 16
PICTURES, HELD_OUT = 256, 200  # an isolation forest needs no more than 256
SHIPPED = ("mnist", "fashion_mnist")


@dataclass(frozen=True)
class Known:
    """What is known of one class: pictures [N,C,H,W] in [0,1], and its components."""

    pictures: "Tensor"
    held_out: "Tensor"
    pca: PrincipalComponents


def known_of(name: str, normal: int) -> Known:
    """Return what ships of one class of a data set.

    Raises:
        UnknownNameError: there is no such data set.
        InputError: it has no such class.
        DataError: nothing of it ships, or the file is damaged.
    """
    import torch

    dataset = datasets.get(name)
    if not 0 <= normal < len(dataset.class_names):
        raise InputError(f"{dataset.title} has no class {normal}.")
    try:
        file = _unpacked(name)
        pictures, held_out = (file[key][normal] for key in ("pictures", "held_out"))
        mean, rows, variance, total = (
            torch.from_numpy(np.array(file[key][normal], dtype=np.float32))
            for key in ("mean", "components", "variance", "total_variance")
        )
    except FileNotFoundError:
        raise DataError(
            f"No pictures of single classes of {dataset.title} ship.",
            "They are kept of MNIST and Fashion-MNIST.",
        ) from None
    except (OSError, KeyError, IndexError, ValueError, TypeError, zipfile.BadZipFile, zlib.error):
        raise DataError(
            f"The file of single classes of {dataset.title} is damaged.", "Install latentlab again."
        ) from None
    pca = PrincipalComponents(dataset.image_shape, mean, rows, variance, float(total))
    return Known(_floats(pictures), _floats(held_out), pca)


@lru_cache(maxsize=len(SHIPPED))
def _unpacked(name: str) -> "dict[str, np.ndarray]":
    """Return the arrays of a file; to unpack them for every class anew would be felt."""
    with np.load(SAMPLES / f"{name}_classes.npz", allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def _floats(pictures: "np.ndarray") -> "Tensor":
    import torch

    return torch.from_numpy(pictures[:, None].astype(np.float32)).div_(255)


def main() -> None:
    """Write one npz per data set."""
    for name in sys.argv[1:] or SHIPPED:
        train = datasets.get(name).load("train")
        parts = [OneClass(normal) for normal in range(len(datasets.get(name).class_names))]
        seen = [part.training(train) for part in parts]
        found = [PrincipalComponents.fit(each.tensor(), COMPONENTS) for each in seen]
        np.savez_compressed(
            SAMPLES / f"{name}_classes.npz",
            pictures=np.stack([each.images[:PICTURES, 0] for each in seen]),
            held_out=np.stack([part.held_out(train).images[:HELD_OUT, 0] for part in parts]),
            mean=np.stack([pca.mean.numpy() for pca in found]).astype(np.float32),
            # Axes of length 1 in float16: off by some hundredths of a degree, half the bytes.
            components=np.stack([pca.components.numpy() for pca in found]).astype(np.float16),
            variance=np.stack([pca.variance.numpy() for pca in found]).astype(np.float32),
            total_variance=np.array([pca.total_variance for pca in found], np.float32),
        )
        print(f"{name}: {len(parts)} classes")


if __name__ == "__main__":
    main()
