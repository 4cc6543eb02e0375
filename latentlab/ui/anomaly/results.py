"""What the Anomaly page computes once for all visitors."""

from typing import TYPE_CHECKING

from latentlab.errors import UnsupportedError
from latentlab.ui.shared import cache
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from latentlab.data.classes import Known
    from latentlab.experiments import Result
    from latentlab.tasks.anomaly import Hindsight, Judged, Method

STUDY = "anomaly"

_known: "Memo[Known]" = Memo(24)
_methods: "Memo[Method]" = Memo(64)
_judged: "Memo[Judged]" = Memo(64)
_hindsight: "Memo[Hindsight]" = Memo(64)
_results: "Memo[Result]" = Memo(2)


def known(data: str, normal: int) -> "Known":
    """What ships of a class. Errors as ``data.classes.known_of``."""
    from latentlab.data import classes

    return _known.get((data, normal), lambda: classes.known_of(data, normal))


def method(score: str, data: str, normal: int, percent: int = 0) -> "Method":
    """How pictures are scored.

    Raises:
        LatentLabError: the network that the score needs cannot be had.
    """
    from latentlab.tasks import anomaly

    name = anomaly.checkpoint(score, data, normal, percent)
    if name is not None and name not in cache.names(data=data, study=STUDY):
        raise UnsupportedError(
            "The network of this class is not here yet.", f"Run: latentlab train {name}."
        )

    def make() -> "Method":
        network = None if name is None else cache.model(name)
        return anomaly.method(score, known(data, normal), network)

    return _methods.get((score, data, normal, percent, _digest(name)), make)


def judged(score: str, data: str, normal: int, percent: int = 0) -> "Judged":
    """Scores of the shipped test pictures. Errors as ``method``."""
    from latentlab.tasks import anomaly

    by = method(score, data, normal, percent)
    name = anomaly.checkpoint(score, data, normal, percent)

    def make() -> "Judged":
        held_out = known(data, normal).held_out
        return anomaly.judged(by, cache.samples(data), normal, held_out)

    return _judged.get((score, data, normal, percent, _digest(name)), make)


def hindsight(score: str, data: str, normal: int) -> "Hindsight":
    """What thresholds chosen on small test sets claim, and what they do. Errors as ``method``."""
    from latentlab.tasks import anomaly

    found = judged(score, data, normal)
    key = (score, data, normal, _digest(anomaly.checkpoint(score, data, normal)))
    return _hindsight.get(key, lambda: anomaly.hindsight(found))


def measured(name: str) -> "Result":
    """The result of an experiment that ships. Errors as ``experiments.load``."""
    from latentlab import experiments

    return _results.get(name, lambda: experiments.load(name))


def _digest(name: str | None) -> str:
    return "" if name is None else cache.checkpoint(name).digest
