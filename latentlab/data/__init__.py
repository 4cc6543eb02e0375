"""Data sets. Importing this package registers all, in the order in which pages offer them."""

# ruff: noqa: I001  (the order of registration, not of the alphabet)
from latentlab.data.base import (
    Attribute,
    Dataset,
    Factor,
    ImageDataset,
    Images,
    Split,
    TrainingData,
    datasets,
)
from latentlab.data.mnist import MNIST
from latentlab.data.fashion_mnist import FASHION_MNIST
from latentlab.data.toon_faces import TOON_FACES
from latentlab.data.emoji import EMOJI
from latentlab.data.one_class import OneClass
from latentlab.data.photographs import PHOTOGRAPHS, PhotoDataset, Photographs, photo_datasets

__all__ = [
    "EMOJI",
    "FASHION_MNIST",
    "MNIST",
    "PHOTOGRAPHS",
    "TOON_FACES",
    "Attribute",
    "Dataset",
    "Factor",
    "ImageDataset",
    "Images",
    "OneClass",
    "PhotoDataset",
    "Photographs",
    "Split",
    "TrainingData",
    "datasets",
    "find",
    "photo_datasets",
]


def find(name: str) -> Dataset:
    """Return the data set called ``name``, whatever it consists of.

    Raises:
        UnknownNameError: there is none.
    """
    return photo_datasets.get(name) if name in photo_datasets else datasets.get(name)
