"""What the Sentences page computes once for all visitors."""

from typing import TYPE_CHECKING

from latentlab.ui.sentences import choices
from latentlab.ui.shared import cache
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.baselines.tfidf import LatentSemantics
    from latentlab.baselines.trigrams import Trigrams
    from latentlab.experiments import Result
    from latentlab.latents.changes import Means
    from latentlab.tasks.sentences import Direction, Health, Known

_known: "Memo[Known]" = Memo(4)
_counted: "Memo[Trigrams]" = Memo(1)
_semantics: "Memo[LatentSemantics]" = Memo(4)
_results: "Memo[Result]" = Memo(4)


def known(data: str) -> "Known":
    """Sentences of a set of texts that no network has learnt from, with what is known of them."""
    from latentlab.data import corpora
    from latentlab.tasks import sentences

    return _known.get(data, lambda: sentences.known(corpora.get(data)))


def counted() -> "Trigrams":
    """Trigrams of training sentences of the grammar."""
    from latentlab.tasks import sentences

    return _counted.get(0, sentences.counted)


def semantics(data: str, k: int) -> "LatentSemantics":
    """TF-IDF and SVD of the known sentences to so many numbers: as many as a code has."""
    from latentlab.tasks import sentences

    return _semantics.get((data, k), lambda: sentences.semantics(known(data), k))


def measured(experiment: str = "sentences") -> "Result":
    """The result of an experiment. Errors as ``experiments.load``."""
    from latentlab import experiments

    return _results.get(experiment, lambda: experiments.load(experiment))


@cache.per_checkpoint(max_entries=8)
def codes(name: str) -> "Tensor":
    """The codes of the known sentences. Errors as ``choices.chosen``."""
    from latentlab.tasks import sentences

    chosen = choices.chosen(name)
    return sentences.codes(chosen.network, known(chosen.corpus.name))


@cache.per_checkpoint(max_entries=8)
def means(name: str) -> "Means":
    """The mean codes of every value of every factor. Errors as ``choices.chosen``."""
    from latentlab.latents.changes import Means

    return Means.of(codes(name), known(choices.GRAMMAR).factors)


@cache.per_checkpoint(max_entries=8, spinner="Asking whether the code is in use …")
def health(name: str) -> "Health":
    """Whether a network uses its codes. Errors as ``choices.chosen``."""
    from latentlab.tasks import sentences

    chosen = choices.chosen(name)
    return sentences.health(chosen.network, known(chosen.corpus.name).rows)


@cache.per_checkpoint(max_entries=64, spinner="Finding a direction …")
def direction(name: str, method: str, attribute: str) -> "Direction":
    """A direction and what it does. Errors as ``choices.chosen``."""
    from latentlab.tasks import sentences

    return sentences.direction(
        choices.chosen(name).network, known(choices.GRAMMAR), method, attribute
    )
