"""The game that networks which are more than a GAN play against their critics.

The relativistic loss with both gradient penalties, as in `adversarial`, for any critic that gives
pictures one score each.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Score = Callable[[Tensor], Tensor]  # pictures [B, C, H, W] -> [B]


@dataclass(frozen=True)
class Game:
    """The rules (Huang et al. 2024, eqs. 2, 3 and 6).

    Attributes:
        penalty: gamma, the weight of the critic's squared slopes.
        every: steps between two penalties, each as much stronger (Karras et al. 2020, section 3.1).
    """

    penalty: float = 0.3
    every: int = 8

    def critic_loss(self, score: Score, real: Tensor, fake: Tensor, rng: torch.Generator) -> Tensor:
        """Return what the critic minimises, given real and invented pictures ``[B, C, H, W]``."""
        fake = fake.detach()
        loss = F.softplus(score(fake) - score(real)).mean()
        # Which steps pay is drawn, not counted: a step knows nothing of those before it.
        if torch.randint(self.every, (), generator=rng) == 0:
            slopes = squared_slope(score, real) + squared_slope(score, fake)
            loss = loss + self.every * self.penalty / 2 * slopes
        return loss

    def generator_loss(self, score: Score, real: Tensor, fake: Tensor) -> Tensor:
        """Return what the generator minimises; the critic must be `held` meanwhile."""
        with torch.no_grad():
            of_real = score(real)
        return F.softplus(of_real - score(fake)).mean()


RULES = Game()


def squared_slope(score: Score, x: Tensor) -> Tensor:
    """Return the critic's squared gradient at pictures ``[B, C, H, W]``, its mean over them."""
    x = x.detach().clone().requires_grad_(True)
    (gradient,) = torch.autograd.grad(score(x).sum(), x, create_graph=True)
    return gradient.square().flatten(1).sum(1).mean()


@contextmanager
def held(*critics: nn.Module) -> Iterator[None]:
    """Let gradients pass through critics without reaching their weights."""
    for critic in critics:
        critic.requires_grad_(False)
    try:
        yield
    finally:
        for critic in critics:
            critic.requires_grad_(True)


def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """Take one step down the gradient of ``loss``."""
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def player(module: nn.Module, rate: float) -> torch.optim.Optimizer:
    """Return the optimiser of one side.

    No momentum: in a game the gradient of yesterday points at an opponent who has moved.
    """
    return torch.optim.Adam(module.parameters(), rate, betas=(0.0, 0.99), fused=True)
