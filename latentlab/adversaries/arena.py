"""A generator and a discriminator, and the steps of their fight.

Everything follows from the target, the settings and what was played: every draw is a hash of the
seed and the moment (``draws``). The browser's arena (``ui/browser/training/arena.js``) is the same.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.adversaries import draws
from latentlab.adversaries.losses import losses
from latentlab.adversaries.settings import Move, Settings
from latentlab.adversaries.targets import Target
from latentlab.errors import TrainingError

SLOPE = 0.001  # of leaky ReLU, below zero; with .2, a quarter fewer points lie within 3 sigma
DECAY = 0.99  # of Adam's second moment; its first one is off
TINY = 1e-6  # of Adam: well above what rounding leaves of a gradient that is none
FEEL = 10  # turns of the power iteration before the first step


class Network:
    """Fully connected layers with leaky ReLU between them: ``x @ W + b``."""

    def __init__(self, sizes: Sequence[int], seed: int, number: int) -> None:
        self.weights: list[Tensor] = []
        self.biases: list[Tensor] = []
        for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
            key = (seed, draws.START, number, layer)
            drawn = 2 * draws.uniform(inputs * outputs + outputs, *key) - 1
            values = torch.from_numpy(drawn / math.sqrt(inputs)).float()
            self.weights.append(values[: inputs * outputs].view(inputs, outputs).requires_grad_())
            self.biases.append(values[inputs * outputs :].clone().requires_grad_())
        self.directions: list[tuple[Tensor, Tensor]] = []  # of spectral norm: inputs, outputs
        self.squares = [torch.zeros_like(p) for p in self.parameters]
        self.updates = 0

    @property
    def parameters(self) -> list[Tensor]:
        """Weights and biases, layer by layer."""
        return [p for pair in zip(self.weights, self.biases, strict=True) for p in pair]

    def bound(self, seed: int) -> None:
        """Begin to divide every weight by its largest singular value (Miyato et al. 2018)."""
        for layer, weight in enumerate(self.weights):
            start = draws.normal(weight.shape[1], seed, draws.POWER, layer)
            out = torch.from_numpy(start).float()
            self.directions.append((weight.new_zeros(weight.shape[0]), out / out.norm()))
        for _ in range(FEEL):
            self.feel()

    def feel(self) -> None:
        """Turn the directions of the largest singular values once towards them."""
        with torch.no_grad():
            for layer, (weight, (_, out)) in enumerate(
                zip(self.weights, self.directions, strict=False)
            ):
                into = weight @ out
                into = into / (into.norm() + 1e-12)
                out = weight.T @ into
                self.directions[layer] = (into, out / (out.norm() + 1e-12))

    def __call__(self, x: Tensor) -> Tensor:
        """Return [N, outputs] of [N, inputs]."""
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            if self.directions:
                into, out = self.directions[layer]
                weight = weight / (into @ weight @ out + 1e-12)
            x = x @ weight + bias
            if layer < last:
                x = torch.nn.functional.leaky_relu(x, SLOPE)
        return x

    def update(self, gradients: Sequence[Tensor], rate: float) -> None:
        """One step of Adam with β₁ = 0 (Kingma and Ba 2015)."""
        self.updates += 1
        unbiased = 1 - DECAY**self.updates
        with torch.no_grad():
            for p, square, gradient in zip(self.parameters, self.squares, gradients, strict=True):
                square.mul_(DECAY).add_((1 - DECAY) * gradient**2)
                p -= rate * gradient / ((square / unbiased).sqrt() + TINY)
        if self.directions:
            self.feel()


class Arena:
    """A generator and a discriminator in front of a target."""

    def __init__(self, target: Target, settings: Settings) -> None:
        self.target, self.settings = target, settings
        (width_g, width_d), (depth_g, depth_d) = settings.width, settings.depth
        sizes = [settings.noise_size, *[width_g] * depth_g, 2]
        self.generator = Network(sizes, settings.seed, 0)
        self.discriminator = Network([2, *[width_d] * depth_d, 1], settings.seed, 1)
        if settings.spectral:
            self.discriminator.bound(settings.seed)
        self.moment = 0

    # --- what is drawn ---------------------------------------------------------------------

    def noise(self, count: int, *key: int) -> Tensor:
        """Return [count, noise_size] of what the generator is given."""
        size = self.settings.noise_size
        if self.settings.noise == "none":
            return torch.zeros(count, size)
        if self.settings.noise == "normal":
            drawn = draws.normal(count * size, self.settings.seed, *key)
        else:
            drawn = 2 * draws.uniform(count * size, self.settings.seed, *key) - 1
        return torch.from_numpy(drawn).float().view(count, size)

    def real(self, *key: int) -> Tensor:
        """Return [batch, 2] points of the target, as the discriminator sees them."""
        points = self.target.sample(self.settings.batch, self.settings.seed, *key)
        return torch.from_numpy(points / np.float32(self.target.scale))

    def generate(self, count: int) -> NDArray[np.float32]:
        """Return [count, 2] points of the generator, always of the same noise."""
        with torch.no_grad():
            made = self.generator(self.noise(count, draws.LOOK, 0))
        points: NDArray[np.float32] = made.numpy() * np.float32(self.target.scale)
        return points

    # --- steps -----------------------------------------------------------------------------

    @property
    def loss(self) -> str:
        """The name of the loss that holds now."""
        return [name for since, name in self.settings.losses if since <= self.moment][-1]

    @property
    def pace(self) -> float:
        """By what the learning rates are multiplied now."""
        length = self.settings.length
        return max(0.0, 1 - self.moment / length) if length else 1.0

    def discriminator_loss(self, turn: int = 0) -> Tensor:
        """Return what the discriminator minimises now, at its ``turn``-th step of this moment."""
        settings, loss = self.settings, losses.get(self.loss)
        real = self.real(draws.REAL, self.moment, turn)
        noise = self.noise(settings.batch, draws.NOISE, self.moment, turn)
        with torch.no_grad():
            fake = self.generator(noise)
        both = torch.cat([real, fake]).requires_grad_(loss.penalty == "both")
        said = self.discriminator(both)[:, 0]
        total = loss.discriminator(said[: settings.batch], said[settings.batch :])
        weight = loss.weight if settings.penalty is None else settings.penalty
        if loss.penalty == "both":  # R1 and R2: mean squares of the gradients, of both sorts
            (slopes,) = torch.autograd.grad(said.sum(), both, create_graph=True)
            total = total + weight / 2 * (slopes**2).sum() / settings.batch
        if loss.penalty == "between":
            mix = draws.uniform(settings.batch, settings.seed, draws.MIX, self.moment, turn)
            share = torch.from_numpy(mix).float()[:, None]
            between = (fake + share * (real - fake)).requires_grad_()
            said = self.discriminator(between)
            (slopes,) = torch.autograd.grad(said.sum(), between, create_graph=True)
            length = (slopes.pow(2).sum(1) + 1e-12).sqrt()
            total = total + weight * ((length - 1) ** 2).mean()
        return total

    def generator_loss(self) -> Tensor:
        """Return what the generator minimises now."""
        loss = losses.get(self.loss)
        real = self.real(draws.OPPONENT, self.moment)
        noise = self.noise(self.settings.batch, draws.OPPONENT_NOISE, self.moment)
        fake = self.generator(noise)
        return loss.generator(self.discriminator(real)[:, 0], self.discriminator(fake)[:, 0])

    def play(self, moves: Sequence[tuple[Move, int]]) -> None:
        """Play moves, each so many times.

        Raises:
            TrainingError: a loss is no finite number any more.
        """
        for move, count in moves:
            for _ in range(count):
                self._move(move)

    def _move(self, move: Move) -> None:
        rates = [rate * self.pace for rate in self.settings.rate]
        if move != "generator":
            for turn in range(self.settings.turns if move == "step" else 1):
                self._learn(self.discriminator, self.discriminator_loss(turn), rates[1])
        if move != "discriminator":
            self._learn(self.generator, self.generator_loss(), rates[0])
        self.moment += 1

    def _learn(self, network: Network, loss: Tensor, rate: float) -> None:
        if not torch.isfinite(loss):
            raise TrainingError(f"The loss is no finite number after {self.moment} steps.")
        gradients = list(torch.autograd.grad(loss, network.parameters))
        if network is self.discriminator and losses.get(self.loss).relative:
            gradients[-1] = torch.zeros_like(gradients[-1])
        network.update(gradients, rate)
