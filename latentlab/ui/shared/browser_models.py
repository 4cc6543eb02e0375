"""Networks that visitors' browsers run: what they fetch, and whether they may.

    decoder = browser_models.publish_decoder("vae.mnist_k16", "network")

A latent space is here too, since whoever decodes, in the browser or on the server, decodes in one.
"""

import json
import logging
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import UnsupportedError
from latentlab.ui.shared import cache, component, draw_pad, state

if TYPE_CHECKING:
    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.experiments.named_directions import Directions
    from latentlab.export import Whole
    from latentlab.latents.spaces import Axis, DrawnBy, Space

MOST_BYTES = 4_000_000  # of compressed weights: more is too long a wait on a shared wireless
_log = logging.getLogger(__name__)
_BY = "decode"  # in the address: "server" asks the server to decode


@cache.per_checkpoint(max_entries=128, spinner="Preparing the latent space …")
def latent_space(name: str, drawn_by: "DrawnBy") -> "Space":
    """The latent space of a checkpoint, or of principal components with as many numbers.

    Raises:
        LatentLabError: as ``cache.model`` and ``cache.samples``.
    """
    from latentlab.latents import spaces
    from latentlab.models import LatentModel

    network = cache.model(name)
    assert isinstance(network, LatentModel)  # the page offers no other kind
    if drawn_by == "network":
        return spaces.network_space(network, cache.statistics(name), named_axes(name))
    dataset = cache.checkpoint(name).card.data
    pictures = cache.samples(dataset).tensor()
    size = min(network.latent_size, len(pictures), pictures[0].numel())
    return spaces.linear_space(principal_components(dataset, size), pictures)


def kept_directions(name: str) -> "Directions | None":
    """What is known of the directions of a checkpoint's attributes; None where nothing is."""
    from latentlab.errors import LatentLabError

    try:
        kept = all_directions().get(name)
    except LatentLabError as error:  # sliders of another kind work without them
        _log.warning("%s", error)
        return None
    if kept is None or str(kept.digest) != cache.checkpoint(name).weights_digest:
        return None  # they belong to other weights of that name
    return kept


@st.cache_resource(show_spinner=False)
def all_directions() -> "dict[str, Directions]":
    """What is known of all directions that ship, and "pca". Errors as ``named_directions.load``."""
    from latentlab.experiments import named_directions

    return named_directions.load()


