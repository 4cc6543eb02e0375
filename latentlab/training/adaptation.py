"""Domain adaptation: training with labels of one domain and pictures alone of another.

The network is LeNet with 20 and 50 filters, as in most papers on MNIST and USPS. All methods begin
from the same network, trained on the source alone; none is shown a label of the target:

- `dann`: a classifier of domains, whose gradient is reversed (Ganin et al. 2016).
- `mmd`: the maximum mean discrepancy of features and scores is made small (Long et al. 2015).
- `drcn`: a decoder makes the target's pictures again (Ghifary et al. 2016).
- `im`: what the classifier says of the target is to be sure of each picture, and even over all of
  them (information maximisation; Liang, Hu & Feng 2020, eq. 2-3).

`coral` (Sun, Feng & Saenko 2016) and the two standardisations train no network at all: they
are the classical methods to beat. Tensors may lie on any device; chance comes from generators of
the CPU, so that it is the same everywhere.
"""

import copy
import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import TrainingError, UnknownNameError

FEATURES = 128
BATCH = 128  # of each domain
RATE = 1e-3
WIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)  # of MMD's kernels, in mean squared distances
RIDGE = 10.0  # of CORAL, in units of variances
LOOK = 2_000  # pictures at a time, where there is nothing to learn


@dataclass(frozen=True)
class Labelled:
    """Pictures ``[N, 1, 28, 28]`` float32 in [0, 1] and their classes ``[N]`` int64."""

    x: Tensor
    labels: Tensor

    def to(self, device: str) -> "Labelled":
        """Return these on a device."""
        return Labelled(self.x.to(device), self.labels.to(device))


