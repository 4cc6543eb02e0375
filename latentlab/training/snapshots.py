"""Moments of a run that are kept, so that a page can go through its training."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

import numpy as np
import torch
from torch import Tensor

from latentlab.data import TrainingData
from latentlab.errors import TrainingError, UnsupportedError
from latentlab.models import LatentModel, Network

MAX_BYTES = 16 << 20  # of all moments of a run: they ship with the checkpoint
MOST = 100  # moments


@dataclass(frozen=True)
class Snapshots(ABC):
    """When something is kept, and what.

    Attributes:
        shares: of the run, from 0, before the first step, to 1, after the last; ascending.

    Raises:
        UnsupportedError: on construction, the shares are not so, or too many.
    """

    shares: tuple[float, ...]

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
    def take(self, network: Network, items: TrainingData) -> dict[str, Tensor]:
        """Return what is kept of a network in training, which stays as it is; on the CPU.

        Raises:
            TrainingError: all moments together would be larger than ``MAX_BYTES``.
            UnsupportedError: the network has nothing of the kind.
        """
        training = network.training
        network.eval()
        with torch.no_grad():
            kept = {k: v.detach().cpu().contiguous().clone() for k, v in self._of(network, items)}
        network.train(training)
        total = len(self.shares) * sum(tensor.nbytes for tensor in kept.values())
        if total > MAX_BYTES:
            raise TrainingError(
                f"The snapshots would take {total / 2**20:.0f} MB; {MAX_BYTES >> 20} are allowed.",
                "Keep fewer moments, or outputs instead of weights.",
            )
        return kept

    @abstractmethod
    def _of(self, network: Network, items: TrainingData) -> list[tuple[str, Tensor]]:
        """Return tensors by name, the same names and shapes at each moment."""


@final
@dataclass(frozen=True)
class Weights(Snapshots):
    """The weights of a small network, and what else it keeps in floating point, as float16."""

    def _of(self, network: Network, items: TrainingData) -> list[tuple[str, Tensor]]:
        stored = network.state_dict().items()
        return [(name, tensor.half()) for name, tensor in stored if tensor.is_floating_point()]


@final
@dataclass(frozen=True)
class Decoded(Snapshots):
    """What a latent model makes of the same codes each time, float16 ``[count, …]``."""

    count: int
    seed: int = 0  # of the codes, drawn from the prior

    def _of(self, network: Network, items: TrainingData) -> list[tuple[str, Tensor]]:
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

    def _of(self, network: Network, items: TrainingData) -> list[tuple[str, Tensor]]:
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
