"""What does a VAE's code keep of a sentence: of a grammar, of a dictionary's examples, of captions?

The networks of the grammar and of WordNet's examples are those that ship. The one of captions
learns from captions and WordNet's examples together and is measured on captions; it does not ship,
nor does any caption. Trigrams count which word follows two others in the same training split;
TF-IDF and SVD to as many numbers as the code has answer with the nearest of 10,000 training
sentences.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    from latentlab.training.recipes import Recipe

QUICK_EPOCHS = 1
TITLES = {"grammar": "Grammar", "wordnet": "WordNet examples", "captions": "Captions"}
# What is measured, and by which name `latentlab evaluate` has it.
MEASURES = {
    "exact": (Axis("sentences that come back word for word"), "exact sentences"),
    "words": (Axis("words in place"), "words in place"),
    "rate": (Axis("rate", "nats"), "rate (KL)"),
    "active": (Axis("active units"), "active units"),
    "nll": (Axis("−log p(x), by importance sampling", "nats"), "NLL"),
}
BASELINES = {"exact": "TF-IDF and SVD", "words": "TF-IDF and SVD", "nll": "Trigrams"}
LESS = ("rate", "nll")  # the lower the better


def recipe(corpus: str) -> "Recipe":
    """Return the recipe behind a name on the x axis."""
    from latentlab.training.recipes import sentences

    return {
        "grammar": sentences.variational,
        "wordnet": sentences.wordnet,
        "captions": sentences.captions,
    }[corpus]()


def _lines() -> Iterator[Line]:
    for name, (y, _) in MEASURES.items():
        line = partial(Line, group=name, y=y, higher_is_better=name not in LESS)
        yield line(name=name, label="VAE")
        if name in BASELINES:
            yield line(name=f"{name}.baseline", label=BASELINES[name], baseline=True)


def _plan(quick: bool) -> tuple[Cell, ...]:
    names = (*MEASURES, *(f"{name}.baseline" for name in BASELINES))
    return tuple(
        Cell(corpus, tuple((name, corpus) for name in names), partial(_network, corpus))
        for corpus in (("grammar",) if quick else TITLES)
    )


experiments.add(
    "sentences_corpora",
    Experiment(
        name="sentences_corpora",
        title="What does a code keep of a sentence?",
        question="How much of a sentence comes back from a VAE's code, and for which sentences?",
        x=Axis("sentences"),
        data=(),  # said by the corpora themselves where they are not on this machine
        lines=tuple(_lines()),
        plan=_plan,
        budget="grammar 3 epochs, WordNet examples 40, captions 6",
        quick_budget="1 epoch, of the grammar alone",
        seeds=1,
    ),
)


def _network(corpus: str, seed: int, effort: Effort) -> Work:
    from latentlab import evaluation
    from latentlab.experiments import networks

    network = yield from networks.obtain(recipe(corpus), seed, effort, QUICK_EPOCHS)
    scores = {score.name: score for score in evaluation.scores(network, recipe(corpus).data)}
    found = [scores[name].value for _, name in MEASURES.values()]
    for name in BASELINES:
        baseline = scores[MEASURES[name][1]].baseline
        assert baseline is not None
        found.append(baseline)
    return found
