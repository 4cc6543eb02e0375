"""Runs that start from the weights of a checkpoint."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from small_models import small_config, write_checkpoint

from latentlab import checkpoints
from latentlab.errors import BadConfig, TrainingError, UnknownNameError
from latentlab.models import GAN, ConvAutoencoder, Network
from latentlab.models.images.gan import GANConfig
from latentlab.training import fit
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


def begun(monkeypatch: pytest.MonkeyPatch, codes: torch.Tensor, **layers: int) -> Network:
    """A generator that begins as the decoder of a small autoencoder with these codes."""
    monkeypatch.setattr(fit, "_codes_of", lambda known, recipe: codes)
    config = GANConfig(latent_size=3, channels=(4, 6), **{"hidden": 8, **layers})
    gan = replace(
        RECIPE,
        name="gan.test",
        config=config,
        objective=Adversarial(critic_channels=(4, 6), averaging=0.0),
        starts_from="conv_autoencoder.start",
    )
    return Run(gan, "cpu", None).learner.modules["model"].eval()


def test_a_gan_begins_with_what_a_decoder_makes_of_gaussian_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path, "conv_autoencoder.start", seed=5)
    known = checkpoints.load("conv_autoencoder.start").load_model()
    assert isinstance(known, ConvAutoencoder)
    rng = torch.Generator().manual_seed(0)
    codes = torch.randn(500, 3, generator=rng) * torch.tensor([2.0, 0.5, 1.0]) + 3
    gan = begun(monkeypatch, codes, blocks=2)
    assert isinstance(gan, GAN)
    z = torch.randn(20_000, 3, generator=rng)
    with torch.no_grad():
        # The widest direction first, of either sign, through the mean.
        ends = gan.decode(torch.tensor([[2.0, 0, 0], [-2.0, 0, 0]]))
        values, vectors = torch.linalg.eigh(torch.cov(codes.T))
        step = 2 * values[-1].sqrt() * vectors[:, -1]
        expected = known.decode(torch.stack([codes.mean(0) + step, codes.mean(0) - step]))
        drawn = gan.decode(z[:4000]).mean(0)
        fitted = torch.distributions.MultivariateNormal(codes.mean(0), torch.cov(codes.T))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(1)
            of_codes = known.decode(fitted.sample((4000,))).mean(0)
    torch.testing.assert_close(ends, expected, atol=1e-5, rtol=0)
    torch.testing.assert_close(drawn, of_codes, atol=0.01, rtol=0)


def test_a_decoder_of_other_layers_is_no_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path, "conv_autoencoder.start")
    with pytest.raises(TrainingError, match="cannot begin as the decoder of conv_autoencoder"):
        begun(monkeypatch, torch.randn(9, 3), hidden=9)
    with pytest.raises(BadConfig, match="no seed_channels"):
        begun(monkeypatch, torch.randn(9, 3), seed_channels=2)
