"""What an answer rests on: gradients back to each token, states, fields, heads, and their loss."""

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.data.sequences import NOT_ASKED
from latentlab.data.sequences.base import Batch
from latentlab.models import CausalCNN, Recurrent, SequenceLabeller, Transformer

Head = tuple[int, int]  # layer and head, from 0


def reach(network: SequenceLabeller, x: Tensor, at: int, answer: int) -> Tensor:
    """Return how far an answer reaches back: ``|d logit / d vector|`` of each token, ``[T]``.

    The Euclidean norm of the gradient of one logit at position ``at`` with respect to the vector
    of each token of ``x`` ``[1, T]`` (saliency, Simonyan et al. 2014). Zero after ``at``.
    """
    with torch.inference_mode(False), torch.enable_grad():
        vectors = network.embed(x.clone()).detach().clone().requires_grad_()
        logit = network.read(vectors)[0, at, answer]
        (gradient,) = torch.autograd.grad(logit, vectors)
    size: Tensor = gradient[0].norm(dim=-1)
    return size


def field(network: SequenceLabeller, length: int, at: int) -> int:
    """Return the first position that an answer at ``at`` can depend on, by how it is built."""
    if isinstance(network, CausalCNN):
        return max(0, at + 1 - network.receptive_field)
    return 0


def state_over_time(network: Recurrent, x: Tensor, units: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Return the states that move most ``[units, T]``, and each gate's mean over all ``[T]``.

    Units are ordered by the spread of their state over ``x`` ``[1, T]``.
    """
    with torch.inference_mode():
        found = network.states(x)
    state = found.state[0].T  # [H, T]
    order = state.std(1, correction=0).argsort(descending=True)[:units]
    return state[order], {name: gate[0].mean(1) for name, gate in found.gates.items()}


def looks(network: Transformer, x: Tensor, at: int) -> dict[Head, Tensor]:
    """Return where each head looks from position ``at``: weights ``[T]`` that sum to 1."""
    with torch.inference_mode():
        traces = network.attention(x)
    return {
        (layer, head): trace.weights[0, head, at]
        for layer, trace in enumerate(traces)
        for head in range(trace.weights.shape[1])
    }


@dataclass(frozen=True)
class Loss:
    """What is lost over a batch: mean cross-entropy in nats, and the share of right answers."""

    nats: float
    right: float


def without(network: Transformer, batch: Batch, heads: Collection[Head]) -> Loss:
    """Return how well a Transformer does with some of its heads switched off."""
    with torch.inference_mode():
        logits = network.read(network.embed(network.check_tokens(batch.x)), heads)
    asked = batch.y != NOT_ASKED
    scores, right = logits[asked], batch.y[asked]
    return Loss(
        float(F.cross_entropy(scores, right)),
        float((scores.argmax(-1) == right).float().mean()),
    )


def all_heads(network: Transformer) -> list[Head]:
    """Return every head of a Transformer."""
    config = network.config
    return [(layer, head) for layer in range(config.layers) for head in range(config.heads)]


__all__ = [
    "Head",
    "Loss",
    "all_heads",
    "field",
    "looks",
    "reach",
    "state_over_time",
    "without",
]
