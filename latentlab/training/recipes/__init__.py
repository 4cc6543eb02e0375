"""The recipes: one table from which every shipped checkpoint is remade.

base.py            Recipe, and the table
small_pictures.py  MNIST and Fashion-MNIST
bottleneck.py      the study of code sizes
regularise.py      the study of penalties
anomaly.py         the study of single classes
toon_faces.py      toon faces, and the study of separated factors
emoji.py           emoji
photographs.py     photo denoisers
"""

# Importing a file adds its recipes; in this order `latentlab train --all` works them off.
# isort: off
from latentlab.training.recipes.base import Recipe, recipes
from latentlab.training.recipes import (
    small_pictures,
    bottleneck,
    regularise,
    anomaly,
    toon_faces,
    emoji,
    photographs,
)
# isort: on

__all__ = [
    "Recipe",
    "anomaly",
    "bottleneck",
    "emoji",
    "photographs",
    "recipes",
    "regularise",
    "small_pictures",
    "toon_faces",
]
