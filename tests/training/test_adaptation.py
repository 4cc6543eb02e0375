"""What the methods of domain adaptation minimise, and what they may see."""

import math

import pytest
import torch
from torch import nn

from latentlab.errors import UnknownNameError
from latentlab.experiments import adaptation_rehearsal, adapting
from latentlab.training import adaptation
from latentlab.training.adaptation import Labelled, LeNet


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def digits(count: int, seed: int = 0) -> Labelled:
    labels = torch.arange(count) % 10
    x = torch.rand(count, 1, 28, 28, generator=rng(seed)) / 4
    for i, label in enumerate(labels.tolist()):
        x[i, 0, 2 * label : 2 * label + 6] = 1  # a bar, lower for every class
    return Labelled(x, labels)


def test_a_reversed_gradient_has_the_other_sign_and_the_strength() -> None:
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    made = adaptation.reverse(x, 0.25)
    assert torch.equal(made, x)
    (3 * made).sum().backward()
    assert x.grad is not None and x.grad.tolist() == [-0.75, -0.75]


def test_features_learn_to_hide_the_domain_while_its_classifier_learns_to_see_it() -> None:
    extra, judge = adaptation.penalty("dann", 1.0, rng())
    features = torch.rand(8, 128, generator=rng(1), requires_grad=True)
    x = torch.zeros(4, 1, 28, 28)
    loss = extra(features, torch.zeros(8, 10), x, 1.0)
    loss.backward()  # type: ignore[no-untyped-call]
    gradients = [p.grad for p in judge.parameters()]
    assert all(g is not None and g.abs().sum() > 0 for g in gradients)
    assert features.grad is not None
    step = 1e-2
    with torch.no_grad():  # downhill in the features: the classifier of domains gets worse
        worse = extra(features - step * features.grad / features.grad.norm(), features, x, 1.0)
        for p in judge.parameters():  # downhill in its own weights: it gets better
            assert p.grad is not None
            p -= step * p.grad
        better = extra(features, features, x, 1.0)
    assert worse > loss > better


def test_a_classifier_of_domains_has_a_sigmoid_and_a_gradient() -> None:
    """A softmax over one output is one whatever it says, and nothing could be learnt from it."""
    opinion = torch.zeros(6, requires_grad=True)
    loss = adaptation.domain_loss(opinion, 3)
    assert loss.item() == pytest.approx(math.log(2))
    loss.backward()  # type: ignore[no-untyped-call]
    assert opinion.grad is not None
    assert opinion.grad.tolist() == pytest.approx([1 / 12] * 3 + [-1 / 12] * 3)


def test_mmd_takes_squared_distances() -> None:
    a, b = torch.tensor([[0.0, 0.0]]), torch.tensor([[3.0, 4.0]])
    # All distances squared: 0, 25, 25, 0; their mean is 12.5.
    kernel = sum(math.exp(-25 / (w * 12.5)) for w in adaptation.WIDTHS) / len(adaptation.WIDTHS)
    assert adaptation.mmd(a, b).item() == pytest.approx(2 - 2 * kernel, rel=1e-5)
    same = torch.rand(5, 3, generator=rng(), requires_grad=True)
    nothing = adaptation.mmd(same, same.detach())
    assert abs(nothing.item()) < 1e-6
    nothing.backward()  # type: ignore[no-untyped-call]
    assert same.grad is not None and torch.isfinite(same.grad).all()


def test_mmd_falls_as_clouds_come_nearer() -> None:
    a = torch.randn(50, 4, generator=rng())
    values = [adaptation.mmd(a, a + by).item() for by in (2.0, 1.0, 0.5, 0.0)]
    assert values == sorted(values, reverse=True) and values[-1] < 1e-6 < values[0]


def test_coral_makes_means_and_covariances_those_that_are_wanted() -> None:
    mix = torch.tensor([[2.0, 0.5], [0.0, 0.3]])
    own = torch.randn(4000, 2, generator=rng()) @ mix + 3
    wanted = torch.randn(4000, 2, generator=rng(1)) @ mix.T - 1
    moved = adaptation.coral(own, own, wanted, ridge=0.0)
    assert torch.allclose(moved.mean(0), wanted.mean(0), atol=1e-4)
    assert torch.allclose(torch.cov(moved.T), torch.cov(wanted.T), atol=1e-4)


