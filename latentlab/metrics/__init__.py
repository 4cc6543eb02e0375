"""Scores, each with its unit and direction.

pictures.py       pairwise metrics of pictures: the registry ``metrics``
codes.py          nearest neighbours, linear probes, trustworthiness
distributions.py  distances between two sets of features: coverage, density, Fréchet
copying.py        how much of pure noise comes back; how near samples are to known pictures
sparsity.py       how a code uses its units
transcriptions.py how far what was written is from what should have been
"""

from latentlab.metrics.codes import (
    knn_accuracy,
    knn_accuracy_within,
    probe_accuracy,
    trustworthiness,
)
from latentlab.metrics.distributions import Coverage, coverage_and_density, frechet_distance
from latentlab.metrics.pictures import Metric, metrics
from latentlab.metrics.sparsity import (
    active_units,
    dead_units,
    lifetime_sparseness,
    population_sparseness,
)

__all__ = [
    "Coverage",
    "Metric",
    "active_units",
    "coverage_and_density",
    "dead_units",
    "frechet_distance",
    "knn_accuracy",
    "knn_accuracy_within",
    "lifetime_sparseness",
    "metrics",
    "population_sparseness",
    "probe_accuracy",
    "trustworthiness",
]
