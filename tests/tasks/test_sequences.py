"""What the Sequences page does: questions, answers, reasons and words."""

import math

import pytest
import torch

from latentlab import experiments
from latentlab.data import sequence_tasks
from latentlab.errors import InputError
from latentlab.experiments import Point
from latentlab.sequences.lessons import Moment
from latentlab.sequences.nets import NETS
from latentlab.tasks import sequences
from latentlab.tasks.sequences import Ablation, Asked, Reply

RECALL = sequence_tasks.get("recall")


@pytest.fixture(scope="module")
def networks():
    return {name: net.build(RECALL, 0).eval().requires_grad_(False) for name, net in NETS.items()}


def test_an_example_has_the_gap_and_is_the_same_for_the_same_seed() -> None:
    tokens = sequences.example("recall", pairs=3, gap=10, seed=4)
    text = RECALL.decode(tokens)
    assert len(text) == 64 and text[-13] == text[-1] and text[-12].isdigit()
    assert tokens == sequences.example("recall", 3, 10, 4) != sequences.example("recall", 3, 10, 5)
    assert len(sequences.example("parity", 3, 10, 0)) == 40
    for task in ("copying", "adding", "parity", "brackets"):
        asked = sequence_tasks.get(task)
        for length in (sequences.SHORTEST[task], asked.length):
            for seed in range(5):  # something is asked at the end of each
                tokens = sequences.example(task, 3, 10, seed, length)
                assert len(tokens) == length and asked.solve(tokens)[-1] is not None


def test_programs_know_what_is_right() -> None:
    def last(task: str, text: str) -> str | None:
        asked = sequence_tasks.get(task)
        found = asked.solve(asked.encode(text))[-1]
        return None if found is None else asked.answers[found]

    assert last("brackets", "([]{})") == "none" and last("brackets", "([]{}") == ")"
    assert last("brackets", "([") is None and last("brackets", "(]") is None
    assert last("adding", "12③405⑥7") == "9" and last("adding", "12③4") is None
    assert last("copying", "abcdefghab...!.") == "a" and last("copying", "abc") == "."
    assert last("parity", "1101") == "odd"


def test_all_answer_what_is_likeliest_and_the_program_knows_what_is_right(networks) -> None:
    tokens = RECALL.encode("c7..a3....c")
    asked = sequences.ask(networks, "recall", tokens)
    assert asked.truth == "7" and [reply.net for reply in asked.replies] == list(NETS)
    for reply in asked.replies:
        chances = networks[reply.net](torch.tensor([tokens]))[0, -1].softmax(-1)
        assert reply.answer == RECALL.answers[int(chances.argmax())]
        assert reply.chance == pytest.approx(float(chances.max()), abs=1e-5)
        assert reply.right == (reply.answer == "7") and len(reply.reach) == len(tokens)
    unknown = sequences.ask(networks, "recall", RECALL.encode("c7..d"))
    assert unknown.truth is None and all(reply.right is None for reply in unknown.replies)
    assert sequences.sentence(unknown, {}, 0).startswith("Nothing can be known")
    with pytest.raises(InputError):
        sequences.ask(networks, "recall", [])


def test_reasons_are_those_of_each_network(networks) -> None:
    tokens = [0] * 200
    for name, network in networks.items():
        found = sequences.why(network, tokens)
        assert found.first == (200 - 125 if name == "cnn" else 0)
        assert bool(found.states) == (name in ("rnn", "lstm", "gru"))
        assert len(found.heads) == (8 if name == "transformer" else 0)
        assert len(found.gates) == {"lstm": 3, "gru": 2}.get(name, 0)
        assert all(abs(v) <= 1 for row in found.states for v in row)
    assert sequences.ablations(networks["lstm"], "recall") == ()
    lost = sequences.ablations(networks["transformer"], "recall")
    assert [one.head for one in lost][:3] == [None, (0, 0), (0, 1)] and len(lost) == 9


def test_the_head_that_is_needed_most_is_found() -> None:
    found = [Ablation(None, 0.1, 0.99), Ablation((0, 0), 0.2, 0.9), Ablation((1, 3), 2.0, 0.2)]
    assert sequences.most_needed(found).head == (1, 3)


