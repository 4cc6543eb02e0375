"""Every ``st.cache_*`` function of the app.

Models and data are ``cache_resource``: one copy for all visitors, never to be changed or trained.
Results are ``cache_data``. Every cache is bounded, and one keyed by a slider tightly so. A result
that comes from a model is keyed by the checkpoint's name and ``checkpoint(name).digest``, so that
a replaced folder is computed anew; the model itself goes in as ``_model``, which is not hashed.
"""

import importlib
import logging
from typing import TYPE_CHECKING

import streamlit as st

from latentlab import checkpoints
from latentlab.errors import LatentLabError

if TYPE_CHECKING:
    from latentlab.checkpoints import Checkpoint, LatentStatistics, ModelCard
    from latentlab.data import Images
    from latentlab.models import Network

_log = logging.getLogger(__name__)


@st.cache_data(ttl=10, max_entries=32, show_spinner=False)
def names(*, data: str | None = None, kind: str | None = None) -> list[str]:
    """``checkpoints.names``, remembered for ten seconds; a folder dropped in appears by then."""
    return checkpoints.names(data=data, kind=kind)


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


def model(name: str) -> "Network":
    """The network of a checkpoint, in eval mode on the CPU, shared by all visitors.

    Raises:
        LatentLabError: as ``checkpoint``; or the weights do not fit the config.
    """
    return _model(name, checkpoint(name).digest)


@st.cache_resource(max_entries=128, show_spinner="Loading the model …")
def _model(name: str, digest: str) -> "Network":
    return checkpoint(name).load_model()


def statistics(name: str) -> "LatentStatistics":
    """Where the training data lies in a checkpoint's latent space. Errors as ``model``."""
    return _statistics(name, checkpoint(name).digest)


@st.cache_resource(max_entries=128, show_spinner=False)
def _statistics(name: str, digest: str) -> "LatentStatistics":
    return checkpoint(name).statistics()


@st.cache_resource(max_entries=16, show_spinner=False)
def samples(dataset: str) -> "Images":
    """The sample pictures of a data set that ship with the app (official test split)."""
    from latentlab.data import datasets

    return datasets.get(dataset).samples()


def preload() -> None:
    """Import the slow libraries and load every checkpoint, so that first actions are fast too."""
    for module in ("torch", "sklearn.decomposition", "skimage.metrics", "plotly.graph_objects"):
        importlib.import_module(module)
    for name in checkpoints.names():
        try:
            model(name)
        except LatentLabError as error:  # its page will say so to whoever chooses it
            _log.warning("%s", error)
