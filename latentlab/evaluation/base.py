"""How a kind of model is examined: what a checkpoint says of itself, and what its card shows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor

from latentlab.checkpoints import Checkpoint, Score
from latentlab.data import OneClass
from latentlab.errors import UnsupportedError
from latentlab.evaluation import one_class
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import Network
from latentlab.registry import Registry

N = TypeVar("N", bound=Network)


@dataclass(frozen=True)
class Portrait:
    """Rows of pictures ``[N, C, H, W]`` in [0, 1], one under another, and what each row is.

    ``classes`` are those that a classifier gives to the pictures, int64 ``[N]``; None for others.
    """

    rows: tuple[Tensor, ...]
    titles: tuple[str, ...]
    classes: Tensor | None = None


@dataclass(frozen=True)
class Lines:
    """What a network for sequences or text makes of its inputs: a title and a text a line."""

    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Examination(Generic[N]):
    """Everything that is asked of the models of one kind; registered under the kind's name.

    Attributes:
        network: the class whose models are examined.
        measure: (network, data set's name) -> scores on the test split, each beside its baseline.
        reference: (network, data set's name) -> a few inputs and the outputs for them, which every
            installation has to reproduce.
        portrait: (network, pictures ``[N, C, H, W]`` of its kind, rng) -> what it makes of them;
            networks for sequences and text get tokens ``[N, T]`` and give lines.
        statistics: (network, data set's name) -> where the codes of the training split lie; None
            for networks without codes.
    """

    network: type[N]
    measure: Callable[[N, str], Iterable[Score]]
    reference: Callable[[N, str], dict[str, Tensor]]
    portrait: Callable[[N, Tensor, torch.Generator], Portrait | Lines]
    statistics: Callable[[N, str], LatentStatistics] | None = None


examinations: Registry[Examination[Any]] = Registry("examination")


def _of(network: Network) -> Examination[Any]:
    if network.kind not in examinations:
        raise UnsupportedError(f"There are no scores for a {type(network).__name__}.")
    return examinations.get(network.kind)


def scores(network: Network, data: str, only: OneClass | None = None) -> tuple[Score, ...]:
    """Return the scores of a network on a data set's test split.

    All randomness is fixed: the same weights give the same scores. Of a network that has seen one
    class only, it is measured how well it finds the others.

    Raises:
        DataError: the full data set is not on this machine.
        UnsupportedError: nobody knows how such a network is measured; or there is no classifier
            for this data set to score a generator with.
    """
    with torch.inference_mode():
        if only is not None:
            return tuple(one_class.scores(network, data, only))
        return tuple(_of(network).measure(network, data))


def reference(network: Network, data: str) -> dict[str, Tensor]:
    """Return a few inputs and the network's outputs for them."""
    with torch.inference_mode():
        return _of(network).reference(network, data)


def statistics(
    network: Network, data: str, only: OneClass | None = None
) -> LatentStatistics | None:
    """Return where the codes of the training split lie; None for a network without codes."""
    if only is not None:
        with torch.inference_mode():
            return one_class.statistics(network, data, only)
    found = _of(network).statistics
    if found is None:
        return None
    with torch.inference_mode():
        return found(network, data)


def portrait(network: Network, x: Tensor, seed: int) -> Portrait | Lines:
    """Return what a network makes of pictures ``[N, C, H, W]`` of its kind, or of tokens.

    Raises:
        ShapeError: ``x`` does not fit the network.
    """
    with torch.inference_mode():
        rng = torch.Generator().manual_seed(seed)
        return _of(network).portrait(network, x, rng)


def evaluate(checkpoint: Checkpoint) -> tuple[Score, ...]:
    """Return the scores of a stored checkpoint, measured now."""
    return scores(checkpoint.load_model(), checkpoint.card.data, checkpoint.card.only)
