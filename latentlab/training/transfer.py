"""Transfer learning: one small network, taught one task and then another.

    network = LayeredNetwork(shape, classes, rng)     # five layers and a head
    for _ in train(network, x, labels, steps, rng): ...
    tuned = network.copied(LAYERS, classes, rng)      # all layers are copied, the head is new
    for _ in train(tuned, x, labels, steps, rng, frozen=3): ...   # layers 1-3 stay as they are

A network is *frozen up to layer n* where the first n layers are copied and kept, and all above is
drawn anew and trained (Yosinski et al. 2014, "How transferable are features in deep neural
networks?", AnB); *fine-tuned* where the copied layers go on learning (AnB⁺). `probe` puts logistic
regression on the features; to start fine-tuning from it instead of from a random head is
probe-then-fine-tune (Kumar et al. 2022, "Fine-tuning can distort pretrained features", LP-FT).

There is no batch normalisation: its statistics would go on changing in a "frozen" layer.
All chance comes from the generator that is handed in, on the CPU, whatever the device.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import TrainingError

# Channels, side of the kernel and stride of every convolution. Strides, not pooling: on a CPU
# that is five times as fast, and the experiment trains some hundred of these a seed.
CONVOLUTIONS = ((12, 5, 2), (16, 3, 2), (32, 3, 1), (32, 3, 2))
FEATURES = 128  # of the dense layer above them
LAYERS = len(CONVOLUTIONS) + 1
BATCH = 32
RATE = 1e-3
COST, LENGTH = 1.0, 5.0  # of logistic regression; of the features that it is given


class LayeredNetwork(nn.Module):
    """Four convolutions and a dense layer, each with a ReLU, and a linear head.

    Args:
        shape: of a picture: channels, height, width.
        classes: how many scores the head gives.
        rng: draws the weights (He et al. 2015); biases begin at zero.
    """

    def __init__(self, shape: tuple[int, int, int], classes: int, rng: torch.Generator) -> None:
        super().__init__()
        self.shape = shape
        stages: list[nn.Module] = []
        inputs, height, width = shape
        for outputs, kernel, stride in CONVOLUTIONS:
            made = nn.utils.skip_init(
                nn.Conv2d, inputs, outputs, kernel, stride=stride, padding=kernel // 2
            )
            stages.append(nn.Sequential(_drawn(made, rng), nn.ReLU()))
            inputs, height, width = outputs, -(-height // stride), -(-width // stride)
        dense = nn.utils.skip_init(nn.Linear, inputs * height * width, FEATURES)
        stages.append(nn.Sequential(nn.Flatten(), _drawn(dense, rng), nn.ReLU()))
        self.stages = nn.ModuleList(stages)
        head = _drawn(nn.utils.skip_init(nn.Linear, FEATURES, classes), rng)
        assert isinstance(head, nn.Linear)
        self.head: nn.Linear = head

    def up_to(self, x: Tensor, depth: int) -> Tensor:
        """Return what the first ``depth`` layers make of pictures ``[N, C, H, W]`` in [0, 1]."""
        for stage in list(self.stages)[:depth]:
            x = stage(x)
        return x

    def above(self, h: Tensor, depth: int) -> Tensor:
        """Return the scores ``[N, classes]`` of what ``up_to(x, depth)`` has returned."""
        for stage in list(self.stages)[depth:]:
            h = stage(h)
        scores: Tensor = self.head(h)
        return scores

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores ``[N, classes]`` of pictures ``[N, C, H, W]`` in [0, 1]."""
        return self.above(x, 0)

    def copied(self, depth: int, classes: int, rng: torch.Generator) -> "LayeredNetwork":
        """Return a network with the first ``depth`` layers of this one; what is above is new."""
        made = LayeredNetwork(self.shape, classes, rng).to(self.head.weight.device)
        for stage, trained in zip(made.stages[:depth], self.stages[:depth], strict=True):
            stage.load_state_dict(trained.state_dict())
        return made

    def parts(self, first: int) -> list[nn.Parameter]:
        """Return the parameters of the layers from number ``first``, from 0, and of the head."""
        above = [*self.stages[first:], self.head]
        return [parameter for module in above for parameter in module.parameters()]


