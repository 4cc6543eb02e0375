"""What may be varied about adapting to digits on photographs."""

import pytest
import torch
from torch import nn

from latentlab.training import photographs
from latentlab.training.adaptation import Labelled
from latentlab.training.photographs import PhotoNetwork, Setting


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def digits(count: int, channels: int, seed: int = 0, ground: int = 0) -> Labelled:
    labels = torch.arange(count) % 10
    x = torch.randint(0, 60, (count, channels, 28, 28), generator=rng(seed), dtype=torch.uint8)
    for i, label in enumerate(labels.tolist()):
        x[i, :, 2 * label : 2 * label + 6] = 150  # a bar, lower for every class
    return Labelled(x + ground, labels)


SETTINGS = [
    Setting(method="source", normalised=True),
    Setting(critic="dense"),
    Setting(normalised=True, critic="convolutions"),
    Setting(method="mmd", normalised=True),
    Setting(method="im"),
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_trains_and_repeats_itself(setting: Setting) -> None:
    source, target = digits(100, 1), digits(90, 3, seed=5)
    made = []
    for _ in range(2):
        network = PhotoNetwork(3, setting.normalised, rng())
        before = network.one.weight.detach().clone()
        done = list(photographs.train(network, setting, source, target.x, 3, rng(2)))
        assert done == pytest.approx([1 / 3, 2 / 3, 1])
        assert not torch.equal(before, network.one.weight)
        made.append(network.state_dict())
    assert all(torch.equal(made[0][name], made[1][name]) for name in made[0])


def test_training_on_the_source_learns_it() -> None:
    source, network = digits(400, 1), PhotoNetwork(1, True, rng())
    setting = Setting(method="source", normalised=True)
    for _ in photographs.train(network, setting, source, source.x, 40, rng(1)):
        pass
    reader = photographs.read_with(network, source.x)
    scores = reader.head(photographs.features_of(reader, source.x))
    assert (scores.argmax(1) == source.labels).double().mean() > 0.9


def test_a_domain_is_read_with_its_own_statistics() -> None:
    network = PhotoNetwork(1, True, rng())
    dark, bright = digits(60, 1).x, digits(60, 1, ground=100).x
    readers = [photographs.read_with(network, x) for x in (dark, bright)]
    for reader, x in zip(readers, (dark, bright), strict=True):
        first = reader.norms[0]
        assert isinstance(first, nn.BatchNorm2d) and first.running_mean is not None
        made = reader.one(x.float() / 255 - 0.5)
        assert torch.allclose(first.running_mean, made.mean((0, 2, 3)), atol=1e-4)
        assert torch.equal(reader.one.weight, network.one.weight) and not reader.training
    plain = PhotoNetwork(1, False, rng())
    assert photographs.read_with(plain, dark) is plain


def test_apart_the_other_domain_does_not_change_what_the_source_looks_like() -> None:
    """With both in one batch it does: that is the difference."""
    network = PhotoNetwork(1, True, rng()).train()
    ours, theirs = digits(20, 1).x, digits(20, 1, ground=100).x
    with torch.no_grad():
        alone = network.features(ours)
        together = network.features(torch.cat([ours, theirs]))[:20]
    assert not torch.allclose(alone, together, atol=1e-2)
