"""What the Sequences page reads and keeps, each once for all visitors."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.sequences import STUDIED
from latentlab.ui.shared import cache
from latentlab.ui.shared.background import Background
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from latentlab.experiments import Result
    from latentlab.models import SequenceLabeller
    from latentlab.sequences.lessons import Moment
    from latentlab.tasks.sequences import Ablation


@st.cache_resource(max_entries=4, show_spinner=False, ttl=60)
def measured(name: str) -> "Result":
    """The result of an experiment that ships. Errors as ``experiments.load``."""
    from latentlab import experiments

    return experiments.load(name)


def spread(result: "Result") -> str:
    """What bands around the curves of a result are, in a sentence."""
    if len(result.seeds) < 2:
        return "One training each, which has no spread: small differences mean nothing."
    return f"Bands: one standard deviation over {len(result.seeds)} seeds."


def names(task: str) -> dict[str, str]:
    """The checkpoints of a task by the name of their network, in the page's order."""
    from latentlab.tasks import sequences

    there = set(cache.names_for(STUDIED, task))
    found = {}
    for net in sequences.NETS:
        family = {"cnn": "causal_cnn", "transformer": "transformer"}.get(net, "recurrent")
        name = f"{family}.{task}" + (f"_{net}" if family == "recurrent" else "")
        if name in there:
            found[net] = name
    return found


def networks(task: str) -> "dict[str, SequenceLabeller]":
    """The networks that answer for a task. Errors as ``cache.model``."""
    from latentlab.models import SequenceLabeller

    found = {}
    for net, name in names(task).items():
        network = cache.model(name)
        assert isinstance(network, SequenceLabeller)  # the page asks for no other kind
        found[net] = network
    return found


@cache.per_checkpoint(max_entries=32)
def ablations(name: str, task: str) -> "tuple[Ablation, ...]":
    """What is left without each head of a Transformer; none for other networks."""
    from latentlab.models import SequenceLabeller
    from latentlab.tasks import sequences

    network = cache.model(name)
    assert isinstance(network, SequenceLabeller)
    return sequences.ablations(network, task)


@st.cache_resource(show_spinner=False)
def background() -> Background:
    """The queue in which networks are trained, one for all visitors: one class at a time."""
    return Background(waiting=4, kept=16)


def moments(key: Hashable) -> "list[Moment]":
    """What has been seen so far of the training called ``key``; the training itself adds to it."""
    return _moments.get(key, list)


_moments: "Memo[list[Moment]]" = Memo(16)


def forget(key: Hashable) -> None:
    """Begin the training called ``key`` with nothing seen."""
    _moments.drop(key)
