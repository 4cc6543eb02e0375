"""Runs that start from the weights of a checkpoint."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small_models import small_config, write_checkpoint

from latentlab import checkpoints
from latentlab.errors import TrainingError, UnknownNameError
from latentlab.models import Network
from latentlab.training.fit import Run
from latentlab.training.objectives import Adversarial, Elbo
from latentlab.training.recipes import Recipe, recipes

RECIPE = Recipe(
    name="vae.test",
    data="mnist",
    summary="",
    config=small_config("vae"),
    objective=Elbo(binarise=True, warm_up=0.0),
    epochs=1,
    starts_from="vae.start",
)


@pytest.fixture(autouse=True)
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Network:
    """The network that RECIPE starts from, saved as a checkpoint."""
    write_checkpoint(tmp_path, "vae.start", seed=5)
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    return checkpoints.load("vae.start").load_model()


def test_a_run_starts_from_the_weights_of_a_checkpoint(start: Network) -> None:
    model = Run(RECIPE, "cpu", None).learner.modules["model"]
    expected = start.state_dict()
    assert all(torch.equal(value, expected[key]) for key, value in model.state_dict().items())
    assert all(parameter.requires_grad for parameter in model.parameters())


def test_the_start_belongs_to_the_identity() -> None:
    assert replace(RECIPE, starts_from=None).identity != RECIPE.identity


def test_an_average_starts_there_too(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, "gan.start", seed=5)
    gan = replace(
        RECIPE,
        name="gan.test",
        config=small_config("gan"),
        objective=Adversarial(critic_channels=(4, 6)),
        starts_from="gan.start",
    )
    expected = dict(checkpoints.load("gan.start").load_model().named_parameters())
    result = Run(gan, "cpu", None).result()
    assert all(torch.equal(value, expected[key]) for key, value in result.named_parameters())


def test_a_start_that_is_missing_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="gone"):
        Run(replace(RECIPE, starts_from="vae.gone"), "cpu", None)


def test_a_start_of_another_shape_is_refused_and_the_tensor_named() -> None:
    other = replace(RECIPE, config=replace(RECIPE.config, latent_size=4))
    with pytest.raises(TrainingError, match=r"“decoder\.0\.weight” is \(8, 3\).* \(8, 4\)"):
        Run(other, "cpu", None)
    deeper = replace(RECIPE, config=replace(RECIPE.config, channels=(6,)))
    with pytest.raises(TrainingError, match="missing"):
        Run(deeper, "cpu", None)


def test_a_start_of_another_family_is_refused(tmp_path: Path) -> None:
    write_checkpoint(tmp_path, "conv_autoencoder.start")
    with pytest.raises(TrainingError, match=r"which is a ConvAutoencoder"):
        Run(replace(RECIPE, starts_from="conv_autoencoder.start"), "cpu", None)


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_is_named_by_its_parts(name: str) -> None:
    found = recipes.get(name)
    parts = [part for part in (found.data, found.tag) if part]
    assert name in (f"{found.family}.{'_'.join(parts)}", f"{found.family}.{found.tag}")
