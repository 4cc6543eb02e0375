"""The objective of CycleGANs: two sorts of pictures, and no pairs of them."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from latentlab.baselines import morphology
from latentlab.models import CycleGAN, Network
from latentlab.models.images.gan import Discriminator
from latentlab.training.objectives.base import Learner, Objective, OptimiserSettings, expect
from latentlab.training.objectives.game import RULES, Game, descend, held, player


@dataclass(frozen=True)
class ThickAndThin(Objective):
    """Digits as they were written, and other digits thickened: Zhu et al. 2017, eqs. 1 to 3.

    Half of every batch is of the first sort, the other half is dilated and of the second: no digit
    is seen in both. Two games, one a direction, and the mean absolute error of going there and
    back. Their least squares are replaced by the relativistic game (Huang et al. 2024).
    """

    critic_channels: tuple[int, ...]
    cycle: float = 10.0  # lambda
    game: Game = RULES
    averaging: float = 0.999  # of the weights over steps

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that alternates one step of both critics and one of both generators."""
        return TranslationLearner(self, expect(CycleGAN, network), settings)


class TranslationLearner(Learner):
    """Adam on two losses, and a running average of the generators, which is what we keep."""

    def __init__(
        self, objective: ThickAndThin, network: CycleGAN, settings: OptimiserSettings
    ) -> None:
        self.objective = objective
        self.network = network
        shape, channels = network.image_shape, objective.critic_channels
        self.thin = Discriminator(shape, channels)
        self.thick = Discriminator(shape, channels)
        self.average = AveragedModel(
            network, multi_avg_fn=get_ema_multi_avg_fn(objective.averaging)
        ).requires_grad_(False)
        self.average.update_parameters(network)  # the first call copies: the average starts there
        self.modules = {
            "model": network,
            "thin": self.thin,
            "thick": self.thick,
            "average": self.average,
        }
        rate = settings.learning_rate
        self.optimisers = {
            "model": player(network, rate),
            "thin": player(self.thin, rate),
            "thick": player(self.thick, rate),
        }

    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Let the critics learn, then the generators, then move the average."""
        network, game = self.network, self.objective.game
        half = len(x) // 2  # of an odd batch one picture waits for next time
        thin, thick = x[:half], morphology.dilate(x[half : 2 * half])
        as_thick, as_thin = network.unclipped_there(thin), network.unclipped_back(thick)

        critics: dict[str, Tensor] = {}
        for name, critic, real, fake in (
            ("thin", self.thin, thin, as_thin),
            ("thick", self.thick, thick, as_thick),
        ):
            critics[name] = game.critic_loss(critic, real, fake, rng)
            descend(self.optimisers[name], critics[name])
        with held(self.thin, self.thick):
            opinion = game.generator_loss(self.thin, thin, as_thin) + game.generator_loss(
                self.thick, thick, as_thick
            )
            thin_again, thick_again = (
                network.unclipped_back(as_thick),
                network.unclipped_there(as_thin),
            )
            cycle = F.l1_loss(thin_again, thin) + F.l1_loss(thick_again, thick)
            descend(self.optimisers["model"], opinion + self.objective.cycle * cycle)
        self.average.update_parameters(network)
        losses = {"opinion": opinion.item(), "cycle": cycle.item()}
        return losses | {f"critic, {name}": loss.item() for name, loss in critics.items()}

    def result(self) -> Network:
        """Return the averaged network."""
        return expect(CycleGAN, self.average.module)