def named_axes(name: str) -> "tuple[Axis, ...]":
    """The sliders of a checkpoint's attributes: those that bear a name, and then the others.

    They end where the classifier stops believing the pictures. One that has not earned its name
    carries a number.
    """
    import torch

    from latentlab.experiments.directions import ATTRIBUTES
    from latentlab.latents.spaces import Axis

    kept = kept_directions(name)
    if kept is None:
        return ()
    order = sorted(range(len(ATTRIBUTES)), key=lambda k: not kept.earned[k])
    return tuple(
        Axis(
            name=ATTRIBUTES[k] if kept.earned[k] else f"direction {k + 1}",
            direction=(vector := torch.from_numpy(kept.vectors[k])),
            origin=torch.zeros(len(vector)),
            low=float(kept.near[k]),
            high=float(kept.far[k]),
            weight=float(kept.switched[k]),
            unit="switches",
        )
        for k in order
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def principal_components(dataset: str, size: int) -> "PrincipalComponents":
    """The first ``size`` principal components of a data set's sample pictures."""
    from latentlab.baselines.pca import PrincipalComponents

    return PrincipalComponents.fit(cache.samples(dataset).tensor(), size)


@cache.per_checkpoint(max_entries=64)
def browser_decoder(name: str, drawn_by: "DrawnBy") -> tuple[bytes, bytes]:
    """What a browser needs to decode: a manifest (JSON) and compressed weights; see ``export``.

    Raises:
        UnsupportedError: the decoder has a layer that browsers cannot run.
        LatentLabError: as ``latent_space``.
    """
    from latentlab import export
    from latentlab.latents import spaces

    space = latent_space(name, drawn_by)
    title = name if drawn_by == "network" else f"pca_of_{name}"
    made = export.decoder_files(space.model, title, spaces.draw(space, 4, seed=0))
    return json.dumps(made.manifest).encode(), made.weights


@cache.per_checkpoint(max_entries=64)
def browser_encoder(name: str) -> tuple[bytes, bytes]:
    """As ``browser_decoder``, of the network that encodes.

    Raises:
        UnsupportedError: there is none, or it has a layer that browsers cannot run.
        LatentLabError: as ``cache.model``.
    """
    from latentlab import export
    from latentlab.models import Autoencoder

    network = cache.model(name)
    if not isinstance(network, Autoencoder):
        raise UnsupportedError(f"A {network.title} has no encoder.")
    pictures = cache.samples(cache.checkpoint(name).card.data).tensor(slice(0, 4))
    made = export.decoder_files(export.encoder_of(network), name, pictures.flatten(1))
    return json.dumps(made.manifest).encode(), made.weights


@cache.per_checkpoint(max_entries=64)
def browser_network(name: str) -> tuple[bytes, bytes]:
    """As ``browser_decoder``, of an autoencoder from end to end.

    Raises:
        UnsupportedError: it is none, or it has a layer that browsers cannot run.
        LatentLabError: as ``cache.model``.
    """
    from latentlab import export
    from latentlab.models import Autoencoder

    network = cache.model(name)
    if not isinstance(network, Autoencoder):
        raise UnsupportedError(f"A {network.title} has no encoder.")
    return whole_files(export.end_to_end(network), name, cache.checkpoint(name).card.data)


def whole_files(whole: "Whole", name: str, data: str) -> tuple[bytes, bytes]:
    """As ``browser_network``, of any chain from picture to picture."""
    from latentlab import export

    # One picture is enough to check against, and is a quarter of what four would weigh.
    picture = cache.samples(data).tensor(slice(0, 1)).flatten(1)
    made = export.decoder_files(whole, name, picture)
    return json.dumps(made.manifest).encode(), made.weights


def publish_decoder(name: str, drawn_by: "DrawnBy") -> component.Decoder:
    """Return where browsers fetch a decoder; call it outside fragments.

    Raises:
        UnsupportedError: it has to stay on the server, and why.
    """
    insist_on_browser()
    return publish_network("decoder", *browser_decoder(name, drawn_by))


def insist_on_browser() -> None:
    """Let the address say who computes.

    Raises:
        UnsupportedError: it asks the server to.
    """

    def parse(text: str) -> str:
        if text not in ("browser", "server"):
            raise ValueError(text)
        return text

    by = state.url_value(_BY, "Decode", parse, "browser")
    state.publish(_BY, None if by == "browser" else by)
    if by == "server":
        raise UnsupportedError("This link asks the server to decode.")


def publish_encoder(name: str) -> component.Decoder:
    """As ``publish_decoder``, of the encoder: pictures are what it decodes, to codes."""
    return publish_network("encoder", *browser_encoder(name))


def publish_follower(name: str) -> draw_pad.Follower | None:
    """Return a model that follows the pen in browsers; call it outside fragments.

    None where its encoder or decoder has to stay on the server.
    """
    from latentlab.data import datasets

    data = cache.checkpoint(name).card.data
    if data not in datasets:
        return None
    try:
        decoder = publish_decoder(name, "network")
        encoder = publish_encoder(name)
    except UnsupportedError:
        return None
    return draw_pad.Follower(encoder, decoder, datasets.get(data).convention.centring)


def publish_network(part: str, manifest: bytes, weights: bytes) -> component.Decoder:
    """Return where browsers fetch an exported network; ``part`` tells it from others of the page.

    Raises:
        UnsupportedError: it is too large.
    """
    if len(weights) > MOST_BYTES:
        raise UnsupportedError(
            f"The {part}'s {len(weights) / 1e6:.1f} MB are too much to send to every browser."
        )
    return component.Decoder(
        component.publish(manifest, "application/json", f"{part}.manifest"),
        component.publish(weights, "application/gzip", f"{part}.weights"),
        len(weights),
    )
