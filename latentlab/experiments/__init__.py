"""Experiments: questions, procedures, and the results that pages draw.

Importing this package registers all of them and loads neither torch nor anything that trains: an
experiment's module imports what its procedure needs inside its functions.
"""

from latentlab.experiments import (  # noqa: F401  (each registers itself)
    anomaly,
    bottleneck,
    contamination,
    pretrain,
    pretrain_many,
    regularise,
)
from latentlab.experiments.base import Axis, Curve, Experiment, Line, Result, experiments, load

__all__ = ["Axis", "Curve", "Experiment", "Line", "Result", "experiments", "load"]
