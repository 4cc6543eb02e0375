"""Scores, each with its unit and direction.

pictures.py       pairwise metrics of pictures: the registry ``metrics``
codes.py          nearest neighbours, linear probes, trustworthiness
distributions.py  distances between two sets of features: coverage, density, Fréchet
"""

from latentlab.metrics.codes import (
    knn_accuracy,
    knn_accuracy_within,
    probe_accuracy,
    trustworthiness,
)
from latentlab.metrics.distributions import Coverage, coverage_and_density, frechet_distance
from latentlab.metrics.pictures import Metric, metrics

__all__ = [
    "Coverage",
    "Metric",
    "coverage_and_density",
    "frechet_distance",
    "knn_accuracy",
    "knn_accuracy_within",
    "metrics",
    "probe_accuracy",
    "trustworthiness",
]
