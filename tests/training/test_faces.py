"""Objectives that toon faces brought: factors, total correlation, what a critic gets to see."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from small_models import small_config
from torch import Tensor

from latentlab.data import ImageDataset, Images, datasets
from latentlab.errors import DataError, TrainingError
from latentlab.models import VAE, DiagonalGaussian
from latentlab.models.images.factor_classifier import FactorClassifierConfig
from latentlab.models.images.gan import GANConfig
from latentlab.models.images.vae import VAEConfig
from latentlab.training.fit import Run
from latentlab.training.objectives import Adversarial, Factors, Told, TotalCorrelation
from latentlab.training.objectives.augmentation import Change, differentiable, shifted
from latentlab.training.objectives.base import GradientLearner
from latentlab.training.objectives.told import edges
from latentlab.training.objectives.variational import total_correlation
from latentlab.training.recipes import Recipe, recipes

FACES = datasets.get("toon_faces")
CHANGES: tuple[Change, ...] = ("colour", "translation", "cutout")


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def few_faces(monkeypatch: pytest.MonkeyPatch) -> Images:
    samples = FACES.samples()
    assert samples.factors is not None
    few = replace(
        samples,
        images=samples.images[:32],
        labels=samples.labels[:32],
        ids=samples.ids[:32],
        factors=samples.factors[:32],
        split="train",
    )
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: few)
    return few


def faces_recipe(**changes: object) -> Recipe:
    known = recipes.get("factor_classifier.toon_faces")
    assert isinstance(known.config, FactorClassifierConfig)
    config = replace(known.config, channels=(4, 6), depths=(1, 1))
    return replace(known, config=config, epochs=30, batch_size=16, learning_rate=1e-2, **changes)


# --- factors ----------------------------------------------------------------------------------


def test_a_classifier_of_factors_learns_from_all_of_them(few_faces: Images) -> None:
    recipe = faces_recipe()
    progress = list(Run(recipe, "cpu", None).fit(recipe.training_data()))
    first, last = progress[0].losses, progress[-1].losses
    assert set(first) == {"nats", "unexplained"}
    assert last["nats"] < 0.95 * first["nats"]


def test_training_hands_out_factors_where_the_network_wants_them(few_faces: Images) -> None:
    places = np.array([3, 5])
    _, factors = faces_recipe().training_data().batch(places, generator())
    assert few_faces.factors is not None
    assert np.array_equal(factors.numpy(), few_faces.factors[places])
    _, labels = recipes.get("vae.toon_faces_k32").training_data().batch(places, generator())
    assert labels.tolist() == few_faces.labels[places].tolist()


def test_a_data_set_without_factors_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = datasets.get("mnist").samples()
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: digits)
    with pytest.raises(DataError, match="no factors"):
        faces_recipe(data="mnist").training_data()


def test_the_loss_of_factors_is_none_where_all_is_said_right() -> None:
    """A network that is sure of the truth pays neither nats nor unexplained variance."""

    class Oracle(torch.nn.Module):
        def factors(self, x: Tensor) -> tuple[Tensor, ...]:
            return (100.0 * torch.eye(3)[[0, 2, 1, 0]], torch.tensor([[4.0], [-2], [0], [7]]))

    labels = torch.tensor([[0, 4], [2, -2], [1, 0], [0, 7]])
    x = torch.rand(4, 3, 8, 8, generator=generator())
    objective = Factors(tint=0.1, noise=0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "latentlab.training.objectives.classification.expect", lambda kind, network: network
        )
        losses = objective.loss(Oracle(), x, labels, generator(), 0.0)  # type: ignore[arg-type]
        off = objective.loss(Oracle(), x, labels.flip(0), generator(), 0.0)  # type: ignore[arg-type]
    assert losses["nats"] < 1e-6 and losses["unexplained"] < 1e-6
    assert off["nats"] > 1 and off["unexplained"] > 0.5


# --- total correlation ------------------------------------------------------------------------


def test_codes_of_independent_dimensions_have_no_total_correlation() -> None:
    """One broad posterior for all: the mixture is that posterior, and factorises."""
    mean = torch.zeros(500, 3)
    posterior = DiagonalGaussian(mean, torch.zeros_like(mean))
    z = posterior.sample(generator())
    assert total_correlation(posterior, z).item() == pytest.approx(0.0, abs=1e-5)


def test_the_total_correlation_of_two_equal_dimensions_is_that_of_one_of_them() -> None:
    """Two far clusters on the diagonal: knowing one dimension saves ln 2 nats on the other."""
    side = torch.tensor([-10.0, 10.0]).repeat(200)
    posterior = DiagonalGaussian(torch.stack([side, side], 1), torch.zeros(400, 2))
    found = total_correlation(posterior, posterior.sample(generator())).item()
    assert found == pytest.approx(math.log(2), abs=0.01)


def test_the_total_correlation_of_a_gaussian_is_the_known_one() -> None:
    """Means of correlation r and narrow posteriors: -1/2 ln(1 - r²), r of the whole mixture."""
    raw = torch.randn(2000, 2, generator=generator(1))
    mean = torch.stack([raw[:, 0], 0.8 * raw[:, 0] + 0.6 * raw[:, 1]], 1)
    posterior = DiagonalGaussian(mean, torch.full_like(mean, math.log(0.1)))
    expected = -0.5 * math.log(1 - (0.8 / 1.1) ** 2)
    found = total_correlation(posterior, posterior.sample(generator())).item()
    assert found == pytest.approx(expected, abs=0.04)


def test_the_penalty_grows_with_beta_and_with_the_run() -> None:
    recipe = Recipe(
        name="vae.test",
        data="mnist",
        summary="",
        config=small_config("vae"),
        objective=TotalCorrelation(beta=3.0, warm_up=0.5),
        epochs=1,
    )
    x = torch.rand(16, 1, 28, 28, generator=generator())
    network = Run(recipe, "cpu", None).learner.modules["model"]

    def penalty(beta: float, done: float) -> float:
        objective = TotalCorrelation(beta=beta, warm_up=0.5)
        labels = torch.zeros(16, dtype=torch.long)
        return objective.loss(network, x, labels, generator(), done)["penalty"].item()  # type: ignore[arg-type]

    assert penalty(1.0, 0.9) == 0 and penalty(3.0, 0.0) == 0
    whole = penalty(3.0, 0.5)
    assert whole > 0 and penalty(3.0, 0.9) == pytest.approx(whole)
    assert penalty(3.0, 0.25) == pytest.approx(whole / 2)
    assert penalty(5.0, 0.5) == pytest.approx(2 * whole)


def test_a_total_correlation_wants_a_vae(few_faces: Images) -> None:
    recipe = replace(recipes.get("conv_autoencoder.toon_faces_k64"), batch_size=16, epochs=1)
    run = Run(replace(recipe, objective=TotalCorrelation(4.0, 0.1)), "cpu", None)
    with pytest.raises(TrainingError, match="VAE"):
        list(run.fit(recipe.training_data()))


# --- a code that is told of the factors ---------------------------------------------------------


def told_recipe(size: int = 32, detail: float = 0.0) -> Recipe:
    known = recipes.get("vae.toon_faces_k32_labels")
    assert isinstance(known.config, VAEConfig) and isinstance(known.objective, Told)
    return replace(
        known,
        config=replace(known.config, latent_size=size, channels=(4, 4), blocks=0, hidden=16),
        objective=replace(known.objective, detail=detail),
        epochs=30,
        batch_size=16,
        learning_rate=1e-2,
        starts_from=None,
    )


def test_a_vae_that_is_told_the_factors_learns_both_ways(few_faces: Images) -> None:
    recipe = told_recipe()
    run = Run(recipe, "cpu", None)
    progress = list(run.fit(recipe.training_data()))
    first, last = progress[0].losses, progress[-1].losses
    assert set(first) == {"distortion", "missed"}
    assert last["missed"] < first["missed"] and last["distortion"] < first["distortion"]
    assert few_faces.factors is not None and isinstance(recipe.objective, Told)
    places = recipe.objective.codes(torch.from_numpy(few_faces.factors))
    network = run.result()
    assert isinstance(network, VAE)
    with torch.inference_mode():
        apart = network.encode(few_faces.tensor()).mode() - places
    assert apart.square().mean() < 0.8 * places.square().mean()


def test_each_factor_has_numbers_of_its_own() -> None:
    told = told_recipe().objective
    assert isinstance(told, Told)
    assert sum(told.numbers) == 32 and told.numbers[-2:] == (1, 1)
    labels = torch.zeros(2, len(FACES.factors), dtype=torch.int64)
    for place, factor in enumerate(FACES.factors):
        moved = labels.clone()
        moved[1, place] = 1 if factor.values else int(factor.span // 2)
        codes = told.codes(moved)
        begins = sum(told.numbers[:place])
        others = torch.ones(32, dtype=torch.bool)
        others[begins : begins + told.numbers[place]] = False
        assert torch.equal(codes[0, others], codes[1, others])
        assert not torch.equal(codes[0], codes[1])
    for points, numbers in zip(told.places(), told.numbers, strict=True):
        expected = torch.full((len(points),), math.sqrt(numbers))
        torch.testing.assert_close(points.norm(dim=1), expected)
        assert not len(points) or torch.pdist(points).min() > 0.8


def test_a_smile_can_be_told_from_the_other_mouths_by_one_direction() -> None:
    told = told_recipe().objective
    assert isinstance(told, Told)
    for attribute in FACES.attributes:
        if attribute.values:
            points = told.places()[attribute.factor]
            yes = torch.zeros(len(points), dtype=torch.bool)
            yes[list(attribute.values)] = True
            along = points @ (points[yes].mean(0) - points[~yes].mean(0))
            assert along[yes].min() > along[~yes].max(), attribute.name


def test_a_code_of_another_size_is_refused(few_faces: Images) -> None:
    with pytest.raises(TrainingError, match="take 32 numbers"):
        Run(told_recipe(31), "cpu", None)
    recipe = replace(
        recipes.get("conv_autoencoder.toon_faces_k64"), objective=told_recipe().objective
    )
    with pytest.raises(TrainingError, match="VAE"):
        Run(recipe, "cpu", None)


def test_errors_count_more_where_a_picture_has_edges() -> None:
    x = torch.zeros(1, 3, 64, 64)
    x[:, 1, :, 32:] = 0.5  # one edge, in green
    found = edges(x)
    assert found.shape == (1, 1, 64, 64)
    assert (found[..., 30:34] == 0.5).all() and (found[..., :30] == 0).all()
    plain, keen = (Run(told_recipe(detail=d), "cpu", None).learner for d in (0.0, 4.0))
    labels = torch.zeros(1, len(FACES.factors), dtype=torch.int64)
    losses = []
    for learner, picture in ((plain, x), (keen, x), (plain, 0 * x), (keen, 0 * x)):
        learner.modules["model"].eval()
        assert isinstance(learner, GradientLearner)
        terms = learner.objective.loss(learner.network, picture, labels, generator(), 0.0)
        losses.append(terms["distortion"].item())
    assert losses[1] > losses[0] and losses[3] == pytest.approx(losses[2], rel=1e-5)


# --- what a critic gets to see ----------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_repeatable_and_lets_gradients_through(change: Change) -> None:
    x = torch.rand(6, 3, 16, 16, generator=generator()).requires_grad_(True)
    first, again, other = (differentiable(x, (change,), generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)
    assert first.shape == x.shape and not torch.equal(first, x)
    (gradient,) = torch.autograd.grad(first.square().sum(), x)
    assert (gradient.flatten(1).abs().sum(1) > 0).all()


def test_without_changes_pictures_stay_the_same() -> None:
    x = torch.rand(2, 3, 8, 8, generator=generator())
    assert differentiable(x, (), generator()) is x


def test_a_cutout_is_a_square_of_half_the_side() -> None:
    holes = (differentiable(torch.ones(200, 3, 16, 16), ("cutout",), generator()) == 0).float()
    sizes = holes.mean((1, 2, 3))
    assert sizes.max().item() == pytest.approx(0.25)  # whole within the picture
    assert 0.05 < sizes.min() < 0.08  # in a corner a quarter of it


def test_a_shift_moves_pictures_by_whole_pixels() -> None:
    x = torch.zeros(50, 1, 9, 9)
    x[:, :, 4, 4] = 1
    places = shifted(x, 2, generator()).flatten(1).argmax(1)
    rows, columns = places // 9, places % 9
    assert set(rows.tolist()) == set(columns.tolist()) == {2, 3, 4, 5, 6}


def test_both_players_move_where_pictures_are_changed(few_faces: Images) -> None:
    small = replace(
        recipes.get("gan.mnist_k64"),
        name="gan.toon_faces_k3",
        data="toon_faces",
        config=GANConfig(image_shape=(3, 64, 64), latent_size=3, channels=(4, 6)),
        objective=Adversarial(critic_channels=(4, 6), augment=CHANGES),
        epochs=1,
        batch_size=16,
        snapshots=None,
        held_back=0,
    )
    run = Run(small, "cpu", None)
    before = [p.clone() for module in run.learner.modules.values() for p in module.parameters()]
    list(run.fit(small.training_data()))
    after = [p for module in run.learner.modules.values() for p in module.parameters()]
    assert all(not torch.equal(a, b) for a, b in zip(before, after, strict=True))
