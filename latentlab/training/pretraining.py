"""Greedy layer-wise pretraining, and training all layers at once: the procedures of 2006 and today.

A *stack* is a classifier of plain layers, 784-256-128-64-10. Its hidden layers may be prepared
without labels before all of it is trained with them ("fine-tuning"):

- `greedy` teaches one layer after another to make its own input again (Bengio et al. 2007, "Greedy
  layer-wise training of deep networks"); with masking noise, to make it again from a part of it
  (Vincent et al. 2010, "Stacked denoising autoencoders").
- `joint` teaches the whole stack at once to make the picture again.
- `fine_tune` trains every layer with labels.

Each is a generator that yields after every step, so that a caller may watch, measure and stop. All
chance comes from the generator that is handed in.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTHS = (784, 256, 128, 64, 10)
NOISE = 0.25  # share of inputs that are set to zero; the best on MNIST in Vincent 2010, table 3


@dataclass(frozen=True)
class Era:
    """How networks were built and trained at a time.

    Attributes:
        activation: of hidden layers.
        bounded: whether it stays in (0, 1), so that a layer's code can be a target of cross
            entropy as pixels are.
        spread: weights are drawn evenly from ±spread(inputs).
        optimiser: parameters -> what changes them.
        batch: items a step.
    """

    activation: Callable[[Tensor], Tensor]
    bounded: bool
    spread: Callable[[int], float]
    optimiser: Callable[[Iterable[Tensor]], torch.optim.Optimizer]
    batch: int


ERAS = {
    # Plain gradient descent and the usual U(±1/√n) of that time (Glorot & Bengio 2010, eq. 1).
    "2006": Era(
        activation=torch.sigmoid,
        bounded=True,
        spread=lambda inputs: 1 / math.sqrt(inputs),
        optimiser=lambda parameters: torch.optim.SGD(parameters, lr=0.1, fused=True),
        batch=20,
    ),
    # He et al. 2015: variance 2/n, here of an even distribution. Kingma & Ba 2015.
    "today": Era(
        activation=torch.relu,
        bounded=False,
        spread=lambda inputs: math.sqrt(6 / inputs),
        optimiser=lambda parameters: torch.optim.Adam(parameters, lr=1e-3, fused=True),
        batch=50,
    ),
}


class Stack(nn.Module):
    """A classifier of plain layers, the last of which gives one score a class.

    Args:
        era: how it is built.
        rng: draws the weights; biases begin at zero.
        widths: of input, hidden layers and output.
    """

    def __init__(self, era: Era, rng: torch.Generator, widths: Sequence[int] = WIDTHS) -> None:
        super().__init__()
        self.era = era
        self.layers = nn.ModuleList(
            # Not drawn by torch's own generator, which belongs to everybody.
            nn.utils.skip_init(nn.Linear, inputs, outputs)
            for inputs, outputs in pairwise(widths)
        )
        with torch.no_grad():
            for layer in self.linears:
                spread = era.spread(layer.in_features)
                layer.weight.uniform_(-spread, spread, generator=rng)
                layer.bias.zero_()

    @property
    def linears(self) -> list[nn.Linear]:
        """The layers from the picture upwards."""
        return [layer for layer in self.layers if isinstance(layer, nn.Linear)]

    def code(self, x: Tensor, depth: int) -> Tensor:
        """Return what the first ``depth`` hidden layers make of pictures ``[N, D]``."""
        for layer in self.linears[:depth]:
            x = self.era.activation(layer(x))
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores ``[N, classes]`` of pictures ``[N, D]``."""
        scores: Tensor = self.linears[-1](self.code(x, len(self.linears) - 1))
        return scores


@dataclass(frozen=True)
class Step:
    """One step of training that was just made.

    Attributes:
        done: the share of this procedure that is done, in (0, 1].
        loss: of the step's batch, before the step.
        layer: which is being pretrained, from 0; None where all are trained together.
    """

    done: float
    loss: float
    layer: int | None = None


def reconstruction_loss(made: Tensor, wanted: Tensor, bounded: bool) -> Tensor:
    """Return the error of inputs ``[N, D]`` made again: summed over D, averaged over N.

    Cross entropy where the inputs lie in [0, 1], ``made`` being logits; else half the square.
    """
    if bounded:
        total = F.binary_cross_entropy_with_logits(made, wanted, reduction="sum")
    else:
        total = (made - wanted).square().sum() / 2
    return total / len(wanted)


def mask(x: Tensor, share: float, rng: torch.Generator) -> Tensor:
    """Return inputs of which a share, drawn anew for each, is set to zero (Vincent 2010)."""
    return x * (torch.rand(x.shape, generator=rng) >= share) if share else x


