"""A classifier trained on a few labelled pictures, and on what an arm of a trial adds to them.

Every arm trains the same network from the same weights for the same number of steps; they differ in
what a batch consists of.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.baselines.augmentation import Deformation
from latentlab.models.images.classifier import ClassifierConfig, ConvClassifier
from latentlab.training.fit import schedule

BATCH = 64
CHANNELS = (16, 32, 64)  # of the classifier: a small one learns as much from so few pictures
INVENTED = 0.5  # of a batch, where something invents pictures
RATE, DECAY = 2e-3, 1e-2
EVALUATED = 1_000  # pictures at a time

Invent = Callable[[Tensor, torch.Generator], Tensor]  # classes [B] -> pictures [B, C, H, W]


@dataclass(frozen=True)
class Arm:
    """What is done to a batch: some of it may be invented, all of it may be deformed."""

    deform: Deformation | None = None
    invent: Invent | None = None

    def batch(self, x: Tensor, labels: Tensor, rng: torch.Generator) -> tuple[Tensor, Tensor]:
        """Return a batch drawn from labelled pictures ``[N, C, H, W]``, with its labels."""
        chosen = torch.randint(len(x), (BATCH,), generator=rng).to(x.device)
        pictures, classes = x[chosen], labels[chosen]
        if self.invent is not None:
            kept = BATCH - round(BATCH * INVENTED)
            # Of the classes of the pictures whose place they take.
            with torch.no_grad():
                invented = self.invent(classes[kept:], rng)
            pictures = torch.cat([pictures[:kept], invented])
        if self.deform is not None:
            pictures = self.deform.apply(pictures, rng)
        return pictures, classes


def train(
    x: Tensor, labels: Tensor, classes: int, arm: Arm, steps: int, seed: int
) -> Iterator[ConvClassifier]:
    """Train on labelled pictures ``[N, C, H, W]``, where they are; yield the network every step.

    It is one and the same; after the last step it is in evaluation mode.
    """
    shape = (int(x.shape[1]), int(x.shape[2]), int(x.shape[3]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = ConvClassifier(
            ClassifierConfig(image_shape=shape, channels=CHANNELS, classes=classes)
        )
    network.to(x.device).train()
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY, fused=True)
    rng = torch.Generator().manual_seed(seed)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * schedule(step / steps)
        pictures, known = arm.batch(x, labels, rng)
        optimiser.zero_grad()
        F.cross_entropy(network.logits(pictures), known).backward()
        optimiser.step()
        if step == steps - 1:
            network.eval()
        yield network


def error_rate(network: ConvClassifier, x: Tensor, labels: Tensor) -> float:
    """Return the share of pictures ``[N, C, H, W]`` that are given a wrong class, in percent."""
    with torch.inference_mode():
        guesses = torch.cat([network.logits(part).argmax(1) for part in x.split(EVALUATED)])
    return 100 * (guesses != labels).float().mean().item()
