"""The experiment on more training pictures: what its arms see, and what they do not."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_models import write_checkpoint

from latentlab.baselines.augmentation import Deformation
from latentlab.data import ImageDataset, Images, datasets
from latentlab.experiments import augmentation, runs
from latentlab.experiments.base import Effort, Result
from latentlab.training import augmented

ASKED: list[tuple[str, str]] = []


@pytest.fixture
def small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Digits for both data sets, 500 and 60 of them; short trainings; untrained judges."""
    samples = datasets.get("mnist").samples()

    def load(self: ImageDataset, split: str) -> Images:
        ASKED.append((self.name, split))
        chosen = np.arange(500) if split == "train" else np.arange(500, 560)
        return replace(
            samples,
            images=samples.images[chosen],
            labels=samples.labels[chosen],
            ids=samples.ids[chosen],
            split=split,
        )

    monkeypatch.setattr(ImageDataset, "load", load)
    monkeypatch.setattr(runs, "_require", lambda experiment: None)
    monkeypatch.setattr(augmentation, "QUICK_STEPS", 2)
    monkeypatch.setattr(augmentation, "JUDGED", 40)
    for data in augmentation.DATA:
        write_checkpoint(tmp_path, f"classifier.{data}")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    ASKED.clear()
    augmentation._test.cache_clear()
    yield
    augmentation._test.cache_clear()


def test_every_arm_is_measured_on_both_data_sets(small_data: None) -> None:
    *_, last = runs.run("augmentation", 1, Effort(quick=True))
    result = last.result
    assert isinstance(result, Result)
    for data in augmentation.DATA:
        for arm in augmentation.ARMS:
            curve = result.curve(augmentation.error_line(data, arm))
            assert curve is not None and curve.x == (100,) and 0 <= curve.values[0][0] <= 100
            assert curve.line.baseline == (arm == "classical")
        for generator in augmentation.GENERATORS:
            curve = result.curve(augmentation.hits_line(data, generator))
            assert curve is not None and 0 <= curve.values[0][0] <= 100
    assert {split for _, split in ASKED} == {"train", "test"}


def test_the_full_plan_has_both_numbers_of_labels() -> None:
    cells = [cell.name for cell in augmentation._plan(False)]
    assert len(cells) == 12 and len(set(cells)) == 12
    assert cells[0] == "mnist.100.plain" and "fashion_mnist.1000.gan" in cells


def test_an_arm_that_invents_gives_half_of_a_batch_and_keeps_its_classes() -> None:
    x, labels = torch.zeros(20, 1, 4, 4), torch.arange(20) % 10
    asked: list[torch.Tensor] = []

    def invent(classes: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
        asked.append(classes)
        return torch.ones(len(classes), 1, 4, 4)

    rng = torch.Generator().manual_seed(0)
    pictures, classes = augmented.Arm(invent=invent).batch(x, labels, rng)
    assert len(pictures) == len(classes) == augmented.BATCH
    half = augmented.BATCH // 2
    assert pictures[:half].max() == 0 and pictures[half:].min() == 1
    assert torch.equal(asked[0], classes[half:])
    plain, _ = augmented.Arm().batch(x, labels, rng)
    assert plain.max() == 0
    moved, _ = augmented.Arm(deform=Deformation(shift=2), invent=invent).batch(x, labels, rng)
    assert moved[half:].min() < 1 and moved[:half].max() == 0


def test_all_arms_start_from_the_same_weights_and_a_seed_decides_all() -> None:
    x = datasets.get("mnist").samples().tensor(slice(0, 40))
    labels = torch.arange(40) % 10

    def weights(arm: augmented.Arm, steps: int, seed: int) -> torch.Tensor:
        work = augmented.train(x, labels, 10, arm, steps, seed)
        network = next(work)
        for _ in work:
            pass
        assert not network.training
        return torch.cat([p.detach().flatten() for p in network.parameters()])

    moved = augmented.Arm(deform=Deformation(shift=2))
    assert torch.equal(weights(moved, 3, 1), weights(moved, 3, 1))
    assert not torch.equal(weights(moved, 3, 1), weights(moved, 3, 2))
    assert not torch.equal(weights(moved, 3, 1), weights(augmented.Arm(), 3, 1))


def test_an_error_rate_counts_wrong_classes() -> None:
    x = datasets.get("mnist").samples().tensor(slice(0, 40))
    (network,) = augmented.train(x, torch.arange(40) % 10, 10, augmented.Arm(), 1, 0)
    with torch.inference_mode():
        guesses = network.logits(x).argmax(1)
    assert augmented.error_rate(network, x, guesses) == 0
    wrong = guesses.clone()
    wrong[:10] = (wrong[:10] + 1) % 10
    assert augmented.error_rate(network, x, wrong) == pytest.approx(25)
