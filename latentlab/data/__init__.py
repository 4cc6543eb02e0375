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
    WithFactors,
    datasets,
)
from latentlab.data.mnist import MNIST
from latentlab.data.fashion_mnist import FASHION_MNIST
from latentlab.data.toon_faces import TOON_FACES
from latentlab.data.emoji import EMOJI
from latentlab.data.one_class import OneClass
from latentlab.data.photographs import PHOTOGRAPHS, PhotoDataset, Photographs, photo_datasets
from latentlab.data.sequences import SequenceTask, sequence_tasks
from latentlab.data.text import TextDataset, Vocabulary, corpora

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
    "SequenceTask",
    "Split",
    "TextDataset",
    "TrainingData",
    "Vocabulary",
    "WithFactors",
    "corpora",
    "datasets",
    "find",
    "photo_datasets",
    "sequence_tasks",
]


def find(name: str) -> Dataset:
    """Return the data set called ``name``, whatever it consists of.

    Raises:
        UnknownNameError: there is none.
    """
    for table in (photo_datasets, sequence_tasks, corpora):
        if name in table:
            return table.get(name)
    return datasets.get(name)
