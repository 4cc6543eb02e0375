"""What the Transfer page computes once: lessons, and what ships of experiments."""

import functools
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.shared import cache

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.experiments import Result
    from latentlab.experiments.transfer_filters import Filters
    from latentlab.tasks.transfer import Lesson, Taught, Way

SAMPLES = 300  # of the data set, for a random network's batch normalisation
NEW = 40  # drawings of each symbol to test on
NEW_SEED = 1  # the lesson's own have seed 0


@st.cache_resource(max_entries=2, show_spinner=False, ttl=60)
def measured(name: str) -> "Result":
    """The result of an experiment that ships. Errors as ``experiments.load``."""
    from latentlab import experiments

    return experiments.load(name)


@st.cache_resource(max_entries=1, show_spinner=False, ttl=60)
def kept() -> "Filters":
    """The first filters that were kept. Errors as ``transfer_filters.load``."""
    from latentlab.experiments import transfer_filters

    return transfer_filters.load()


@cache.per_checkpoint(max_entries=8, spinner="Preparing the network …")
def ways(name: str) -> "Mapping[str, Way]":
    """All ways of looking, with the features of this network. Errors as ``representations``."""
    from latentlab.data.components import components
    from latentlab.tasks import transfer

    data = cache.checkpoint(name).card.data
    samples = cache.samples(data).tensor(slice(0, SAMPLES))
    return transfer.representations(cache.model(name), components(data), samples)


def key_of(lesson: "Lesson") -> str:
    """What tells a lesson from all others."""
    digest = hashlib.sha256(lesson.pictures.numpy().tobytes())
    digest.update(repr((lesson.names, lesson.labels)).encode())
    return digest.hexdigest()


@cache.per_checkpoint(max_entries=32)
def taught(name: str, key: str, _lesson: "Lesson") -> "Mapping[str, Taught]":
    """All ways of looking after a lesson, known by ``key_of``."""
    from latentlab.tasks import transfer

    return {way: transfer.teach(look, _lesson) for way, look in ways(name).items()}


@cache.per_checkpoint(max_entries=32, spinner="Leaving one drawing out at a time …")
def left_out(name: str, key: str, _lesson: "Lesson") -> "Mapping[str, float | None]":
    """How well each way classifies a drawing that was left out, in per cent."""
    from latentlab.tasks import transfer

    return {way: transfer.leave_one_out(look, _lesson) for way, look in ways(name).items()}


@cache.per_checkpoint(max_entries=32)
def tested(name: str, key: str, names: tuple[str, ...], _lesson: "Lesson") -> "Mapping[str, float]":
    """How well each way classifies new drawings of symbols, in per cent."""
    from latentlab.tasks import transfer

    pictures, labels = symbols(names, NEW, NEW_SEED)
    return {
        way: transfer.tested(machine, pictures, labels.tolist())
        for way, machine in taught(name, key, _lesson).items()
    }


@functools.lru_cache(maxsize=32)
def symbols(names: tuple[str, ...], count: int, seed: int) -> "tuple[Tensor, Tensor]":
    """Drawings of symbols, and their places in ``names``; see ``data.symbols.drawings``."""
    from latentlab.data.symbols import drawings

    return drawings(names, count, seed)
