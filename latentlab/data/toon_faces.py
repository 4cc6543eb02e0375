"""Toon faces: 64x64 colour portraits drawn by rule, so that every factor of variation is known.

The design is "ToonHead" by Johan Melin (CC BY 4.0), drawn with DiceBear; eleven categorical
factors, rotation and shift are chosen independently. Its label is the colour of the hair.
"""

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import ImageDataset, Images, Split, data_folder, datasets, read_npz
from latentlab.errors import DataError

HAIR_COLOUR = 8  # column of the factor table


def _read(dataset: ImageDataset, split: Split) -> Images:
    folder = data_folder()
    if folder is None:
        raise DataError(
            "The full toon face data is not on this machine.",
            "Name the folder that holds toonfaces64.npz in LATENTLAB_DATA.",
        )
    return read_npz(
        folder / "toonfaces64.npz", dataset, split, labels=_hair_colour, label_key="factors"
    )


def _hair_colour(factors: NDArray[np.int64]) -> NDArray[np.int64]:
    return factors[:, HAIR_COLOUR]


TOON_FACES = datasets.add(
    "toon_faces",
    ImageDataset(
        name="toon_faces",
        title="Toon faces",
        licence="CC BY 4.0",
        credit="“ToonHead” by Johan Melin, remixed, drawn with DiceBear",
        image_shape=(3, 64, 64),
        label_title="hair colour",
        class_names=("black", "auburn", "light brown", "blond", "brown", "grey"),
        read=_read,
    ),
)