def _drawn(layer: nn.Module, rng: torch.Generator) -> nn.Module:
    """Return the layer with weights of variance 2/n, evenly drawn, and biases of zero."""
    # Not drawn by torch's own generator, which belongs to everybody.
    assert isinstance(layer, nn.Conv2d | nn.Linear) and layer.bias is not None
    with torch.no_grad():
        spread = math.sqrt(6 / layer.weight[0].numel())
        layer.weight.uniform_(-spread, spread, generator=rng)
        layer.bias.zero_()
    return layer


def train(
    network: LayeredNetwork,
    x: Tensor,
    labels: Tensor,
    steps: int,
    rng: torch.Generator,
    frozen: int = 0,
    batch: int = BATCH,
) -> Iterator[float]:
    """Train by cross entropy with Adam, yielding now and then the share that is done.

    Args:
        network: changed in place, but for its first ``frozen`` layers.
        x: uint8 ``[N, C, H, W]``, on the network's device.
        labels: int64 ``[N]``, there too.
        steps: of ``batch`` pictures each, or of all where there are fewer.
        rng: draws the order.
        frozen: how many layers are kept as they are.
        batch: how many pictures a step sees.

    Raises:
        TrainingError: the loss stopped being a number.
    """
    with torch.no_grad():  # what does not change is computed once
        inputs = network.up_to(pixels(x), frozen) if frozen else x
    order = _order(len(x), batch, steps, rng).to(x.device)
    optimiser = torch.optim.Adam(network.parts(frozen), lr=RATE, fused=True)
    for step, chosen in enumerate(order):
        if step % 50 == 0:
            yield step / steps
        h = inputs[chosen] if frozen else pixels(inputs[chosen])
        loss = F.cross_entropy(network.above(h, frozen), labels[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    if not loss.isfinite():  # asked once: every look at a number makes a GPU wait
        raise TrainingError("The loss is no longer a number.", "Try another seed.")


def _order(items: int, batch: int, steps: int, rng: torch.Generator) -> Tensor:
    """Return the places of all batches, ``[steps, batch]``; each item once before any twice."""
    size = min(batch, items)
    rounds = math.ceil(steps * size / items)
    order = torch.cat([torch.randperm(items, generator=rng) for _ in range(rounds)])
    return order[: steps * size].view(steps, size)


def pixels(x: Tensor) -> Tensor:
    """Return pictures of bytes as float32 in [0, 1]."""
    return x.float().div_(255)


def features(network: LayeredNetwork, x: Tensor, batch: int = 1000) -> Tensor:
    """Return the features ``[N, FEATURES]`` below the head of pictures uint8 ``[N, C, H, W]``."""
    with torch.inference_mode():
        return torch.cat([network.up_to(pixels(part), LAYERS) for part in x.split(batch)])


def accuracy(network: LayeredNetwork, x: Tensor, labels: Tensor, batch: int = 1000) -> float:
    """Return how many pictures uint8 ``[N, C, H, W]`` are classified right, in per cent."""
    with torch.inference_mode():
        found = [network(pixels(part)).argmax(1) for part in x.split(batch)]
        return 100 * float((torch.cat(found) == labels).double().mean())


class Probe:
    """Logistic regression on features, centred and scaled to a length of `LENGTH` on average.

    By one number for all, not one for each: a pixel that hardly ever changes is not made loud.

    Args:
        features: ``[N, D]``.
        labels: ``[N]``, of two classes at least.
    """

    def __init__(self, features: NDArray[np.float32], labels: NDArray[np.int64]) -> None:
        from sklearn.linear_model import LogisticRegression

        self.mean = features.mean(0)
        spread = float(np.sqrt(np.square(features - self.mean).sum(1).mean()))
        self.scale = LENGTH / max(spread, 1e-6)
        self.machine = LogisticRegression(C=COST, max_iter=300)
        self.machine.fit(self._scaled(features), labels)

    def head(self) -> tuple[Tensor, Tensor]:
        """Return weights ``[classes, D]`` and biases ``[classes]`` that give the same scores."""
        weight = self.machine.coef_ * self.scale
        bias = self.machine.intercept_ - weight @ self.mean
        return torch.from_numpy(weight).float(), torch.from_numpy(bias).float()

    def accuracy(self, features: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
        """Return the share that is classified right, in per cent."""
        return 100 * float((self.machine.predict(self._scaled(features)) == labels).mean())

    def _scaled(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        scaled: NDArray[np.float32] = (features - self.mean) * self.scale
        return scaled
