"""What every objective is, whatever a network is made for: pictures, sequences, text.

An Objective is a frozen choice that a recipe names. ``learner`` pairs it with a network: a Learner
owns every module and optimiser of the run, takes one step a batch, and hands back the result.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeVar

import torch
from torch import Tensor, nn

from latentlab.errors import TrainingError
from latentlab.models import Network

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
        """Learn from a batch, and return losses by name.

        Args:
            x: items ``[B, …]`` as the recipe's data gives them: pictures, or numbers of tokens.
            labels: int64 ``[B]``: what the data says of an item, its class or domain, or 0.
            rng: where all the step's randomness comes from.
            done: share of the run before this step, in [0, 1).
        """

    @abstractmethod
    def result(self) -> Network:
        """Return the network that the checkpoint keeps; asked before the end, as it stands then.

        What the run does afterwards is the same whether it was asked or not.
        """

    def beside(self) -> dict[str, nn.Module]:
        """Return further networks that snapshots may keep, by name, as they stand: a critic."""
        return {}


class Objective(ABC):
    """A frozen choice of loss."""

    targets: ClassVar[Literal["", "factors"]] = ""  # "factors": whatever the network takes

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


def expect(kind: type[N], network: nn.Module) -> N:
    """Return ``network`` if it is of a kind that an objective trains.

    Raises:
        TrainingError: it is not.
    """
    if not isinstance(network, kind):
        raise TrainingError(
            f"This objective trains a {kind.__name__}, not a {type(network).__name__}."
        )
    return network
