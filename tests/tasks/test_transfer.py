"""What the Transfer page computes: lessons of few drawings, and what is said of results."""

import numpy as np
import pytest
import torch
from torch import nn

from latentlab import checkpoints
from latentlab.data import datasets, symbols
from latentlab.data.components import components
from latentlab.errors import InputError, UnknownNameError, UnsupportedError
from latentlab.experiments import Curve, Result, base, experiments, transfer, transfer_depth
from latentlab.tasks import transfer as tasks

NAMES = ("triangle", "heart", "star")


@pytest.fixture(scope="module")
def ways() -> dict[str, tasks.Way]:
    samples = datasets.get("mnist").samples().tensor(slice(0, 100))
    network = checkpoints.load("classifier.mnist").load_model()
    return tasks.representations(network, components("mnist"), samples)


def lesson(count: int = 3, names: tuple[str, ...] = NAMES) -> tasks.Lesson:
    pictures, labels = symbols.drawings(names, count, 0)
    return tasks.Lesson(names, pictures, tuple(labels.tolist()))


# --- symbols -----------------------------------------------------------------------------------


def test_symbols_are_framed_as_digits_are_and_each_is_another() -> None:
    pictures, labels = symbols.drawings(symbols.SYMBOLS, 2, 0)
    assert pictures.shape == (12, 1, 28, 28) and labels.tolist() == sorted([*range(6)] * 2)
    assert pictures.min() >= 0 and pictures.max() <= 1
    assert pictures.amax((1, 2, 3)).min() > 0.9
    assert len({picture.numpy().tobytes() for picture in pictures}) == 12
    again, _ = symbols.drawings(symbols.SYMBOLS[2:3], 1, 0)
    assert torch.equal(again[0], pictures[4])  # whatever else is drawn, and however many
    other, _ = symbols.drawings(symbols.SYMBOLS[2:3], 1, 1)
    assert not torch.equal(other, again)


def test_an_unknown_symbol_is_named() -> None:
    with pytest.raises(UnknownNameError):
        symbols.drawings(("triangel",), 1, 0)


# --- a lesson ----------------------------------------------------------------------------------


def test_every_way_learns_what_it_is_shown(ways: dict[str, tasks.Way]) -> None:
    learnt = lesson()
    assert set(ways) == set(tasks.WAYS)
    for way in ways.values():
        taught = tasks.teach(way, learnt)
        found = taught.answer(learnt.pictures)
        assert found.shape == (9, 3)
        np.testing.assert_allclose(found.sum(1), 1, rtol=1e-5)
        assert tasks.tested(taught, learnt.pictures, learnt.labels) == 100
        assert way.look(learnt.pictures).shape == (9, way.numbers)


def test_features_of_digits_tell_symbols_apart_after_one_drawing(
    ways: dict[str, tasks.Way],
) -> None:
    new, truth = symbols.drawings(NAMES, 10, 5)
    scores = {
        name: tasks.tested(tasks.teach(way, lesson(1)), new, truth.tolist())
        for name, way in ways.items()
    }
    assert scores["network"] >= 95 and scores["network"] >= max(scores.values())


def test_leaving_one_out_is_what_a_lesson_without_it_says(ways: dict[str, tasks.Way]) -> None:
    learnt = lesson()
    # One drawing is given a wrong name, so that not everything is right.
    learnt = tasks.Lesson(NAMES, learnt.pictures, (1, *learnt.labels[1:]))
    for way in ways.values():
        right = 0
        for place in range(len(learnt.labels)):
            others = [i for i in range(len(learnt.labels)) if i != place]
            without = tasks.Lesson(
                NAMES, learnt.pictures[others], tuple(learnt.labels[i] for i in others)
            )
            answer = tasks.teach(way, without).answer(learnt.pictures[place : place + 1])
            right += int(answer.argmax() == learnt.labels[place])
        found = tasks.leave_one_out(way, learnt)
        assert found == pytest.approx(100 * right / len(learnt.labels)) and found < 100


