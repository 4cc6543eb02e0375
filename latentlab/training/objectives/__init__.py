"""What a training run minimises, and the step that does it.

An Objective is a frozen choice that a recipe names. ``learner`` pairs it with a network: a Learner
owns every module and optimiser of the run, takes one step a batch, and hands back the result.
"""

from abc import ABC, abstractmethod
from copy import deepcopy
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import TrainingError
from latentlab.models import GAN, VAE, Autoencoder, Classifier, Network
from latentlab.models.images.gan import Discriminator
from latentlab.noise.corruptions import corruptions

N = TypeVar("N", bound=Network)

GRADIENT_LIMIT = 5.0  # clips the rare batch that would throw a run off; usual norms are near 1


@dataclass(frozen=True)
class OptimiserSettings:
    """What a learner needs of a recipe."""

    learning_rate: float
    weight_decay: float


class Learner(ABC):
    """The moving parts of one run: ``modules`` and ``optimisers`` are its whole state."""

    modules: dict[str, nn.Module]
    optimisers: dict[str, torch.optim.Optimizer]

    @abstractmethod
    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Learn from a batch ``[B, C, H, W]``; return losses by name. ``done`` is in [0, 1)."""

    @abstractmethod
    def result(self) -> Network:
        """Return the network that the checkpoint keeps."""


class Objective(ABC):
    """A frozen choice of loss."""

    @abstractmethod
    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return the learner that trains ``network``.

        Raises:
            TrainingError: the network is of a family that this objective cannot train.
        """


class GradientObjective(Objective):
    """An objective that is one differentiable loss."""

    @abstractmethod
    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return scalar terms by name; their sum is minimised."""

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that descends the gradient of ``loss``."""
        return GradientLearner(self, network, settings)


class GradientLearner(Learner):
    """AdamW on one loss."""

    def __init__(
        self, objective: GradientObjective, network: Network, settings: OptimiserSettings
    ) -> None:
        self.objective = objective
        self.network = network
        self.modules = {"model": network}
        self.optimisers = {
            "model": torch.optim.AdamW(
                network.parameters(),
                lr=settings.learning_rate,
                weight_decay=settings.weight_decay,
                fused=True,
            )
        }

    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Take one step down the gradient."""
        optimiser = self.optimisers["model"]
        optimiser.zero_grad()
        terms = self.objective.loss(self.network, x, labels, rng, done)
        torch.stack(list(terms.values())).sum().backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), GRADIENT_LIMIT)
        optimiser.step()
        return {name: term.item() for name, term in terms.items()}

    def result(self) -> Network:
        """Return the network as it stands."""
        return self.network


@dataclass(frozen=True)
class Reconstruction(GradientObjective):
    """Mean squared error of the reconstruction."""

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mse over pixels and batch."""
        return {"mse": F.mse_loss(_expect(Autoencoder, network)(x), x)}


@dataclass(frozen=True)
class Denoising(GradientObjective):
    """Mean squared error of the clean picture from a damaged one (Vincent 2008, eq. 5).

    The kinds of damage take equal shares of a batch, at strengths uniform over their bounds;
    ``clean_share`` stays whole, so that a clean picture is left alone.
    """

    clean_share: float

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mse between restored and clean, over pixels and batch."""
        kept = round(len(x) * self.clean_share)
        damaged = [x[:kept]]
        names = corruptions.names()
        for name, part in zip(names, x[kept:].chunk(len(names)), strict=True):
            corruption = corruptions.get(name)
            low, high, *_ = corruption.bounds
            strengths = low + (high - low) * torch.rand(len(part), generator=rng)
            damaged.append(corruption.apply(part, strengths.to(x.device), rng))
        return {"mse": F.mse_loss(_expect(Autoencoder, network)(torch.cat(damaged)), x)}


@dataclass(frozen=True)
class Elbo(GradientObjective):
    """The negative evidence lower bound, in nats a pixel.

    ``binarise`` draws binary pictures anew at every visit, with the grey value as probability
    (Salakhutdinov & Murray 2008): only then is a Bernoulli likelihood a likelihood. ``warm_up`` is
    the share of the run over which beta grows to its value (Bowman et al. 2016): without it, some
    dimensions are switched off before the decoder has learnt to use them.
    """

    binarise: bool
    warm_up: float

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return distortion and rate, both divided by the number of pixels."""
        vae = _expect(VAE, network)
        if self.binarise:
            x = torch.bernoulli(x.cpu(), generator=rng).to(x.device)
        beta = vae.settings.beta * min(1.0, done / self.warm_up if self.warm_up else 1.0)
        distortion, rate = vae.negative_elbo(x, rng, beta)
        pixels = x[0].numel()
        return {"distortion": distortion.mean() / pixels, "rate": rate.mean() / pixels}


