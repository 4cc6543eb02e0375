"""The recipes: one table from which every shipped checkpoint is remade.

base.py            Recipe, and the table
small_pictures.py  MNIST and Fashion-MNIST
adversaries.py     their GANs, with the stories of their training
bottleneck.py      the study of code sizes
regularise.py      the study of penalties
anomaly.py         the study of single classes
toon_faces.py      toon faces, and the study of separated factors
emoji.py           emoji, of which there are few
photographs.py     photo denoisers
applications.py    what GANs are used for
sequences.py       the study of what remembers
attention.py       three architectures of text
sentences.py       sentence autoencoders and VAEs
"""

# Importing a file adds its recipes; in this order `latentlab train --all` works them off.
# isort: off
from latentlab.training.recipes.base import Recipe, recipes
from latentlab.training.recipes import (
    small_pictures,
    adversaries,
    bottleneck,
    regularise,
    anomaly,
    toon_faces,
    emoji,
    photographs,
    applications,
    sequences,
    attention,
    sentences,
)
# isort: on

__all__ = [
    "Recipe",
    "adversaries",
    "anomaly",
    "applications",
    "attention",
    "bottleneck",
    "emoji",
    "photographs",
    "recipes",
    "regularise",
    "sentences",
    "sequences",
    "small_pictures",
    "toon_faces",
]
