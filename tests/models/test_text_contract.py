"""What every family for text must keep, whoever wrote it; and what sentence models alone do."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from latentlab import checkpoints, evaluation
from latentlab.checkpoints import VOCABULARY, ModelCard
from latentlab.data.text import grammar
from latentlab.errors import ShapeError
from latentlab.kinds import kinds
from latentlab.models import SentenceModel, SentenceVAE, TextNetwork, count_parameters, families
from latentlab.models.text.sentence_autoencoder import (
    END,
    PAD,
    START,
    UNKNOWN,
    SentenceAutoencoder,
    SentenceConfig,
)
from latentlab.training.objectives import (
    Objective,
    OptimiserSettings,
    SentenceElbo,
    SentenceReconstruction,
)
from latentlab.training.objectives.sentences import hidden

TEXT = [name for name in families.names() if issubclass(families.get(name), TextNetwork)]
FAMILIES = [name for name in TEXT if issubclass(families.get(name), SentenceModel)]
SMALL = SentenceConfig(tokens=84, length=12, embedding_size=8, hidden_size=10, latent_size=3)
LOSSES: dict[str, Objective] = {
    "sentence_autoencoder": SentenceReconstruction(),
    "sentence_vae": SentenceElbo(free_bits=0.1, warm_up=0.5),
}

every_family = pytest.mark.parametrize("family", FAMILIES)


def small(family: str) -> SentenceModel:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        network = families.get(family)(SMALL).eval()
    assert isinstance(network, SentenceModel)
    return network


def rows(count: int = 6) -> Tensor:
    return grammar.GRAMMAR.showcase(count)


@pytest.mark.parametrize("family", TEXT)
def test_a_family_for_text_is_known_as_one(family: str) -> None:
    network = families.get(family)
    assert kinds.get(network.kind).modality == "text"
    assert network.title and network.paper and network.kind in evaluation.examinations


@every_family
def test_shapes_and_gradients(family: str) -> None:
    network, x = small(family), rows()
    posterior = network.encode(x)
    z = posterior.mode()
    assert z.shape == (6, 3) and torch.equal(z, network.encode(x).mode())
    assert network.logits(z, x[:, :-1]).shape == network(x).shape == (6, 11, 84)
    assert network.log_likelihood(x, z).shape == (6,) and (network.log_likelihood(x, z) < 0).all()
    learner = LOSSES[family].learner(network, OptimiserSettings(1e-2, 0.0))
    before = {name: weight.clone() for name, weight in network.state_dict().items()}
    losses = learner.step(x, torch.zeros(6), torch.Generator().manual_seed(0), 0.3)
    assert all(torch.tensor(loss).isfinite() for loss in losses.values())
    for name, weight in network.named_parameters():
        assert weight.grad is not None and weight.grad.abs().sum() > 0, name
        assert not torch.equal(weight, before[name]), name


@every_family
def test_a_later_word_changes_nothing_before_it(family: str) -> None:
    network, x = small(family), rows(1)
    z = network.encode(x).mode()
    other = x.clone()
    other[0, 5] = x[0, 5] % 70 + 7
    with torch.inference_mode():
        a, b = network.logits(z, x[:, :-1]), network.logits(z, other[:, :-1])
    assert torch.equal(a[:, :5], b[:, :5]) and not torch.equal(a[:, 5:], b[:, 5:])


@every_family
def test_padding_is_not_read(family: str) -> None:
    network, x = small(family), rows(1)
    longer = torch.cat([x, torch.full((1, 3), PAD)], dim=1)
    torch.testing.assert_close(network.encode(longer).mode(), network.encode(x).mode())


@every_family
def test_what_is_written_ends_and_has_no_special_words(family: str) -> None:
    network = small(family)
    written = network.write(torch.randn(20, 3, generator=torch.Generator().manual_seed(1)))
    assert written.shape == (20, 12) and (written[:, 0] == START).all()
    for row in written.tolist():
        end = row.index(END)
        assert set(row[end + 1 :]) <= {PAD} and not {PAD, START, 4} & set(row[1:end])


@every_family
@pytest.mark.parametrize(
    "x",
    [torch.zeros(2, 12), torch.zeros(12, dtype=torch.int64), torch.full((1, 12), 84)],
    ids=["floats", "one row", "unknown token"],
)
def test_what_is_no_sentence_is_refused(family: str, x: Tensor) -> None:
    with pytest.raises(ShapeError):
        small(family).encode(x)


@every_family
def test_a_checkpoint_gives_the_same_sentences_and_brings_its_words(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = small(family)
    kind = kinds.get(network.kind)
    card = ModelCard(
        title="", summary="", family=family, kind=kind.name, modality="text", data="grammar",
        tag="", latent_size=3, licence="MIT", credit="", recipe="", seed=0,
        parameters=count_parameters(network), seconds=0.0, machine="",
    )  # fmt: skip
    words = grammar.GRAMMAR.vocabulary().to_json()
    checkpoints.save(
        tmp_path / f"{family}.small", network, card, None,
        evaluation.reference(network, "grammar"), {VOCABULARY: words},
    )  # fmt: skip
    monkeypatch.setenv("LATENTLAB_CHECKPOINTS", str(tmp_path))
    stored = checkpoints.load(f"{family}.small")
    again = stored.load_model()
    assert isinstance(again, SentenceModel) and json.loads(stored.file(VOCABULARY))[5] == "a"
    assert torch.equal(again.encode(rows()).mode(), network.encode(rows()).mode())
    reference = stored.reference()
    torch.testing.assert_close(
        again.log_likelihood(reference["sentences"], reference["latents"]),
        reference["log_likelihoods"],
    )
    lines = evaluation.portrait(again, rows(), seed=0)
    assert isinstance(lines, evaluation.Lines) and len(lines.lines) == 3


def test_the_importance_sampler_finds_what_is_known() -> None:
    """Of a writer that does not hear its code, log p(x) is log p(x | any z), by hand."""
    network = small("sentence_vae")
    assert isinstance(network, SentenceVAE)
    with torch.no_grad():
        network.to_state.weight.zero_()
        network.writer.weight_ih_l0[:, SMALL.embedding_size :] = 0
        network.to_code.weight.zero_()
        network.to_code.bias.copy_(torch.tensor([0.3, -0.2, 0.1, -0.4, 0.2, 0.0]))
        x = rows()
        known = network.log_likelihood(x, torch.zeros(6, 3))
        found = network.log_marginal(x, 3000, torch.Generator().manual_seed(0))
        torch.testing.assert_close(found, known, atol=0.05, rtol=0)
        posterior = network.encode(x)
        bound = known - posterior.kl().sum(1)
        assert (bound < known - 0.1).all()  # the bound is not the likelihood


def test_free_bits_let_a_small_divergence_pass() -> None:
    network, x = small("sentence_vae"), rows()
    rng = torch.Generator().manual_seed(0)

    def rate(bits: float) -> float:
        return SentenceElbo(free_bits=bits).loss(network, x, x[:, 0], rng, 0.5)["rate"].item()

    assert isinstance(network, SentenceVAE)
    divergence = network.encode(x).kl().mean(0)
    assert rate(0.0) == pytest.approx(divergence.sum().item(), rel=1e-5)
    assert rate(2.0) == pytest.approx(6.0)
    growing = replace(SentenceElbo(), warm_up=0.5)
    half = growing.loss(network, x, x[:, 0], rng, 0.25)["rate"].item()
    assert half == pytest.approx(divergence.sum().item() / 2, rel=1e-5)
    pressed = SentenceElbo(weight=10.0).loss(network, x, x[:, 0], rng, 0.5)["rate"].item()
    assert pressed == pytest.approx(10 * divergence.sum().item(), rel=1e-5)


def test_words_are_hidden_and_nothing_else() -> None:
    x = rows()
    seen = hidden(x, 0.5, torch.Generator().manual_seed(0))
    changed = seen != x
    assert (seen[changed] == UNKNOWN).all() and (x[changed] >= 5).all()
    words = int((x >= 5).sum())
    assert 0.3 * words < int(changed.sum()) < 0.7 * words
    assert torch.equal(hidden(x, 0.0, torch.Generator()), x)


def test_the_writer_is_told_all_words_from_half_of_the_run() -> None:
    """At first the loss is that of a writer that is not told some words; later it is the plain."""
    network, x = small("sentence_vae"), rows()
    dropping = SentenceElbo(word_dropout=1.0)

    def distortion(objective: SentenceElbo, done: float) -> float:
        rng = torch.Generator().manual_seed(0)
        return objective.loss(network, x, x[:, 0], rng, done)["distortion"].item()

    plain = distortion(SentenceElbo(), 0.0)
    assert distortion(dropping, 0.5) == plain
    assert distortion(dropping, 0.0) != pytest.approx(plain, rel=1e-4)


def test_a_denoiser_is_asked_for_the_words_that_it_did_not_see() -> None:
    network, x = small("sentence_autoencoder"), rows()
    assert isinstance(network, SentenceAutoencoder)
    found = SentenceReconstruction(1.0).loss(
        network, x, x[:, 0], torch.Generator().manual_seed(0), 0.0
    )["nats"]
    blind = torch.where(x >= 5, UNKNOWN, x)
    wanted = -network.log_likelihood(x, network.encode(blind).mode()).mean()
    torch.testing.assert_close(found, wanted)