@dataclass(frozen=True)
class Labels(GradientObjective):
    """Cross-entropy with the labels, on pictures that are shifted (and mirrored) at random.

    The labels are not smoothed: that would draw the features of a class together to a point
    (Müller et al. 2019) and take from them the differences by which samples are judged.
    """

    shift: int  # pixels, at most, in each direction
    flip: bool  # mirror left and right: right for garments, wrong for digits

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return the mean cross-entropy in nats."""
        _, _, height, width = x.shape
        padded = F.pad(x, (self.shift,) * 4)
        down, right = torch.randint(0, 2 * self.shift + 1, (2, len(x), 1), generator=rng)
        rows = (down + torch.arange(height)).to(x.device)
        columns = (right + torch.arange(width)).to(x.device)
        if self.flip:
            mirrored = (torch.rand(len(x), 1, generator=rng) < 0.5).to(x.device)
            columns = torch.where(mirrored, columns.flip(1), columns)
        batch = torch.arange(len(x), device=x.device)[:, None, None]
        moved = padded[batch, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
        logits = _expect(Classifier, network).logits(moved)
        return {"nats": F.cross_entropy(logits, labels)}


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

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that alternates one critic and one generator step."""
        return AdversarialLearner(self, _expect(GAN, network), settings)


class AdversarialLearner(Learner):
    """Adam on two losses, and a running average of the generator, which is what we keep."""

    def __init__(self, objective: Adversarial, gan: GAN, settings: OptimiserSettings) -> None:
        self.objective = objective
        self.generator = gan
        self.critic = Discriminator(gan.image_shape, objective.critic_channels)
        self.average = deepcopy(gan).requires_grad_(False)
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
        # Separate calls, as the batch's own spread must be seen for real and fake apart.
        critic_loss = F.softplus(self.critic(fake.detach()) - self.critic(x)).mean()
        # Which steps pay is drawn, not counted: a step knows nothing of those before it.
        if torch.randint(self.objective.penalty_every, (), generator=rng) == 0:
            weight = self.objective.penalty_every * self.objective.penalty / 2
            critic_loss = critic_loss + weight * (self._slope(x) + self._slope(fake.detach()))
        self.optimisers["critic"].zero_grad()
        critic_loss.backward()
        self.optimisers["critic"].step()

        self.critic.requires_grad_(False)
        with torch.no_grad():
            real_score = self.critic(x)
        generator_loss = F.softplus(real_score - self.critic(fake)).mean()
        self.optimisers["model"].zero_grad()
        generator_loss.backward()
        self.optimisers["model"].step()
        self.critic.requires_grad_(True)

        with torch.no_grad():
            moving = zip(self.average.parameters(), self.generator.parameters(), strict=True)
            for average, current in moving:
                average.lerp_(current, 1 - self.objective.averaging)
        return {"critic": critic_loss.item(), "generator": generator_loss.item()}

    def _slope(self, x: Tensor) -> Tensor:
        """Return the critic's squared gradient at pictures ``[B, C, H, W]``, its mean over them."""
        x = x.clone().requires_grad_(True)
        (gradient,) = torch.autograd.grad(self.critic(x).sum(), x, create_graph=True)
        return gradient.square().flatten(1).sum(1).mean()

    def result(self) -> Network:
        """Return the averaged generator, its batch norm measured anew for the averaged weights."""
        norms = [m for m in self.average.modules() if isinstance(m, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain mean over the batches that follow
        rng = torch.Generator().manual_seed(0)
        device = next(self.average.parameters()).device
        self.average.train()
        with torch.no_grad():
            for _ in range(50):
                self.average.decode(self.average.sample_prior(256, rng).to(device))
        return self.average


def _expect(kind: type[N], network: Network) -> N:
    if not isinstance(network, kind):
        raise TrainingError(
            f"This objective trains a {kind.__name__}, not a {type(network).__name__}."
        )
    return network
