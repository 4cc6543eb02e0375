"""Classifiers of factors: how well each factor is read, beside linear methods."""

from collections.abc import Iterator

import numpy as np
import torch

from latentlab import metrics
from latentlab.checkpoints import Score
from latentlab.data import datasets
from latentlab.errors import UnsupportedError
from latentlab.evaluation.base import Examination, examinations
from latentlab.evaluation.classifiers import classes_portrait, logits_reference
from latentlab.evaluation.shared import BATCH, principal_components, splits
from latentlab.models import FactorClassifier

COMPONENTS = 64


def factor_scores(network: FactorClassifier, data: str) -> Iterator[Score]:
    """Yield the accuracy of every factor that is a choice, and the mean error of every number.

    The baselines see 64 principal components: logistic regression, and least squares for numbers.

    Raises:
        UnsupportedError: the data set knows other factors than the network has heads.
    """
    factors = datasets.get(data).factors
    if tuple(max(1, len(factor.values)) for factor in factors) != network.heads:
        raise UnsupportedError(f"The factors of {data} are not those of this network.")
    train, test = splits(data)
    assert train.factors is not None and test.factors is not None
    pca = principal_components(data, COMPONENTS)
    codes = [torch.cat([pca.encode(x) for x in split.batches(BATCH)]) for split in (train, test)]
    parts = [network.factors(x) for x in test.batches(BATCH)]
    said = [torch.cat(column) for column in zip(*parts, strict=True)]
    for place, factor in enumerate(factors):
        known, truth = train.factors[:, place], test.factors[:, place]
        if factor.values:
            accuracy = float((said[place].argmax(1).numpy() == truth).mean())
            linear = metrics.probe_accuracy(codes[0], known, codes[1], truth)
            named = f"logistic regression on {pca.k} PCA components"
            yield Score(factor.name, accuracy, "", True, linear, named)
        else:
            error = float(np.abs(said[place][:, 0].numpy() - truth).mean())
            rows = [np.column_stack([part.numpy(), np.ones(len(part))]) for part in codes]
            weights = np.linalg.lstsq(rows[0], known.astype(np.float32), rcond=None)[0]
            linear = float(np.abs(rows[1] @ weights - truth).mean())
            named = f"least squares on {pca.k} PCA components"
            yield Score(f"{factor.name}, error", error, factor.unit, False, linear, named)


FACTOR_CLASSIFIERS = examinations.add(
    "factor_classifier",
    Examination(FactorClassifier, factor_scores, logits_reference, classes_portrait),
)
