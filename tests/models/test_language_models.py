"""Language models: nothing leaks where a mask forbids it, padding is nothing, pictures are true."""

from dataclasses import replace
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from latentlab.errors import ShapeError
from latentlab.models import EncoderDecoder, LanguageModel, MaskedLanguageModel, families
from latentlab.models.sequences.attention import Positions
from latentlab.models.text.language_model import chances_of

TOKENS, LENGTH = 12, 10
FAMILIES = ("language_model", "masked_language_model", "encoder_decoder")
POSITIONS: tuple[Positions, ...] = ("none", "sinusoidal", "learnt", "rotary")


def small(family: str, positions: Positions = "learnt"):
    config = families.get(family).config_type(tokens=TOKENS, length=LENGTH)
    config = replace(config, width=16, heads=2, depth=2, positions=positions)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return families.get(family)(config).eval()


def texts(count: int, length: int, seed: int = 0) -> torch.Tensor:
    rng = torch.Generator().manual_seed(seed)
    return torch.randint(5, TOKENS, (count, length), generator=rng)


@pytest.mark.parametrize("positions", POSITIONS)
@given(seed=st.integers(0, 10_000), place=st.integers(1, LENGTH - 1))
@settings(max_examples=10, deadline=None)
def test_a_future_token_changes_nothing_before_it(
    positions: Positions, seed: int, place: int
) -> None:
    x = texts(2, LENGTH, seed)
    changed = x.clone()
    changed[:, place:] = 5 + (x[:, place:] - 4) % (TOKENS - 5)  # each another token
    language, both = small("language_model", positions), small("encoder_decoder", positions)
    with torch.inference_mode():
        assert torch.equal(language(x)[:, :place], language(changed)[:, :place])
        assert torch.equal(both(x, x)[:, :place], both(x, changed)[:, :place])
        # What it reads, it sees all of: there a later token matters.
        assert not torch.equal(both(x, x)[:, :1], both(changed, x)[:, :1])


def test_an_encoder_sees_both_sides_and_no_padding() -> None:
    network = small("masked_language_model")
    x = texts(1, 6)
    changed = x.clone()
    changed[0, 5] = 5 + (x[0, 5] - 4) % (TOKENS - 5)
    padded = torch.cat([x, torch.zeros(1, 3, dtype=torch.int64)], 1)
    with torch.inference_mode():
        assert not torch.allclose(network(x)[:, 0], network(changed)[:, 0])
        assert torch.allclose(network(x), network(padded)[:, :6], atol=1e-6)
        both = small("encoder_decoder")
        assert torch.allclose(both(x, x), both(padded, x), atol=1e-6)


def test_without_positions_words_in_another_order_get_the_same_codes() -> None:
    network = small("masked_language_model", "sinusoidal")
    x, order = texts(1, 7), torch.tensor([3, 0, 6, 1, 5, 2, 4])
    with torch.inference_mode():
        bare = network.codes(x, placed=False)[:, order]
        assert torch.allclose(network.codes(x[:, order], placed=False), bare, atol=1e-5)
        placed = network.codes(x)[:, order]
        assert not torch.allclose(network.codes(x[:, order]), placed, atol=1e-2)


@pytest.mark.parametrize("positions", POSITIONS)
def test_the_numbers_that_are_shown_end_in_what_the_network_says(positions: Positions) -> None:
    x = texts(1, 6)
    with torch.inference_mode():
        for family in ("language_model", "masked_language_model"):
            network = small(family, positions)
            layers = network.layers(x)
            shown = network.stack.scores(network.stack.norm(layers[-1].after))
            assert len(layers) == 2 and torch.allclose(shown, network(x), atol=1e-5)
        both = small("encoder_decoder", positions)
        _, writing = both.layers(x, x)
        end = both.norm(writing[-1].after) @ both.embedding.words.weight.T + both.bias
        assert torch.allclose(end, both(x, x), atol=1e-5)
        assert writing[0].cross is not None and writing[0].cross.weights.shape == (1, 2, 6, 6)


def test_a_head_that_is_off_changes_what_comes_next() -> None:
    network = small("language_model")
    assert isinstance(network, LanguageModel)
    x = texts(1, 6)
    with torch.inference_mode():
        assert not torch.allclose(network(x), network(x, without={1: (0,)}))
        assert torch.equal(network(x), network(x, without={}))