def test_a_single_drawing_cannot_be_left_out(ways: dict[str, tasks.Way]) -> None:
    assert tasks.leave_one_out(ways["pixels"], lesson(1)) is None


def test_a_class_without_a_drawing_is_never_the_answer(ways: dict[str, tasks.Way]) -> None:
    learnt = lesson()
    more = tasks.Lesson((*NAMES, "moon"), learnt.pictures, learnt.labels)
    found = tasks.teach(ways["pixels"], more).answer(learnt.pictures)
    assert found.shape == (9, 4) and (found[:, 3] == 0).all()


@pytest.mark.parametrize(
    ("names", "labels", "said"),
    [
        (("a", "b"), (), "Nothing has been drawn"),
        (("a", "b"), (1, 1), "Only “b” has drawings"),
        (tuple("abcdefghijklmnopqrst"), (0, 1), "20 classes are too many"),
    ],
)
def test_a_lesson_that_cannot_be_taught_says_why(
    names: tuple[str, ...], labels: tuple[int, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        tasks.Lesson(names, torch.zeros(len(labels), 1, 28, 28), labels)


def test_the_random_twin_has_learnt_nothing_and_leaves_the_network_alone() -> None:
    network = checkpoints.load("classifier.mnist").load_model()
    before = [p.clone() for p in network.state_dict().values()]
    samples = datasets.get("mnist").samples().tensor(slice(0, 50))
    twins = [
        tasks.random_twin(network, samples, torch.Generator().manual_seed(seed)) for seed in (0, 0)
    ]
    assert all(
        torch.equal(a, b) for a, b in zip(before, network.state_dict().values(), strict=True)
    )
    one, two = (tasks.features_of(twin)(samples) for twin in twins)
    assert torch.equal(one, two) and not twins[0].training
    normal = [layer for layer in twins[0].modules() if isinstance(layer, nn.BatchNorm2d)]
    assert normal and all(layer.running_mean.abs().sum() > 0 for layer in normal)
    for mine, theirs in zip(twins[0].modules(), network.modules(), strict=True):
        if isinstance(mine, nn.Conv2d):
            assert not torch.equal(mine.weight, theirs.weight)


def test_a_network_for_other_pictures_is_refused() -> None:
    network = checkpoints.load("vae.toon_faces_k32").load_model()
    with pytest.raises(UnsupportedError):
        tasks.representations(network, components("mnist"), torch.zeros(2, 1, 28, 28))


def test_the_sentence_of_a_lesson_names_the_best_of_the_others() -> None:
    scores = {"network": 99.0, "random": 70.0, "pca": 85.0, "pixels": 80.0}
    found = tasks.lesson_words(scores, 100)
    assert found == (
        "**What it learnt before helps**: 99 % of new drawings are right, 85 % with PCA codes."
    )
    assert "does not help" in tasks.lesson_words(scores | {"network": 70.0}, 100)
    # Of 20 drawings, 85 % are 17: three more are no more than chance.
    assert "no difference" in tasks.lesson_words(scores, 20)


# --- what is said of results -------------------------------------------------------------------


def made_up(module, name: str, spread: float = 1.0, **accuracies: float) -> Result:
    """Three seeds, ``spread`` apart; of a method the same accuracy everywhere."""
    experiment = experiments.get(name)
    plan = experiment.plan(False)
    curves = []
    for line in experiment.lines:
        xs = tuple(x for cell in plan for of, x in cell.points if of == line.name)
        middle = accuracies.get(line.name.split(".")[0], 50.0)
        rows = tuple(tuple(middle + step * spread for _ in xs) for step in (-1, 0, 1))
        curves.append(Curve(line, xs, rows))
    return Result(
        experiment=name,
        version=1,
        quick=False,
        budget="made up",
        seeds=(0, 1, 2),
        curves=tuple(curves),
        seconds=1.0,
        machine="none",
    )


PAIR = transfer.PAIRS[0].name


def verdict(spread: float = 1.0, **accuracies: float) -> tasks.Verdict:
    result = made_up(transfer, "transfer", spread, **accuracies)
    return tasks.verdict(tasks.compare(result, PAIR, 10), PAIR, 10)


def test_transfer_helps_only_where_it_beats_scratch_and_random_weights() -> None:
    found = verdict(frozen=60, scratch=55)
    assert (found.transfer, found.winner) == ("helps", "frozen")
    assert (
        "**transfer helps**. Frozen features: 60.0 %, the network from scratch: 55.0 %"
        in found.sentence
    )
    assert verdict(frozen=60, scratch=55, random=62).transfer == "within"
    assert verdict(frozen=60, scratch=55, random=65).transfer == "hurts"
    assert verdict(spread=3, frozen=60, scratch=55).transfer == "within"


def test_frozen_features_that_hurt_are_said_to() -> None:
    found = verdict(frozen=40, tuned=50, scratch=50, random=45)
    assert found.transfer == "within"
    assert "frozen features alone **hurt**, 40.0 %, even against random weights, 45.0 %" in (
        found.sentence
    )
    assert "even against" not in verdict(frozen=40, tuned=50, scratch=50, random=41).sentence
    assert "hurt" not in verdict(frozen=49, tuned=50, scratch=50).sentence


def test_a_classical_method_that_wins_is_named() -> None:
    found = verdict(frozen=60, knn=70)
    assert found.winner == "knn"
    assert found.sentence.endswith("**beats every network**.")
    assert verdict(frozen=60, knn=59).sentence.endswith("is as good as the best network.")
    assert verdict(frozen=60, knn=40, pixels=30).sentence.endswith("40.0 %, is beaten.")


def test_what_was_not_measured_is_said() -> None:
    with pytest.raises(UnsupportedError):
        tasks.compare(made_up(transfer, "transfer"), PAIR, 7)


@pytest.mark.parametrize("pair", [pair.name for pair in transfer_depth.PAIRS])
def test_the_drawn_network_is_the_one_that_was_measured(pair: str) -> None:
    from latentlab.experiments.transfer_domains import DOMAINS
    from latentlab.training.transfer import LayeredNetwork

    domain = DOMAINS[tasks.PAIRS[pair].target]
    network = LayeredNetwork(domain.shape, domain.classes, torch.Generator().manual_seed(0))
    layers = tasks.layers_of(pair)
    x = torch.zeros(1, *domain.shape)
    for depth, layer in enumerate(layers[:-1], start=1):
        shape = " × ".join(str(n) for n in network.up_to(x, depth).shape[1:])
        assert layer.maps == shape
    for frozen in transfer_depth.DEPTHS:
        learns = sum(parameter.numel() for parameter in network.parts(frozen))
        assert tasks.trained_parameters(layers, frozen) == learns


def test_the_sentence_over_depths_follows_the_numbers() -> None:
    found = tasks.depth_curves(
        made_up(transfer_depth, "transfer_depth", frozen=60, tuned=70),
        transfer_depth.PAIRS[0].name,
        10,
    )
    assert [point.x for point in found["frozen"]] == list(tasks.DEPTHS)
    assert "from scratch, 60.0 %" in tasks.depth_words(found, 0, 10)
    said = tasks.depth_words(found, 2, 10)
    assert said.startswith("The first 2 layers are frozen: 60.0 % with 10 labels a class")
    assert "no more than seeds differ" in said and "Fine-tuned instead: 70.0 %" in said


def test_the_curve_in_print_is_that_of_the_paper() -> None:
    # The numbers of the authors' notebook: "AnB", from one half of ImageNet to the other.
    assert [value for _, value in tasks.YOSINSKI] == [63.5, 63.1, 62.8, 61.1, 58.5, 59.1, 55.2]
    assert len(base.load("transfer").seeds) >= 5
