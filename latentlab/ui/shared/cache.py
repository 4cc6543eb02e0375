"""What all pages share of ``st.cache_*``: checkpoints, their networks, and the sample pictures.

Models and data are ``cache_resource``: one copy for all visitors, never to be changed or trained.
Every cache is bounded, and one keyed by a slider tightly so. What one page alone computes is kept
in that page's ``results.py``.
"""

import functools
import importlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

import streamlit as st

from latentlab import checkpoints
from latentlab.errors import LatentLabError
from latentlab.ui.shared.entry import Need

if TYPE_CHECKING:
    from latentlab.checkpoints import Checkpoint, ModelCard
    from latentlab.data import Images
    from latentlab.latents.statistics import LatentStatistics
    from latentlab.models import Network

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


@st.cache_data(ttl=10, max_entries=32, show_spinner=False)
def names(
    *, data: str | None = None, can: tuple[str, ...] = (), modality: str | None = None
) -> list[str]:
    """``checkpoints.names``, remembered for ten seconds; a folder dropped in appears by then."""
    return checkpoints.names(data=data, can=can, modality=modality)


def names_for(need: Need, data: str | None = None) -> list[str]:
    """The names of the checkpoints that a page's need fits, or those for a data set alone."""
    return names(data=data, can=tuple(sorted(need.abilities)), modality=need.modality)


@st.cache_resource(ttl=10, show_spinner=False)
def cards() -> "dict[str, ModelCard]":
    """The readable cards by checkpoint name, remembered for ten seconds."""
    return checkpoints.cards()


def checkpoint(name: str) -> "Checkpoint":
    """The checkpoint called ``name``, verified once, and again when its folder changes.

    Raises:
        UnknownNameError: there is no such folder.
        CheckpointError: its folder is incomplete or damaged.
    """
    return _checkpoint(name)[0]


def _stamp(held: "Checkpoint") -> int:
    """When the folder's manifest was last written, in nanoseconds; 0 when it is gone."""
    try:
        return (held.folder / checkpoints.MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


@st.cache_resource(
    max_entries=128, show_spinner=False, validate=lambda entry: entry[1] == _stamp(entry[0])
)
def _checkpoint(name: str) -> "tuple[Checkpoint, int]":
    loaded = checkpoints.load(name)
    return loaded, _stamp(loaded)


def per_checkpoint(
    *, max_entries: int, spinner: bool | str = False
) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Keep what a function makes of a checkpoint, and make it anew when the folder has changed.

    The function's first argument is the checkpoint's name. Arguments whose name begins with an
    underscore are not compared, as in Streamlit. What is kept is shared: nobody may change it.
    """

    def decorate(
        function: Callable[Concatenate[str, P], T],
    ) -> Callable[Concatenate[str, P], T]:
        # Streamlit tells cached functions apart by module, name and source, and compares arguments
        # by the names in the signature: `wraps` shows it those of the decorated function.
        @st.cache_resource(max_entries=max_entries, show_spinner=spinner)
        @functools.wraps(function)
        def kept(name: str, *args: P.args, **kwargs: P.kwargs) -> T:
            kwargs.pop("digest")  # only the key needs it
            return function(name, *args, **kwargs)

        @functools.wraps(function)
        def look_up(name: str, *args: P.args, **kwargs: P.kwargs) -> T:
            kwargs["digest"] = checkpoint(name).digest
            return kept(name, *args, **kwargs)

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


@st.cache_resource(max_entries=16, show_spinner=False)
def samples(dataset: str) -> "Images":
    """The sample pictures of a data set that ship with the app (official test split)."""
    from latentlab.data import datasets

    return datasets.get(dataset).samples()


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
    """Import the slow libraries and load every checkpoint, so that first actions are fast too."""
    for module in ("torch", "sklearn.decomposition", "skimage.metrics", "plotly.graph_objects"):
        importlib.import_module(module)
    for name in checkpoints.names():
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