def test_texts_go_on_to_their_end_and_never_with_what_is_banned() -> None:
    network = small("language_model")
    assert isinstance(network, LanguageModel)
    begun = torch.tensor([[2]])
    rng = torch.Generator().manual_seed(0)
    drawn = network.continued(begun, 50, rng, banned=range(5, TOKENS - 1))
    assert drawn.shape[1] <= LENGTH and set(drawn[0, 1:].tolist()) <= {0, 1, 2, 3, 4, TOKENS - 1}
    greedy = [
        network.continued(begun, 5, torch.Generator().manual_seed(seed), temperature=0)
        for seed in (0, 1)
    ]
    assert torch.equal(greedy[0], greedy[1])
    ended = network.continued(begun, 50, rng, banned=[n for n in range(TOKENS) if n != 3], end=3)
    assert ended.tolist() == [[2, 3]]
    several = network.continued(begun.expand(9, 1), 6, rng, banned=range(6, TOKENS), end=3)
    for row in several.tolist():
        stop = row.index(3) if 3 in row else len(row)
        assert set(row[stop:]) <= {3}  # once at its end, a text stays there while others go on


def test_chances_by_hand() -> None:
    scores = torch.tensor([0.0, 1.0, 1.0, 3.0]).log()  # -inf, 0, 0, ln 3
    assert torch.allclose(chances_of(scores), torch.tensor([0, 0.2, 0.2, 0.6]))
    assert torch.allclose(chances_of(scores, temperature=0.5), torch.tensor([0, 1, 1, 9]) / 11)
    assert chances_of(scores, temperature=0).tolist() == [0, 0, 0, 1]
    assert torch.allclose(
        chances_of(scores, top=2), torch.tensor([0, 0.25, 0, 0.75])
    )  # of two equals the first
    assert torch.allclose(chances_of(scores, banned=(3,)), torch.tensor([0, 0.5, 0.5, 0]))


def test_answers_end_once_and_are_padded() -> None:
    network = small("encoder_decoder")
    assert isinstance(network, EncoderDecoder)
    with torch.no_grad():
        network.bias[3] = 100  # it always wants to end
    answers = network.answers(texts(3, 5))
    assert answers.tolist() == [[2, 3]] * 3
    assert network.answers(texts(3, 5), beams=4).tolist() == [[2, 3]] * 3


def test_a_wide_beam_finds_the_likeliest_answer_and_one_beam_the_likeliest_tokens() -> None:
    network = small("encoder_decoder")
    assert isinstance(network, EncoderDecoder)
    x, longest = texts(3, 5, seed=4), 4
    with torch.no_grad():
        network.bias[3] = 1  # answers of all lengths
        for row in range(3):
            source = x[row : row + 1]

            def nats(answer: list[int], source: torch.Tensor = source) -> float:
                scores = network(source, torch.tensor([answer[:-1]]))[0].log_softmax(1)
                return -float(scores[torch.arange(len(answer) - 1), answer[1:]].sum())

            tokens = [token for token in range(TOKENS) if token != network.end]
            every = [
                [network.start, *middle, last]
                for count in range(longest - 1)
                for middle in product(range(TOKENS), repeat=count)
                if network.end not in middle
                for last in ([network.end] if count < longest - 2 else [network.end, *tokens])
            ]
            best = min(every, key=nats)
            found = network.answers(source, longest, beams=TOKENS**2)[0].tolist()
            assert found == best + [network.pad] * (len(found) - len(best))
            greedy = [network.start]
            while len(greedy) < longest and greedy[-1] != network.end:
                greedy.append(int(network(source, torch.tensor([greedy]))[0, -1].argmax()))
            kept = network.answers(x, longest)[row].tolist()
            assert kept[: len(greedy)] == greedy and set(kept[len(greedy) :]) <= {network.pad}


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_no_batch_of_tokens_is_refused(family: str) -> None:
    network = small(family)
    more = (texts(1, 4),) if isinstance(network, EncoderDecoder) else ()
    for wrong in (torch.zeros(1, 0, dtype=torch.int64), torch.zeros(1, 3), texts(1, 3) + TOKENS):
        with pytest.raises(ShapeError):
            network(wrong, *more)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_parameter_learns(family: str) -> None:
    from latentlab.training.objectives import MaskedTokens, NextToken, Transcription

    network = small(family)
    x = texts(8, LENGTH)
    objective = {
        LanguageModel: NextToken(),
        MaskedLanguageModel: MaskedTokens(),
        EncoderDecoder: Transcription(),
    }[type(network)]
    loss = objective.loss(network, x, x, torch.Generator().manual_seed(0), 0.0)["nats"]
    loss.backward()
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None and parameter.grad.isfinite().all(), name
