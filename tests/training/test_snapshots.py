"""Moments of a run: kept as it passes them, killed or not, and handed on in one file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load, save_file
from small_models import small_config

from latentlab.data import Images, datasets
from latentlab.errors import TrainingError, UnsupportedError
from latentlab.models import families
from latentlab.training import fit, snapshots
from latentlab.training.fit import Run
from latentlab.training.objectives import Adversarial, Labels, Objective, Reconstruction
from latentlab.training.recipes import Recipe
from latentlab.training.snapshots import Answers, Decoded, Snapshots, Weights

SHARES = (0.0, 0.1, 0.34, 1.0)
OBJECTIVES: dict[str, Objective] = {
    "autoencoder": Reconstruction(),
    "gan": Adversarial(critic_channels=(4, 6)),
    "classifier": Labels(shift=1, flip=False),
}


@pytest.fixture(scope="module")
def images() -> Images:
    samples = datasets.get("mnist").samples()
    chosen = np.arange(100)
    parts = {name: getattr(samples, name)[chosen] for name in ("images", "labels", "ids")}
    return replace(samples, **parts, split="train")


def recipe(family: str, kept: Snapshots | None) -> Recipe:
    return Recipe(
        name=f"{family}.test",
        data="mnist",
        summary="",
        config=small_config(family),
        objective=OBJECTIVES[family],
        epochs=2,  # six steps
        batch_size=32,
        learning_rate=1e-2,
        snapshots=kept,
    )


def kept_by(run: Run) -> dict[str, torch.Tensor]:
    files = run.snapshots()
    assert list(files) == ["snapshots.safetensors"]
    return load(files["snapshots.safetensors"])


def test_weights_are_kept_at_their_moments(images: Images) -> None:
    run = Run(recipe("autoencoder", Weights(SHARES)), "cpu", None)
    weight = run.learner.modules["model"].state_dict()["encoder.1.weight"]
    seen = [weight.clone(), *(weight.clone() for _ in run.fit(images))]
    kept = kept_by(run)
    assert kept["steps"].tolist() == [0, 1, 2, 6]
    assert kept["encoder.1.weight"].dtype == torch.float16
    for moment, step in zip(kept["encoder.1.weight"], kept["steps"].tolist(), strict=True):
        assert torch.equal(moment, seen[step].half())
    assert not any("num_batches" in name for name in kept)


def test_outputs_are_those_of_the_network_at_rest(images: Images) -> None:
    run = Run(recipe("gan", Decoded(SHARES, count=5)), "cpu", None)
    list(run.fit(images))
    decoded = kept_by(run)["decoded"]
    assert decoded.shape == (4, 5, 1, 28, 28)
    gan = run.result()
    z = gan.sample_prior(5, torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(decoded[-1], gan.decode(z).half())
    run = Run(recipe("classifier", Answers(SHARES, count=7)), "cpu", None)
    list(run.fit(images))
    with torch.inference_mode():
        logits = run.result()(images.tensor(slice(0, 7)))
    assert torch.allclose(kept_by(run)["answers"][-1].float(), logits, atol=1e-2)


@pytest.mark.parametrize("family", OBJECTIVES)
def test_a_run_ends_in_the_same_weights_with_snapshots_and_without(
    family: str, images: Images
) -> None:
    results = []
    for kept in (None, Weights(SHARES)):
        run = Run(recipe(family, kept), "cpu", None)
        list(run.fit(images))
        results.append(run.result().state_dict())
    assert all(torch.equal(value, results[1][key]) for key, value in results[0].items())


def test_a_run_that_keeps_none_hands_on_no_file(images: Images) -> None:
    run = Run(recipe("autoencoder", None), "cpu", None)
    list(run.fit(images))
    assert run.snapshots() == {}


@pytest.mark.parametrize("killed_at", [1, 3])
def test_snapshots_survive_a_kill(
    killed_at: int, images: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = recipe("autoencoder", Answers(SHARES, count=5))
    undisturbed = Run(wanted, "cpu", None)
    list(undisturbed.fit(images))

    monkeypatch.setattr(fit, "SAVE_SECONDS", -1.0)  # save after every step
    state = tmp_path / "state.safetensors"
    for progress in Run(wanted, "cpu", state).fit(images):
        if progress.step == killed_at:
            break
    resumed = Run(wanted, "cpu", state)
    resumed.resume()
    list(resumed.fit(images))
    assert resumed.snapshots() == undisturbed.snapshots()
    finished = Run(wanted, "cpu", state)
    finished.resume()
    assert finished.snapshots() == undisturbed.snapshots()


def test_a_forgotten_run_leaves_nothing(
    images: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    state = fit.state_file("autoencoder.test")
    list(Run(recipe("autoencoder", Weights(SHARES)), "cpu", state).fit(images))
    assert len(list(state.parent.iterdir())) == 5
    fit.forget("autoencoder.test")
    assert list(state.parent.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b"PK"),
        lambda file: save_file({"x": torch.zeros(1)}, file),
        lambda file: save_file({"x": torch.zeros(1)}, file, {"run": '{"recipe": "another"}'}),
    ],
)
def test_a_damaged_snapshot_is_refused(
    damage: Callable[[Path], None], images: Images, tmp_path: Path
) -> None:
    wanted = recipe("autoencoder", Weights(SHARES))
    state = tmp_path / "state.safetensors"
    list(Run(wanted, "cpu", state).fit(images))
    damage(tmp_path / "snapshot_1.safetensors")
    with pytest.raises(TrainingError, match=r"snapshot_1.*--resume"):
        Run(wanted, "cpu", state).resume()


def test_snapshots_are_bounded(images: Images, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_BYTES", 10_000)
    with pytest.raises(TrainingError, match="snapshots would take"):
        list(Run(recipe("autoencoder", Weights(SHARES)), "cpu", None).fit(images))


@pytest.mark.parametrize(
    "shares", [(), (0.5, 0.1), (0.1, 0.1), (-0.1, 1.0), (0.0, 1.1), (float("nan"),), (0.0,) * 200]
)
def test_moments_that_cannot_be_are_refused(shares: tuple[float, ...]) -> None:
    with pytest.raises(UnsupportedError):
        Weights(shares)


def test_what_has_no_codes_is_not_decoded(images: Images) -> None:
    network = families.get("classifier")(small_config("classifier"))
    with pytest.raises(UnsupportedError, match="no codes"):
        Decoded(SHARES, count=2).take(network, images)
