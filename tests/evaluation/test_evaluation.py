"""Scores on cards: what they compare, and that a bent number is found."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_models import small_config, small_network, write_checkpoint

from latentlab import checkpoints, metrics
from latentlab.baselines.pca import PrincipalComponents
from latentlab.checkpoints import Score
from latentlab.data import ImageDataset, Images, PhotoDataset, Photographs, datasets
from latentlab.errors import UnsupportedError
from latentlab.evaluation import (
    autoencoders,
    disagreements,
    evaluate,
    generators,
    photo_denoisers,
    scores,
    shared,
    variational_autoencoders,
)
from latentlab.models import VAE, Autoencoder, Denoiser, Network

MSE = Score("mse", 0.01, "", False, 0.02, "PCA")
GAIN = Score("PSNR", 20.0, "dB", True)


# --- disagreements ----------------------------------------------------------------------------


def test_equal_scores_agree() -> None:
    assert disagreements((MSE, GAIN), (MSE, GAIN)) == []


def test_a_bent_number_is_found_and_both_values_are_said() -> None:
    bent = replace(MSE, value=0.0095)
    (sentence,) = disagreements((MSE, GAIN), (bent, GAIN))
    assert "mse" in sentence and "0.0095" in sentence and "0.01" in sentence


def test_another_processors_rounding_is_not_a_disagreement() -> None:
    assert disagreements((MSE,), (replace(MSE, value=0.01 * 1.004),)) == []
    assert len(disagreements((MSE,), (replace(MSE, value=0.01 * 1.006),))) == 1


def test_a_bent_floor_is_found() -> None:
    (sentence,) = disagreements((MSE,), (replace(MSE, baseline=0.03),))
    assert "PCA" in sentence and "0.03" in sentence
    assert len(disagreements((MSE,), (replace(MSE, baseline_name="an easier one"),))) == 1
    assert len(disagreements((MSE,), (replace(MSE, baseline=None, baseline_name=None),))) == 1


def test_a_score_turned_upside_down_is_found() -> None:
    assert len(disagreements((MSE,), (replace(MSE, higher_is_better=True),))) == 1


def test_scores_that_only_one_side_has_are_named() -> None:
    assert disagreements((MSE, GAIN), (MSE,)) == ["PSNR is not on the card"]
    assert disagreements((MSE,), (MSE, GAIN)) == ["PSNR is no longer measured"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -20.0, 0.0])
def test_values_that_are_no_measurement_disagree(value: float) -> None:
    assert len(disagreements((GAIN,), (replace(GAIN, value=value),))) == 1
    assert len(disagreements((replace(GAIN, value=value),), (GAIN,))) == 1


# --- measuring --------------------------------------------------------------------------------


@pytest.fixture
def small_data(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Images]]:
    """MNIST with 300 training and 200 test pictures, both from the shipped samples."""
    samples = datasets.get("mnist").samples()
    order = np.random.default_rng(0).permutation(len(samples))

    def part(chosen: np.ndarray, split: str) -> Images:
        return replace(
            samples,
            images=samples.images[chosen],
            labels=samples.labels[chosen],
            ids=samples.ids[chosen],
            split=split,
            complete=True,
        )

    splits = {"train": part(order[:300], "train"), "test": part(order[300:500], "test")}

    def load(self: ImageDataset, split: str) -> Images:
        assert self.name == "mnist"
        return splits[split]

    monkeypatch.setattr(ImageDataset, "load", load)
    monkeypatch.setattr(generators, "GAN_SAMPLES", 300)
    monkeypatch.setattr(variational_autoencoders, "NLL_IMAGES", 20)
    monkeypatch.setattr(variational_autoencoders, "NLL_SAMPLES", 5)
    for cached in (shared.splits, shared._all_components):
        cached.cache_clear()
    yield splits
    for cached in (shared.splits, shared._all_components):
        cached.cache_clear()


def by_name(network: Network) -> dict[str, Score]:
    return {score.name: score for score in scores(network, "mnist")}


def test_an_autoencoder_is_scored_beside_as_many_principal_components(
    small_data: dict[str, Images], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = small_network("autoencoder")
    found = by_name(network)
    x = small_data["test"].tensor()
    with torch.inference_mode():
        expected = ((network(x) - x) ** 2).mean().item()
    assert found["mse"].value == pytest.approx(expected, rel=1e-5)
    pca = PrincipalComponents.fit(small_data["train"].tensor(), 3)
    baseline = ((pca.decode(pca.encode(x)).clamp(0, 1) - x) ** 2).mean().item()
    assert found["mse"].baseline == pytest.approx(baseline, rel=1e-4)
    assert found["mse"].baseline_name == "PCA, 3 components" and not found["mse"].higher_is_better
    # Of few pictures it is also said how well those are known that both have learnt from.
    seen = small_data["train"].tensor()
    with torch.inference_mode():
        learnt = ((network(seen) - seen) ** 2).mean().item()
    known = ((pca.decode(pca.encode(seen)).clamp(0, 1) - seen) ** 2).mean().item()
    both = found["mse, training pictures"]
    assert both.value == pytest.approx(learnt, rel=1e-5)
    assert both.baseline == pytest.approx(known, rel=1e-4)
    monkeypatch.setattr(autoencoders, "FEW", len(seen))
    assert "mse, training pictures" not in by_name(network)
    accuracy = found["10-NN accuracy"]
    assert 0.1 < accuracy.baseline <= 1 and 0 <= accuracy.value <= 1 and accuracy.higher_is_better


def test_neighbours_find_the_labels_of_codes_that_are_the_labels(
    small_data: dict[str, Images], monkeypatch: pytest.MonkeyPatch
) -> None:
    network = small_network("autoencoder")
    known = {
        picture.tobytes(): label
        for images in small_data.values()
        for picture, label in zip(images.images, images.labels.tolist(), strict=True)
    }

    def encode(x: torch.Tensor) -> object:
        labels = [known[(p * 255).round().to(torch.uint8).numpy().tobytes()] for p in x]
        codes = torch.tensor(labels).float()[:, None].expand(-1, 3)
        return type("Codes", (), {"mode": lambda self: codes})()

    monkeypatch.setattr(network, "encode", encode)
    assert by_name(network)["10-NN accuracy"].value == 1.0


def test_a_vae_has_a_rate_and_a_likelihood_where_it_is_one(small_data: dict[str, Images]) -> None:
    network = small_network("vae")
    assert isinstance(network, VAE)
    found = by_name(network)
    with torch.inference_mode():
        rate = network.encode(small_data["test"].tensor()).kl().sum(1).mean().item()
    assert found["rate (KL)"].value == pytest.approx(rate, rel=1e-5)
    assert (
        found["NLL"].unit == "nats"
        and found["NLL"].baseline == variational_autoencoders.PUBLISHED_VAE_NLL
    )
    # Untrained, every pixel is about a fair coin: 784 ln 2 nats.
    assert found["NLL"].value == pytest.approx(784 * np.log(2), rel=0.1)
    gaussian = VAE(replace(network.settings, likelihood="gaussian")).eval()
    assert "NLL" not in by_name(gaussian)


def test_units_in_zero_to_one_are_asked_how_they_are_used(small_data: dict[str, Images]) -> None:
    network = small_network("sparse_autoencoder", latent_size=4)
    assert isinstance(network, Autoencoder)
    found = by_name(network)
    with torch.inference_mode():
        codes = network.encode(small_data["test"].tensor()).mode()
    assert found["mean activation"].value == pytest.approx(codes.mean().item(), rel=1e-5)
    assert found["dead units"].value == metrics.dead_units(codes) / 4
    assert found["lifetime sparseness"].value == pytest.approx(metrics.lifetime_sparseness(codes))
    assert found["linear probe"].baseline_name == "PCA, 4 components"
    # A code that is no activation has none of these.
    assert "dead units" not in by_name(small_network("autoencoder"))


def test_a_baseline_says_how_many_components_it_has(small_data: dict[str, Images]) -> None:
    # Of 300 training pictures there are no more, whatever the size of the code.
    wide = by_name(small_network("shallow_autoencoder", latent_size=400))
    assert wide["mse"].baseline_name == "PCA, 300 components"
    more = by_name(small_network("shallow_autoencoder", latent_size=100))
    assert more["mse"].baseline_name == "PCA, 100 components"
    assert more["mse"].baseline > wide["mse"].baseline


def test_a_vae_says_how_many_of_its_numbers_are_in_use(small_data: dict[str, Images]) -> None:
    network = small_network("dense_vae", latent_size=4)
    assert isinstance(network, VAE)
    with torch.no_grad():
        network.encoder[-1].weight[1] = 0  # the mean of the second number says nothing
        network.encoder[-1].weight[[0, 2, 3]] *= 100
    assert by_name(network)["active units"].value == 3


def test_a_denoiser_is_scored_beside_the_best_classical_one(small_data: dict[str, Images]) -> None:
    for splits in small_data.values():
        object.__setattr__(splits, "images", splits.images[:20])
        object.__setattr__(splits, "labels", splits.labels[:20])
        object.__setattr__(splits, "ids", splits.ids[:20])
    found = by_name(small_network("denoising_autoencoder"))
    assert any("Gaussian" in name for name in found)
    for score in found.values():
        assert score.unit == "dB" and score.higher_is_better
        assert score.baseline > score.value  # an untrained network restores nothing


def test_a_generator_is_judged_and_so_are_training_pictures(
    small_data: dict[str, Images], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path, "classifier.mnist")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    found = by_name(small_network("gan"))
    assert 0 <= found["rarest class"].value <= 0.1 <= found["commonest class"].value <= 1
    for name in ("coverage", "density", "FID"):
        assert found[name].baseline_name == "Gaussian on 3 PCA components"
        assert np.isfinite(found[f"{name} of training pictures"].value)
    assert found["coverage of training pictures"].value > found["coverage"].value
    assert found["FID of training pictures"].value < found["FID"].value


def test_a_judge_is_scored_beside_neighbours_in_principal_components(
    small_data: dict[str, Images],
) -> None:
    network = small_network("classifier")
    found = by_name(network)["accuracy"]
    test = small_data["test"]
    with torch.inference_mode():
        guesses = network.class_probabilities(test.tensor()).argmax(1).numpy()
    assert found.value == pytest.approx((guesses == test.labels).mean())
    assert found.baseline > 0.5  # 300 digits teach the neighbours that much


@pytest.mark.parametrize("family", ["autoencoder", "vae"])
def test_measuring_twice_gives_equal_scores(family: str, small_data: dict[str, Images]) -> None:
    network = small_network(family)
    assert scores(network, "mnist") == scores(network, "mnist")


def test_a_stored_checkpoint_is_measured_from_its_weights(
    small_data: dict[str, Images], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path, "autoencoder.test")
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    checkpoint = checkpoints.load("autoencoder.test")
    measured = evaluate(checkpoint)
    assert measured == scores(small_network("autoencoder"), "mnist")
    assert disagreements(measured, checkpoint.card.scores)  # the small card's are invented


def test_what_has_no_scores_says_so(small_data: dict[str, Images]) -> None:
    class Strange(Network):
        kind = "strange"

    strange = Strange(small_network("gan").config)
    with pytest.raises(UnsupportedError, match="Strange"):
        scores(strange, "mnist")


# --- denoisers --------------------------------------------------------------------------------


class Gives(Denoiser):
    """Gives back what it gets."""

    kind = "photo_denoiser"
    multiple, reach = 2, 0

    def __init__(self, rough: bool) -> None:
        super().__init__(small_config("photo_denoiser", (3, 16, 16)))
        self.rough = rough
        self.nothing = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
        return x


@pytest.fixture
def photographs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two even pictures in place of every split of the photographs."""
    pictures = tuple(np.full((60, 70, 3), level, np.uint8) for level in (90, 150))
    monkeypatch.setattr(
        PhotoDataset, "load", lambda self, split: Photographs(pictures, ("a", "b"), split)
    )
    monkeypatch.setattr(photo_denoisers, "CAMERA_SIDE", 32)


