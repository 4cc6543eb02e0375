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

SEMANTICS = 16  # numbers that TF-IDF and SVD get: as many as a code has

_known: "Memo[Known]" = Memo(1)
_counted: "Memo[Trigrams]" = Memo(1)
_semantics: "Memo[LatentSemantics]" = Memo(1)
_results: "Memo[Result]" = Memo(1)


def known() -> "Known":
    """Test sentences of the grammar with their factors."""
    from latentlab.tasks import sentences

    return _known.get(0, sentences.known)


def counted() -> "Trigrams":
    """Trigrams of training sentences of the grammar."""
    from latentlab.tasks import sentences

    return _counted.get(0, sentences.counted)


def semantics() -> "LatentSemantics":
    """TF-IDF and SVD of the known sentences."""
    from latentlab.tasks import sentences

    return _semantics.get(0, lambda: sentences.semantics(known(), SEMANTICS))


def measured() -> "Result":
    """The result of the experiment. Errors as ``experiments.load``."""
    from latentlab import experiments

    return _results.get(0, lambda: experiments.load("sentences"))


@cache.per_checkpoint(max_entries=8)
def codes(name: str) -> "Tensor":
    """The codes of the known sentences. Errors as ``choices.chosen``."""
    from latentlab.tasks import sentences

    return sentences.codes(choices.chosen(name).network, known())


@cache.per_checkpoint(max_entries=8)
def means(name: str) -> "Means":
    """The mean codes of every value of every factor. Errors as ``choices.chosen``."""
    from latentlab.latents.changes import Means

    return Means.of(codes(name), known().factors)


@cache.per_checkpoint(max_entries=8, spinner="Asking whether the code is in use …")
def health(name: str) -> "Health":
    """Whether a network uses its codes. Errors as ``choices.chosen``."""
    from latentlab.tasks import sentences

    return sentences.health(choices.chosen(name).network, known().rows)


@cache.per_checkpoint(max_entries=64, spinner="Finding a direction …")
def direction(name: str, method: str, attribute: str) -> "Direction":
    """A direction and what it does. Errors as ``choices.chosen``."""
    from latentlab.tasks import sentences

    return sentences.direction(choices.chosen(name).network, known(), method, attribute)
