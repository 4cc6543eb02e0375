"""The training loop: it learns, survives a kill to the last bit, and refuses what is damaged."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from small_models import small_config
from torch import nn

from latentlab import checkpoints
from latentlab.baselines.augmentation import Deformation
from latentlab.data import Images, datasets, find, photo_datasets
from latentlab.errors import TrainingError
from latentlab.models import Network, families
from latentlab.models.images.conditional_gan import ConditionalGANConfig
from latentlab.training import fit
from latentlab.training import state as state_
from latentlab.training.fit import Progress, Run, schedule
from latentlab.training.objectives import (
    Adversarial,
    AdversarialEnlarging,
    ConditionalAdversarial,
    Denoising,
    Elbo,
    Enlarging,
    GradientObjective,
    Labels,
    Learner,
    Objective,
    OptimiserSettings,
    Reconstruction,
    ThickAndThin,
)
from latentlab.training.recipes import Recipe, recipes

OBJECTIVES: dict[str, Objective] = {
    "autoencoder": Reconstruction(),
    "conv_autoencoder": Reconstruction(),
    "denoising_autoencoder": Denoising(clean_share=0.1),
    "vae": Elbo(binarise=True, warm_up=0.0),
    "gan": Adversarial(critic_channels=(4, 6)),
    "classifier": Labels(shift=1, flip=False),
    "super_resolution": Enlarging(),
    "conditional_gan": ConditionalAdversarial(
        critic_channels=(4, 6), seen_through=Deformation(shift=1, turn=5, bend=0.5)
    ),
    "cycle_gan": ThickAndThin(critic_channels=(4, 6)),
}
GAMES = {
    "gan": OBJECTIVES["gan"],
    "conditional_gan": OBJECTIVES["conditional_gan"],
    "cycle_gan": OBJECTIVES["cycle_gan"],
    "super_resolution": AdversarialEnlarging(critic_channels=(4, 6), content=50.0),
}


def recipe(family: str, epochs: int = 2, **changes: object) -> Recipe:
    small = Recipe(
        name=f"{family}.test",
        data="mnist",
        summary="",
        config=small_config(family),
        objective=OBJECTIVES[family],
        epochs=epochs,
        batch_size=32,
        learning_rate=1e-2,
    )
    return replace(small, **changes)


@pytest.fixture(scope="module")
def images() -> Images:
    """100 digits: three batches of 32 an epoch, and a rest."""
    samples = datasets.get("mnist").samples()
    chosen = np.arange(100)
    return replace(
        samples,
        images=samples.images[chosen],
        labels=samples.labels[chosen],
        ids=samples.ids[chosen],
        split="train",
    )


def run_through(run: Run, images: Images) -> list[Progress]:
    return list(run.fit(images))


def same(a: Network, b: Network) -> bool:
    first, second = a.state_dict(), b.state_dict()
    return first.keys() == second.keys() and all(torch.equal(first[k], second[k]) for k in first)


# --- learning ---------------------------------------------------------------------------------


@pytest.mark.parametrize("family", [name for name in OBJECTIVES if "gan" not in name])
def test_training_lowers_the_loss(family: str, images: Images) -> None:
    progress = run_through(Run(recipe(family, epochs=20), "cpu", None), images)
    first, last = (sum(p.losses.values()) for p in (progress[0], progress[-1]))
    assert last < 0.97 * first


def test_a_run_tightens_its_bound_where_it_is_told_to(images: Images) -> None:
    late = Elbo(binarise=True, warm_up=0.0, tighten_from=0.5, samples=3)
    progress = run_through(Run(recipe("vae", epochs=2, objective=late), "cpu", None), images)
    assert set(progress[2].losses) == {"distortion", "rate"}
    assert set(progress[3].losses) > {"bound"}


@pytest.mark.parametrize("family", GAMES)
def test_both_players_of_a_game_move(family: str, images: Images) -> None:
    run = Run(recipe(family, objective=GAMES[family]), "cpu", None)
    before = [p.clone() for module in run.learner.modules.values() for p in module.parameters()]
    run_through(run, images)
    after = [p for module in run.learner.modules.values() for p in module.parameters()]
    assert all(not torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_progress_counts_every_step(images: Images) -> None:
    progress = run_through(Run(recipe("autoencoder", epochs=2), "cpu", None), images)
    assert [p.step for p in progress] == [1, 2, 3, 4, 5, 6]
    assert {p.steps for p in progress} == {6}
    assert [p.seconds for p in progress] == sorted(p.seconds for p in progress)


def test_the_result_is_ready_to_use(images: Images) -> None:
    run = Run(recipe("gan", epochs=1), "cpu", None)
    run_through(run, images)
    network = run.result()
    assert not any(module.training for module in network.modules())
    assert all(tensor.isfinite().all() for tensor in network.state_dict().values())


def test_a_loss_that_is_no_number_ends_the_run(images: Images) -> None:
    run = Run(recipe("vae", learning_rate=1e30), "cpu", None)
    with pytest.raises(TrainingError, match="no longer a number"):
        run_through(run, images)


@pytest.mark.parametrize("objective", ["vae", *GAMES, "classifier"])
def test_an_objective_refuses_a_network_that_it_cannot_train(
    objective: str, images: Images
) -> None:
    family = "autoencoder"
    with pytest.raises(TrainingError, match="DenseAutoencoder"):
        run_through(Run(recipe(family, objective=OBJECTIVES[objective]), "cpu", None), images)


def test_the_learning_rate_rises_and_then_falls_to_nothing() -> None:
    shares = [schedule(step / 1000) for step in range(1001)]
    peak = shares.index(max(shares))
    assert shares[0] < 0.1 and max(shares) == pytest.approx(1.0) and peak == 30
    assert shares[:peak] == sorted(shares[:peak])
    assert shares[peak:] == sorted(shares[peak:], reverse=True)
    assert shares[-1] == pytest.approx(0.0, abs=1e-12)
    assert schedule(0.03 + 0.97 / 2) == pytest.approx(0.5)


# --- repeatable -------------------------------------------------------------------------------


@pytest.mark.parametrize("family", OBJECTIVES)
def test_equal_seeds_give_equal_weights_and_leave_global_state_alone(
    family: str, images: Images
) -> None:
    before = torch.get_rng_state()
    runs = [Run(recipe(family, seed=seed), "cpu", None) for seed in (1, 1, 2)]
    for run in runs:
        run_through(run, images)
    first, second, other = (run.result() for run in runs)
    assert same(first, second)
    assert not same(first, other)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("family", OBJECTIVES)
@pytest.mark.parametrize("killed_at", [2, 3])  # inside an epoch, and between two
def test_a_killed_run_resumes_to_the_same_weights(
    family: str,
    killed_at: int,
    images: Images,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    undisturbed = Run(recipe(family), "cpu", None)
    run_through(undisturbed, images)

    monkeypatch.setattr(fit, "SAVE_SECONDS", -1.0)  # save after every step
    state = tmp_path / "runs" / "state.safetensors"
    killed = Run(recipe(family), "cpu", state)
    for progress in killed.fit(images):
        if progress.step == killed_at:
            break
    resumed = Run(recipe(family), "cpu", state)
    resumed.resume()
    assert resumed.step == killed_at and resumed.seconds > 0
    assert [p.step for p in resumed.fit(images)] == list(range(killed_at + 1, 7))
    assert same(resumed.result(), undisturbed.result())


def test_a_finished_run_resumes_to_its_end(images: Images, tmp_path: Path) -> None:
    state = tmp_path / "state.safetensors"
    run = Run(recipe("autoencoder"), "cpu", state)
    run_through(run, images)
    again = Run(recipe("autoencoder"), "cpu", state)
    again.resume()
    assert run_through(again, images) == []
    assert same(again.result(), run.result())


def test_without_a_state_there_is_nothing_to_resume(tmp_path: Path) -> None:
    run = Run(recipe("autoencoder"), "cpu", tmp_path / "state.safetensors")
    run.resume()
    assert run.step == 0


# --- damaged state ----------------------------------------------------------------------------


@pytest.fixture
def state(images: Images, tmp_path: Path) -> Path:
    path = tmp_path / "state.safetensors"
    run_through(Run(recipe("autoencoder", epochs=1), "cpu", path), images)
    return path


def resume(path: Path, change: Callable[[Recipe], Recipe] = lambda r: r) -> Run:
    run = Run(change(recipe("autoencoder", epochs=1)), "cpu", path)
    run.resume()
    return run


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xff" * 100, b"\x80\x04}q\x00."])
def test_a_state_of_another_format_is_refused(state: Path, content: bytes) -> None:
    state.write_bytes(content)
    with pytest.raises(TrainingError, match="--resume"):
        resume(state)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.999])
def test_a_cut_off_state_is_refused(state: Path, kept: float) -> None:
    content = state.read_bytes()
    state.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(TrainingError, match="cannot be read"):
        resume(state)


@pytest.mark.parametrize(
    "facts", ["{}", "[]", "7", "not json", '{"recipe": 3, "step": 1, "seconds": 1}']
)
def test_a_state_without_its_facts_is_refused(state: Path, facts: str) -> None:
    save_file(load_file(state), state, metadata={"run": facts})
    with pytest.raises(TrainingError):
        resume(state)


@pytest.mark.parametrize("step", ["null", '"many"', "[]", "-1", "1e400", "1.5"])
def test_a_state_at_an_impossible_step_is_refused(state: Path, step: str) -> None:
    identity = recipe("autoencoder", epochs=1).identity
    facts = f'{{"recipe": {json.dumps(identity)}, "step": {step}, "seconds": 1.0}}'
    save_file(load_file(state), state, metadata={"run": facts})
    with pytest.raises(TrainingError):
        resume(state)


def test_a_state_without_metadata_is_refused(state: Path) -> None:
    save_file(load_file(state), state)
    with pytest.raises(TrainingError):
        resume(state)


@pytest.mark.parametrize("lost", ["module.model.encoder.1.weight", "optimiser.model.0.exp_avg"])
def test_a_state_that_lacks_a_tensor_is_refused(state: Path, lost: str) -> None:
    with safe_open(state, "pt") as file:
        metadata = file.metadata()
    tensors = load_file(state)
    del tensors[lost]
    save_file(tensors, state, metadata=metadata)
    with pytest.raises(TrainingError):
        resume(state)


def test_a_state_of_another_recipe_is_refused(state: Path) -> None:
    with pytest.raises(TrainingError, match="another version"):
        resume(state, lambda r: replace(r, learning_rate=0.5))
    resume(state, lambda r: replace(r, summary="Other words.", limits=("None.",)))


# --- the table of recipes ---------------------------------------------------------------------


def test_the_recipes_are_the_zoo() -> None:
    expected = {"vae.mnist_k2", "vae.toon_faces_k32"}
    expected |= {"vae.toon_faces_k32_tc16", "factor_classifier.toon_faces"}
    expected |= {f"vae.toon_faces_k32_{version}" for version in ("labels", "b4", "b16")}
    expected.add("conv_autoencoder.toon_faces_k64")
    expected |= {"vae.emoji_k32", "conv_autoencoder.emoji_k64"}
    expected |= {"photo_denoiser.gaussian", "photo_denoiser.real"}
    for data in ("mnist", "fashion_mnist"):
        expected.add(f"autoencoder.{data}_k2")
        expected |= {f"conv_autoencoder.{data}_k32", f"denoising_autoencoder.{data}"}
        expected |= {f"vae.{data}_k16", f"gan.{data}_k64", f"classifier.{data}"}
        sizes = (1, 2, 4, 8, 16, 32, 64)
        expected |= {f"autoencoder.{data}_stack_k{k}" for k in sizes}
        expected |= {f"linear_autoencoder.{data}_k{k}" for k in sizes}
        expected |= {
            f"{of}.{data}_anomaly{k}" for of in ("conv_autoencoder", "vae") for k in range(10)
        }
    expected |= {"linear_autoencoder.mnist_k8_l2", "shallow_autoencoder.mnist_k1024"}
    expected |= {"gan.mnist_collapsed", "gan.toon_faces_k64"}
    for data in ("mnist", "fashion_mnist"):
        for family in ("shallow", "sparse", "contractive"):
            expected.add(f"{family}_autoencoder.{data}_k256")
        expected |= {f"shallow_autoencoder.{data}_k256_denoising", f"dense_vae.{data}_b1"}
    sparse = ("weak", "strong", "rho02", "rho10", "l1")
    expected |= {f"sparse_autoencoder.mnist_k256_{version}" for version in sparse}
    expected |= {f"contractive_autoencoder.mnist_k256_{version}" for version in ("weak", "strong")}
    expected |= {f"dense_vae.mnist_{version}" for version in ("b01", "b4", "b16", "collapsed")}
    dirty = [(k, share) for k in (4, 8) for share in (5, 10, 20)]
    expected |= {f"conv_autoencoder.mnist_anomaly{k}_dirty{share}" for k, share in dirty}
    for data in ("mnist", "toon_faces"):
        expected |= {f"super_resolution.{data}_{loss}" for loss in ("mse", "gan")}
    for task in ("recall", "copying", "adding", "parity", "brackets"):
        expected |= {f"recurrent.{task}_{cell}" for cell in ("rnn", "lstm", "gru")}
        expected |= {f"causal_cnn.{task}", f"transformer.{task}"}
    expected |= {"conditional_gan.mnist_1000", "cycle_gan.mnist"}
    expected |= {"language_model.everyday", "masked_language_model.everyday"}
    expected |= {"encoder_decoder.pronunciations", "language_model.spellings"}
    expected |= {f"sentence_autoencoder.{tag}" for tag in ("grammar", "grammar_denoising")}
    expected |= {f"sentence_vae.{tag}" for tag in ("grammar", "grammar_collapsed", "wordnet")}
    assert set(recipes.names()) == expected


@pytest.mark.parametrize("data", ["mnist", "fashion_mnist"])
def test_the_autoencoders_of_a_study_differ_in_their_code_alone(data: str) -> None:
    sizes = (1, 2, 4, 8, 16, 32, 64)
    found = [recipes.get(f"autoencoder.{data}_stack_k{k}") for k in sizes]
    rest = {
        replace(
            recipe,
            name="",
            tag="",
            summary="",
            config=replace(recipe.config, latent_size=1),
        )
        for recipe in found
    }
    assert len(rest) == 1


class _Untrained:
    """Stands for a checkpoint that another recipe has yet to make."""

    def __init__(self, name: str) -> None:
        self.name = name

    def load_model(self) -> Network:
        recipe = recipes.get(self.name)
        return families.get(recipe.family)(recipe.config)


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_fits_its_data_and_its_family(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "load", _Untrained)  # for runs that start from another's end
    found = recipes.get(name)
    assert found.name == name and found.summary.endswith(".") and found.limits
    data = find(found.data)
    if data.modality == "text":
        assert found.config.length == data.length
        assert found.data in name
    elif data.modality == "sequences":
        assert found.config.tokens == data.tokens and found.data in name
    elif found.data not in photo_datasets:  # photographs have many sizes
        assert found.config.image_shape == data.image_shape and found.data in name
    monkeypatch.setattr(  # of data that may not be here
        fit, "_codes_of", lambda known, recipe: torch.randn(80, known.latent_size)
    )
    Run(found, "cpu", None)  # the objective takes the network
    assert replace(found, epochs=found.epochs + 1).identity != found.identity


def test_judges_come_before_the_generators_that_they_score() -> None:
    order = recipes.names()
    for data in ("mnist", "fashion_mnist"):
        assert order.index(f"classifier.{data}") < order.index(f"gan.{data}_k64")


# --- any optimiser ----------------------------------------------------------------------------

OPTIMISERS: dict[str, Callable[[list[nn.Parameter]], torch.optim.Optimizer]] = {
    "SGD": lambda p: torch.optim.SGD(p, 1e-2),
    "SGD with momentum": lambda p: torch.optim.SGD(p, 1e-2, momentum=0.9, nesterov=True),
    "RMSprop": lambda p: torch.optim.RMSprop(p, 1e-3, momentum=0.9, centered=True),
    "Adagrad": lambda p: torch.optim.Adagrad(p, 1e-2),
    "NAdam": lambda p: torch.optim.NAdam(p, 1e-3),
    "AdamW, AMSGrad": lambda p: torch.optim.AdamW(p, 1e-3, amsgrad=True),
}


@dataclass(frozen=True)
class With(Objective):
    """Reconstruction by another optimiser."""

    optimiser: str

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        learner = Reconstruction().learner(network, settings)
        make = OPTIMISERS[self.optimiser]
        learner.optimisers["model"] = make(list(network.parameters()))
        return learner


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_a_killed_run_resumes_with_any_optimiser(
    optimiser: str, images: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = recipe("conv_autoencoder", objective=With(optimiser))
    undisturbed = Run(wanted, "cpu", None)
    run_through(undisturbed, images)
    monkeypatch.setattr(fit, "SAVE_SECONDS", -1.0)
    state = tmp_path / "state.safetensors"
    for progress in Run(wanted, "cpu", state).fit(images):
        if progress.step == 2:
            break
    resumed = Run(wanted, "cpu", state)
    resumed.resume()
    run_through(resumed, images)
    assert same(resumed.result(), undisturbed.result())


def test_numbers_and_nested_tensors_survive(tmp_path: Path) -> None:
    tensors: dict[str, torch.Tensor] = {}
    packed = state_._pack({0: {"a": [torch.ones(2), 3, None], "b": 0.1, "c": True}}, "o", tensors)
    assert list(tensors) == ["o.0.a.0"]
    again = state_._unpack(json.loads(json.dumps(packed)), tensors)["0"]
    assert torch.equal(again["a"][0], torch.ones(2))
    assert (again["a"][1:], again["b"], again["c"]) == ([3, None], 0.1, True)


@pytest.mark.parametrize(
    "change",
    [
        lambda o: o.update(model=7),
        lambda o: o.pop("model"),
        lambda o: o["model"].pop("3"),
        lambda o: o["model"].update({"999": o["model"]["0"]}),
        lambda o: o["model"].update(x=o["model"]["0"]),
        lambda o: o["model"]["0"].pop("exp_avg"),
        lambda o: o["model"]["0"].update(exp_avg=None),
        lambda o: o["model"]["0"].update(exp_avg=o["model"]["1"]["exp_avg"]),
        lambda o: o["model"]["0"].update(exp_avg={"tensor": "nowhere"}),
        lambda o: o["model"]["0"].update(exp_avg={"tensor": []}),
        lambda o: o["model"]["0"].update(more=1),
        lambda o: o["model"].update({"0": []}),
    ],
)
def test_the_state_of_another_optimiser_is_refused(
    state: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    with safe_open(state, "pt") as file:
        facts = json.loads(file.metadata()["run"])
    change(facts["optimisers"])
    save_file(load_file(state), state, metadata={"run": json.dumps(facts)})
    with pytest.raises(TrainingError, match="cannot be read"):
        resume(state)


# --- not only pictures ------------------------------------------------------------------------


class Sequences:
    """Eight sequences of five numbers of tokens each."""

    def __len__(self) -> int:
        return 8

    def batch(
        self, chosen: np.ndarray, rng: torch.Generator, done: float = 1.0
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.tensor(chosen)[:, None].repeat(1, 5), torch.zeros(len(chosen)).long()


@dataclass(frozen=True)
class Read(GradientObjective):
    """Any loss; it takes what it is given."""

    def loss(
        self, network: Network, x: torch.Tensor, labels: torch.Tensor, rng: object, done: float
    ) -> dict[str, torch.Tensor]:
        assert x.shape == (4, 5) and x.dtype == torch.int64
        weight = next(network.parameters())
        return {"loss": (weight**2).mean() * x.float().mean()}


def test_batches_need_not_be_pictures() -> None:
    run = Run(recipe("autoencoder", epochs=1, batch_size=4, objective=Read()), "cpu", None)
    assert len(list(run.fit(Sequences()))) == 2


@pytest.mark.parametrize("family", OBJECTIVES)
@pytest.mark.parametrize("count", [1, 2, 33])
def test_very_few_pictures_are_learnt_from_or_refused_in_a_sentence(
    family: str, count: int
) -> None:
    samples = datasets.get("mnist").samples()
    few = replace(
        samples,
        images=samples.images[:count],
        labels=samples.labels[:count],
        ids=samples.ids[:count],
    )
    run = Run(recipe(family, epochs=1), "cpu", None)
    if count == 1:
        with pytest.raises(TrainingError, match="1 item"):
            list(run.fit(few))
    else:
        assert len(list(run.fit(few))) == 1


@pytest.mark.parametrize("killed_at", [2, 3])
def test_a_killed_game_of_enlarging_resumes_to_the_same_weights(
    killed_at: int, images: Images, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = recipe("super_resolution", objective=GAMES["super_resolution"])
    undisturbed = Run(wanted, "cpu", None)
    run_through(undisturbed, images)
    monkeypatch.setattr(fit, "SAVE_SECONDS", -1.0)
    state = tmp_path / "state.safetensors"
    for progress in Run(wanted, "cpu", state).fit(images):
        if progress.step == killed_at:
            break
    resumed = Run(wanted, "cpu", state)
    assert resumed.resume()
    run_through(resumed, images)
    assert same(resumed.result(), undisturbed.result())


def test_a_recipe_of_few_labels_sees_so_many_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = recipes.get("conditional_gan.mnist_1000")
    monkeypatch.setattr(type(datasets.get("mnist")), "load", lambda self, split: self.samples())
    seen = found.training_data()
    assert isinstance(seen, Images) and len(seen) == found.labels == 1_000
    assert isinstance(found.config, ConditionalGANConfig) and found.config.pictures == found.labels
    assert np.bincount(seen.labels).tolist() == [100] * 10
