"""Scores of what enlarges, invents and translates."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_models import small_network, write_checkpoint

from latentlab.baselines import morphology
from latentlab.checkpoints import Score
from latentlab.data import ImageDataset, Images, datasets
from latentlab.evaluation import class_generators, generators, scores, shared
from latentlab.models import ConditionalGAN, CycleGAN, Network, SuperResolution


@pytest.fixture(autouse=True)
def small_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Images]]:
    """MNIST with 200 training and 100 test pictures, both from the samples; an untrained judge."""
    samples = datasets.get("mnist").samples()
    order = np.random.default_rng(0).permutation(len(samples))

    def part(chosen: np.ndarray, split: str) -> Images:
        return replace(
            samples,
            images=samples.images[chosen],
            labels=samples.labels[chosen],
            ids=samples.ids[chosen],
            split=split,
        )

    splits = {"train": part(order[:200], "train"), "test": part(order[200:300], "test")}
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: splits[split])
    monkeypatch.setattr(class_generators, "GAN_SAMPLES", 200)
    monkeypatch.setattr(generators, "GAN_SAMPLES", 200)
    write_checkpoint(tmp_path, "classifier.mnist")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    shared.splits.cache_clear()
    yield splits
    shared.splits.cache_clear()


def by_name(network: Network) -> dict[str, Score]:
    return {score.name: score for score in scores(network, "mnist")}


def test_an_enlarger_is_scored_beside_the_best_classical_way(
    small_data: dict[str, Images], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = small_network("super_resolution")
    assert isinstance(network, SuperResolution)
    x = small_data["test"].tensor()
    monkeypatch.setattr(network, "forward", lambda small: x)  # who knows the truth
    known = by_name(network)
    assert known["PSNR"].value == np.inf and known["SSIM"].value == pytest.approx(1)
    assert known["feature distance"].value < 1e-6 and known["FID"].value < 1e-6
    monkeypatch.undo()


def test_an_untrained_enlarger_is_beaten_by_a_classical_way(small_data: dict[str, Images]) -> None:
    network = small_network("super_resolution")
    assert isinstance(network, SuperResolution)
    found = by_name(network)
    x = small_data["test"].tensor()
    with torch.inference_mode():
        again = network.enlarge(network.shrink(x))
    psnr = (-10 * ((again - x) ** 2).mean((1, 2, 3)).log10()).mean().item()
    assert found["PSNR"].value == pytest.approx(psnr, rel=1e-4)
    assert found["PSNR"].baseline > psnr
    assert found["PSNR"].baseline_name in ("Bicubic, back-projected", "Patch by patch, fitted")
    assert found["PSNR"].higher_is_better and not found["feature distance"].higher_is_better


def test_a_data_set_without_a_classifier_has_no_features_to_compare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = replace(datasets.get("mnist"), classifier=None)
    monkeypatch.setattr(datasets, "get", lambda name: own)
    assert set(by_name(small_network("super_resolution"))) == {"PSNR", "SSIM"}


def test_a_class_generator_is_scored_beside_a_gaussian_from_as_many_pictures() -> None:
    network = small_network("conditional_gan", pictures=50)
    assert isinstance(network, ConditionalGAN)
    found = by_name(network)
    assert found["of the class asked for"].baseline_name == "Gaussian a class, 50 pictures"
    assert 0 <= found["of the class asked for"].value <= 1
    assert found["FID of training pictures"].value < found["FID"].value
    assert found == by_name(network)


def test_the_truth_of_a_translation_is_known(
    small_data: dict[str, Images], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = small_network("cycle_gan")
    assert isinstance(network, CycleGAN)
    thin = small_data["test"].tensor()
    thick = morphology.dilate(thin)
    found = by_name(network)
    with torch.inference_mode():
        assert found["error, thicker"].value == pytest.approx(
            (network.there(thin) - thick).abs().mean().item(), rel=1e-4
        )
        assert found["error, thinner"].value == pytest.approx(
            (network.back(thick) - thin).abs().mean().item(), rel=1e-4
        )
    assert found["error, thicker"].baseline == 0
    assert found["error, thinner"].baseline == pytest.approx(
        (morphology.erode(thick) - thin).abs().mean().item(), rel=1e-4
    )
    monkeypatch.setattr(network, "there", morphology.dilate)
    monkeypatch.setattr(network, "back", morphology.erode)
    exact = by_name(network)
    assert exact["error, thicker"].value == 0
    for name in ("error, thinner", "error, there and back", "digit kept, thicker"):
        assert exact[name].value == exact[name].baseline
