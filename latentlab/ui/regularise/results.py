"""What the Regularise page computes once for all visitors."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import LatentLabError
from latentlab.ui.shared import browser_models, cache
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.experiments import Result
    from latentlab.models import Autoencoder
    from latentlab.tasks.regularise import Beside, Column, Seen, Version

EXPERIMENT = STUDY = "regularise"
DATA = "mnist"  # which has every version; others have the usual ones


@st.cache_resource(max_entries=4, show_spinner=False)
def components(data: str) -> "PrincipalComponents":
    """The first 64 principal components of a training split. Errors as ``data.components``."""
    from latentlab.data.components import components

    return components(data)


@st.cache_resource(max_entries=4, show_spinner=False)
def linear_chain(data: str) -> tuple[bytes, bytes]:
    """As ``browser_models.browser_network``, of these components."""
    from latentlab import export

    return browser_models.whole_files(export.end_to_end_pca(components(data)), f"pca.{data}", data)


def there(data: str) -> "tuple[Column, ...]":
    """The columns of a data set, each with those of its versions whose checkpoints are here."""
    from dataclasses import replace

    from latentlab.tasks import regularise

    names = set(cache.names(data=data, study=STUDY))
    found = []
    for column in regularise.COLUMNS:
        versions = tuple(
            version
            for version in column.versions
            if column.name == regularise.PCA
            or regularise.checkpoint(column, data, version) in names
        )
        if versions:
            usual = column.usual if column.usual in [v.name for v in versions] else versions[0].name
            found.append(replace(column, versions=versions, usual=usual))
    return tuple(found)


def network(column: "Column", data: str, version: "Version") -> "Autoencoder":
    """The network of a version.

    Raises:
        LatentLabError: as ``cache.model``, or it is no autoencoder.
    """
    from latentlab.errors import UnsupportedError
    from latentlab.models import Autoencoder
    from latentlab.tasks import regularise

    name = regularise.checkpoint(column, data, version)
    found = cache.model(name)
    if not isinstance(found, Autoencoder):
        raise UnsupportedError(f"{name} is no autoencoder.")
    return found


def beside(column: "Column", data: str, version: "Version") -> "Beside":
    """``regularise.beside`` of a version. Errors as ``network``."""
    from latentlab.tasks import regularise

    if column.name == regularise.PCA:
        return regularise.beside_linear(components(data))
    statistics = cache.statistics(regularise.checkpoint(column, data, version))
    return regularise.beside(network(column, data, version), statistics, column.damaged)


def score(column: "Column", data: str, version: "Version", name: str) -> float | None:
    """What the card of a version says of one score; None where it has none."""
    from latentlab.tasks import regularise

    if column.name == regularise.PCA:
        return None
    card = cache.checkpoint(regularise.checkpoint(column, data, version)).card
    return next((one.value for one in card.scores if one.name == name), None)


_seen: "Memo[dict[str, Seen]]" = Memo(128)


def looks(
    data: str,
    identity: str,
    inputs: "tuple[Tensor, Tensor, Tensor]",
    chosen: "Mapping[str, tuple[Column, Version]]",
    settings: str,
) -> "tuple[dict[str, Seen], list[LatentLabError]]":
    """What every chosen network makes of a picture, and what is wrong with the others.

    Args:
        data: name of the data set.
        identity: tells the picture from others.
        inputs: the picture, the same under noise, standard normal numbers for the random code.
        chosen: by column.
        settings: tells noise and random code from others.
    """
    from latentlab.tasks import regularise

    x, noisy, drawn = inputs
    broken: list[LatentLabError] = []
    usable: dict[str, tuple[Column, Version]] = {}
    digests = []
    for name, (column, version) in chosen.items():
        try:
            if name != regularise.PCA:
                network(column, data, version)
                digests.append(
                    cache.checkpoint(regularise.checkpoint(column, data, version)).digest
                )
        except LatentLabError as error:  # the others can still be compared
            broken.append(error)
            continue
        usable[name] = (column, version)

    def make() -> "dict[str, Seen]":
        made = {}
        for name, (column, version) in usable.items():
            if name == regularise.PCA:
                pca = components(data)
                made[name] = regularise.look_linear(pca, x, noisy, drawn[: pca.k])
                continue
            net = network(column, data, version)
            statistics = cache.statistics(regularise.checkpoint(column, data, version))
            own = drawn[: net.latent_size]
            made[name] = regularise.look(net, statistics, x, noisy, own, column.damaged)
        return made

    return _seen.get((data, identity, settings, *digests), make), broken


@st.cache_resource(max_entries=1, show_spinner=False, ttl=60)
def measured() -> "Result":
    """The result of the experiment that ships. Errors as ``experiments.load``."""
    from latentlab import experiments

    return experiments.load(EXPERIMENT)
