"""Toon faces: 64x64 colour portraits drawn by rule, so that every factor of variation is known.

The design is "ToonHead" by Johan Melin (CC BY 4.0), drawn with DiceBear; eleven categorical
factors, rotation and shift are chosen independently. All are kept; the label is the colour of the
hair.
"""

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import (
    Attribute,
    Factor,
    ImageDataset,
    Images,
    Split,
    data_folder,
    datasets,
    read_npz,
)
from latentlab.errors import DataError
from latentlab.pictures.conventions import Convention

# In the order of the columns. Colours are hexadecimal; "none" means that the part is missing.
FACTORS = (
    Factor("hair", ("none", "sideComed", "undercut", "spiky", "bun")),
    Factor("rear hair", ("none", "longStraight", "longWavy", "shoulderHigh", "neckHigh")),
    Factor("beard", ("none", "moustacheTwirl", "fullBeard", "chin", "chinMoustache", "longBeard")),
    Factor("mouth", ("laugh", "angry", "agape", "smile", "sad")),
    Factor("eyes", ("happy", "wide", "bow", "humble", "wink")),
    Factor("eyebrows", ("raised", "angry", "happy", "sad", "neutral")),
    Factor("clothes", ("turtleNeck", "openJacket", "dress", "shirt", "tShirt")),
    Factor("skin colour", ("f1c3a5", "c68e7a", "b98e6a", "a36b4f", "5c3829")),
    Factor("hair colour", ("2c1b18", "a55728", "b58143", "d6b370", "724133", "9e9e9e")),
    Factor(
        "clothes colour",
        (
            "545454",
            "b11f1f",
            "0b3286",
            "147f3c",
            "eab308",
            "731ac3",
            "ec4899",
            "f97316",
            "151613",
            "e8e9e6",
        ),
    ),
    Factor("background", ("b6e3f4", "c0aede", "ffdfbf", "d7f0d0", "f4f4f4")),
    Factor("rotation", unit="degrees", span=16),
    Factor("shift", unit="% of the side", span=8),
)
HAIR_COLOUR = 8
ATTRIBUTES = (
    Attribute("spiky hair", 0, (3,)),
    Attribute("bun", 0, (4,)),
    Attribute("long hair", 1, (1, 2, 3, 4)),
    Attribute("beard", 2, (1, 2, 3, 4, 5)),
    Attribute("smile", 3, (0, 3)),
    Attribute("mouth agape", 3, (2,)),
    Attribute("wide eyes", 4, (1,)),
    Attribute("wink", 4, (4,)),
    Attribute("raised eyebrows", 5, (0,)),
    Attribute("turtle neck", 6, (0,)),
    Attribute("T-shirt", 6, (4,)),
    Attribute("dark skin", 7, (3, 4)),
    Attribute("black hair", 8, (0,)),
    Attribute("blond or grey hair", 8, (3, 5)),
    Attribute("dark clothes", 9, (0, 2, 8)),
    Attribute("red clothes", 9, (1,)),
    Attribute("blue background", 10, (0,)),
    Attribute("lilac background", 10, (1,)),
    Attribute("peach background", 10, (2,)),
    Attribute("turned right", 11),
    Attribute("moved right", 12),
)
FILE = "toonfaces64.npz"


def _read(dataset: ImageDataset, split: Split) -> Images:
    folder = data_folder()
    if folder is None:
        raise DataError(
            "The full toon face data is not on this machine.",
            "Name the folder that holds toonfaces64.npz in LATENTLAB_DATA.",
        )
    own = folder / dataset.name / FILE
    path = own if own.is_file() else folder / FILE
    return read_npz(path, dataset, split, labels=_hair_colour, label_key="factors")


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
        factors=FACTORS,
        attributes=ATTRIBUTES,
        convention=Convention("rgb", "as_is", "square"),
        classifier="factor_classifier.toon_faces",
        read=_read,
    ),
)
