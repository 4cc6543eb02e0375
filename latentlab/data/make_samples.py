"""Remakes the pictures that latentlab ships, from the full test splits.

    python -m latentlab.data.make_samples             # of all data sets
    python -m latentlab.data.make_samples toon_faces  # of those named

MNIST and Fashion-MNIST: the first 200 test pictures of every class. Toon faces and emoji:
the test split.
"""

import sys

import numpy as np

from latentlab.data import datasets
from latentlab.data.base import SAMPLES

PER_CLASS = 200


def main() -> None:
    """Write one npz per data set."""
    SAMPLES.mkdir(exist_ok=True)
    for name in sys.argv[1:] or datasets:
        dataset = datasets.get(name)
        test = dataset.load("test")
        chosen = np.arange(len(test))
        if dataset.image_shape[0] == 1:
            per_class = [np.flatnonzero(test.labels == c)[:PER_CLASS] for c in range(10)]
            chosen = np.sort(np.concatenate(per_class))
        pictures = np.moveaxis(test.images[chosen], 1, -1)
        known = {} if test.factors is None else {"factors": test.factors[chosen].astype(np.int16)}
        np.savez_compressed(
            SAMPLES / f"{name}.npz",
            images=pictures[..., 0] if pictures.shape[-1] == 1 else pictures,
            labels=test.labels[chosen].astype(np.uint8),
            ids=chosen.astype(np.int32),
            **known,  # type: ignore[arg-type]
        )
        print(f"{name}: {len(chosen)} pictures")


if __name__ == "__main__":
    main()
