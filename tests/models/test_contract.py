"""What every registered family of networks for images must keep, whoever wrote it."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import torch
from small_models import small_config, small_network, write_checkpoint
from torch import Tensor

from latentlab import checkpoints, evaluation
from latentlab.data import ImageDataset, datasets, find
from latentlab.errors import BadConfig, ShapeError, UnknownNameError
from latentlab.kinds import kinds
from latentlab.models import (
    Autoencoder,
    Classifier,
    ConditionalGAN,
    CycleGAN,
    Denoiser,
    FactorClassifier,
    ImageNetwork,
    LatentModel,
    Network,
    SuperResolution,
    build,
    count_parameters,
    families,
)

# Those for sequences and text have contracts of their own, beside this file.
FAMILIES = [name for name in families.names() if issubclass(families.get(name), ImageNetwork)]
SHAPES = [(1, 28, 28), (3, 64, 64)]

every_family = pytest.mark.parametrize("family", FAMILIES)
every_encoder = pytest.mark.parametrize(
    "family", [name for name in FAMILIES if issubclass(families.get(name), Autoencoder)]
)
every_reader = pytest.mark.parametrize(  # takes pictures
    "family",
    [name for name in FAMILIES if issubclass(families.get(name), Autoencoder | Classifier)],
)
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda s: "x".join(map(str, s)))


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(shape: tuple[int, ...], n: int = 5, seed: int = 3) -> Tensor:
    return torch.rand(n, *shape, generator=generator(seed))


def outputs(network: Network, x: Tensor, seed: int = 0) -> list[Tensor]:
    """Everything that a page may ask of a network, as tensors."""
    if isinstance(network, FactorClassifier):
        return [network.features(x), network.logits(x), *network.factors(x)]
    if isinstance(network, Classifier):
        return [network.features(x), network.logits(x), network.class_probabilities(x)]
    if isinstance(network, Denoiser):
        return [network(x, torch.full((len(x), 1, 1, 1), 0.1))]
    if isinstance(network, SuperResolution):
        return [network(network.shrink(x))]
    if isinstance(network, ConditionalGAN):
        return [network.sample(torch.arange(len(x)) % network.classes, generator(seed))]
    if isinstance(network, CycleGAN):
        return [network.there(x), network.back(x), network.back(network.there(x))]
    assert isinstance(network, LatentModel)
    z = network.sample_prior(len(x), generator(seed))
    found = [z, network.decode(z)]
    if isinstance(network, Autoencoder):
        posterior = network.encode(x)
        z = posterior.sample(generator(seed))
        found += [posterior.mode(), z, posterior.kl(), network.decode(z), network(x)]
    return found


@every_family
@every_shape
def test_shapes_types_and_ranges(family: str, shape: tuple[int, int, int]) -> None:
    network = families.get(family)(replace(families.get(family).config_type(), image_shape=shape))
    network.eval()
    x = pictures(shape)
    with torch.inference_mode():
        for tensor in outputs(network, x):
            assert tensor.dtype == torch.float32
            assert tensor.shape[0] == len(x)
            assert tensor.isfinite().all()
        if isinstance(network, Classifier):
            probabilities = network.class_probabilities(x)
            assert probabilities.shape == network.logits(x).shape
            assert torch.allclose(probabilities.sum(1), torch.ones(len(x)))
            assert network.features(x).ndim == 2
            return
        if isinstance(network, Denoiser | SuperResolution):
            assert outputs(network, x)[0].shape == x.shape
            return
        if isinstance(network, ConditionalGAN | CycleGAN):
            for tensor in outputs(network, x):
                assert tensor.shape == x.shape and tensor.min() >= 0 and tensor.max() <= 1
            return
        assert isinstance(network, LatentModel)
        z = 4 * network.sample_prior(3, generator())  # also far from the data
        assert z.shape == (3, *network.latent_shape)
        assert z[0].numel() == network.latent_size
        decoded = network.decode(z)
        assert decoded.shape == (3, *shape)
        assert decoded.min() >= 0 and decoded.max() <= 1
        if isinstance(network, Autoencoder):
            posterior = network.encode(x)
            assert posterior.mode().shape == posterior.sample(generator()).shape
            assert posterior.mode().shape == (len(x), *network.latent_shape)
            assert posterior.kl().shape == (len(x), network.latent_size)
            assert (posterior.kl() >= 0).all()
            assert network(x).shape == x.shape


@every_family
@every_shape
def test_gradients_reach_every_parameter(family: str, shape: tuple[int, int, int]) -> None:
    network = small_network(family, shape).train()
    for tensor in outputs(network, pictures(shape, n=8)):
        if tensor.requires_grad:
            # Random weights: batch norm makes the gradient of a plain sum vanish.
            weights = torch.randn(tensor.shape, generator=generator(tensor.numel()))
            (tensor * weights).sum().backward(retain_graph=True)
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None, f"{name} has no gradient"
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.abs().max() > 0, f"the gradient of {name} is zero"


@every_family
def test_a_picture_does_not_depend_on_the_others_of_its_batch(family: str) -> None:
    network = small_network(family)
    x = pictures((1, 28, 28))
    with torch.inference_mode():
        if isinstance(network, Classifier):
            together, alone = network.logits(x), network.logits(x[:1])
        elif isinstance(network, ConditionalGAN):
            z, labels = torch.randn(5, network.noise_size, generator=generator()), torch.arange(5)
            together, alone = network.decode(z, labels), network.decode(z[:1], labels[:1])
        elif isinstance(network, Denoiser | SuperResolution | CycleGAN):
            (together, *_), (alone, *_) = outputs(network, x), outputs(network, x[:1])
        else:
            assert isinstance(network, LatentModel)
            z = network.sample_prior(5, generator())
            together, alone = network.decode(z), network.decode(z[:1])
    assert torch.allclose(together[:1], alone, atol=1e-6)


@every_family
def test_equal_seeds_give_equal_results_and_global_state_is_left_alone(family: str) -> None:
    network = small_network(family)
    x = pictures((1, 28, 28))
    before = torch.get_rng_state()
    with torch.inference_mode():
        first, second, other = (outputs(network, x, seed) for seed in (7, 7, 8))
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    if isinstance(network, LatentModel | ConditionalGAN):
        assert not torch.equal(first[0], other[0])
    assert torch.equal(before, torch.get_rng_state())


@every_encoder
def test_the_mode_is_deterministic(family: str) -> None:
    network = small_network(family)
    assert isinstance(network, Autoencoder)
    x = pictures((1, 28, 28))
    with torch.inference_mode():
        assert torch.equal(network.encode(x).mode(), network.encode(x).mode())
        assert torch.equal(network(x), network.decode(network.encode(x).mode()))


@every_reader
def test_pictures_of_another_shape_are_refused(family: str) -> None:
    network = small_network(family)
    use = network.logits if isinstance(network, Classifier) else network.encode
    for shape in ((2, 1, 28, 27), (2, 3, 28, 28), (1, 28, 28)):
        with pytest.raises(ShapeError) as caught:
            use(torch.zeros(shape))
        assert str(shape) in caught.value.message


@every_family
def test_a_family_says_what_it_is(family: str) -> None:
    network = families.get(family)
    kind = kinds.get(network.kind)
    assert network.title and network.paper
    assert families.get(family) is type(small_network(family))
    assert count_parameters(small_network(family)) > 0
    assert ("encodes" in kind.abilities) == issubclass(network, Autoencoder)
    assert ("decodes" in kind.abilities) == issubclass(network, LatentModel)
    assert ("classifies" in kind.abilities) == issubclass(network, Classifier)
    assert ("denoises" in kind.abilities) == issubclass(network, Denoiser)
    assert ("enlarges" in kind.abilities) == issubclass(network, SuperResolution)
    assert ("invents" in kind.abilities) == issubclass(network, ConditionalGAN)
    assert ("translates" in kind.abilities) == issubclass(network, CycleGAN)
    assert ("predicts_factors" in kind.abilities) == issubclass(network, FactorClassifier)


@every_family
def test_a_family_is_known_to_all_that_asks_its_kind(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reference, portrait and statistics work, and a measurer is there, before any training."""
    network = small_network(family, (3, 64, 64) if "photo" in family else (1, 28, 28))
    assert isinstance(network, ImageNetwork)
    found = evaluation.examinations.get(network.kind)
    assert isinstance(network, found.network) and callable(found.measure)
    data = "photographs" if "photo" in family else "mnist"
    shown = find(data).showcase(8)
    assert len(shown) > 1 and shown.shape[1] == network.image_shape[0]
    few = datasets.get("mnist").samples()
    monkeypatch.setattr(ImageDataset, "load", lambda self, split: few)
    reference = evaluation.reference(network, data)
    assert reference and all(tensor.isfinite().all() for tensor in reference.values())
    portrait = evaluation.portrait(network, shown, seed=0)
    assert isinstance(portrait, evaluation.Portrait)
    assert len(portrait.rows) == len(portrait.titles)
    assert all(row.min() >= 0 and row.max() <= 1 for row in portrait.rows)
    statistics = evaluation.statistics(network, data)
    assert (statistics is None) == (network.latent_size is None)
    if statistics is not None:
        assert len(statistics.mean) == network.latent_size


