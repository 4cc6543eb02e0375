"""Tasks of the Attention page, on networks that have learnt nothing."""

import math
import random
from dataclasses import replace

import pytest
import torch

from latentlab.data import Vocabulary, corpora
from latentlab.errors import InputError
from latentlab.models import EncoderDecoder, LanguageModel, MaskedLanguageModel, families
from latentlab.tasks import attention


def small(family: str, corpus: str):
    tokens = len(corpora.get(corpus).vocabulary())
    config = families.get(family).config_type(tokens=tokens, length=18, corpus=corpus)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return families.get(family)(replace(config, width=16, heads=2, depth=2)).eval()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return corpora.get("everyday").vocabulary()


@pytest.fixture(scope="module")
def language() -> LanguageModel:
    return small("language_model", "everyday")


@pytest.fixture(scope="module")
def masked() -> MaskedLanguageModel:
    return small("masked_language_model", "everyday")


NONSENSE = (
    "",
    "   ",
    "\x00",
    "🦕🦖",
    "שלום עולם",
    "<b>bold</b>",
    "a" * 5000,
    "<mask> <pad>",
    "’ ’",
)


@pytest.mark.parametrize("text", [*NONSENSE, "The cat sat", "word " * 10_000])
def test_any_text_is_read_and_goes_through_the_network(
    text: str, vocabulary: Vocabulary, language: LanguageModel
) -> None:
    read = attention.read_sentence(text, vocabulary, 16)
    assert read.numbers.shape == (1, len(read.tokens) + 1) and len(read.tokens) <= 16
    assert all(0 < len(token) <= attention.LONGEST_LABEL for token in read.tokens)
    opened = attention.opened(language, read)
    assert opened.q.isfinite().all()
    rng = random.Random(0)
    attention.go_on(language, vocabulary, read, 1.0, 5, rng.randrange(9))
    guesses = attention.next_words(language, vocabulary, read, 1.0, 5)
    assert 0 < len(guesses) <= 5 and math.isclose(sum(g.chance for g in guesses), 1, rel_tol=1e-4)


def test_what_is_unknown_or_left_out_is_said(vocabulary: Vocabulary) -> None:
    read = attention.read_sentence("the zyzzyva sat", vocabulary, 16)
    assert read.known == (True, False, True) and "“zyzzyva” is unknown" in read.words
    assert int(read.numbers[0, 2]) == vocabulary.unknown
    assert (
        "first 16 of 10,000 words" in attention.read_sentence("the " * 10_000, vocabulary, 16).words
    )
    assert "no word" in attention.read_sentence("", vocabulary, 16).words
    # What looks like a special token is no word of anybody's.
    read = attention.read_sentence("<mask>", vocabulary, 16)
    assert read.tokens == ("<", "mask", ">") and vocabulary.mask not in read.numbers


def test_what_a_browser_gets_gives_the_weights_of_the_network(
    vocabulary: Vocabulary, language: LanguageModel
) -> None:
    read = attention.read_sentence("the dog ran on the grass", vocabulary, 16)
    found = attention.opened(language, read)
    mask = torch.ones(7, 7, dtype=torch.bool).tril()
    for layer in range(2):
        for head in range(2):
            own = slice(8 * head, 8 * head + 8)
            scores = found.q[layer][:, own] @ found.k[layer][:, own].T / math.sqrt(8)
            weights = scores.masked_fill(~mask, -torch.inf).softmax(1)
            assert torch.allclose(weights, found.weights[layer, head], atol=1e-6)
        linear = language.stack.blocks[layer].attention.query
        with torch.inference_mode():
            assert torch.allclose(linear(found.x[layer]), found.q[layer], atol=1e-5)


def test_entropy_is_ln_n_for_equal_weights_and_zero_for_one() -> None:
    rows = torch.tensor([[0.25] * 4, [1, 0, 0, 0]])
    assert torch.allclose(attention.entropy(rows), torch.tensor([math.log(4), 0]))


def test_the_scale_keeps_softmax_soft_at_every_width() -> None:
    narrow, wide = attention.sharpness(1), attention.sharpness(512)
    assert narrow.entropies[0] == narrow.entropies[1]  # √1 changes nothing
    assert wide.entropies[0] < 0.3 < 1.5 < wide.entropies[1]
    assert wide.gradients[0] < wide.gradients[1] / 5


def test_shuffling_changes_nothing_without_positions(
    vocabulary: Vocabulary, masked: MaskedLanguageModel
) -> None:
    read = attention.read_sentence("the cat sat on the mat", vocabulary, 16)
    found = attention.shuffled(masked, read, seed=3)
    assert sorted(found.order) == sorted(read.tokens) and found.order != read.tokens
    assert max(found.unplaced) < 1e-4 < 1e-2 < max(found.placed)
    with pytest.raises(InputError):
        attention.shuffled(masked, attention.read_sentence("cat", vocabulary, 16), 0)


def test_positions_are_most_alike_to_themselves() -> None:
    found = attention.sinusoidal_places(18, 64)
    assert found.vectors.shape == (18, 64)
    assert torch.allclose(found.products.diagonal(), torch.ones(18), atol=1e-5)
    assert (found.products.argmax(1) == torch.arange(18)).all()