def test_doing_nothing_scores_the_noise_itself(photographs: None) -> None:
    found = {score.name: score for score in scores(Gives(rough=False), "photographs")}
    assert len(found) == 6
    for tone in ("colour", "grey"):
        for level, baseline in ((15, 24.6), (25, 20.2), (50, 14.2)):
            score = found[f"PSNR, {tone}, σ {level}"]
            # 20 log10(255 / σ); clipping to [0, 1] takes a little of the strongest noise.
            assert score.value == pytest.approx(baseline, abs=0.5)
            assert score.baseline is not None and score.baseline > score.value
            assert score.baseline_name is not None and score.baseline_name.endswith(
                "BM3D, published"
            )


def test_a_network_for_found_levels_is_scored_on_camera_noise_too(photographs: None) -> None:
    first, again = (
        photo_denoisers.camera_scores(Gives(rough=True), "photographs") for _ in range(2)
    )
    assert first == again
    tuned, told = first
    assert tuned.baseline is not None and told.baseline is not None
    # An even picture is filtered well, and best with the clean one in hand.
    assert tuned.baseline > told.baseline > tuned.value == told.value
    names = [score.name for score in scores(Gives(rough=True), "photographs")]
    assert (
        names[:2] == ["PSNR, camera noise", "PSNR, camera noise, level found"] and len(names) == 8
    )
