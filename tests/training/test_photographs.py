"""Training photo denoisers: it lowers the error, resumes exactly, sees the right noise."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from small_models import small_config, small_network

from latentlab.data import Photographs
from latentlab.data.photographs import Patches
from latentlab.errors import TrainingError
from latentlab.models import Denoiser, Network
from latentlab.training import fit
from latentlab.training.fit import Run
from latentlab.training.objectives import Objective, photographs
from latentlab.training.objectives.photographs import CameraNoise, GaussianNoise
from latentlab.training.recipes import Recipe

SHAPE = (3, 16, 16)
GAUSSIAN = GaussianNoise(highest=0.3, grey_share=0.25)
CAMERA = CameraNoise(white_share=0.25, highest=0.2)


@pytest.fixture(scope="module")
def patches() -> Patches:
    """Of twelve even pictures, each with a colour of its own."""
    colours = np.random.default_rng(0).integers(40, 216, (12, 1, 1, 3)).astype(np.uint8)
    pictures = tuple(np.broadcast_to(c, (24, 24, 3)).copy() for c in colours)
    return Photographs(pictures, tuple(map(str, range(12))), "train").patches(SHAPE)


def recipe(objective: Objective, epochs: int = 3) -> Recipe:
    return Recipe(
        name="photo_denoiser.test",
        data="photographs",
        summary="",
        config=small_config("photo_denoiser", SHAPE),
        objective=objective,
        epochs=epochs,
        batch_size=4,
        learning_rate=1e-2,
        weight_decay=0.0,
    )


def same(a: Network, b: Network) -> bool:
    first, second = a.state_dict(), b.state_dict()
    return all(torch.equal(first[k], second[k]) for k in first)


@pytest.mark.parametrize("objective", [GAUSSIAN, CAMERA], ids=["gaussian", "camera"])
def test_training_lowers_the_error(objective: Objective, patches: Patches) -> None:
    progress = list(Run(recipe(objective, 40), "cpu", None).fit(patches))
    assert progress[-1].losses["log rmse"] < progress[0].losses["log rmse"] - 0.3


@pytest.mark.parametrize("objective", [GAUSSIAN, CAMERA], ids=["gaussian", "camera"])
def test_a_killed_run_resumes_to_the_same_weights(
    objective: Objective,
    patches: Patches,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undisturbed = Run(recipe(objective), "cpu", None)
    list(undisturbed.fit(patches))
    monkeypatch.setattr(fit, "SAVE_SECONDS", -1.0)  # save after every step
    state = tmp_path / "state.safetensors"
    for progress in Run(recipe(objective), "cpu", state).fit(patches):
        if progress.step == 4:
            break
    resumed = Run(recipe(objective), "cpu", state)
    resumed.resume()
    assert [p.step for p in resumed.fit(patches)] == [5, 6, 7, 8, 9]
    assert same(resumed.result(), undisturbed.result())


@pytest.mark.parametrize("objective", [GAUSSIAN, CAMERA], ids=["gaussian", "camera"])
def test_other_networks_are_refused(objective: Objective, patches: Patches) -> None:
    wrong = replace(
        recipe(objective), name="autoencoder.test", config=small_config("autoencoder", SHAPE)
    )
    with pytest.raises(TrainingError, match="DenseAutoencoder"):
        list(Run(wrong, "cpu", None).fit(patches))


class Watch(Denoiser):
    """Gives back what it gets, and remembers it."""

    def __init__(self) -> None:
        super().__init__(small_config("photo_denoiser", SHAPE))

    def forward(self, x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
        self.seen = x, sigma
        return x


def test_noise_has_the_strength_that_the_network_is_conditioned_on_and_is_not_clipped() -> None:
    watch, x = Watch(), torch.full((400, *SHAPE), 0.9)
    rng = torch.Generator().manual_seed(0)
    loss = GAUSSIAN.loss(watch, x, torch.zeros(400), rng, 0.0)["log rmse"]
    noisy, sigma = watch.seen
    ratio = (noisy - 0.9).flatten(1).std(1) / sigma.flatten()
    assert ratio.median() == pytest.approx(1, abs=0.02)
    assert noisy.max() > 1.3
    assert 0 < sigma.min() < 0.01 and 0.29 < sigma.max() < 0.3
    grey = (noisy[:, 0] == noisy[:, 1]).flatten(1).all(1)
    assert 70 < grey.sum() < 130
    mse = ((noisy - x) ** 2).mean((1, 2, 3))
    expected = float((0.5 * torch.log(mse + (1 / 255) ** 2)).mean())
    assert loss.item() == pytest.approx(expected, rel=0.01)


def test_of_camera_noise_the_network_is_given_about_the_level_that_can_be_found() -> None:
    watch, x = Watch(), torch.full((400, *SHAPE), 0.5)
    CAMERA.loss(watch, x, torch.zeros(400), torch.Generator().manual_seed(0), 0.0)
    noisy, level = (seen.flatten(1) for seen in watch.seen)
    share = (level[:, 0] / (noisy - 0.5).square().mean(1).sqrt()).log()  # its logarithm
    white, camera = share[:100], share[100:]
    assert white.median() == pytest.approx(0, abs=0.02) and white.std() < 0.05
    assert camera.median() == pytest.approx(math.log(photographs.FOUND), abs=0.1)
    assert camera.std() == pytest.approx(photographs.SPREAD, rel=0.15)


def test_the_loss_is_psnr_in_nats() -> None:
    x = torch.zeros(2, *SHAPE)
    off = x + 0.1
    psnr = 20.0
    assert photographs.log_error(off, x).item() == pytest.approx(
        -psnr * math.log(10) / 20, abs=1e-3
    )


def test_the_level_that_a_network_is_conditioned_on_changes_what_it_does() -> None:
    network = small_network("photo_denoiser", SHAPE)
    x = torch.rand(1, *SHAPE)
    low, high = torch.zeros(1, 1, 1, 1), torch.full((1, 1, 1, 1), 0.3)
    with torch.inference_mode():
        assert not torch.allclose(network(x, low), network(x, high))
