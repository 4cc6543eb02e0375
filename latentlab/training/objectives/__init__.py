"""What training runs minimise, and the steps that do it; a file for each sort of network.

base.py            Objective, Learner, and one gradient step on one loss
reconstruction.py  autoencoders, denoising ones too
linear.py          linear autoencoders, by the exact gradient
variational.py     VAEs
classification.py  classifiers of one label, or of every factor
adversarial.py     GANs
augmentation.py    what is done to pictures meanwhile
photographs.py     denoisers of photographs
game.py            what all critics share
enlarging.py       super-resolution, by squared error and by a critic
conditional.py     conditional GANs
translation.py     CycleGANs
told.py            VAEs that are told the factors of their pictures
sequences.py       answers at positions of a sequence
language.py        the next token, hidden tokens, answers
sentences.py       autoencoders and VAEs of sentences
"""

from latentlab.training.objectives.adversarial import Adversarial
from latentlab.training.objectives.base import (
    GradientObjective,
    Learner,
    Objective,
    OptimiserSettings,
    expect,
)
from latentlab.training.objectives.classification import Factors, Labels
from latentlab.training.objectives.conditional import ConditionalAdversarial
from latentlab.training.objectives.enlarging import AdversarialEnlarging, Enlarging
from latentlab.training.objectives.game import Game
from latentlab.training.objectives.language import MaskedTokens, NextToken, Transcription
from latentlab.training.objectives.linear import LinearReconstruction
from latentlab.training.objectives.photographs import CameraNoise, GaussianNoise
from latentlab.training.objectives.reconstruction import (
    Denoising,
    PenalisedReconstruction,
    Reconstruction,
)
from latentlab.training.objectives.sentences import SentenceElbo, SentenceReconstruction
from latentlab.training.objectives.sequences import Answers
from latentlab.training.objectives.told import Told
from latentlab.training.objectives.translation import ThickAndThin
from latentlab.training.objectives.variational import Elbo, TotalCorrelation

__all__ = [
    "Adversarial",
    "AdversarialEnlarging",
    "Answers",
    "CameraNoise",
    "ConditionalAdversarial",
    "Denoising",
    "Elbo",
    "Enlarging",
    "Factors",
    "Game",
    "GaussianNoise",
    "GradientObjective",
    "Labels",
    "Learner",
    "LinearReconstruction",
    "MaskedTokens",
    "NextToken",
    "Objective",
    "OptimiserSettings",
    "PenalisedReconstruction",
    "Reconstruction",
    "SentenceElbo",
    "SentenceReconstruction",
    "ThickAndThin",
    "Told",
    "TotalCorrelation",
    "Transcription",
    "expect",
]
