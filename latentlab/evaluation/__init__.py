"""Examinations: one file a kind of model, each registered under the kind's name.

What is measured is measured on the whole official test split, beside the method that it has to
beat. Importing this package registers all. `stories` makes of the moments of a run what ships.
"""

from latentlab.evaluation.agreement import disagreements
from latentlab.evaluation.autoencoders import AUTOENCODERS
from latentlab.evaluation.base import (
    Examination,
    Lines,
    Portrait,
    evaluate,
    examinations,
    portrait,
    reference,
    scores,
    statistics,
)
from latentlab.evaluation.class_generators import CLASS_GENERATORS
from latentlab.evaluation.classifiers import CLASSIFIERS
from latentlab.evaluation.denoising_autoencoders import DENOISING_AUTOENCODERS
from latentlab.evaluation.encoder_decoders import ENCODER_DECODERS
from latentlab.evaluation.enlargers import ENLARGERS
from latentlab.evaluation.factor_classifiers import FACTOR_CLASSIFIERS
from latentlab.evaluation.generators import GENERATORS
from latentlab.evaluation.halving import halve
from latentlab.evaluation.language_models import LANGUAGE_MODELS
from latentlab.evaluation.masked_language_models import MASKED_LANGUAGE_MODELS
from latentlab.evaluation.photo_denoisers import PHOTO_DENOISERS
from latentlab.evaluation.sentences import SENTENCE_AUTOENCODERS, SENTENCE_VAES
from latentlab.evaluation.sequence_labellers import SEQUENCE_LABELLERS
from latentlab.evaluation.stories import Kept, stories
from latentlab.evaluation.translators import TRANSLATORS
from latentlab.evaluation.variational_autoencoders import VARIATIONAL_AUTOENCODERS

__all__ = [
    "AUTOENCODERS",
    "CLASSIFIERS",
    "CLASS_GENERATORS",
    "DENOISING_AUTOENCODERS",
    "ENCODER_DECODERS",
    "ENLARGERS",
    "FACTOR_CLASSIFIERS",
    "GENERATORS",
    "LANGUAGE_MODELS",
    "MASKED_LANGUAGE_MODELS",
    "PHOTO_DENOISERS",
    "SENTENCE_AUTOENCODERS",
    "SENTENCE_VAES",
    "SEQUENCE_LABELLERS",
    "TRANSLATORS",
    "VARIATIONAL_AUTOENCODERS",
    "Examination",
    "Kept",
    "Lines",
    "Portrait",
    "disagreements",
    "evaluate",
    "examinations",
    "halve",
    "portrait",
    "reference",
    "scores",
    "statistics",
    "stories",
]
