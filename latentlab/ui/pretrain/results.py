"""What the Pretrain page reads once for all visitors."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.pretrain import binding

if TYPE_CHECKING:
    from latentlab.experiments import Result
    from latentlab.experiments.pretrain_moments import Moments


@st.cache_resource(max_entries=2, show_spinner=False, ttl=60)
def measured(name: str) -> "Result":
    """The result of an experiment that ships. Errors as ``experiments.load``."""
    from latentlab import experiments

    return experiments.load(name)


@st.cache_resource(max_entries=1, show_spinner=False, ttl=60)
def kept() -> "tuple[Moments, bytes]":
    """What was kept of three trainings, and as browsers fetch it. Errors as ``load``."""
    from latentlab.experiments import pretrain_moments

    moments = pretrain_moments.load()
    return moments, binding.packed(moments)
