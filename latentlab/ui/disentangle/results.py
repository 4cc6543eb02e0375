"""What the Disentangle page computes or reads once for all visitors."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.shared import cache
from latentlab.ui.shared.browser_models import latent_space

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.experiments import Result
    from latentlab.experiments.disentanglement_maps import Maps
    from latentlab.tasks.disentangle import Sweep

DATA = "toon_faces"


@st.cache_resource(show_spinner=False)
def scores() -> dict[str, dict[str, float]]:
    """Every score of every code. Errors as ``experiments.load``."""
    from latentlab import experiments
    from latentlab.tasks import disentangle

    return disentangle.scores(experiments.load("disentanglement"))


@st.cache_resource(show_spinner=False)
def maps() -> "dict[str, Maps]":
    """The heat maps of every code. Errors as ``disentanglement_maps.load``."""
    from latentlab.experiments import disentanglement_maps

    return disentanglement_maps.load()


def titles() -> dict[str, str]:
    """What the scores are called."""
    from latentlab.experiments.disentanglement import SCORES

    return {name: label for name, (label, _) in SCORES.items()}


def shape() -> tuple[int, int, int]:
    """(C,H,W) of a face."""
    from latentlab.data import datasets

    return datasets.get(DATA).image_shape


def factor_names() -> list[str]:
    """The factors, in their order."""
    from latentlab.data import datasets

    return [factor.name for factor in datasets.get(DATA).factors]


@cache.per_checkpoint(max_entries=64)
def sweep(
    name: str, identity: str, numbers: tuple[int, ...], columns: int, _picture: "Tensor"
) -> "Sweep":
    """``disentangle.sweep`` around the code of a picture that ``identity`` tells from others."""
    from latentlab.latents import spaces
    from latentlab.tasks import disentangle

    space = latent_space(name, "network")
    return disentangle.sweep(space, spaces.encode(space, _picture[None])[0], numbers, columns)


@st.cache_resource(show_spinner=False)
def together() -> "Result":
    """What was measured of factors that go together. Errors as ``experiments.load``."""
    from latentlab import experiments

    return experiments.load("correlated")


@cache.per_checkpoint(max_entries=4, spinner="Encoding the sample pictures …")
def _codes(name: str) -> "Tensor":
    """The codes [N,D] of the sample pictures."""
    from latentlab.latents import spaces

    return spaces.encode(latent_space(name, "network"), cache.samples(DATA).tensor())


@cache.per_checkpoint(max_entries=64)
def entangled(name: str, identity: str, share: int, columns: int, _picture: "Tensor") -> "Tensor":
    """``disentangle.entangled`` around the code of a picture that ``identity`` tells apart."""
    from latentlab.latents import spaces
    from latentlab.tasks import disentangle

    space, factors = latent_space(name, "network"), cache.samples(DATA).factors
    assert factors is not None  # the data set of this page has them
    z = spaces.encode(space, _picture[None])[0]
    return disentangle.entangled(space, _codes(name), factors, share, z, columns)