def greedy(
    stack: Stack, pictures: Tensor, epochs: int, rng: torch.Generator, noise: float = 0.0
) -> Iterator[Step]:
    """Pretrain the hidden layers one after another, each as an autoencoder with tied weights.

    Layer l gets what the finished layers below it make of the pictures: h = s(W x̃ + b), and makes
    it again by its own weights transposed, x' = Wᵀ h + c.

    Args:
        stack: changed in place; its last layer is left alone.
        pictures: ``[N, D]`` in [0, 1]; labels are not asked for.
        epochs: for every layer.
        rng: draws order and noise.
        noise: the share of a layer's input that is hidden from it; 0 = a plain autoencoder.
    """
    hidden = stack.linears[:-1]
    for depth, layer in enumerate(hidden):
        with torch.no_grad():
            x = stack.code(pictures, depth)
        bounded = depth == 0 or stack.era.bounded
        back = torch.zeros(layer.in_features, requires_grad=True)
        optimiser = stack.era.optimiser([layer.weight, layer.bias, back])

        def loss(
            chosen: Tensor,
            x: Tensor = x,
            layer: nn.Linear = layer,
            back: Tensor = back,
            bounded: bool = bounded,
        ) -> Tensor:
            h = stack.era.activation(layer(mask(x[chosen], noise, rng)))
            return reconstruction_loss(F.linear(h, layer.weight.T, back), x[chosen], bounded)

        for step in _descend(loss, optimiser, len(x), stack.era.batch, epochs, rng):
            yield Step((depth + step.done) / len(hidden), step.loss, depth)


def joint(stack: Stack, pictures: Tensor, epochs: int, rng: torch.Generator) -> Iterator[Step]:
    """Pretrain the hidden layers together: the whole stack, mirrored with tied weights.

    Args: as `greedy`.
    """
    hidden = stack.linears[:-1]
    back = [torch.zeros(layer.in_features, requires_grad=True) for layer in hidden]

    def loss(chosen: Tensor) -> Tensor:
        made = stack.code(pictures[chosen], len(hidden))
        for depth in reversed(range(len(hidden))):
            made = F.linear(made, hidden[depth].weight.T, back[depth])
            if depth:
                made = stack.era.activation(made)
        return reconstruction_loss(made, pictures[chosen], bounded=True)

    tuned = [p for layer in hidden for p in layer.parameters()] + back
    optimiser = stack.era.optimiser(tuned)
    yield from _descend(loss, optimiser, len(pictures), stack.era.batch, epochs, rng)


def fine_tune(
    stack: Stack, pictures: Tensor, labels: Tensor, epochs: int, rng: torch.Generator
) -> Iterator[Step]:
    """Train all layers with labels ``[N]``, by cross entropy."""

    def loss(chosen: Tensor) -> Tensor:
        return F.cross_entropy(stack(pictures[chosen]), labels[chosen])

    optimiser = stack.era.optimiser(stack.parameters())
    yield from _descend(loss, optimiser, len(pictures), stack.era.batch, epochs, rng)


def balanced(labels: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """Return the places of ``count`` items, as many of each class as go; all of them if asked for.

    Where ``count`` is no multiple of the number of classes, the first classes have one more.
    """
    if count >= len(labels):
        return torch.arange(len(labels))
    order = torch.randperm(len(labels), generator=rng)
    classes = labels.unique()
    shares = [count // len(classes) + (i < count % len(classes)) for i in range(len(classes))]
    return torch.cat([order[labels[order] == c][:n] for c, n in zip(classes, shares, strict=True)])


def error_rate(stack: Stack, pictures: Tensor, labels: Tensor) -> float:
    """Return the share of pictures that the stack puts into a wrong class, in per cent."""
    with torch.inference_mode():
        return 100 * float((stack(pictures).argmax(1) != labels).double().mean())


def gradient_norms(stack: Stack, pictures: Tensor, labels: Tensor) -> list[float]:
    """Return for every layer how long the gradient of its weights is, over the root of their count.

    Divided so, the numbers of layers of different sizes can be compared: it is the typical
    gradient of one weight.
    """
    weights = [layer.weight for layer in stack.linears]
    gradients = torch.autograd.grad(F.cross_entropy(stack(pictures), labels), weights)
    return [g.norm().item() / math.sqrt(g.numel()) for g in gradients]


def features(stack: Stack, depth: int, units: int) -> Tensor:
    """Return what the first units of a layer look for, as pictures ``[units, D]``.

    Of the first layer these are its weights. Above it, the filters below are added up, weighted by
    how strongly the unit listens to each (Lee, Ekanadham & Ng 2008; "linear combination" in Erhan,
    Courville & Bengio 2010): bends are left out, so this is a sketch and no proof.
    """
    with torch.no_grad():
        made = stack.linears[depth].weight[:units]
        for layer in reversed(stack.linears[:depth]):
            made = made @ layer.weight
        return made


def _descend(
    loss: Callable[[Tensor], Tensor],
    optimiser: torch.optim.Optimizer,
    items: int,
    batch: int,
    epochs: int,
    rng: torch.Generator,
) -> Iterator[Step]:
    """Go through the items ``epochs`` times in random order, with a step for every batch."""
    steps = epochs * math.ceil(items / batch)
    done = 0
    for _ in range(epochs):
        for chosen in torch.randperm(items, generator=rng).split(batch):
            value = loss(chosen)
            optimiser.zero_grad()
            value.backward()
            optimiser.step()
            done += 1
            yield Step(done / steps, value.item())
