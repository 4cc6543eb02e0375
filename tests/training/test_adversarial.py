"""GANs: who is better off after a step, what is averaged, and what is kept of the game."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load
from small_models import small_config
from torch import nn

from latentlab import export
from latentlab.data import Images, datasets
from latentlab.errors import TrainingError, UnknownNameError, UnsupportedError
from latentlab.models import GAN
from latentlab.models.images.gan import Discriminator, GANConfig
from latentlab.training.fit import Run
from latentlab.training.objectives import Adversarial, OptimiserSettings, adversarial
from latentlab.training.objectives.adversarial import AdversarialLearner
from latentlab.training.recipes import Recipe, recipes
from latentlab.training.snapshots import Weights

SMALL = Adversarial(critic_channels=(4, 6))


@pytest.fixture(scope="module")
def images() -> Images:
    return replace(datasets.get("mnist").samples().part(np.arange(64)), split="train")


def learner(objective: Adversarial, rate: float = 1e-2) -> AdversarialLearner:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = GAN(small_config("gan"))
        made = objective.learner(network, OptimiserSettings(rate, 0.0))
    assert isinstance(made, AdversarialLearner)
    return made


def step(made: AdversarialLearner, images: Images, seed: int = 0) -> dict[str, float]:
    rng = torch.Generator().manual_seed(seed)
    return made.step(images.tensor(), torch.zeros(64).long(), rng, 0.0)


def said(made: AdversarialLearner, x: torch.Tensor) -> float:
    with torch.no_grad():
        return made.critic(x).mean().item()


@pytest.mark.parametrize("loss", ["relativistic", "non_saturating", "minimax", "least_squares"])
def test_a_critic_learns_to_prefer_pictures(loss: str, images: Images) -> None:
    made = learner(replace(SMALL, loss=loss))
    x = images.tensor()
    z = made.generator.sample_prior(64, torch.Generator().manual_seed(5))
    with torch.no_grad():
        fake = made.generator.decode(z)  # of before: a fixed target
    for seed in range(20):
        step(made, images, seed)
    assert said(made, x) > said(made, fake)


def test_a_generator_may_make_several_steps(images: Images) -> None:
    one, five = learner(SMALL), learner(replace(SMALL, generator_steps=5))
    for made in (one, five):
        step(made, images)
    counts = [
        {int(state["step"]) for state in made.optimisers["model"].state.values()}
        for made in (one, five)
    ]
    assert counts == [{1}, {5}]
    assert {int(state["step"]) for state in five.optimisers["critic"].state.values()} == {1}


def test_without_a_penalty_no_slope_is_taken(
    images: Images, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(score: object, x: torch.Tensor) -> torch.Tensor:
        raise AssertionError

    monkeypatch.setattr(adversarial, "squared_slope", refuse)
    free = learner(replace(SMALL, penalty=0.0, penalty_every=1))
    step(free, images)
    with pytest.raises(AssertionError):
        step(learner(replace(SMALL, penalty_every=1)), images)


def test_the_average_forgets_the_start_and_then_moves_slowly(images: Images) -> None:
    made = learner(replace(SMALL, averaging=0.5))
    name = "generator.0.weight"
    first = made.generator.state_dict()[name].clone()
    step(made, images)
    now = made.generator.state_dict()[name]
    # After the first step two of eleven parts are kept, which is less than a half.
    expected = first + (1 - 2 / 11) * (now - first)
    assert torch.allclose(made.average.module.state_dict()[name], expected, atol=1e-6)
    for seed in range(1, 12):
        before = made.average.module.state_dict()[name].clone()
        step(made, images, seed)
    now = made.generator.state_dict()[name]
    average = made.average.module.state_dict()[name]
    assert torch.allclose(average, (before + now) / 2, atol=1e-6)


def test_without_averaging_the_generator_itself_is_kept(images: Images) -> None:
    made = learner(replace(SMALL, averaging=0.0))
    step(made, images)
    for mine, kept in zip(
        made.generator.parameters(), made.average.module.parameters(), strict=True
    ):
        assert torch.allclose(mine, kept, atol=1e-7)


def test_a_loss_that_needs_pictures_in_between_is_refused() -> None:
    with pytest.raises(TrainingError, match="wasserstein"):
        learner(replace(SMALL, loss="wasserstein"))
    with pytest.raises(UnknownNameError):
        learner(replace(SMALL, loss="relativistik"))


def test_a_critic_sees_a_batch_that_repeats_itself_only_with_its_spread() -> None:
    x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    other = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed(1))
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(0)
        for spread in (True, False):
            critic = Discriminator((1, 28, 28), (4, 6), blocks=1, spread=spread)
            alone, among = critic(x.repeat(2, 1, 1, 1))[0], critic(torch.cat([x, other]))[0]
            assert torch.isclose(alone, among, atol=1e-6) != spread


def test_a_generator_with_all_its_layers_refines_nothing_at_first() -> None:
    config = GANConfig(latent_size=3, channels=(4, 6), seed_channels=2, blocks=2, full_channels=3)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        deep = GAN(config).eval()
    z = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    without = nn.Sequential(*(m[0] if type(m) is nn.Sequential else m for m in deep.generator))
    with torch.inference_mode():
        x = deep.decode(z)
        assert x.shape == (5, 1, 28, 28)
        assert torch.allclose(without(z), x, atol=1e-6)  # a block starts as the identity
        found = export.run_plan(export.decoder_plan(deep, "deep"), z)
    assert len(deep.generator) == len(without) and len([*deep.modules()]) > len([*without]) + 8
    assert torch.allclose(found, x, atol=1e-5)


def test_a_critic_may_have_a_head_start_and_a_rate_of_its_own(images: Images) -> None:
    made = learner(replace(SMALL, head_start=0.5, generator_rate=0.25), rate=0.08)
    rates = {name: o.param_groups[0]["lr"] for name, o in made.optimisers.items()}
    assert rates == {"model": pytest.approx(0.02), "critic": 0.08}
    before = {k: v.clone() for k, v in made.generator.state_dict().items() if "running" not in k}
    critic = made.critic.head.weight.clone()

    def moved() -> bool:
        after = made.generator.state_dict()
        return not all(
            torch.equal(value, after[key])
            for key, value in before.items()
            if value.is_floating_point()
        )

    assert "generator" not in step(made, images)
    assert not moved() and not torch.equal(critic, made.critic.head.weight)
    made.step(images.tensor(), torch.zeros(64).long(), torch.Generator(), 0.5)
    assert moved()


def test_to_a_centred_critic_grey_is_nothing() -> None:
    critic = Discriminator((3, 16, 16), (4, 6), spread=False, centred=True)
    for module in critic.modules():
        if isinstance(module, nn.Conv2d) and module.bias is not None:
            nn.init.zeros_(module.bias)
    with torch.no_grad():
        assert critic(torch.full((1, 3, 16, 16), 0.5)).item() == 0
        assert critic(torch.ones(1, 3, 16, 16)).item() != 0
    with pytest.raises(UnsupportedError, match="no plain chain"):
        critic.chain(0.0)


# --- what is kept ------------------------------------------------------------------------------


def recipe(**changes: object) -> Recipe:
    small = Recipe(
        name="gan.test",
        data="mnist",
        summary="",
        config=small_config("gan"),
        objective=SMALL,
        epochs=2,  # four steps
        batch_size=32,
        snapshots=Weights((0.0, 0.5, 1.0), also=("critic",)),
    )
    return replace(small, **changes)


def test_the_critic_is_kept_beside_the_generator(images: Images) -> None:
    run = Run(recipe(), "cpu", None)
    list(run.fit(images))
    kept = load(run.snapshots()["snapshots.safetensors"])
    critic = run.learner.modules["critic"].state_dict()
    assert torch.equal(kept["critic.head.weight"][-1], critic["head.weight"].half())
    assert not torch.equal(kept["critic.head.weight"][0], kept["critic.head.weight"][1])
    weight = run.result().state_dict()["generator.0.weight"]
    assert torch.equal(kept["generator.0.weight"][-1], weight.half())


def test_what_a_run_has_not_cannot_be_kept(images: Images) -> None:
    wanted = recipe(snapshots=Weights((0.0, 1.0), also=("judge",)))
    with pytest.raises(UnsupportedError, match="judge"):
        list(Run(wanted, "cpu", None).fit(images))


def test_held_back_pictures_are_not_trained_on(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = datasets.get("mnist").samples()
    monkeypatch.setattr(type(datasets.get("mnist")), "training_data", lambda self, config: whole)
    seen = recipe(held_back=10).training_data()
    assert isinstance(seen, Images)
    assert seen.ids.tolist() == whole.ids[:-10].tolist() and not seen.complete


def test_the_collapsed_run_is_without_what_keeps_a_gan_from_it() -> None:
    healthy, collapsed = (recipes.get(f"gan.mnist_{tag}") for tag in ("k64", "collapsed"))
    played = collapsed.objective
    assert isinstance(played, Adversarial) and played.generator_steps > 1
    assert not (played.penalty or played.spread or played.averaging)
    assert collapsed.study and not healthy.study
    assert healthy.snapshots and collapsed.snapshots
    assert healthy.snapshots.shares == collapsed.snapshots.shares