# --- configs ---------------------------------------------------------------------------------


@every_family
@every_shape
def test_a_config_survives_json(family: str, shape: tuple[int, int, int]) -> None:
    config = small_config(family, shape)
    assert type(config).from_json(json.loads(json.dumps(config.to_json()))) == config
    assert build(family, config.to_json()).config == config


@every_family
def test_unknown_and_missing_keys_are_refused(family: str) -> None:
    values = small_config(family).to_json()
    with pytest.raises(BadConfig, match="depht"):
        build(family, {**values, "depht": 3})
    for key in values:
        with pytest.raises(BadConfig, match=key):
            build(family, {k: v for k, v in values.items() if k != key})


UNUSABLE: list[Any] = [
    None, "32", True, -1, 0.5, 1 << 40, [], [0], [2.5], ["8"], [[8]], {}, float("nan"),
    float("inf"), [1] * 100_000,
]  # fmt: skip


@every_family
@pytest.mark.parametrize("value", UNUSABLE, ids=lambda v: repr(v)[:20])
def test_values_of_the_wrong_kind_are_refused(family: str, value: Any) -> None:
    values = small_config(family).to_json()
    types = get_type_hints(families.get(family).config_type)
    for field in fields(families.get(family).config_type):
        if types[field.name] is float and value in (0.5, 1 << 40):
            continue  # a number is all that a float has to be
        with pytest.raises(BadConfig, match=field.name):
            build(family, {**values, field.name: value})


