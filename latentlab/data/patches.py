"""Linear maps from small patches to large ones, fitted to whole training splits, which ship.

    regression("mnist")   # PatchRegression: the strongest way to enlarge without a network

Remade by

    python -m latentlab.data.patches             # of all that ship
"""

import sys
import zipfile
import zlib

import numpy as np

from latentlab.baselines.enlargement import PatchRegression
from latentlab.data import datasets
from latentlab.data.base import SAMPLES
from latentlab.errors import DataError

FACTOR = 4
# Data set -> side of a patch, clusters, pictures: more of each gains little, or would not be small.
SHIPPED = {"mnist": (5, 128, 20_000), "toon_faces": (3, 64, 3_000)}
LABEL = "Patch by patch, fitted"


def regression(name: str) -> PatchRegression:
    """Return the maps of a data set's training split.

    Raises:
        UnknownNameError: there is no such data set.
        DataError: its maps do not ship, or their file is damaged.
    """
    import torch

    dataset = datasets.get(name)
    try:
        with np.load(SAMPLES / f"{name}_patches.npz", allow_pickle=False) as file:
            middles, maps = (
                torch.from_numpy(file[key].astype(np.float32)) for key in ("middles", "maps")
            )
            size, factor = int(file["size"]), int(file["factor"])
        values = dataset.image_shape[0] * size**2
        if middles.shape != (len(maps), values) or maps.shape[1:] != (
            values + 1,
            dataset.image_shape[0] * factor**2,
        ):
            raise ValueError("shapes")
    except FileNotFoundError:
        raise DataError(
            f"The patches of {dataset.title} do not ship.", f"Known are: {', '.join(SHIPPED)}."
        ) from None
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error):
        raise DataError(
            f"The file of the patches of {dataset.title} is damaged.", "Install latentlab again."
        ) from None
    return PatchRegression(factor, size, middles, maps)


def main() -> None:
    """Fit and write one npz per data set."""
    for name in sys.argv[1:] or SHIPPED:
        size, clusters, pictures = SHIPPED[name]
        x = datasets.get(name).load("train").tensor(slice(0, pictures))
        found = PatchRegression.fit(x, FACTOR, size, clusters)
        np.savez_compressed(
            SAMPLES / f"{name}_patches.npz",
            middles=found.middles.numpy().astype(np.float16),
            maps=found.maps.numpy().astype(np.float16),
            size=np.int64(size),
            factor=np.int64(FACTOR),
        )
        print(f"{name}: {clusters} maps")


if __name__ == "__main__":
    main()
