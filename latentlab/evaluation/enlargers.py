"""Super-resolution: error, structure and what a classifier sees, beside the classical ways."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import torch
from torch import Tensor

from latentlab import metrics
from latentlab.baselines.enlargement import classical_enlargers
from latentlab.checkpoints import Score
from latentlab.data import datasets, patches
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.generators import features_of
from latentlab.evaluation.shared import BATCH, classifier_of, splits
from latentlab.models import SuperResolution

DIRECTIONS = {"PSNR": ("dB", True), "SSIM": ("", True), "feature distance": ("", False)}
FID = "FID"
REFERENCES = 2  # pictures: large ones in colour are many numbers


def enlarger_scores(network: SuperResolution, data: str) -> Iterator[Score]:
    """Yield what is left of test pictures that were made small and enlarged again.

    PSNR and SSIM, means over pictures, clipped to [0, 1]; where the data set has a classifier, the
    mean distance of its features from those of the true picture, and the Fréchet distance of them
    all. Of the classical ways the best is the baseline, for each score by itself.
    """
    _, test = splits(data)

    def measured(enlarge: Callable[[Tensor], Tensor]) -> dict[str, float]:
        return comparison(data, test.tensor(), enlarge, network)

    ours = measured(network.enlarge)
    others = {}
    for method in map(classical_enlargers.get, classical_enlargers):
        others[method.label] = measured(partial(method, factor=network.factor))
    if data in patches.SHIPPED:
        others[patches.LABEL] = measured(partial(patches.regression(data), factor=network.factor))
    for name, value in ours.items():
        unit, up = DIRECTIONS.get(name, ("", False))
        best = (max if up else min)(others, key=lambda label: others[label][name])
        yield Score(name, value, unit, up, others[best][name], best)


def comparison(
    data: str, x: Tensor, enlarge: Callable[[Tensor], Tensor], network: SuperResolution
) -> dict[str, float]:
    """Return scores by name of pictures ``[N, C, H, W]`` made small and enlarged by ``enlarge``."""
    again = torch.cat([enlarge(network.shrink(part)) for part in x.split(BATCH)])
    found = {
        name: float(metrics.metrics.get(name.lower())(again, x).mean()) for name in ("PSNR", "SSIM")
    }
    if datasets.get(data).classifier is not None:
        classifier = classifier_of(data)
        true, made = features_of(classifier, x), features_of(classifier, again)
        found["feature distance"] = float(np.linalg.norm(true - made, axis=1).mean())
        found[FID] = metrics.frechet_distance(true, made)
    return found


def enlarged_reference(network: SuperResolution, data: str) -> dict[str, Tensor]:
    """Return two samples made small, and what the network makes of them."""
    small = network.shrink(datasets.get(data).samples().tensor(slice(0, REFERENCES)))
    return {"small": small, "enlarged": network(small)}


def enlarged_portrait(network: SuperResolution, x: Tensor, rng: torch.Generator) -> Portrait:
    """Return pictures made small, enlarged by the network, and as they were."""
    small = network.shrink(x)
    squares = small.repeat_interleave(network.factor, 2).repeat_interleave(network.factor, 3)
    return Portrait((squares, network.enlarge(small), x), ("made small", "enlarged", "original"))


ENLARGERS = examinations.add(
    "enlarger",
    Examination(SuperResolution, enlarger_scores, enlarged_reference, enlarged_portrait),
)
