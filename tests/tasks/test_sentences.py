"""What the Sentences page computes: what is typed, walks, health, neighbours, arithmetic."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch

from latentlab.data import corpora
from latentlab.data.text import grammar
from latentlab.errors import InputError
from latentlab.experiments import Curve, Result, experiments
from latentlab.latents import changes
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import SentenceModel, SentenceVAE
from latentlab.models.text.sentence_autoencoder import SentenceConfig
from latentlab.tasks import sentences

CORPUS = corpora.get("grammar")
SMALL = SentenceConfig(tokens=84, length=12, embedding_size=8, hidden_size=10, latent_size=3)


class Perfect:
    """Codes that are the sentence's numbers themselves: what a network would have to reach."""

    latent_size = 12

    def write(self, z: torch.Tensor) -> torch.Tensor:
        return z.round().long()


@pytest.fixture(scope="module")
def network() -> SentenceVAE:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return SentenceVAE(SMALL).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def known() -> sentences.Known:
    return sentences.known(CORPUS, 400)


@pytest.mark.parametrize("text", ["", "   \n", "\t"])
def test_nothing_typed_is_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match="no word"):
        sentences.typed(text, CORPUS)


def test_long_and_strange_texts_are_read_as_far_as_they_go() -> None:
    long = sentences.typed("we saw a kite " * 10_000, CORPUS)
    assert len(long.words) == 10 and long.cut and long.row.shape == (1, 12)
    emoji = sentences.typed("🙂 <b>he שלום a", CORPUS)
    assert "🙂" in emoji.unknown and "שלום" in emoji.unknown and "<" in emoji.unknown
    assert "he" in emoji.words and "he" not in emoji.unknown and not emoji.cut
    assert sentences.typed("I saw a KITE at home", CORPUS).unknown == ()


def test_a_walk_counts_what_is_different_and_what_is_grammatical() -> None:
    ends = [
        sentences.typed(text, CORPUS).row[0].float()
        for text in ("he saw a kite at home", "he saw a hat at home")
    ]
    perfect = Perfect()
    found = sentences.walk(perfect, CORPUS, (ends[0], ends[1]), 3, sentences.counted())  # type: ignore[arg-type]
    assert found.lines[0].text == "he saw a kite at home" and found.lines[0].grammatical
    assert found.distinct >= 2 and found.nats is not None and found.nats > 0
    still = sentences.walk(perfect, CORPUS, (ends[0], ends[0]), 5)  # type: ignore[arg-type]
    assert still.distinct == 1 and still.grammatical == 5 and still.nats is None
    other = replace(CORPUS, name="other")
    assert sentences.line(["a", "road"], other).grammatical is None


def test_other_texts_are_known_by_their_words_and_spelt_as_people_do() -> None:
    wordnet = corpora.get("wordnet")
    of = sentences.known(wordnet)
    assert len(of.texts) == len(wordnet.samples()) and of.numbers is None
    assert (of.factors[:, 0] == [len(words) for words in of.words]).all()
    unknown = wordnet.vocabulary().unknown
    assert unknown not in of.rows  # what ships has no word that networks do not know
    place = next(k for k, words in enumerate(of.words) if "," in words)
    assert " ," not in of.texts[place] and "," in of.texts[place]
    assert sentences.spelt(["i", "saw", "<unknown>", ".", "e"]) == "I saw (unknown). e"
    fitted = sentences.semantics(of, 8)
    near = sentences.neighbours(fitted.codes, fitted.codes[place], of, of.words[place])
    assert of.texts[place] not in {n.text for n in near} and near[0].shared is None


def test_dials_move_what_they_name() -> None:
    statistics = LatentStatistics(
        *(torch.tensor([1.0, 2.0, 3.0]) for _ in range(4)),
        importance=torch.tensor([0.1, 5.0, 2.0]),
        directions=torch.eye(3),
        direction_std=torch.ones(3),
    )
    assert sentences.strongest(statistics) == [1, 2, 0]
    moved = sentences.turned(torch.zeros(3), statistics, {1: -1.5})
    assert moved.tolist() == [0, -3, 0]


