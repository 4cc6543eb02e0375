"""The experiments on single classes, end to end on little data."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from latentlab import checkpoints
from latentlab.data import ImageDataset, datasets
from latentlab.experiments import anomaly, contamination, runs
from latentlab.experiments.base import Effort, Result
from latentlab.tasks import anomaly as task
from latentlab.training.recipes import anomaly as recipes


@pytest.fixture
def little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """MNIST with 60 pictures a class, from the shipped samples; no checkpoints."""
    samples = datasets.get("mnist").samples()
    places = np.concatenate([np.flatnonzero(samples.labels == k)[:60] for k in range(10)])
    few = replace(
        samples,
        images=samples.images[places],
        labels=samples.labels[places],
        ids=samples.ids[places],
        complete=True,
    )
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: replace(few, split=split))
    monkeypatch.setattr(checkpoints, "folders", lambda: [tmp_path])
    monkeypatch.chdir(tmp_path)
    yield


def finish(name: str) -> Result:
    *_, last = runs.run(name, 2, Effort(quick=True))
    assert last.result is not None
    return last.result


def test_one_class_against_the_rest(little: None) -> None:
    result = finish("anomaly")
    for data in anomaly.DATA:
        curves = {curve.line.name.partition(".")[0]: curve for curve in result.group(data)}
        assert list(curves) == list(anomaly.METHODS)
        for name, curve in curves.items():
            assert curve.x == anomaly.QUICK_CLASSES
            assert len(curve.values) == (2 if name in anomaly.NETWORKS else 1)
            assert all(0 <= value <= 1 for row in curve.values for value in row)
        # PCA knows the few pictures that it was fitted to, which are test pictures here, too.
        assert curves["pca32"].mean[0] > 0.8
    assert task.table(result, "mnist")[0].mean >= curves["pca32"].mean[0]


def test_training_that_is_not_clean(little: None) -> None:
    result = finish("contamination")
    for normal in contamination.CLASSES:
        curves = task.contamination_curves(result, normal)
        assert [curve.line.label for curve in curves] == list(contamination.METHODS.values())
        assert all(curve.x == contamination.QUICK_SHARES for curve in curves)
        assert curves[0].mean[1] < curves[0].mean[0], "PCA that has seen outliers finds fewer"


def test_what_stands_twice_is_alike() -> None:
    """Recipes load torch, so that experiments say some of it again."""
    assert tuple(recipes.DATA) == anomaly.DATA
    assert recipes.CONTAMINATED == (contamination.DATA, contamination.CLASSES)
    assert (0, *recipes.SHARES) == contamination.SHARES
    assert len(anomaly.CLASSES) == recipes.CLASSES
