"""Digits on photographs: domain-adversarial training, and what may be varied about it.

The network is like the one that the paper has for MNIST on photographs (Ganin et al. 2016, fig.
4a), made for one CPU core: 16 and 32 filters instead of 32 and 48, a dense layer less, and a
classifier of domains that may read what the convolutions make, not the last features alone. It may
normalise its batches (Ioffe & Szegedy 2015). Then the statistics of a layer belong to a domain: the
two domains' pictures go through it apart, and a network is read with the statistics of the domain
that it reads (Li et al. 2016, "Revisiting batch normalization for practical domain adaptation").
*That is an adaptation by itself*, which needs no adversary, and experiments report it apart.

Every training begins with a network that has learnt nothing, that on the source alone, too.
"""

import copy
import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import TrainingError
from latentlab.training.adaptation import FEATURES, LOOK, RATE, Labelled, penalty

Critic = Literal["dense", "convolutions"]
FILTERS = (16, 32)
CONVOLVED = FILTERS[1] * 4 * 4
BATCH = 64  # of each domain
COUNTED = 6_000  # pictures from which the statistics of a domain are taken
AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What may be varied about a training.

    Attributes:
        method: "source", the source alone, or one of `training.adaptation.STRENGTHS`.
        strength: what the method's part of the loss is multiplied by at the end.
        normalised: whether batches are normalised, each domain apart.
        critic: what the classifier of domains reads: the dense layer's features, or what the
            convolutions make.
    """

    method: str = "dann"
    strength: float = 1.0
    normalised: bool = False
    critic: Critic = "convolutions"


class PhotoNetwork(nn.Module):
    """Two convolutions, features ``[N, 128]`` and one score a class.

    Args:
        channels: of the pictures; grey ones are made to have so many.
        normalised: whether layers normalise their batches.
        rng: draws the weights (He et al. 2015); biases begin at zero.
    """

    def __init__(self, channels: int, normalised: bool, rng: torch.Generator) -> None:
        super().__init__()
        self.channels = channels
        one, two = FILTERS
        self.one = nn.utils.skip_init(nn.Conv2d, channels, one, 5)
        self.two = nn.utils.skip_init(nn.Conv2d, one, two, 5)
        self.dense = nn.utils.skip_init(nn.Linear, CONVOLVED, FEATURES)
        self.head = nn.utils.skip_init(nn.Linear, FEATURES, 10)
        with torch.no_grad():
            for layer in (self.one, self.two, self.dense, self.head):
                spread = math.sqrt(6 / layer.weight[0].numel())
                layer.weight.uniform_(-spread, spread, generator=rng)
                layer.bias.zero_()
        sizes = (*FILTERS, FEATURES)
        kinds = (nn.BatchNorm2d, nn.BatchNorm2d, nn.BatchNorm1d)
        self.norms = nn.ModuleList(
            kind(size) if normalised else nn.Identity()
            for kind, size in zip(kinds, sizes, strict=True)
        )

    def convolved(self, x: Tensor) -> Tensor:
        """Return what the convolutions make ``[N, 512]`` of pictures ``[N, C, 28, 28]``.

        Args:
            x: float32 in [0, 1], or bytes.
        """
        if x.dtype == torch.uint8:
            x = x.float() / 255
        x = (x - 0.5).expand(-1, self.channels, -1, -1)
        x = F.max_pool2d(F.relu(self.norms[0](self.one(x))), 2)
        x = F.max_pool2d(F.relu(self.norms[1](self.two(x))), 2)
        return x.flatten(1)

    def above(self, convolved: Tensor) -> Tensor:
        """Return the features ``[N, 128]`` of what the convolutions have made."""
        return F.relu(self.norms[2](self.dense(convolved)))

    def features(self, x: Tensor) -> Tensor:
        """Return the features ``[N, 128]`` of pictures."""
        return self.above(self.convolved(x))

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores ``[N, 10]`` of pictures."""
        scores: Tensor = self.head(self.features(x))
        return scores


def train(
    network: PhotoNetwork,
    setting: Setting,
    source: Labelled,
    target: Tensor,
    steps: int,
    rng: torch.Generator,
) -> Generator[float, None, None]:
    """Train a network in place; yields the share of the steps that is done after each.

    Args:
        network: begins as it is.
        setting: what is minimised, and how.
        source: bytes ``[N, C, 28, 28]`` with labels.
        target: bytes ``[M, C, 28, 28]`` without.
        steps: how many, of `BATCH` pictures of each domain; Adam's rate falls along a cosine.
        rng: draws the batches and the classifier of domains.

    Raises:
        TrainingError: the weights are no finite numbers at the end.
    """
    device = source.x.device
    alone = setting.method == "source"
    convolved = setting.method == "dann" and setting.critic == "convolutions"
    extra, more = None, nn.Module()
    if not alone:
        inputs = CONVOLVED if convolved else FEATURES
        extra, more = penalty(setting.method, setting.strength, rng, inputs)
        more.to(device)
    tuned = [*network.parameters(), *more.parameters()]
    optimiser = torch.optim.Adam(tuned, lr=RATE, fused=True)
    network.train()
    ours = torch.randint(len(source.x), (steps, BATCH), generator=rng).to(device)
    theirs = torch.randint(len(target), (steps, BATCH), generator=rng).to(device)
    for step in range(steps):
        done = step / steps
        optimiser.param_groups[0]["lr"] = RATE * (1 + math.cos(math.pi * done)) / 2
        x, labels = source.x[ours[step]], source.labels[ours[step]]
        given = [x]
        if not alone:
            other = target[theirs[step]]
            if setting.normalised:
                given.append(other)
            else:
                given = [torch.cat([x.expand(-1, other.shape[1], -1, -1), other])]
        layers = [network.convolved(part) for part in given]
        features = torch.cat([network.above(h) for h in layers])
        scores = network.head(features)
        loss = F.cross_entropy(scores[:BATCH], labels)
        if extra is not None:
            loss = loss + extra(torch.cat(layers) if convolved else features, scores, other, done)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield (step + 1) / steps
    if not all(torch.isfinite(p).all() for p in tuned):
        raise TrainingError("The weights are no finite numbers any more.")


def read_with(network: PhotoNetwork, pictures: Tensor) -> PhotoNetwork:
    """Return a network to read with: batch normalisation has the statistics of these pictures.

    Args:
        network: as it was trained; one without batch normalisation is returned as it is.
        pictures: bytes ``[N, C, 28, 28]`` of one domain; the first `COUNTED` count.
    """
    if not any(isinstance(norm, nn.BatchNorm2d) for norm in network.norms):
        return network
    made = copy.deepcopy(network)
    for norm in made.norms:
        norm.reset_running_stats()  # type: ignore[operator]
        norm.momentum = None  # type: ignore[assignment]  # the plain mean of the batches
    made.train()
    with torch.no_grad():
        for part in pictures[:COUNTED].split(AT_ONCE):
            made.features(part)
    return made.eval()


def features_of(network: PhotoNetwork, x: Tensor) -> Tensor:
    """Return the features ``[N, 128]`` of pictures, without gradients."""
    with torch.no_grad():
        return torch.cat([network.features(part) for part in x.split(LOOK)])
