"""Principal components of whole training splits, which ship with the app.

    components("mnist")   # PrincipalComponents, 64 of them

Networks have seen the training split, so this is what they are compared with; the sample pictures
that ship are too few to find the same axes (the eighth is 38 degrees off). Remade by

    python -m latentlab.data.components             # of all that ship
"""

import sys
import zipfile
import zlib

import numpy as np

from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import datasets
from latentlab.data.base import SAMPLES
from latentlab.errors import DataError

SIZE = 64
SHIPPED = ("mnist", "fashion_mnist")


def components(name: str) -> PrincipalComponents:
    """Return the first 64 principal components of a data set's training split.

    Raises:
        UnknownNameError: there is no such data set.
        DataError: its components do not ship, or their file is damaged.
    """
    import torch

    dataset = datasets.get(name)
    try:
        with np.load(SAMPLES / f"{name}_components.npz", allow_pickle=False) as file:
            mean, rows, variance, total = (
                torch.from_numpy(file[key].astype(np.float32))
                for key in ("mean", "components", "variance", "total_variance")
            )
    except FileNotFoundError:
        raise DataError(
            f"The principal components of {dataset.title} do not ship.",
            "They are kept of MNIST and Fashion-MNIST.",
        ) from None
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error):
        raise DataError(
            f"The file of the principal components of {dataset.title} is damaged.",
            "Install latentlab again.",
        ) from None
    return PrincipalComponents(dataset.image_shape, mean, rows, variance, float(total))


def main() -> None:
    """Fit and write one npz per data set."""
    for name in sys.argv[1:] or SHIPPED:
        found = PrincipalComponents.fit(datasets.get(name).load("train").tensor(), SIZE)
        np.savez_compressed(
            SAMPLES / f"{name}_components.npz",
            mean=found.mean.numpy().astype(np.float32),
            # Axes of length 1 in float16: off by some hundredths of a degree, half the bytes.
            components=found.components.numpy().astype(np.float16),
            variance=found.variance.numpy().astype(np.float32),
            total_variance=np.float32(found.total_variance),
        )
        print(f"{name}: {SIZE} components")


if __name__ == "__main__":
    main()
