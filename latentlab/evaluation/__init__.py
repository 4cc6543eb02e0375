"""Examinations: one file a kind of model, each registered under the kind's name.

What is measured is measured on the whole official test split, beside the method that it has to
beat. Importing this package registers all.
"""

from latentlab.evaluation.agreement import disagreements
from latentlab.evaluation.autoencoders import AUTOENCODERS
from latentlab.evaluation.base import (
    Examination,
    Portrait,
    evaluate,
    examinations,
    portrait,
    reference,
    scores,
    statistics,
)
from latentlab.evaluation.classifiers import CLASSIFIERS
from latentlab.evaluation.denoising_autoencoders import DENOISING_AUTOENCODERS
from latentlab.evaluation.factor_classifiers import FACTOR_CLASSIFIERS
from latentlab.evaluation.generators import GENERATORS
from latentlab.evaluation.halving import halve
from latentlab.evaluation.photo_denoisers import PHOTO_DENOISERS
from latentlab.evaluation.variational_autoencoders import VARIATIONAL_AUTOENCODERS

__all__ = [
    "AUTOENCODERS",
    "CLASSIFIERS",
    "DENOISING_AUTOENCODERS",
    "FACTOR_CLASSIFIERS",
    "GENERATORS",
    "PHOTO_DENOISERS",
    "VARIATIONAL_AUTOENCODERS",
    "Examination",
    "Portrait",
    "disagreements",
    "evaluate",
    "examinations",
    "halve",
    "portrait",
    "reference",
    "scores",
    "statistics",
]