def test_sentences_say_who_is_right() -> None:
    def reply(net: str, right: bool) -> Reply:
        return Reply(net, "7" if right else "3", 0.9, right, ())

    def said(*right: bool) -> str:
        replies = tuple(reply(n, r) for n, r in zip(sequences.NETS, right, strict=False))
        return sequences.sentence(Asked("recall", (1,), "7", replies), {}, 0)

    assert said(True, True) == "All answer **7**, which is right."
    assert said(False, False) == "**7** would be right. None of them says so."
    assert said(False, True) == "**7** is right: LSTM says so, not RNN."
    curves = {"floor": [Point(0, 12.5, None)], "lstm": [Point(0, 30, None), Point(24, 20, None)]}
    asked = Asked("recall", (1,), "7", (reply("lstm", True),))
    assert "LSTM 20.0 %" in sequences.sentence(asked, curves, 30)


def test_beyond_the_trained_length_words_follow_the_numbers() -> None:
    def curve(*means: float) -> list[Point]:
        return [Point(x, mean, None) for x, mean in zip((1, 2, 4), means, strict=True)]

    floor = curve(50, 50, 50)
    kept = {"floor": floor, "lstm": curve(100, 100, 99), "transformer": curve(98, 60, 50)}
    assert sequences.length_sentence(kept, "parity") == (
        "**Parity**: within the trained length, LSTM and Transformer get it right. Four times as"
        " long, LSTM still does. Transformer falls to 50.0 % at four times the length; the floor is"
        " 50.0 %."
    )
    less = {"floor": floor, "lstm": curve(100, 100, 99), "gru": curve(55, 50, 50)}
    assert sequences.length_sentence(less, "parity").endswith(
        "LSTM gets it right. Four times as long, LSTM still does. Not learnt in this time: GRU (at"
        " most 55.0 %)."
    )
    none = {"floor": floor, "lstm": curve(60, 50, 50)}
    assert "none gets nine of ten right; LSTM is best with 60.0 %" in sequences.length_sentence(
        none, "parity"
    )


def test_a_watched_training_fills_the_list_and_is_put_into_words() -> None:
    kept: list[Moment] = []
    shares = sequences.learn(["lstm"], "brackets", 1, 600, 0, kept)
    next(shares)
    next(shares)
    assert [moment.step for moment in kept] == [0, 10]
    moments = [Moment(0, 0, {"lstm": 0.1}, {}), Moment(10, 1, {"lstm": 0.95}, {})]
    assert "LSTM 95.0 % (since step 10)" in sequences.race_sentence(moments, 1, 1 / 3)
    assert "33.3 %" in sequences.race_sentence(moments, 0, 1 / 3)


def test_what_ships_was_measured_as_the_floor_says() -> None:
    result = experiments.load("sequences")
    for pairs in (2, 4, 8):
        curves = sequences.over_gaps(result, pairs)
        assert [round(point.mean, 3) for point in curves["floor"]] == [round(100 / pairs, 3)] * 8
    assert sequences.measured_pairs(1) == 2 and sequences.measured_pairs(6) in (4, 8)


def test_floors_of_losses_are_those_of_the_papers() -> None:
    result = experiments.load("sequences_tasks")
    copying = sequences.by_length(result, "copying", "loss")
    for point in copying["floor"]:
        assert point.mean == pytest.approx(10 * math.log(8) / point.x)
    assert all(point.x <= 50 for point in copying["lstm"])
    adding = sequences.by_length(result, "adding", "loss")
    # Twice the variance of a digit in tenths; 1/6 where numbers are continuous.
    assert {round(point.mean, 4) for point in adding["floor"]} == {0.165}
    assert sequences.measures_of("parity") == {"right": "right answers, %"}
    beyond = sequences.over_lengths(result, "copying")
    assert [point.x for point in beyond["gru"]] == [1, 2, 4]
    assert {point.mean for point in beyond["floor"]} == {12.5}
