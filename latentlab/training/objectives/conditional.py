"""The objective of conditional GANs, made for few labelled pictures."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from latentlab.baselines.augmentation import Deformation
from latentlab.models import ConditionalGAN, Network
from latentlab.models.images.conditional_gan import ConditionalDiscriminator
from latentlab.training.objectives.base import Learner, Objective, OptimiserSettings, expect
from latentlab.training.objectives.game import RULES, Game, descend, held, player


@dataclass(frozen=True)
class ConditionalAdversarial(Objective):
    """The relativistic game, class by class: each sample is compared with a picture of its class.

    The critic sees real pictures and samples deformed alike, with gradients through the deformation
    (Zhao et al. 2020, "DiffAugment"): with a thousand pictures it would soon know them by heart.
    """

    critic_channels: tuple[int, ...]
    seen_through: Deformation  # what critics see of every picture
    game: Game = RULES
    averaging: float = 0.999  # of the generator's weights over steps

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that alternates one critic and one generator step."""
        return ConditionalLearner(self, expect(ConditionalGAN, network), settings)


class ConditionalLearner(Learner):
    """Adam on two losses, and a running average of the generator, which is what we keep."""

    def __init__(
        self, objective: ConditionalAdversarial, gan: ConditionalGAN, settings: OptimiserSettings
    ) -> None:
        self.objective = objective
        self.gan = gan
        self.critic = ConditionalDiscriminator(
            gan.image_shape, objective.critic_channels, gan.classes
        )
        self.average = AveragedModel(
            gan, multi_avg_fn=get_ema_multi_avg_fn(objective.averaging)
        ).requires_grad_(False)
        self.average.update_parameters(gan)  # the first call copies: the average starts there
        self.modules = {"model": gan, "critic": self.critic, "average": self.average}
        self.optimisers = {
            "model": player(gan, settings.learning_rate),
            "critic": player(self.critic, settings.learning_rate),
        }

    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Let the critic learn, then the generator, then move the average."""
        game, deform = self.objective.game, self.objective.seen_through.apply

        def score(pictures: Tensor) -> Tensor:
            found: Tensor = self.critic(pictures, labels)
            return found

        # As many of each class as among the real ones: the game compares the two one by one.
        fake = deform(self.gan.sample(labels, rng), rng)
        real = deform(x, rng)
        critic_loss = game.critic_loss(score, real, fake, rng)
        descend(self.optimisers["critic"], critic_loss)
        with held(self.critic):
            generator_loss = game.generator_loss(score, real, fake)
            descend(self.optimisers["model"], generator_loss)
        self.average.update_parameters(self.gan)
        return {"critic": critic_loss.item(), "generator": generator_loss.item()}

    def result(self) -> Network:
        """Return the averaged generator, its batch norm measured anew for the averaged weights."""
        gan = expect(ConditionalGAN, self.average.module)
        device = next(gan.parameters()).device
        rng = torch.Generator().manual_seed(0)
        labels = torch.arange(256) % gan.classes
        draws = (
            gan.inputs(torch.randn(256, gan.noise_size, generator=rng), labels) for _ in range(50)
        )
        update_bn(draws, gan.generator, device)
        return gan