def test_a_writer_that_hears_no_code_has_collapsed(
    network: SentenceVAE, known: sentences.Known
) -> None:
    deaf = deepcopy(network)
    deaf.to_state.weight.zero_()
    deaf.writer.weight_ih_l0[:, SMALL.embedding_size :] = 0
    found = sentences.health(deaf, known.rows[:50])
    assert found.gap == 0 and found.collapsed and found.rates.shape == (3,)
    told = replace(found, gap=0.5, gap_error=0.1, own=11.0)
    assert not told.collapsed and replace(told, gap_error=0.2).collapsed
    assert replace(told, own=60.0).collapsed


def test_neighbours_leave_the_sentence_itself_out(known: sentences.Known) -> None:
    fitted = sentences.semantics(known, 8)
    words = known.texts[0].split()
    here = fitted.encode([words])[0]
    near = sentences.neighbours(fitted.codes, here, known, words)
    assert len(near) == sentences.NEIGHBOURS and known.texts[0] not in {n.text for n in near}
    assert all(n.shared is not None and 0 <= n.shared < 8 for n in near)
    strange = sentences.neighbours(fitted.codes, here, known, ["nothing"])
    assert strange[0].text == known.texts[0] and strange[0].shared is None
    plane = sentences.plane(fitted.codes, fitted.codes[0])
    np.testing.assert_allclose(plane.here, plane.places[0], atol=1e-9)
    assert 0 < plane.share <= 1


def test_arithmetic_hits_where_codes_are_made_of_their_factors(known: sentences.Known) -> None:
    """Where a code is one number a value of a factor, a step is exact, and every question hits."""
    sizes = [len(factor.values) for factor in grammar.FACTORS]

    def coded(factors: np.ndarray) -> torch.Tensor:
        parts = [np.eye(n)[factors[:, f]] for f, n in enumerate(sizes)]
        return torch.from_numpy(np.concatenate(parts, 1)).float()

    codes = coded(known.factors)
    means = changes.Means.of(codes, known.factors)
    asked = changes.questions(known.numbers[:50], 7, seed=0)
    assert all(q.after != q.before for q in asked) and len(asked) == 50
    step = means.step(7, 0, 1)
    assert step[-9:].argmax() == 1 and step[-9:].argmin() == 0
    answers = [grammar.sentence(each.target) for each in asked]
    assert changes.hits(answers, asked) == 1
    assert changes.hits([grammar.sentence(q.sentence) for q in asked], asked) == 0
    assert changes.shared(known.numbers, known.numbers) == 1


def test_a_change_that_makes_no_sense_is_said(
    network: SentenceModel, known: sentences.Known
) -> None:
    means = sentences.means(network, known)
    king = sentences.typed("the king lost a hat at home", CORPUS)
    with pytest.raises(InputError, match="no form"):
        sentences.change(network, means, king, 2, 0)
    with pytest.raises(InputError, match="does not have this sentence"):
        sentences.change(network, means, sentences.typed("hello", CORPUS), 0, 0)
    answer = sentences.change(network, means, king, 0, 2)
    assert answer.target == "the king will lose a hat at home" and not answer.hit


def test_a_direction_is_measured_on_sentences_that_did_not_find_it(
    network: SentenceModel, known: sentences.Known
) -> None:
    found = sentences.direction(network, known, "mean_difference", "past")
    assert found.vector.shape == (3,) and found.low < found.high
    assert 0 <= found.switched <= 1 and found.switched + found.broken <= 1
    way = sentences.along(network, found, sentences.codes(network, known)[0], 5)
    assert len(way.lines) == 5


def test_what_was_measured_is_found_by_name() -> None:
    lines = {line.name: line for line in experiments.get("sentences").lines}
    result = Result(
        experiment="sentences", version=1, quick=False, budget="", seeds=(0, 1), seconds=1.0,
        machine="",
        curves=(
            Curve(lines["exact"], ("ae", "collapsed", "vae"), ((1.0, 0.0, 0.8), (1.0, 0.0, 1.0))),
            Curve(lines["nll.baseline"], ("trigrams",), ((11.6,),)),
        ),
    )  # fmt: skip
    assert sentences.value(result, "exact", "ae") == (1.0, 0.0)
    assert sentences.value(result, "exact", "other") is None
    assert sentences.value(result, "rate", "ae") is None
    assert sentences.baseline(result, "nll") == 11.6 and sentences.baseline(result, "exact") is None
    mean, spread = sentences.value(result, "exact", "vae") or (0.0, None)
    assert mean == pytest.approx(0.9) and spread == pytest.approx(0.2 / 2**0.5)
