"""Classifiers: accuracy, beside nearest neighbours."""

from collections.abc import Iterator

import torch
from torch import Tensor

from latentlab.checkpoints import Score
from latentlab.data import datasets
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.shared import (
    BATCH,
    NEIGHBOURS,
    neighbour_accuracy,
    principal_components,
    reference_count,
    splits,
)
from latentlab.models import Classifier


def classifier_scores(network: Classifier, data: str) -> Iterator[Score]:
    """Yield the accuracy, nearest neighbours on 64 principal components as the baseline."""
    train, test = splits(data)
    guesses = torch.cat([network.logits(x).argmax(1) for x in test.batches(BATCH)]).numpy()
    pca = principal_components(data, 64)
    codes = [torch.cat([pca.encode(x) for x in split.batches(BATCH)]) for split in (train, test)]
    baseline = neighbour_accuracy(codes[0], train, codes[1], test)
    accuracy = float((guesses == test.labels).mean())
    yield Score("accuracy", accuracy, "", True, baseline, f"{NEIGHBOURS}-NN on 64 PCA components")


def logits_reference(network: Classifier, data: str) -> dict[str, Tensor]:
    """Return up to four samples and their logits."""
    x = datasets.get(data).samples().tensor(slice(0, reference_count(network.image_shape)))
    return {"images": x, "logits": network.logits(x)}


def classes_portrait(network: Classifier, x: Tensor, rng: torch.Generator) -> Portrait:
    """Return pictures with the classes that the network gives them."""
    return Portrait((x,), ("test pictures",), network.logits(x).argmax(1))


CLASSIFIERS = examinations.add(
    "classifier", Examination(Classifier, classifier_scores, logits_reference, classes_portrait)
)
