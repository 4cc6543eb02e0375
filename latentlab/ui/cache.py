"""Every ``st.cache_*`` function of the app.

Models and data are ``cache_resource``: one copy for all visitors, never to be changed or trained.
Results are ``cache_data``. Every cache is bounded, and one keyed by a slider tightly so. Checkpoint
caches are keyed by name *and* by a stamp of the folder, so that a replaced folder is loaded anew;
results should be keyed by ``checkpoint(name).digest``, with the model itself passed as ``_model``.
"""

import importlib
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError

if TYPE_CHECKING:
    from latentlab.checkpoints import Checkpoint, LatentStatistics
    from latentlab.data import Images
    from latentlab.models.base import Network


def checkpoint(name: str) -> "Checkpoint":
    """The checkpoint called ``name``, verified once.

    Raises:
        UnknownNameError: there is no such folder.
        CheckpointError: its folder is incomplete or damaged.
    """
    return _checkpoint(name)


@st.cache_resource(max_entries=128, show_spinner=False)
def _checkpoint(name: str) -> "Checkpoint":
    from latentlab import checkpoints

    return checkpoints.load(name)


def model(name: str) -> "Network":
    """The network of a checkpoint, in eval mode on the CPU, shared by all visitors."""
    return _model(name, checkpoint(name).digest)


@st.cache_resource(max_entries=64, show_spinner="Loading the model …")
def _model(name: str, digest: str) -> "Network":
    return checkpoint(name).load_model()


def statistics(name: str) -> "LatentStatistics":
    """Where the training data lies in a checkpoint's latent space."""
    return _statistics(name, checkpoint(name).digest)


@st.cache_resource(max_entries=64, show_spinner=False)
def _statistics(name: str, digest: str) -> "LatentStatistics":
    return checkpoint(name).statistics()


@st.cache_resource(max_entries=8, show_spinner=False)
def samples(dataset: str) -> "Images":
    """The sample pictures of a data set that ship with the app (official test split)."""
    from latentlab.data import datasets

    return datasets.get(dataset).samples()


def title(name: str) -> str:
    """A checkpoint's title, or its name where the card cannot be read."""
    try:
        return checkpoint(name).card.title
    except LatentLabError:
        return f"{name} (damaged)"


def summary(name: str) -> str:
    """A checkpoint's one-line description; empty where the card cannot be read."""
    try:
        return checkpoint(name).card.summary
    except LatentLabError:
        return ""


def preload() -> None:
    """Import the slow libraries and load every checkpoint, so that first actions are fast too."""
    for module in ("torch", "sklearn.decomposition", "skimage.metrics", "plotly.graph_objects"):
        importlib.import_module(module)
    from latentlab import checkpoints

    for name in checkpoints.names():
        model(name)
