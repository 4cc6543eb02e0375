"""What `adaptation_tries` and `adaptation_photographs` share: digits on photographs, and readers.

Pictures stay bytes until a batch of them is looked at: 60,000 in colour are 141 MB.
"""

from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from latentlab.experiments import adapting
from latentlab.experiments.adapting import Meters
from latentlab.experiments.base import Effort

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.training.adaptation import Labelled
    from latentlab.training.photographs import PhotoNetwork, Setting

SOURCE = "mnist"
GREY, COLOUR = "photographs", "photographs_colour"  # names of domains
STEPS = 2_000


@dataclass(frozen=True)
class Readers:
    """A network with the statistics of the domain to be read.

    Without batch normalisation both are one.
    """

    of_source: "PhotoNetwork"
    of_target: "PhotoNetwork"


def pictures(domain: str, split: str, effort: Effort) -> "Labelled":
    """Return a domain's pictures as bytes ``[N, C, 28, 28]``, with labels.

    Raises:
        DataError: they are not on this machine.
    """
    return _pictures(domain, split, effort.quick, effort.device)


@cache
def _pictures(domain: str, split: str, quick: bool, device: str) -> "Labelled":
    import torch

    from latentlab.adaptation.domains import domains
    from latentlab.training.adaptation import Labelled

    found = domains.get(domain).load(split)  # type: ignore[arg-type]
    count = adapting.QUICK_PICTURES if quick else len(found)
    x = torch.from_numpy(found.pictures[:count])
    x = x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x[:, None]
    return Labelled(x, torch.from_numpy(found.labels[:count])).to(device)


def trained(
    setting: "Setting",
    source: "Labelled",
    target: "Tensor",
    steps: int,
    seed: int,
    effort: Effort,
) -> "Generator[float, None, PhotoNetwork]":
    """Train a network that has learnt nothing, on the source and, by the setting, on the target.

    Args:
        setting: how.
        source: with labels.
        target: pictures alone.
        steps: how many; a quick run has fewer.
        seed: of all chance.
        effort: where, and whether quick.
    """
    from latentlab.training import photographs as training

    network = untrained(setting, target, seed, effort)
    steps = adapting.QUICK_STEPS if effort.quick else steps
    yield from training.train(network, setting, source, target, steps, adapting.rng_of(seed, 1))
    return network


def untrained(setting: "Setting", target: "Tensor", seed: int, effort: Effort) -> "PhotoNetwork":
    """Return the network with which a training begins."""
    from latentlab.training.photographs import PhotoNetwork

    rng = adapting.rng_of(seed, 0)
    return PhotoNetwork(target.shape[1], setting.normalised, rng).to(effort.device)


def readers(network: "PhotoNetwork", source: "Labelled", target: "Tensor") -> Readers:
    """Return a network with the statistics of the source's pictures, and of the target's."""
    from latentlab.training import photographs as training

    return Readers(training.read_with(network, source.x), training.read_with(network, target))


def read(
    of_source: "PhotoNetwork",
    of_target: "PhotoNetwork",
    tests: "tuple[Labelled, Labelled]",
    seed: int,
) -> "tuple[Meters, list[Tensor], list[Tensor]]":
    """Return accuracy on target and source and the domains' error, in %; features and scores.

    Args:
        of_source: reads the source.
        of_target: reads the target; often the same.
        tests: source and target.
        seed: of the meters.
    """
    from latentlab.training import photographs as training

    readers = (of_source, of_target)
    clouds = [training.features_of(n, test.x) for n, test in zip(readers, tests, strict=True)]
    scores = [n.head(cloud).detach() for n, cloud in zip(readers, clouds, strict=True)]
    return adapting.meters(scores, clouds, tests, seed), clouds, scores
