"""Transfer learning of a small network: what is frozen stays, what is copied is the same."""

import math

import numpy as np
import pytest
import torch

from latentlab.errors import TrainingError
from latentlab.training import transfer

SHAPE = (1, 28, 28)


def rng(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def bars(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Return pictures of upright or lying bars, at random places, and which they are."""
    chance = rng(7)
    x = torch.zeros(count, 1, 28, 28, dtype=torch.uint8)
    labels = torch.arange(count) % 2
    for picture, label in zip(x, labels, strict=True):
        at = int(torch.randint(4, 24, (1,), generator=chance))
        if label:
            picture[0, at : at + 2, 4:24] = 255
        else:
            picture[0, 4:24, at : at + 2] = 255
    return x, labels


@pytest.mark.parametrize("frozen", range(transfer.LAYERS + 1))
def test_frozen_layers_stay_and_all_others_learn(frozen: int) -> None:
    network = transfer.LayeredNetwork(SHAPE, 2, rng(0))
    before = [p.detach().clone() for p in network.parameters()]
    x, labels = bars(40)
    for _ in transfer.train(network, x, labels, 3, rng(1), frozen=frozen):
        pass
    kept = [torch.equal(a, b) for a, b in zip(before, network.parameters(), strict=True)]
    # Weights and biases of five layers and of the head, from the picture upwards.
    assert kept == [True] * 2 * frozen + [False] * (2 * (transfer.LAYERS + 1 - frozen))


def test_freezing_and_computing_once_is_the_same_as_computing_anew() -> None:
    network = transfer.LayeredNetwork(SHAPE, 2, rng(0))
    x = transfer.pixels(bars(4)[0])
    for depth in range(transfer.LAYERS + 1):
        torch.testing.assert_close(network.above(network.up_to(x, depth), depth), network(x))


def test_a_copy_has_the_first_layers_and_new_ones_above() -> None:
    network = transfer.LayeredNetwork(SHAPE, 2, rng(0))
    made = network.copied(3, 5, rng(1))
    alike = [
        torch.equal(a.state_dict()[name], b.state_dict()[name])
        for a, b in zip(network.stages, made.stages, strict=True)
        for name in a.state_dict()
        if name.endswith("weight")
    ]
    assert alike == [True, True, True, False, False] and made.head.out_features == 5
    with torch.no_grad():
        made.stages[0][0].weight.zero_()
    assert network.stages[0][0].weight.any()  # copied, not shared


def test_it_learns_and_is_better_than_guessing() -> None:
    network = transfer.LayeredNetwork(SHAPE, 2, rng(0))
    x, labels = bars(60)
    for _ in transfer.train(network, x[:40], labels[:40], 60, rng(1)):
        pass
    assert transfer.accuracy(network, x[40:], labels[40:]) > 75  # half would be guessed


def test_equal_arguments_give_equal_networks() -> None:
    x, labels = bars(20)
    made = []
    for _ in range(2):
        network = transfer.LayeredNetwork(SHAPE, 2, rng(0))
        for _ in transfer.train(network, x, labels, 4, rng(1)):
            pass
        made.append(torch.cat([p.flatten() for p in network.parameters()]))
    assert torch.equal(*made)


def test_every_item_comes_once_before_any_comes_twice() -> None:
    order = transfer._order(10, 4, 5, rng(0)).flatten()
    assert order.shape == (20,)
    assert sorted(order[:10].tolist()) == sorted(order[10:].tolist()) == list(range(10))
    assert transfer._order(3, 64, 2, rng(0)).shape == (2, 3)


def test_a_loss_that_is_no_number_is_said() -> None:
    network = transfer.LayeredNetwork(SHAPE, 2, rng(0))
    with torch.no_grad():
        network.head.weight.fill_(math.inf)
    x, labels = bars(4)
    with pytest.raises(TrainingError):
        list(transfer.train(network, x, labels, 1, rng(1)))


def test_a_head_from_a_probe_says_what_the_probe_says() -> None:
    network = transfer.LayeredNetwork(SHAPE, 3, rng(0))
    x, _ = bars(30)
    labels = np.arange(30) % 3
    given = transfer.features(network, x).numpy()
    probe = transfer.Probe(given, labels)
    weight, bias = probe.head()
    found = (torch.from_numpy(given) @ weight.T + bias).argmax(1).numpy()
    wanted = probe.machine.predict((given - probe.mean) * probe.scale)
    spread = np.square((given - probe.mean) * probe.scale).sum(1).mean()
    assert spread == pytest.approx(transfer.LENGTH**2, rel=1e-4)
    assert (found == wanted).all()
    assert probe.accuracy(given, wanted) == 100
