"""Does a VAE of sentences that has free bits gain by words that its writer is not told?

Word dropout (Bowman et al. 2016, section 3.1): a share of the words that the writer has already
written is hidden from it while it learns, so that it has to ask the code. All networks are the VAE
of the grammar that ships but for that share.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Work, experiments
from latentlab.experiments.sentences_bits import MEASURES, QUICK_EPOCHS, lines, trained

if TYPE_CHECKING:
    from latentlab.training.recipes import Recipe

SHARES = (0.0, 0.2, 0.4)
QUICK = (0.0,)


def recipe(share: float) -> "Recipe":
    """Return the recipe of the VAE whose writer is not told a share of the words."""
    from latentlab.training.recipes import sentences

    if share == 0:
        return sentences.variational()
    return sentences.variational(tag=f"dropout{round(100 * share)}", word_dropout=share)


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            f"share_{share:g}", tuple((name, share) for name in MEASURES), partial(_network, share)
        )
        for share in (QUICK if quick else SHARES)
    )


experiments.add(
    "sentences_dropout",
    Experiment(
        name="sentences_dropout",
        title="Does a VAE of sentences need words that are not told?",
        question="What does word dropout do for a VAE of sentences that has free bits already?",
        x=Axis("share of words that the writer is not told"),
        data=(),  # the grammar is made by rule
        lines=tuple(lines()),
        plan=_plan,
        budget="3 epochs a network",
        quick_budget=f"{QUICK_EPOCHS} epoch a network",
        seeds=1,
    ),
)


def _network(share: float, seed: int, effort: Effort) -> Work:
    return (yield from trained(recipe(share), seed, effort))
