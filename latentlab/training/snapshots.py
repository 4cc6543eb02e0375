"""Moments of a run that are kept, so that a page can go through its training."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import final

import numpy as np
import torch
from torch import Tensor, nn

from latentlab.data import TrainingData
from latentlab.errors import TrainingError, UnsupportedError
from latentlab.models import LatentModel, Network

MAX_BYTES = 16 << 20  # of all moments of a run that ship with the checkpoint as they are
MAX_STORY_BYTES = 128 << 20  # of those that only something smaller is made of
MOST = 100  # moments


@dataclass(frozen=True)
class Snapshots(ABC):
    """When something is kept, and what.

    Attributes:
        shares: of the run, from 0, before the first step, to 1, after the last; ascending.
        story: which of `evaluation.stories` makes of them the files that ship; "" = they ship as
            they are.

    Raises:
        UnsupportedError: on construction, the shares are not so, or too many.
    """

    shares: tuple[float, ...]
    story: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        ascending = all(a < b for a, b in zip(self.shares, self.shares[1:], strict=False))
        # Written so that NaN fails too.
        if not (self.shares and ascending and self.shares[0] >= 0 and self.shares[-1] <= 1):
            raise UnsupportedError("Moments are shares of a run, ascending from 0 to 1.")
        if len(self.shares) > MOST:
            raise UnsupportedError(f"More than {MOST} moments cannot be kept.")

    @final
    def steps(self, steps: int) -> tuple[int, ...]:
        """Return after how many steps of ``steps`` something is kept; each number once."""
        return tuple(sorted({round(share * steps) for share in self.shares}))

    @final
    def take(
        self,
        network: Network,
        items: TrainingData,
        beside: Mapping[str, nn.Module] | None = None,
    ) -> dict[str, Tensor]:
        """Return what is kept of a network in training, which stays as it is; on the CPU.

        Args:
            network: what the run would end in if it ended now.
            items: the training split.
            beside: further networks of the run, by name.

        Raises:
            TrainingError: all moments together would be larger than is allowed.
            UnsupportedError: the run has nothing of the kind.
        """
        training = network.training
        network.eval()
        with torch.no_grad():
            kept = {
                name: tensor.detach().cpu().contiguous().clone()
                for name, tensor in self._of(network, items, beside or {})
            }
        network.train(training)
        total = len(self.shares) * sum(tensor.nbytes for tensor in kept.values())
        most = MAX_STORY_BYTES if self.story else MAX_BYTES
        if total > most:
            raise TrainingError(
                f"The snapshots would take {total / 2**20:.0f} MB; {most >> 20} are allowed.",
                "Keep fewer moments, or outputs instead of weights.",
            )
        return kept

    @abstractmethod
    def _of(
        self, network: Network, items: TrainingData, beside: Mapping[str, nn.Module]
    ) -> list[tuple[str, Tensor]]:
        """Return tensors by name, the same names and shapes at each moment."""


@final
@dataclass(frozen=True)
class Weights(Snapshots):
    """The weights of a small network, and what else it keeps in floating point, as float16.

    Those of the networks in ``also``, such as "critic", too, under "critic.…".
    """

    also: tuple[str, ...] = field(default=(), kw_only=True)

    def _of(
        self, network: Network, items: TrainingData, beside: Mapping[str, nn.Module]
    ) -> list[tuple[str, Tensor]]:
        if missing := sorted({*self.also} - {*beside}):
            raise UnsupportedError(f"This run has nothing that is called “{missing[0]}”.")
        stored = [*network.state_dict().items()]
        for other in self.also:
            stored += [(f"{other}.{k}", v) for k, v in beside[other].state_dict().items()]
        return [(name, tensor.half()) for name, tensor in stored if tensor.is_floating_point()]


@final
@dataclass(frozen=True)
class Decoded(Snapshots):
    """What a latent model makes of the same codes each time, float16 ``[count, …]``."""

    count: int
    seed: int = 0  # of the codes, drawn from the prior

    def _of(
        self, network: Network, items: TrainingData, beside: Mapping[str, nn.Module]
    ) -> list[tuple[str, Tensor]]:
        if not isinstance(network, LatentModel):
            raise UnsupportedError(f"A {type(network).__name__} has no codes to decode.")
        z = network.sample_prior(self.count, torch.Generator().manual_seed(self.seed))
        return [("decoded", network.decode(z.to(_device(network))).half())]


@final
@dataclass(frozen=True)
class Answers(Snapshots):
    """What a network answers to the same items each time, float16 ``[count, …]``.

    They are the first ``count`` items of the training split; an autoencoder reconstructs them.
    """

    count: int

    def _of(
        self, network: Network, items: TrainingData, beside: Mapping[str, nn.Module]
    ) -> list[tuple[str, Tensor]]:
        chosen = np.arange(min(self.count, len(items)))
        x, _ = items.batch(chosen, torch.Generator().manual_seed(0))
        return [("answers", network(x.to(_device(network))).half())]


def _device(network: Network) -> torch.device:
    return next(network.parameters()).device


def stacked(moments: dict[int, dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return moments by step as one set of tensors ``[moments, …]``, and ``steps`` int64.

    Raises:
        KeyError, RuntimeError: they have not the same names and shapes.
    """
    steps = sorted(moments)
    names = moments[steps[0]]
    together = {name: torch.stack([moments[step][name] for step in steps]) for name in names}
    return together | {"steps": torch.tensor(steps)}
