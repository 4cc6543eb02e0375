"""What the Bottleneck page computes once for all visitors."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.shared import browser_models, cache
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.experiments import Result
    from latentlab.tasks.bottleneck import Attempt, Reconstructs, Turning

Key = tuple[str, int]  # method and k

EXPERIMENT = "bottleneck"
TURNED = "mnist"  # whose linear autoencoder of 8 numbers has kept its training
WIDE = "shallow_autoencoder.mnist_k1024"


@st.cache_resource(max_entries=4, show_spinner=False)
def components(data: str) -> "PrincipalComponents":
    """The first 64 principal components of a training split. Errors as ``data.components``."""
    from latentlab.data.components import components

    return components(data)


def names(data: str) -> dict[Key, str]:
    """The checkpoints of a data set that are there, by method and k."""
    from latentlab.tasks import bottleneck

    there = set(cache.names(data=data, study="bottleneck"))
    asked = {
        (method, k): bottleneck.checkpoint(method, data, k)
        for method in bottleneck.METHODS
        if method != "pca"
        for k in bottleneck.SIZES
    }
    return {key: name for key, name in asked.items() if name in there}


def models(found: dict[Key, str]) -> "tuple[dict[Key, Reconstructs], list[LatentLabError]]":
    """The networks of these checkpoints, and what is wrong with those that cannot be used."""
    from latentlab.models import Autoencoder

    usable: dict[Key, Reconstructs] = {}
    broken: list[LatentLabError] = []
    for key, name in found.items():
        try:
            network = cache.model(name)
        except LatentLabError as error:  # the others can still be compared
            broken.append(error)
            continue
        if isinstance(network, Autoencoder):
            usable[key] = network
    return usable, broken


_attempts: "Memo[tuple[Attempt, ...]]" = Memo(256)


def attempts(
    data: str, identity: str, picture: "Tensor", networks: "dict[Key, Reconstructs]", digests: str
) -> "tuple[Attempt, ...]":
    """``bottleneck.attempts`` of a picture that ``identity`` tells from others, PCA's included.

    ``digests`` tells the networks from others.
    """
    from latentlab.tasks import bottleneck

    def make() -> "tuple[Attempt, ...]":
        pca = components(data)
        linear = {("pca", k): pca.truncate(k).reconstruct for k in bottleneck.SIZES}
        return bottleneck.attempts(picture, {**linear, **networks})

    return _attempts.get((data, identity, digests), make)


@st.cache_resource(max_entries=4, show_spinner=False)
def pca_chain(data: str) -> tuple[bytes, bytes]:
    """As ``browser_models.browser_network``, of all principal components that ship."""
    from latentlab import export

    whole = export.end_to_end_pca(components(data))
    return browser_models.whole_files(whole, f"pca.{data}", data)


@st.cache_resource(max_entries=1, show_spinner=False, ttl=60)
def measured() -> "Result":
    """The result of the experiment that ships. Errors as ``experiments.load``."""
    from latentlab import experiments

    return experiments.load(EXPERIMENT)


@cache.per_checkpoint(max_entries=2, spinner="Following the axes …")
def turning(name: str, penalised: str | None) -> "Turning":
    """``bottleneck.turning`` of a run that has kept its moments, and of one that goes on from it.

    Raises:
        LatentLabError: as ``cache.checkpoint``; or there are no such moments.
    """
    from latentlab.tasks import bottleneck

    second = None if penalised is None else _moments(penalised)
    pca = components(cache.checkpoint(name).card.data)
    return bottleneck.turning(_moments(name), second, pca)


def _moments(name: str) -> "dict[str, Tensor]":
    from safetensors import SafetensorError
    from safetensors.torch import load

    from latentlab.errors import UnsupportedError

    try:
        return load(cache.checkpoint(name).file("snapshots.safetensors"))
    except SafetensorError:
        raise UnsupportedError(f"The moments of {name} cannot be read.") from None