class LeNet(nn.Module):
    """Two convolutions, features ``[N, 128]`` and one score a class.

    Args:
        rng: draws the weights (He et al. 2015); biases begin at zero.
    """

    def __init__(self, rng: torch.Generator) -> None:
        super().__init__()
        self.one = nn.utils.skip_init(nn.Conv2d, 1, 20, 5)
        self.two = nn.utils.skip_init(nn.Conv2d, 20, 50, 5)
        self.dense = nn.utils.skip_init(nn.Linear, 800, FEATURES)
        self.head = nn.utils.skip_init(nn.Linear, FEATURES, 10)
        draw(self, rng)

    def features(self, x: Tensor) -> Tensor:
        """Return the features ``[N, 128]`` of pictures ``[N, 1, 28, 28]``."""
        x = F.relu(F.max_pool2d(self.one(x), 2))
        x = F.relu(F.max_pool2d(self.two(x), 2))
        return F.relu(self.dense(x.flatten(1)))

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores ``[N, 10]`` of pictures."""
        scores: Tensor = self.head(self.features(x))
        return scores


def draw(network: nn.Module, rng: torch.Generator) -> None:
    """Draw all weights of a network evenly from ±√(6 / inputs); biases become zero."""
    with torch.no_grad():
        for p in network.parameters():
            if p.ndim > 1:
                spread = math.sqrt(6 / p[0].numel())
                p.uniform_(-spread, spread, generator=rng)
            else:
                p.zero_()


class _Reversal(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, strength: float) -> Tensor:
        ctx.strength = strength
        return x.view_as(x)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return -ctx.strength * gradients[0], None


def reverse(x: Tensor, strength: float) -> Tensor:
    """Return ``x``, the gradient of which is multiplied by -strength (Ganin 2016, eq. 13-14)."""
    reversed_: Tensor = _Reversal.apply(x, strength)  # type: ignore[no-untyped-call]
    return reversed_


def domain_loss(opinion: Tensor, source: int) -> Tensor:
    """Return the cross entropy of a classifier of domains.

    Args:
        opinion: ``[N]``, one logit for a sigmoid: above zero says “target”.
        source: how many of them, the first ones, are of the source.
    """
    truth = torch.zeros_like(opinion)
    truth[source:] = 1
    return F.binary_cross_entropy_with_logits(opinion, truth)


def ramp(done: float) -> float:
    """Return the share of the full strength after a share of the steps (Ganin 2016, p. 21)."""
    return 2 / (1 + math.exp(-10 * done)) - 1


def mmd(a: Tensor, b: Tensor) -> Tensor:
    """Return the squared maximum mean discrepancy of ``[N, D]`` and ``[M, D]`` (Gretton 2012).

    The kernel is the mean of Gaussians exp(-|x - y|² / w); w is a multiple (`WIDTHS`) of the mean
    squared distance of all points, through which no gradient flows. The biased estimate, which is
    never below zero.
    """
    both = torch.cat([a, b])
    # Squared distances. cdist would give their roots, whose gradient at zero is none.
    squares = both.square().sum(1)
    distances = (squares[:, None] + squares[None] - 2 * both @ both.T).clamp(min=0)
    width = distances.detach().mean().clamp(min=1e-12)
    kernel = torch.stack([torch.exp(-distances / (w * width)) for w in WIDTHS]).mean(0)
    n = len(a)
    return kernel[:n, :n].mean() + kernel[n:, n:].mean() - 2 * kernel[:n, n:].mean()


# --- training ------------------------------------------------------------------------------------


def _batches(
    items: int, steps: int, batch: int, rng: torch.Generator, device: torch.device
) -> Tensor:
    """Return places ``[steps, batch]``: all items in random order, again and again."""
    rounds = math.ceil(steps * batch / items)
    order = torch.cat([torch.randperm(items, generator=rng) for _ in range(rounds)])
    return order[: steps * batch].view(steps, batch).to(device)


def train(
    network: LeNet,
    source: Labelled,
    target: Tensor,
    steps: int,
    rng: torch.Generator,
    extra: "Extra | None" = None,
    more: nn.Module | None = None,
    rate: float = RATE,
    batch: int = BATCH,
) -> Generator[float, None, None]:
    """Train a network in place; yields the share of the steps that is done after each.

    Args:
        network: begins as it is.
        source: with labels.
        target: pictures ``[M, 1, 28, 28]`` without.
        steps: how many; the learning rate falls to zero along a cosine.
        rng: draws the batches.
        extra: (features of both, scores of both, target's pictures, share done) -> what is added to
            the cross entropy; the first ``batch`` rows are of the source. None = the source alone.
        more: whose parameters are trained, too.
        rate: of Adam, at first.
        batch: pictures of each domain a step.

    Raises:
        TrainingError: the weights are no finite numbers at the end.
    """
    device = source.x.device
    tuned = [*network.parameters(), *(more.parameters() if more else ())]
    optimiser = torch.optim.Adam(tuned, lr=rate, fused=True)
    ours = _batches(len(source.x), steps, batch, rng, device)
    theirs = _batches(len(target), steps, batch, rng, device) if extra else None
    for step in range(steps):
        done = step / steps
        optimiser.param_groups[0]["lr"] = rate * (1 + math.cos(math.pi * done)) / 2
        x, labels = source.x[ours[step]], source.labels[ours[step]]
        if extra is None or theirs is None:
            loss = F.cross_entropy(network(x), labels)
        else:
            other = target[theirs[step]]
            features = network.features(torch.cat([x, other]))
            scores = network.head(features)
            loss = F.cross_entropy(scores[:batch], labels)
            loss = loss + extra(features, scores, other, done)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        yield (step + 1) / steps
    if not all(torch.isfinite(p).all() for p in tuned):
        raise TrainingError("The weights are no finite numbers any more.")


# What each method's part of the loss is multiplied by, from weak to strong. Which of them is taken
# is found on a pair of domains of its own (`experiments.adaptation_rehearsal`): no label of a
# target that is reported takes part.
STRENGTHS = {
    "mmd": (0.3, 1.0, 3.0),
    "dann": (0.1, 0.3, 1.0),
    "drcn": (1.0, 3.0, 10.0),
    "im": (0.1, 0.3, 1.0),
}


def adapt(
    method: str,
    network: LeNet,
    source: Labelled,
    target: Tensor,
    steps: int,
    strength: float,
    rng: torch.Generator,
    batch: int = BATCH,
) -> Generator[float, None, None]:
    """Adapt a network in place by one of `STRENGTHS`; yields as `train` does."""
    extra, more = penalty(method, strength, rng)
    more.to(source.x.device)
    yield from train(network, source, target, steps, rng, extra, more, batch=batch)


Extra = Callable[[Tensor, Tensor, Tensor, float], Tensor]


def penalty(
    method: str, strength: float, rng: torch.Generator, inputs: int = FEATURES
) -> tuple[Extra, nn.Module]:
    """Return what a method adds to the loss (`train`'s ``extra``), and what else it trains.

    Args:
        method: one of `STRENGTHS`.
        strength: what its part of the loss is multiplied by at the end; it grows with `ramp`, but
            for the decoder's.
        rng: draws the weights of what else is trained.
        inputs: how many numbers the classifier of domains reads.
    """
    if method == "dann":
        judge = nn.Sequential(
            nn.utils.skip_init(nn.Linear, inputs, FEATURES),
            nn.ReLU(),
            nn.utils.skip_init(nn.Linear, FEATURES, 1),
        )
        draw(judge, rng)

        def adversary(features: Tensor, scores: Tensor, x: Tensor, done: float) -> Tensor:
            opinion = judge(reverse(features, strength * ramp(done)))[:, 0]
            return domain_loss(opinion, len(features) - len(x))

        return adversary, judge
    if method == "drcn":
        decoder = nn.Sequential(
            nn.utils.skip_init(nn.Linear, FEATURES, 512),
            nn.ReLU(),
            nn.utils.skip_init(nn.Linear, 512, 28 * 28),
        )
        draw(decoder, rng)

        def again(features: Tensor, scores: Tensor, x: Tensor, done: float) -> Tensor:
            made = torch.sigmoid(decoder(features[-len(x) :]))
            return strength * F.mse_loss(made, x.flatten(1))

        return again, decoder
    if method == "mmd":

        def discrepancy(features: Tensor, scores: Tensor, x: Tensor, done: float) -> Tensor:
            layers = [mmd(layer[: -len(x)], layer[-len(x) :]) for layer in (features, scores)]
            return strength * ramp(done) * (layers[0] + layers[1])

        return discrepancy, nn.Module()
    if method == "im":

        def information(features: Tensor, scores: Tensor, x: Tensor, done: float) -> Tensor:
            return -strength * ramp(done) * mutual_information(scores[-len(x) :])

        return information, nn.Module()
    raise UnknownNameError("method of adaptation", method, STRENGTHS)


def mutual_information(scores: Tensor) -> Tensor:
    """Return how much the classes tell of the pictures, in nats: H(mean of p) - mean of H(p).

    Args:
        scores: ``[N, classes]``, before the softmax.
    """
    logs = F.log_softmax(scores, 1)
    each = -(logs.exp() * logs).sum(1).mean()
    whole = logs.exp().mean(0)
    return -(whole * whole.clamp(min=1e-12).log()).sum() - each


def copied(network: LeNet) -> LeNet:
    """Return the same network once more."""
    return copy.deepcopy(network)


# --- without training a network ------------------------------------------------------------------


def features_of(network: LeNet, x: Tensor) -> Tensor:
    """Return the features ``[N, 128]`` of pictures, without gradients."""
    with torch.no_grad():
        return torch.cat([network.features(part) for part in x.split(LOOK)])


def accuracy(scores: Tensor, labels: Tensor) -> float:
    """Return the share of rows whose largest score is at their label, in per cent."""
    return 100 * (scores.argmax(1) == labels).double().mean().item()


def standardised(x: Tensor, own: Tensor, wanted: Tensor) -> Tensor:
    """Return ``x`` with mean and deviation of ``own`` made those of ``wanted``, column by column.

    A column of no deviation in ``own`` keeps its numbers, moved to the wanted mean.
    """
    spread = own.std(0)
    scale = torch.where(spread > 1e-6, wanted.std(0) / spread.clamp(min=1e-6), 1.0)
    return (x - own.mean(0)) * scale + wanted.mean(0)


def coral(x: Tensor, own: Tensor, wanted: Tensor, ridge: float = RIDGE) -> Tensor:
    """Return ``x``, whitened as ``own`` would be and coloured as ``wanted`` is (Sun 2016, alg. 1).

    x' = (x - μ) (cov own + r I)^(-1/2) (cov wanted + r I)^(1/2) + μ', in units of the deviations of
    ``wanted``. The paper moves the source to the target, centres both, and fits a classifier anew;
    here the target is moved to the source, whose classifier stays.

    Args:
        x: ``[N, D]``, of the same kind as ``own``.
        own: ``[M, D]``.
        wanted: ``[L, D]``.
        ridge: r, what is added to the diagonals; 1 in the paper.
    """
    spread = wanted.std(0).clamp(min=1e-6)
    x, own, wanted = ((cloud / spread).double() for cloud in (x, own, wanted))
    eye = ridge * torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
    move = _power(torch.cov(own.T) + eye, -0.5) @ _power(torch.cov(wanted.T) + eye, 0.5)
    return ((x - own.mean(0)) @ move + wanted.mean(0)).to(spread.dtype) * spread


def _power(matrix: Tensor, exponent: float) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    power: Tensor = (vectors * values.clamp(min=1e-12) ** exponent) @ vectors.T
    return power


def restyled(x: Tensor, own: Tensor, wanted: Tensor) -> Tensor:
    """Return ``x`` with mean and deviation of all pixels of ``own`` made those of ``wanted``."""
    return (x - own.mean()) / own.std().clamp(min=1e-6) * wanted.std() + wanted.mean()


def uneven(digits: Labelled, share: float, rng: torch.Generator) -> Labelled:
    """Return as many digits as can be had of which a share shows 0 to 4, in random order.

    Args:
        digits: with labels, which decide what is left out.
        share: in [0, 1].
        rng: draws which are left out.
    """
    low = digits.labels.cpu() < 5
    count = min(low.sum().item() / max(share, 1e-9), (~low).sum().item() / max(1 - share, 1e-9))
    chosen = []
    for members, part in ((low, share), (~low, 1 - share)):
        places = members.nonzero()[:, 0]
        chosen.append(places[torch.randperm(len(places), generator=rng)[: round(count * part)]])
    both = torch.cat(chosen)
    both = both[torch.randperm(len(both), generator=rng)].to(digits.x.device)
    return Labelled(digits.x[both], digits.labels[both])
