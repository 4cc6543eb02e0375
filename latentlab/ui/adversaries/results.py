"""What is computed once for all visitors: the scale of the meter."""

import streamlit as st

from latentlab.adversaries import targets
from latentlab.adversaries.targets import Target
from latentlab.tasks import adversaries as task
from latentlab.tasks.adversaries import Scale


def target(name: str, drawing: str) -> Target:
    """Return a target by name; "drawn" is the one of ``drawing``, or an example without one."""
    if name != "drawn":
        return targets.get(name)
    return task.read_drawing(drawing) if drawing else task.example()


@st.cache_data(max_entries=32, show_spinner=False)
def scale(name: str, drawing: str) -> Scale:
    """Return what the meter reads of perfect samplers and of a mixture, for a target."""
    return task.scale(target(name, drawing))