def test_a_hidden_word_is_not_seen(vocabulary: Vocabulary, masked: MaskedLanguageModel) -> None:
    one, other = (
        attention.read_sentence(f"the {word} sat", vocabulary, 16) for word in ("cat", "dog")
    )
    guesses, true = attention.hidden_word(masked, vocabulary, one, 1)
    again, _ = attention.hidden_word(masked, vocabulary, other, 1)
    assert guesses == again and 0 <= true <= 1
    with pytest.raises(InputError):
        attention.hidden_word(masked, vocabulary, one, 3)


def test_a_bag_of_words_says_the_same_of_every_order(vocabulary: Vocabulary) -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        config = families.get("masked_language_model").config_type(tokens=2000, length=18)
        network = families.get("masked_language_model")(replace(config, depth=1)).eval()
    assert isinstance(network, MaskedLanguageModel)

    def ask(text: str, question: str) -> attention.Classed:
        read = attention.read_sentence(text, vocabulary, 16)
        return attention.sentence_class(network, vocabulary, read, question)

    for question in ("source", "order"):
        one, other = (
            ask(text, question) for text in ("A man sits on a bench", "man A on sits bench a.")
        )
        assert one.words == other.words and one.network != other.network
        assert math.isclose(sum(one.words), 1) and math.isclose(sum(one.network), 1)
    assert one.words == pytest.approx((0.5, 0.5), abs=1e-3)
    for nothing in ("", " ... ", "…", "🦕"):
        with pytest.raises(InputError):
            ask(nothing, "source")
    for odd in ("🦕 dog", "שלום עולם", "<b>", "word " * 10_000):
        assert 0 <= ask(odd, "source").network[0] <= 1


def test_letters_are_read_and_others_counted() -> None:
    network = small("encoder_decoder", "pronunciations")
    assert isinstance(network, EncoderDecoder)
    vocabulary = corpora.get("pronunciations").vocabulary()
    found = attention.speak(network, vocabulary, "At-tic!")
    assert found.letters == ("▸", "a", "t", "t", "i", "c", attention.STOP) and found.left_out == 2
    assert found.weights.shape == (2, 2, len(found.sounds), 7)
    assert torch.allclose(found.weights.sum(-1), torch.ones(2, 2, len(found.sounds)), atol=1e-5)
    assert attention.speak(network, vocabulary, "x" * 10_000).left_out == 10_000 - 16
    for nothing in ("", "123", "שלום", "🦕"):
        with pytest.raises(InputError):
            attention.speak(network, vocabulary, nothing)


def test_words_are_made_up_letter_by_letter() -> None:
    network = small("language_model", "spellings")
    assert isinstance(network, LanguageModel)
    vocabulary = corpora.get("spellings").vocabulary()
    found = attention.made_up(network, vocabulary, " Qu3! ", 1.0, seed=2)
    assert found.beginning == "qu" and len(found.next) == 8
    assert len(found.network) == len(found.bigram) == 8 and found.seven
    for word in (*found.network, *found.seven, *found.bigram):
        assert word.startswith("qu") and word.isascii() and word.isalpha() and len(word) <= 16
    assert found == attention.made_up(network, vocabulary, "qu", 1.0, seed=2)
    assert found.network != attention.made_up(network, vocabulary, "qu", 1.0, seed=3).network
    # After "q" the bigram knows "u", at 0 nothing else, and the same word every time.
    cold = attention.made_up(network, vocabulary, "q", 0.0, seed=2)
    assert len(set(cold.network)) == len(set(cold.bigram)) == 1 and cold.bigram[0][:2] == "qu"
    assert max(one.network for one in cold.next) == 1
    for nothing in ("", "🦕", "a" * 10_000):
        assert len(attention.made_up(network, vocabulary, nothing, 2.0, 0).network) == 8


def test_the_dictionary_knows_what_ships() -> None:
    known = attention.dictionary_of(" Attention")
    assert known is not None and known.spoken == (("AH", "T", "EH", "N", "SH", "AH", "N"),)
    assert attention.dictionary_of("qqq") is None
    words = {attention.unseen_word(seed) for seed in range(20)}
    assert len(words) > 10 and all(attention.dictionary_of(word).unseen for word in words)


def test_one_hot_and_embedding_are_equal_to_the_last_bit() -> None:
    found = attention.one_hot(1000, 64)
    assert found.equal and found.multiplications == (64_000 * attention.BATCH, 0)


def test_sgd_trains_all_three_alike_and_adam_moves_absent_words() -> None:
    sgd = attention.trained("sgd")
    assert sgd.linear == sgd.dense == sgd.sparse and sgd.apart == 0
    adam = attention.trained("adam")
    assert adam.linear == adam.dense and adam.apart == 0
    seen = adam.seen[0]
    # After the first batch with the word come some without.
    assert adam.dense[seen + 2] > adam.dense[seen + 1] + 0.05
    assert adam.sparse[seen + 2] == adam.sparse[seen + 1]
    with pytest.raises(InputError):
        attention.trained("magic")
