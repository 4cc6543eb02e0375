"""How many free nats does a VAE of sentences need? Rate, reconstruction and likelihood for each.

All networks are the VAE of the grammar that ships but for ``free_bits`` (Kingma et al. 2016,
appendix C.8), the nats that each of the 16 numbers of a code may say without a charge. A sentence
of the grammar carries 11.54 nats.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    from latentlab.models import SentenceVAE
    from latentlab.training.recipes import Recipe

QUICK_EPOCHS = 1
BITS = (0.0, 0.5, 1.0, 2.0)
QUICK = (2.0,)

MEASURES = {
    "exact": Axis("sentences that come back word for word"),
    "words": Axis("words in place"),
    "rate": Axis("rate", "nats"),
    "active": Axis("active units"),
    "nll": Axis("−log p(x), by importance sampling", "nats"),
}
LESS = ("rate", "nll")  # the lower the better


def recipe(free_bits: float) -> "Recipe":
    """Return the recipe of the VAE with so many free nats a number; without any, on the bound."""
    from latentlab.training.recipes import sentences

    if free_bits == 0:
        return sentences.bound()
    shipped = free_bits == sentences.FREE_BITS
    return sentences.variational(free_bits, "" if shipped else f"free{round(100 * free_bits)}")


def lines() -> Iterator[Line]:
    """Yield a line of networks for each of ``MEASURES``."""
    for name, y in MEASURES.items():
        yield Line(
            name=name,
            label="VAE",
            group=name,
            y=y,
            higher_is_better=name not in LESS,
        )


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(f"free_{bits:g}", tuple((name, bits) for name in MEASURES), partial(_network, bits))
        for bits in (QUICK if quick else BITS)
    )


experiments.add(
    "sentences_bits",
    Experiment(
        name="sentences_bits",
        title="How many free bits does a VAE of sentences need?",
        question="How many free nats a number make a VAE of sentences use its code?",
        x=Axis("free nats for each number of the code", "nats"),
        data=(),  # the grammar is made by rule
        lines=tuple(lines()),
        plan=_plan,
        budget="3 epochs a network, without free bits 1",
        quick_budget="1 epoch a network",
        seeds=1,
    ),
)


def _network(free_bits: float, seed: int, effort: Effort) -> Work:
    return (yield from trained(recipe(free_bits), seed, effort))


def trained(recipe: "Recipe", seed: int, effort: Effort) -> Work:
    """Train a VAE of the grammar, and return what ``MEASURES`` names, in its order."""
    import torch

    from latentlab.experiments import networks
    from latentlab.models import SentenceVAE

    network = yield from networks.obtain(recipe, seed, effort, QUICK_EPOCHS)
    assert isinstance(network, SentenceVAE)
    with torch.inference_mode():
        return list(_measured(network, seed))


def _measured(network: "SentenceVAE", seed: int) -> Iterator[float]:
    """Yield what ``MEASURES`` names, in its order."""
    import torch

    from latentlab import metrics
    from latentlab.evaluation import sentences
    from latentlab.metrics import sentences as scores_of

    _, test = sentences.rows_of("grammar")
    z = sentences.codes(network, test)
    back = sentences.written(network, z)
    yield scores_of.exact_match(back, test)
    yield scores_of.token_accuracy(back, test)
    yield sentences.rate(network, test)
    yield float(metrics.active_units(z))
    yield sentences.nll(network, test, torch.Generator().manual_seed(seed))
