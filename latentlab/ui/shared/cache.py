"""What all pages keep: checkpoints, their networks, and the sample pictures.

One copy of each for all visitors, never to be changed or trained. Every cache is bounded, and one
keyed by a slider tightly so. What one page alone computes is kept in that page's ``results.py``.
"""

import functools
import importlib
import inspect
import itertools
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from latentlab import checkpoints
from latentlab.errors import LatentLabError
from latentlab.ui.shared import _streamlit
from latentlab.ui.shared.entry import Need
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from latentlab.checkpoints import Checkpoint, ModelCard
    from latentlab.data import Images
    from latentlab.latents.statistics import LatentStatistics
    from latentlab.models import Network

P = ParamSpec("P")
T = TypeVar("T")

FRESH = 10.0  # seconds; a folder that is dropped in appears by then

_log = logging.getLogger(__name__)


def names(
    *,
    data: str | None = None,
    can: tuple[str, ...] = (),
    modality: str | None = None,
    study: str | None = None,
) -> list[str]:
    """``checkpoints.names``, remembered for ten seconds."""

    def find() -> list[str]:
        return checkpoints.names(data=data, can=can, modality=modality, study=study, known=cards())

    return list(_names.get((time.monotonic() // FRESH, data, can, modality, study), find))


def names_for(need: Need, data: str | None = None) -> list[str]:
    """The names of the checkpoints that a page's need fits, or those for a data set alone."""
    abilities = tuple(sorted(need.abilities))
    return names(data=data, can=abilities, modality=need.modality, study=need.study)


def cards() -> "dict[str, ModelCard]":
    """The readable cards by checkpoint name, remembered for ten seconds."""
    return _cards.get(time.monotonic() // FRESH, checkpoints.cards)


_names: Memo[list[str]] = Memo(32)
_cards: "Memo[dict[str, ModelCard]]" = Memo(1)


def checkpoint(name: str) -> "Checkpoint":
    """The checkpoint called ``name``, verified once, and again when its folder changes.

    Raises:
        UnknownNameError: there is no such folder.
        CheckpointError: its folder is incomplete or damaged.
    """

    def load() -> "tuple[Checkpoint, int]":
        loaded = checkpoints.load(name)
        return loaded, _stamp(loaded)

    held, stamp = _checkpoints.get(name, load)
    if stamp != _stamp(held):
        _checkpoints.drop(name)
        held, _ = _checkpoints.get(name, load)
    return held


def _stamp(held: "Checkpoint") -> int:
    """When the folder's manifest was last written, in nanoseconds; 0 when it is gone."""
    try:
        return (held.folder / checkpoints.MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


# More than ship: *Models* asks for all of them, and with fewer places each would push out the next.
_checkpoints: "Memo[tuple[Checkpoint, int]]" = Memo(1024)


def per_checkpoint(
    *, max_entries: int, spinner: str = ""
) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Keep what a function makes of a checkpoint, and make it anew when the folder has changed.

    The function's first argument is the checkpoint's name, the others are given by position and can
    be hashed, but for those whose name begins with an underscore: they are not compared. What is
    kept is shared: nobody may change it.
    """

    def decorate(
        function: Callable[Concatenate[str, P], T],
    ) -> Callable[Concatenate[str, P], T]:
        kept: Memo[T] = Memo(max_entries)
        _, *parameters = inspect.signature(function).parameters
        compared = [not parameter.startswith("_") for parameter in parameters]

        @functools.wraps(function)
        def look_up(name: str, *args: P.args, **kwargs: P.kwargs) -> T:
            assert not kwargs, "what is kept is told apart by position"

            def make() -> T:
                with _streamlit.spinner(spinner):
                    return function(name, *args, **kwargs)

            key = (name, checkpoint(name).digest, *itertools.compress(args, compared))
            return kept.get(key, make)

        return cast("Callable[Concatenate[str, P], T]", look_up)

    return decorate


@per_checkpoint(max_entries=128, spinner="Loading the model …")
def model(name: str) -> "Network":
    """The network of a checkpoint, in eval mode on the CPU, shared by all visitors.

    Raises:
        LatentLabError: as ``checkpoint``; or the weights do not fit the config.
    """
    return checkpoint(name).load_model()


@per_checkpoint(max_entries=128)
def statistics(name: str) -> "LatentStatistics":
    """Where the training data lies in a checkpoint's latent space. Errors as ``model``."""
    return checkpoint(name).statistics()


def samples(dataset: str) -> "Images":
    """The sample pictures of a data set that ship with the app (official test split)."""
    from latentlab.data import datasets

    return _samples.get(dataset, lambda: datasets.get(dataset).samples())


_samples: "Memo[Images]" = Memo(16)


def usable() -> "tuple[dict[str, Checkpoint], dict[str, LatentLabError]]":
    """All checkpoints that can be used, and the reason for each that cannot; see ``checkpoint``."""
    found: dict[str, Checkpoint] = {}
    broken: dict[str, LatentLabError] = {}
    for name in names():
        try:
            found[name] = checkpoint(name)
        except LatentLabError as error:
            broken[name] = error
    return found, broken


def preload() -> None:
    """Import the slow libraries and load the checkpoints, so that first actions are fast too.

    Those of studies are small and many: their pages load the few that somebody looks at.
    """
    for module in ("torch", "sklearn.decomposition", "skimage.metrics", "plotly.graph_objects"):
        importlib.import_module(module)
    studied = {name for name, card in checkpoints.cards().items() if card.study}
    for name in checkpoints.names():
        if name in studied:
            continue
        try:
            model(name)
        except LatentLabError as error:  # its page will say so to whoever chooses it
            _log.warning("%s", error)


def classifier(dataset: str) -> str | None:
    """The name of the classifier for a data set; None when there is none that can be used."""
    from latentlab.data import datasets

    name = datasets.get(dataset).classifier
    if name is None or name not in names(can=("classifies",)):
        return None
    try:
        model(name)
    except LatentLabError as error:  # the Models page shows why
        _log.warning("%s", error)
        return None
    return name
