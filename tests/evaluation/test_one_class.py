"""Networks that have seen one class: what is measured of them, and what their cards say."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_models import small_network, write_checkpoint

from latentlab import checkpoints
from latentlab.data import ImageDataset, Images, OneClass, datasets
from latentlab.errors import BadConfig, UnsupportedError
from latentlab.evaluation import evaluate, one_class, scores, shared, statistics
from latentlab.models import Autoencoder


@pytest.fixture
def small_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Images]]:
    """MNIST with 600 training and 300 test pictures, both from the shipped samples."""
    samples = datasets.get("mnist").samples()
    places = np.random.default_rng(0).permutation(len(samples))
    splits = {
        split: replace(
            samples,
            images=samples.images[chosen],
            labels=samples.labels[chosen],
            ids=samples.ids[chosen],
            split=split,
            complete=True,
        )
        for split, chosen in (("train", places[:600]), ("test", places[600:900]))
    }
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: splits[split])
    for cached in (shared.splits, one_class.principal_components):
        cached.cache_clear()
    yield splits
    for cached in (shared.splits, one_class.principal_components):
        cached.cache_clear()


def test_what_is_measured_is_how_well_the_others_are_found(small_data: dict[str, Images]) -> None:
    network = small_network("vae")
    found = {score.name: score for score in scores(network, "mnist", OneClass(1))}
    assert set(found) == {"AUROC, error", "AUROC, smoothed error", "AUROC, −ELBO"}
    assert all(score.higher_is_better for score in found.values())
    # PCA of the ones among 600 pictures: even three components know them from all others.
    assert found["AUROC, error"].baseline_name == "PCA, 3 components"
    assert found["AUROC, error"].baseline > 0.95
    assert scores(network, "mnist", OneClass(1)) == tuple(found.values())
    names = [
        score.name for score in scores(small_network("conv_autoencoder"), "mnist", OneClass(1))
    ]
    assert names == ["AUROC, error", "AUROC, smoothed error"]


def test_statistics_are_of_its_own_class(small_data: dict[str, Images]) -> None:
    network = small_network("conv_autoencoder")
    assert isinstance(network, Autoencoder)
    own = OneClass(1).training(small_data["train"]).tensor()
    with torch.inference_mode():
        codes = network.encode(own).mode().flatten(1)
    found = statistics(network, "mnist", OneClass(1))
    assert found is not None and torch.allclose(found.mean, codes.mean(0), atol=1e-4)
    assert not torch.allclose(statistics(network, "mnist").mean, found.mean, atol=1e-4)


def test_only_autoencoders_are_measured_so(small_data: dict[str, Images]) -> None:
    with pytest.raises(UnsupportedError, match="one class"):
        scores(small_network("classifier"), "mnist", OneClass(1))


def test_a_card_keeps_what_its_model_has_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_data: dict[str, Images]
) -> None:
    folder = write_checkpoint(tmp_path, "conv_autoencoder.mnist_mine")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    card = checkpoints.read_card("conv_autoencoder.mnist_mine")
    assert card.only is None
    checkpoints.write_card(folder, replace(card, only=OneClass(1, 0.05)))
    checkpoint = checkpoints.load("conv_autoencoder.mnist_mine")
    assert checkpoint.card.only == OneClass(1, 0.05)
    assert evaluate(checkpoint)[0].name == "AUROC, error"
    checkpoints.write_card(folder, replace(card, only=OneClass(1, 0.9)))
    with pytest.raises(BadConfig, match="model card"):
        checkpoints.read_card("conv_autoencoder.mnist_mine")
