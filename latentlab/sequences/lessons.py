"""A short training of several networks side by side, which one can watch and stop.

Associative recall has few pairs in short sequences here, so that a minute on a slow server is
enough for whoever finds the way; other tasks are as long as they are. All see the same batches.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from latentlab.data.sequences import NOT_ASKED, Batch, SequenceTask, recall, sequence_tasks
from latentlab.sequences import measures
from latentlab.sequences.nets import NETS

BATCH = 32
LENGTH = recall.EASY_LENGTH  # tokens of the longest sequence
EVERY = 10  # steps from one examination to the next
COUNT = 200  # sequences of an examination
RISE = 20  # steps in which the learning rate rises; then it stays
CLIP = 1.0
BETAS = (0.9, 0.98)


@dataclass(frozen=True)
class Moment:
    """How far the networks are.

    Attributes:
        step: of each network.
        seconds: since the beginning, all networks together.
        right: share of right answers by name of the network, at the most pairs and full length.
        loss: of the last batches, in nats, likewise.
    """

    step: int
    seconds: float
    right: dict[str, float]
    loss: dict[str, float]


def floor(task: str, pairs: int) -> float:
    """Return the share of right answers of who remembers nothing, in the examination of a task."""
    asked = sequence_tasks.get(task)
    return recall.floor(pairs) if asked is recall.RECALL else asked.floor(asked.length)


def learn(
    nets: Sequence[str], task: str, pairs: int, seconds: float, seed: int
) -> Iterator[Moment]:
    """Train networks, names in `NETS`, from nothing; yield a moment every `EVERY` steps.

    Args:
        nets: which ones; all get the same number of steps.
        task: which one, of `sequence_tasks`.
        pairs: the most that a sequence of recall has, 1 to 8; other tasks have none.
        seconds: after which it ends.
        seed: of the weights and of all that is drawn.
    """
    asked = sequence_tasks.get(task)
    rng = torch.Generator().manual_seed(seed)
    exam = _exam(asked, pairs)
    with torch.inference_mode(False):
        networks = {name: NETS[name].build(asked, seed).train() for name in nets}
        optimisers = {
            name: torch.optim.AdamW(
                network.parameters(), NETS[name].rate, BETAS, weight_decay=1e-2, fused=True
            )
            for name, network in networks.items()
        }
        started = time.monotonic()
        losses = dict.fromkeys(nets, float("nan"))
        step = 0
        while True:
            if step % EVERY == 0:
                right = {name: _examine(networks[name], exam) for name in nets}
                yield Moment(step, time.monotonic() - started, right, dict(losses))
                if time.monotonic() - started > seconds:
                    return
            batch = _lesson(asked, pairs, rng)
            for name, network in networks.items():
                for group in optimisers[name].param_groups:
                    group["lr"] = NETS[name].rate * min(1.0, (step + 1) / RISE)
                optimisers[name].zero_grad()
                loss = F.cross_entropy(
                    network(batch.x).flatten(0, 1), batch.y.flatten(), ignore_index=NOT_ASKED
                )
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), CLIP)
                optimisers[name].step()
                losses[name] = loss.item()
            step += 1


def _exam(task: SequenceTask, pairs: int) -> Batch:
    """Return what networks are examined with: recall in short sequences, others in full ones."""
    if task is recall.RECALL:
        held_out = torch.Generator().manual_seed(2**42 + pairs)
        return recall.draw(COUNT, held_out, length=LENGTH, pairs=pairs)
    return measures.examined(task, measures.held_out(task, COUNT, task.length))


def _lesson(task: SequenceTask, pairs: int, rng: torch.Generator) -> Batch:
    if task is recall.RECALL:
        return recall.draw_lessons(BATCH, rng, 0.0, most=pairs)
    return task.lessons(BATCH, rng, 1.0)


def _examine(network: nn.Module, exam: Batch) -> float:
    network.eval()
    found = measures.share_right(measures.logits_of(network, exam.x), exam.y)  # type: ignore[arg-type]
    network.train()
    return found