def test_coral_of_a_known_answer() -> None:
    """Deviations 1 and 2 against 3 and 1, uncorrelated: columns are stretched by 3 and halved."""
    own = torch.tensor([[1.0, 2.0], [-1.0, -2.0], [1.0, -2.0], [-1.0, 2.0]])
    wanted = torch.tensor([[3.0, 1.0], [-3.0, -1.0], [3.0, -1.0], [-3.0, 1.0]])
    moved = adaptation.coral(own[:1], own, wanted, ridge=0.0)
    assert moved[0].tolist() == pytest.approx([3.0, 1.0], abs=1e-4)
    stiff = adaptation.coral(own[:1], own, wanted, ridge=1e6)
    assert stiff[0].tolist() == pytest.approx([1.0, 2.0], abs=1e-3)


def test_standardising_moves_mean_and_deviation_alone() -> None:
    own, wanted = torch.rand(100, 3, generator=rng()), torch.rand(80, 3, generator=rng(1)) * 5 + 2
    moved = adaptation.standardised(own, own, wanted)
    assert torch.allclose(moved.mean(0), wanted.mean(0), atol=1e-5)
    assert torch.allclose(moved.std(0), wanted.std(0), atol=1e-5)
    still = torch.ones(10, 1)
    assert torch.isfinite(adaptation.standardised(still, still, wanted[:, :1])).all()


def test_information_is_most_for_sure_and_even_answers() -> None:
    sure = 100 * torch.eye(10)
    assert adaptation.mutual_information(sure).item() == pytest.approx(math.log(10), rel=1e-4)
    assert adaptation.mutual_information(torch.zeros(10, 10)).item() == pytest.approx(0, abs=1e-6)
    one = 100 * torch.eye(10)[torch.zeros(10, dtype=torch.long)]
    assert adaptation.mutual_information(one).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("method", adaptation.STRENGTHS)
def test_every_method_trains_and_repeats_itself(method: str) -> None:
    source, target = digits(200), digits(150, seed=5)
    made = []
    for _ in range(2):
        network = LeNet(rng())
        before = network.state_dict()["one.weight"].clone()
        shares = list(adaptation.adapt(method, network, source, target.x, 4, 1.0, rng(2)))
        assert shares == [0.25, 0.5, 0.75, 1.0]
        assert not torch.equal(before, network.one.weight)
        made.append(network.state_dict())
    assert all(torch.equal(made[0][name], made[1][name]) for name in made[0])


def test_training_on_the_source_learns_it() -> None:
    source, network = digits(400), LeNet(rng())
    for _ in adaptation.train(network, source, source.x, 40, rng(1)):
        pass
    scores = network(source.x).detach()
    assert adaptation.accuracy(scores, source.labels) > 90


def test_an_unknown_method_is_one_sentence() -> None:
    with pytest.raises(UnknownNameError):
        adaptation.penalty("magic", 1.0, rng())


def test_an_uneven_domain_has_the_share_that_was_asked_for() -> None:
    domain = digits(1000)
    for share in (0.5, 0.7, 0.9, 1.0):
        made = adaptation.uneven(domain, share, rng(3))
        low = (made.labels < 5).double().mean().item()
        assert low == pytest.approx(share, abs=0.01) and len(made.labels) >= 500
        assert len(made.labels) == len(made.x)
    again = adaptation.uneven(domain, 0.7, rng(3))
    assert torch.equal(again.labels, adaptation.uneven(domain, 0.7, rng(3)).labels)


def test_pages_know_the_strengths_that_are_tried() -> None:
    assert adaptation_rehearsal.STRENGTHS == adaptation.STRENGTHS
    assert set(adaptation.STRENGTHS) == set(adapting.ADAPTED)


def test_the_network_is_lenet_with_twenty_and_fifty_filters() -> None:
    network = LeNet(rng())
    assert isinstance(network.one, nn.Conv2d) and network.one.out_channels == 20
    assert network.two.out_channels == 50
    assert network.features(torch.zeros(3, 1, 28, 28)).shape == (3, 128)
    assert network(torch.zeros(3, 1, 28, 28)).shape == (3, 10)
