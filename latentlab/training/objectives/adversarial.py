"""The objective of GANs: a game between the generator and a critic."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, update_bn

from latentlab.adversaries.losses import losses
from latentlab.errors import TrainingError
from latentlab.models import GAN, Network
from latentlab.models.images.gan import Discriminator
from latentlab.training.objectives.augmentation import Change, differentiable
from latentlab.training.objectives.base import Learner, Objective, OptimiserSettings, expect
from latentlab.training.objectives.game import descend, held, player, squared_slope


@dataclass(frozen=True)
class Adversarial(Objective):
    """The relativistic game with both gradient penalties (Huang et al. 2024, eqs. 2, 3 and 6).

    Critic: E f(D(G(z)) - D(x)) + gamma/2 (E |grad D(x)|^2 + E |grad D(G(z))|^2); generator:
    E f(D(x) - D(G(z))); f is softplus. As every sample is compared with a real picture of its own,
    forgetting a part of the data does not pay. Other losses are those of `adversaries.losses`.
    """

    critic_channels: tuple[int, ...]
    critic_blocks: int = 0  # residual blocks after each halving
    loss: str = "relativistic"  # a name in `adversaries.losses`; its own penalty is not used
    penalty: float = 0.3  # gamma; 0 = none
    penalty_every: int = 8  # steps; lazily, and as much stronger (Karras et al. 2020, section 3.1)
    averaging: float = 0.999  # of the generator's weights over steps (Yazici et al. 2019)
    spread: bool = True  # the critic sees the batch's own standard deviation
    generator_steps: int = 1  # for one of the critic; more, and the critic cannot answer in time
    augment: tuple[Change, ...] = ()  # what the critic sees is changed so (Zhao et al. 2020)
    centred: bool = False  # the critic takes grey for zero; see `Discriminator`
    # Of the learning rate, which is the critic's; less where the generator begins with something to
    # lose (two time scales: Heusel et al. 2017).
    generator_rate: float = 1.0
    head_start: float = 0.0  # share of the run in which the critic alone learns

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that alternates one critic and one generator step."""
        return AdversarialLearner(self, expect(GAN, network), settings)


class AdversarialLearner(Learner):
    """Adam on two losses, and a running average of the generator, which is what we keep."""

    def __init__(self, objective: Adversarial, gan: GAN, settings: OptimiserSettings) -> None:
        self.objective = objective
        self.generator = gan
        self.loss = losses.get(objective.loss)
        if self.loss.penalty == "between":
            raise TrainingError(
                f"A penalty between pictures, as “{objective.loss}” needs, is not here."
            )
        self.critic = Discriminator(
            gan.image_shape,
            objective.critic_channels,
            objective.critic_blocks,
            objective.spread,
            objective.centred,
        )
        self.average = AveragedModel(
            gan, multi_avg_fn=_averaging(objective.averaging)
        ).requires_grad_(False)
        self.average.update_parameters(gan)  # the first call copies: the average starts there
        self.modules = {"model": gan, "critic": self.critic, "average": self.average}
        self.optimisers = {
            "model": player(gan, objective.generator_rate * settings.learning_rate),
            "critic": player(self.critic, settings.learning_rate),
        }

    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Let the critic learn, then the generator, then move the average."""
        objective = self.objective
        fake = self._fake(x, rng)
        seen, shown = self._changed(x, rng), self._changed(fake.detach(), rng)
        # Separate calls, as the batch's own spread must be seen for real and fake apart.
        critic_loss = self.loss.discriminator(self.critic(seen), self.critic(shown))
        # Which steps pay is drawn, not counted: a step knows nothing of those before it.
        drawn = torch.randint(objective.penalty_every, (), generator=rng)
        if objective.penalty and drawn == 0:
            weight = objective.penalty_every * objective.penalty / 2
            slopes = squared_slope(self.critic, seen) + squared_slope(self.critic, shown)
            critic_loss = critic_loss + weight * slopes
        descend(self.optimisers["critic"], critic_loss)
        if done < objective.head_start:
            return {"critic": critic_loss.item()}

        with held(self.critic):
            with torch.no_grad():
                real_score = self.critic(self._changed(x, rng))
            for place in range(objective.generator_steps):
                fake = self._fake(x, rng) if place else fake
                score = self.critic(self._changed(fake, rng))
                generator_loss = self.loss.generator(real_score, score)
                descend(self.optimisers["model"], generator_loss)

        self.average.update_parameters(self.generator)
        return {"critic": critic_loss.item(), "generator": generator_loss.item()}

    def _fake(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """Return as many samples as there are pictures in ``x``."""
        return self.generator.decode(self.generator.sample_prior(len(x), rng).to(x.device))

    def _changed(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """Return pictures as the critic sees them."""
        return differentiable(x, self.objective.augment, rng)

    def result(self) -> Network:
        """Return the averaged generator, its batch norm measured anew for the averaged weights."""
        generator = expect(GAN, self.average.module)
        device = next(generator.parameters()).device
        rng = torch.Generator().manual_seed(0)
        draws = (generator.sample_prior(256, rng) for _ in range(50))
        update_bn(draws, generator.generator, device)
        return generator

    def beside(self) -> dict[str, nn.Module]:
        """Return the critic."""
        return {"critic": self.critic}


Many = tuple[Tensor, ...] | list[Tensor]


def _averaging(most: float) -> Callable[[Many, Many, Tensor | int], None]:
    """Return how the average moves after n steps: it keeps (1 + n)/(10 + n) of itself, or ``most``.

    So that the first steps, when all changes, are not remembered for a thousand (as in Karras et
    al. 2020, whose average warms up, too).
    """

    @torch.no_grad()
    def move(average: Many, new: Many, steps: Tensor | int) -> None:
        n = int(steps)
        torch._foreach_lerp_(average, new, 1 - min(most, (1 + n) / (10 + n)))

    return move