@pytest.mark.parametrize(
    "family", [f for f in FAMILIES if hasattr(families.get(f).config_type, "channels")]
)
def test_pictures_that_cannot_be_halved_are_refused(family: str) -> None:
    with pytest.raises(BadConfig, match="30x31"):
        build(family, {**small_config(family).to_json(), "image_shape": [1, 30, 31]})


def test_a_family_that_is_not_there_suggests_its_neighbours() -> None:
    with pytest.raises(UnknownNameError, match="autoencoder"):
        build("autoencodr", {})


# --- on disk ---------------------------------------------------------------------------------


@every_family
@every_shape
def test_what_is_loaded_is_what_was_saved(
    family: str, shape: tuple[int, int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(tmp_path, f"{family}.test", image_shape=shape)
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    original = small_network(family, shape)
    loaded = checkpoints.load(f"{family}.test").load_model()
    assert type(loaded) is type(original) and loaded.config == original.config
    assert not loaded.training
    assert not any(p.requires_grad for p in loaded.parameters())
    stored, expected = loaded.state_dict(), original.state_dict()
    assert stored.keys() == expected.keys()
    assert all(torch.equal(stored[key], expected[key]) for key in expected)
    x = pictures(shape)
    with torch.inference_mode():
        pairs = zip(outputs(loaded, x), outputs(original, x), strict=True)
        assert all(torch.equal(a, b) for a, b in pairs)
