"""What an answer rests on: gradients back to each token, states, fields, heads, and their loss."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.data.sequences import NOT_ASKED
from latentlab.data.sequences.base import Batch
from latentlab.models import CausalCNN, Recurrent, SequenceLabeller, Transformer
from latentlab.models.sequences.attention import Trace

Head = tuple[int, int]  # layer and head, from 0


@dataclass(frozen=True)
class Answer:
    """What is answered after the last token, and what the answer hangs on.

    Attributes:
        chances: of every answer, ``[outputs]``, which sum to 1.
        best: number of the likeliest.
        reach: how strongly its logit hangs on each token, ``[T]``: the Euclidean norm of the
            gradient with respect to the vector of that token (saliency, Simonyan et al. 2014).
    """

    chances: Tensor
    best: int
    reach: Tensor


def answer(network: SequenceLabeller, x: Tensor) -> Answer:
    """Return the answer after the last token of ``x`` ``[1, T]``, and how far it reaches back.

    One way forward serves both.
    """
    with torch.inference_mode(False), torch.enable_grad():
        tokens = network.check_tokens(x.clone())
        vectors = network.embed(tokens).detach().clone().requires_grad_()
        logits = network.read(vectors)[0, -1]
        best = int(logits.argmax())
        (gradient,) = torch.autograd.grad(logits[best], vectors)
    return Answer(logits.detach().softmax(-1), best, gradient[0].norm(dim=-1))


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


def looks(layers: Sequence[Trace], at: int) -> dict[Head, Tensor]:
    """Return where each head looks from position ``at``: weights ``[T]`` that sum to 1.

    ``layers`` are what `Transformer.attention` returns of one sequence.
    """
    return {
        (layer, head): trace.weights[0, head, at]
        for layer, trace in enumerate(layers)
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
    "Answer",
    "Head",
    "Loss",
    "all_heads",
    "answer",
    "field",
    "looks",
    "state_over_time",
    "without",
]
