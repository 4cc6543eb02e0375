"""Experiments: questions, procedures, and the results that pages draw.

Importing this package registers all of them and loads neither torch nor anything that trains: an
experiment's module imports what its procedure needs inside its functions.
"""

from latentlab.experiments import (  # noqa: F401  (each registers itself)
    adaptation,
    adaptation_balance,
    adaptation_photographs,
    adaptation_rehearsal,
    adaptation_tries,
    anomaly,
    augmentation,
    bottleneck,
    contamination,
    correlated,
    directions,
    disentanglement,
    pretrain,
    pretrain_many,
    regularise,
    sentences,
    sentences_bits,
    sentences_corpora,
    sentences_dropout,
    sequences,
    sequences_cost,
    sequences_length,
    sequences_positions,
    sequences_tasks,
    sequences_training,
    transfer,
    transfer_depth,
)
from latentlab.experiments.base import (
    Axis,
    Curve,
    Experiment,
    Line,
    Point,
    Result,
    experiments,
    load,
)

__all__ = ["Axis", "Curve", "Experiment", "Line", "Point", "Result", "experiments", "load"]
