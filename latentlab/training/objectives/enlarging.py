"""Objectives of super-resolution: the squared error, and a critic's opinion beside it."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from latentlab.models import Network, SuperResolution
from latentlab.models.images.gan import Discriminator
from latentlab.training.objectives.base import (
    GradientObjective,
    Learner,
    Objective,
    OptimiserSettings,
    expect,
)
from latentlab.training.objectives.game import RULES, Game, descend, held, player


@dataclass(frozen=True)
class Enlarging(GradientObjective):
    """Mean squared error of pictures that were made small and enlarged again.

    What minimises it is the mean of all pictures that the small one could have been: a blur.
    """

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean over pixels and batch."""
        enlarger = expect(SuperResolution, network)
        return {"mse": F.mse_loss(enlarger(enlarger.shrink(x)), x)}


@dataclass(frozen=True)
class AdversarialEnlarging(Objective):
    """The same error, and a game against a critic of large pictures (Ledig et al. 2017, eq. 3).

    The game is relativistic, as in ESRGAN (Wang et al. 2018, section 3.2), with both gradient
    penalties (Huang et al. 2024). The content loss is that of pixels alone: the features of a
    classifier are what the result is measured by.
    """

    critic_channels: tuple[int, ...]
    content: float  # weight of the mean squared error beside the game
    game: Game = RULES
    averaging: float = 0.999  # of the weights over steps

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that alternates one step of the critic and one of the network."""
        return EnlargingLearner(self, expect(SuperResolution, network), settings)


class EnlargingLearner(Learner):
    """Adam on two losses, and a running average of the network, which is what we keep."""

    def __init__(
        self,
        objective: AdversarialEnlarging,
        network: SuperResolution,
        settings: OptimiserSettings,
    ) -> None:
        self.objective = objective
        self.network = network
        self.critic = Discriminator(network.image_shape, objective.critic_channels)
        self.average = AveragedModel(
            network, multi_avg_fn=get_ema_multi_avg_fn(objective.averaging)
        ).requires_grad_(False)
        self.average.update_parameters(network)  # the first call copies: the average starts there
        self.modules = {"model": network, "critic": self.critic, "average": self.average}
        self.optimisers = {
            "model": player(network, settings.learning_rate),
            "critic": player(self.critic, settings.learning_rate),
        }

    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Let the critic learn, then the network, then move the average."""
        game = self.objective.game
        enlarged = self.network(self.network.shrink(x))
        critic_loss = game.critic_loss(self.critic, x, enlarged, rng)
        descend(self.optimisers["critic"], critic_loss)
        with held(self.critic):
            opinion = game.generator_loss(self.critic, x, enlarged)
            mse = F.mse_loss(enlarged, x)
            descend(self.optimisers["model"], opinion + self.objective.content * mse)
        self.average.update_parameters(self.network)
        return {"critic": critic_loss.item(), "opinion": opinion.item(), "mse": mse.item()}

    def result(self) -> Network:
        """Return the averaged network."""
        return expect(SuperResolution, self.average.module)
