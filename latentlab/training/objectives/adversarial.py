"""The objective of GANs: a game between the generator and a critic."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

from latentlab.models import GAN, Network
from latentlab.models.images.gan import Discriminator
from latentlab.training.objectives.augmentation import Change, differentiable
from latentlab.training.objectives.base import Learner, Objective, OptimiserSettings, expect


@dataclass(frozen=True)
class Adversarial(Objective):
    """The relativistic game with both gradient penalties (Huang et al. 2024, eqs. 2, 3 and 6).

    Critic: E f(D(G(z)) - D(x)) + gamma/2 (E |grad D(x)|^2 + E |grad D(G(z))|^2); generator:
    E f(D(x) - D(G(z))); f is softplus. As every sample is compared with a real picture of its own,
    forgetting a part of the data does not pay.
    """

    critic_channels: tuple[int, ...]
    penalty: float = 0.3  # gamma
    penalty_every: int = 8  # steps; lazily, and as much stronger (Karras et al. 2020, section 3.1)
    averaging: float = 0.999  # of the generator's weights over steps (Yazici et al. 2019)
    augment: tuple[Change, ...] = ()  # what the critic sees is changed so (Zhao et al. 2020)

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that alternates one critic and one generator step."""
        return AdversarialLearner(self, expect(GAN, network), settings)


class AdversarialLearner(Learner):
    """Adam on two losses, and a running average of the generator, which is what we keep."""

    def __init__(self, objective: Adversarial, gan: GAN, settings: OptimiserSettings) -> None:
        self.objective = objective
        self.generator = gan
        self.critic = Discriminator(gan.image_shape, objective.critic_channels)
        self.average = AveragedModel(
            gan, multi_avg_fn=get_ema_multi_avg_fn(objective.averaging)
        ).requires_grad_(False)
        self.average.update_parameters(gan)  # the first call copies: the average starts there
        self.modules = {"model": gan, "critic": self.critic, "average": self.average}
        # No momentum: in a game the gradient of yesterday points at an opponent who has moved.
        rate, betas = settings.learning_rate, (0.0, 0.99)
        self.optimisers = {
            "model": torch.optim.Adam(gan.parameters(), rate, betas, fused=True),
            "critic": torch.optim.Adam(self.critic.parameters(), rate, betas, fused=True),
        }

    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Let the critic learn, then the generator, then move the average."""
        z = self.generator.sample_prior(len(x), rng).to(x.device)
        fake = self.generator.decode(z)
        seen, shown = self._changed(x, rng), self._changed(fake.detach(), rng)
        # Separate calls, as the batch's own spread must be seen for real and fake apart.
        critic_loss = F.softplus(self.critic(shown) - self.critic(seen)).mean()
        # Which steps pay is drawn, not counted: a step knows nothing of those before it.
        if torch.randint(self.objective.penalty_every, (), generator=rng) == 0:
            weight = self.objective.penalty_every * self.objective.penalty / 2
            critic_loss = critic_loss + weight * (self._slope(seen) + self._slope(shown))
        self.optimisers["critic"].zero_grad()
        critic_loss.backward()
        self.optimisers["critic"].step()

        self.critic.requires_grad_(False)
        with torch.no_grad():
            real_score = self.critic(self._changed(x, rng))
        generator_loss = F.softplus(real_score - self.critic(self._changed(fake, rng))).mean()
        self.optimisers["model"].zero_grad()
        generator_loss.backward()
        self.optimisers["model"].step()
        self.critic.requires_grad_(True)

        self.average.update_parameters(self.generator)
        return {"critic": critic_loss.item(), "generator": generator_loss.item()}

    def _changed(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """Return pictures as the critic sees them."""
        return differentiable(x, self.objective.augment, rng)

    def _slope(self, x: Tensor) -> Tensor:
        """Return the critic's squared gradient at pictures ``[B, C, H, W]``, its mean over them."""
        x = x.clone().requires_grad_(True)
        (gradient,) = torch.autograd.grad(self.critic(x).sum(), x, create_graph=True)
        return gradient.square().flatten(1).sum(1).mean()

    def result(self) -> Network:
        """Return the averaged generator, its batch norm measured anew for the averaged weights."""
        generator = expect(GAN, self.average.module)
        device = next(generator.parameters()).device
        rng = torch.Generator().manual_seed(0)
        draws = (generator.sample_prior(256, rng) for _ in range(50))
        update_bn(draws, generator.generator, device)
        return generator
