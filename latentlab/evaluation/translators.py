"""CycleGANs for thick and thin digits, where the truth is known: it is a dilation."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from latentlab.baselines import morphology
from latentlab.checkpoints import Score
from latentlab.data import datasets
from latentlab.evaluation.base import Examination, Portrait, examinations
from latentlab.evaluation.shared import BATCH, classifier_of, splits
from latentlab.models import CycleGAN


def translator_scores(network: CycleGAN, data: str) -> Iterator[Score]:
    """Yield the mean absolute error on test pictures, in each direction and there and back.

    The network has seen no pair; here they exist. The baselines are dilation, which is the truth of
    the one direction, and erosion for the other. The classifier says how many digits stay what they
    are.
    """
    _, test = splits(data)
    classifier = classifier_of(data)
    thin = test.tensor()
    thick = morphology.dilate(thin)
    labels = torch.from_numpy(test.labels)

    def whole(turn: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        return torch.cat([turn(part) for part in x.split(BATCH)])

    def error(x: Tensor, y: Tensor) -> float:
        return (x - y).abs().mean().item()

    def kept(x: Tensor) -> float:
        guesses = torch.cat([classifier.logits(part).argmax(1) for part in x.split(BATCH)])
        return (guesses == labels).float().mean().item()

    as_thick, as_thin = whole(network.there, thin), whole(network.back, thick)
    eroded = morphology.erode(thick)
    yield Score("error, thicker", error(as_thick, thick), "", False, 0.0, "dilation, the truth")
    yield Score("error, thinner", error(as_thin, thin), "", False, error(eroded, thin), "erosion")
    yield Score("error of leaving it as it is", error(thin, thick), "", False)
    yield Score(
        "error, there and back",
        error(whole(network.back, as_thick), thin),
        "",
        False,
        error(eroded, thin),
        "dilation, then erosion",
    )
    yield Score("digit kept, thicker", kept(as_thick), "share", True, kept(thick), "dilation")
    yield Score("digit kept, thinner", kept(as_thin), "share", True, kept(eroded), "erosion")
    yield Score("digit kept, untouched", kept(thin), "share", True)


def turned_reference(network: CycleGAN, data: str) -> dict[str, Tensor]:
    """Return two samples, and what both generators make of them."""
    x = datasets.get(data).samples().tensor(slice(0, 2))
    return {"images": x, "there": network.there(x), "back": network.back(x)}


def turned_portrait(network: CycleGAN, x: Tensor, rng: torch.Generator) -> Portrait:
    """Return pictures as they are, as the second sort, and back again."""
    there = network.there(x)
    return Portrait((x, there, network.back(there)), ("as written", "thick", "and back"))


TRANSLATORS = examinations.add(
    "translator", Examination(CycleGAN, translator_scores, turned_reference, turned_portrait)
)
