"""Data sets. Importing this package registers all, in the order in which pages offer them."""

# ruff: noqa: I001  (the order of registration, not of the alphabet)
from latentlab.data.base import ImageDataset, Images, Split, TrainingData, datasets
from latentlab.data.mnist import MNIST
from latentlab.data.fashion_mnist import FASHION_MNIST
from latentlab.data.toon_faces import TOON_FACES
from latentlab.data.photographs import PHOTOGRAPHS, PhotoDataset, Photographs, photo_datasets

__all__ = [
    "FASHION_MNIST",
    "MNIST",
    "PHOTOGRAPHS",
    "TOON_FACES",
    "ImageDataset",
    "Images",
    "PhotoDataset",
    "Photographs",
    "Split",
    "TrainingData",
    "datasets",
    "photo_datasets",
]
