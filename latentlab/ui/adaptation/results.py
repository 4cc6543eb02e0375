"""What the Domain adaptation page computes or reads once for all visitors."""

from typing import TYPE_CHECKING, cast

import streamlit as st

from latentlab.tasks import adaptation as task
from latentlab.ui.shared import cache

if TYPE_CHECKING:
    from latentlab.adaptation.shifts import Shift
    from latentlab.experiments import Result
    from latentlab.models import Classifier
    from latentlab.tasks.adaptation import Source, Survey


def _network(name: str) -> "Classifier":
    return cast("Classifier", cache.model(name))


@cache.per_checkpoint(max_entries=2)
def source(name: str) -> "Source":
    """How a classifier reads the digits that it knows."""
    return task.source_of(_network(name))


@cache.per_checkpoint(max_entries=96)
def survey(name: str, shift: "Shift", scikit: bool) -> "Survey":
    """How it reads them shifted, or those of scikit-learn."""
    return task.survey(_network(name), source(name), shift, scikit)


@cache.per_checkpoint(max_entries=96)
def single(name: str, shift: "Shift") -> dict[str, float]:
    """How it reads them under each part of a shift alone."""
    return task.single(_network(name), shift)


@cache.per_checkpoint(max_entries=2)
def ladder(name: str) -> dict[str, tuple[float, ...]]:
    """How it reads them under every single shift of the table."""
    return task.ladder(_network(name))


@st.cache_resource(max_entries=4, show_spinner=False, ttl=60)
def measured(name: str) -> "Result":
    """The result of an experiment that ships. Errors as ``experiments.load``."""
    from latentlab import experiments

    return experiments.load(name)


@st.cache_resource(max_entries=1, show_spinner=False, ttl=60)
def kept() -> bytes:
    """What was kept of adaptations, as browsers fetch it. Errors as ``adaptation_moments.load``."""
    from latentlab.experiments import adaptation_moments
    from latentlab.ui.adaptation import binding

    return binding.packed(adaptation_moments.load())
