"""Every ``st.cache_*`` function of the app.

Models and data are ``cache_resource``: one copy for all visitors, never to be changed or trained.
Results are ``cache_data``. Every cache is bounded, and one keyed by a slider tightly so. A result
that comes from a model is keyed by the checkpoint's name and ``checkpoint(name).digest``, so that
a replaced folder is computed anew; the model itself goes in as ``_model``, which is not hashed.
"""

import importlib
import json
import logging
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from latentlab import checkpoints
from latentlab.errors import LatentLabError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from latentlab.checkpoints import Checkpoint, LatentStatistics, ModelCard
    from latentlab.classical import PrincipalComponents
    from latentlab.data import Images
    from latentlab.models import Autoencoder, Network, Restorer
    from latentlab.photo_files import Photo, Stored
    from latentlab.preparation import Invert, Prepared
    from latentlab.tasks.denoise import Curve, Restoration
    from latentlab.tasks.embed import Embedding, Quality
    from latentlab.tasks.explore import DrawnBy, Plane, Reconstruction, Space
    from latentlab.tasks.interpolate import Neighbours
    from latentlab.tasks.portrait import Portrait
    from latentlab.ui.background import Background

_log = logging.getLogger(__name__)

PORTRAIT_PICTURES = 8  # across a model's card: more would be too small to see
INKS = 13  # of a pad, with its ground
PORTRAIT_PHOTOGRAPHS, PORTRAIT_SIDE = 4, 160  # on a card: how many, and their pixels


@st.cache_data(ttl=10, max_entries=32, show_spinner=False)
def names(*, data: str | None = None, kind: str | None = None) -> list[str]:
    """``checkpoints.names``, remembered for ten seconds; a folder dropped in appears by then."""
    return checkpoints.names(data=data, kind=kind)


@st.cache_resource(ttl=10, show_spinner=False)
def cards() -> "dict[str, ModelCard]":
    """The readable cards by checkpoint name, remembered for ten seconds."""
    return checkpoints.cards()


def checkpoint(name: str) -> "Checkpoint":
    """The checkpoint called ``name``, verified once, and again when its folder changes.

    Raises:
        UnknownNameError: there is no such folder.
        CheckpointError: its folder is incomplete or damaged.
    """
    return _checkpoint(name)[0]


def _stamp(held: "Checkpoint") -> int:
    """When the folder's manifest was last written, in nanoseconds; 0 when it is gone."""
    try:
        return (held.folder / checkpoints.MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


@st.cache_resource(
    max_entries=128, show_spinner=False, validate=lambda entry: entry[1] == _stamp(entry[0])
)
def _checkpoint(name: str) -> "tuple[Checkpoint, int]":
    loaded = checkpoints.load(name)
    return loaded, _stamp(loaded)


def model(name: str) -> "Network":
    """The network of a checkpoint, in eval mode on the CPU, shared by all visitors.

    Raises:
        LatentLabError: as ``checkpoint``; or the weights do not fit the config.
    """
    return _model(name, checkpoint(name).digest)


@st.cache_resource(max_entries=128, show_spinner="Loading the model …")
def _model(name: str, digest: str) -> "Network":
    return checkpoint(name).load_model()


def statistics(name: str) -> "LatentStatistics":
    """Where the training data lies in a checkpoint's latent space. Errors as ``model``."""
    return _statistics(name, checkpoint(name).digest)


@st.cache_resource(max_entries=128, show_spinner=False)
def _statistics(name: str, digest: str) -> "LatentStatistics":
    return checkpoint(name).statistics()


@st.cache_resource(max_entries=16, show_spinner=False)
def samples(dataset: str) -> "Images":
    """The sample pictures of a data set that ship with the app (official test split)."""
    from latentlab.data import datasets

    return datasets.get(dataset).samples()


@st.cache_resource(max_entries=16, show_spinner=False)
def inks(dataset: str) -> list[str]:
    """Colours to draw a picture of a data set with, the ground first, then from light to dark."""
    from latentlab.ui.browser import draw_pad

    pictures = samples(dataset).images
    if pictures.shape[1] == 1:
        return ["#000000", "#ffffff", "#aaaaaa", "#555555"]
    ground, *inks = draw_pad.common_colours(pictures[:300], INKS)
    return [ground, *sorted(inks, key=lambda ink: -sum(bytes.fromhex(ink[1:])))]


def prepared(
    digest: str,
    pixels: "NDArray[np.uint8]",
    dataset: str,
    image_shape: tuple[int, int, int],
    invert: "Invert",
) -> "Prepared":
    """An upload ``pixels`` [H,W,3], known by ``digest``, prepared as the data set's pictures are.

    Raises:
        ShapeError: the model's input is not what the data set holds.
    """
    return _prepared(digest, dataset, image_shape, invert, pixels)


@st.cache_resource(max_entries=32, show_spinner=False)
def _prepared(
    digest: str,
    dataset: str,
    image_shape: tuple[int, int, int],
    invert: "Invert",
    _pixels: "NDArray[np.uint8]",
) -> "Prepared":
    from latentlab import images, preparation

    picture = images.from_uint8(_pixels)
    return preparation.prepare(picture, image_shape, preparation.conventions[dataset], invert)


def restorer(name: str) -> "Restorer":
    """As ``model``, of a checkpoint that restores photographs."""
    from latentlab.models import Restorer

    network = model(name)
    assert isinstance(network, Restorer)  # the page offers no other kind
    return network


@st.cache_resource(max_entries=16, show_spinner=False)
def sample_photo(name: str) -> "Photo":
    """A photograph that ships, by its name in ``photos.SAMPLES``."""
    from latentlab.data import photos
    from latentlab.photo_files import Photo

    return Photo(photos.SAMPLES.get(name).pixels(), None, None, None)


@st.cache_resource(max_entries=4, show_spinner=False)  # 150 MB each, where they have 50 megapixels
def photo(digest: str, name: str, _file: bytes) -> "Photo":
    """A photograph that somebody gave, known by ``digest``, decoded and turned upright.

    Raises:
        ImageError: it cannot be read; ``name`` is what the message calls it.
    """
    from latentlab import photo_files

    return photo_files.decode(_file, name).upright()


@st.cache_resource(max_entries=24, show_spinner="Preparing the picture …")
def photo_file(key: str, _make: "Callable[[], bytes]") -> bytes:
    """A picture file for browsers; ``key`` says all that it depends on."""
    return _make()


@st.cache_resource(max_entries=2, show_spinner=False)  # up to 350 MB each
def painted(key: str, _make: "Callable[[], tuple[Stored, Tensor]]") -> "tuple[Stored, Tensor]":
    """A photograph with painted damage, and its map of levels; ``key`` says which."""
    return _make()


@st.cache_resource(show_spinner=False)
def whole_photos() -> "Background":
    """The queue for whole photographs, one for all visitors; it keeps half a gigabyte of them."""
    from latentlab.ui import photo_work
    from latentlab.ui.background import Background

    return Background(waiting=32, kept=32, budget=512 << 20, size=photo_work.size, patience=10.0)


@st.cache_resource(show_spinner=False)
def photo_windows() -> "Background":
    """The queue for windows of photographs, beside that for whole ones: nobody waits for both."""
    from latentlab.ui.background import Background

    return Background(waiting=1024, kept=512, budget=256 << 20, size=lambda each: 8 << 20)


def zoo() -> "tuple[dict[str, Checkpoint], dict[str, LatentLabError]]":
    """All checkpoints that can be used, and the reason for each that cannot; see ``checkpoint``."""
    usable: dict[str, Checkpoint] = {}
    broken: dict[str, LatentLabError] = {}
    for name in names():
        try:
            usable[name] = checkpoint(name)
        except LatentLabError as error:
            broken[name] = error
    return usable, broken


def portrait(name: str) -> "tuple[bytes, Portrait]":
    """The picture on a model's card: a PNG of all rows of its portrait, and the portrait itself.

    Raises:
        LatentLabError: as ``model``; or its data set is unknown here, or does not fit the model.
    """
    return _portrait(name, checkpoint(name).digest)


@st.cache_resource(max_entries=128, show_spinner=False)
def _portrait(name: str, digest: str) -> "tuple[bytes, Portrait]":
    import torch

    from latentlab import images
    from latentlab.data import photos
    from latentlab.tasks import portrait as task

    card = checkpoint(name).card
    if card.kind == "restorer":
        photographs = photos.samples()
        x = torch.cat([_middle(photographs.tensor(i)) for i in range(PORTRAIT_PHOTOGRAPHS)])
    else:
        shown = samples(card.data)
        firsts = [int((shown.labels == k).argmax()) for k in sorted(set(shown.labels.tolist()))]
        x = shown.tensor(np.array(firsts[:PORTRAIT_PICTURES]))
    made = task.portrait(model(name), x, seed=0)
    sheet = images.grid(torch.cat(made.rows), columns=len(made.rows[0]), gap=2)
    # Drawn about 500 CSS pixels wide, on screens with up to two pixels for each of them.
    return images.to_png(sheet, scale=max(1, 1000 // sheet.shape[2])), made


def _middle(photograph: "Tensor") -> "Tensor":
    """The middle of ``[1, 3, H, W]``, small enough for noise to be seen on a card."""
    top, left = ((side - PORTRAIT_SIDE) // 2 for side in photograph.shape[2:])
    return photograph[..., top : top + PORTRAIT_SIDE, left : left + PORTRAIT_SIDE]


@st.cache_resource(max_entries=4, show_spinner=False)
def test_split(dataset: str) -> "Images":
    """The whole test split where it is on this machine, else the samples that ship."""
    from latentlab.data import datasets
    from latentlab.data.idx import is_stored

    of = datasets.get(dataset)
    return of.load("test") if is_stored(of, "test") else samples(dataset)


@st.cache_resource(max_entries=8, show_spinner=False)
def drawn(dataset: str, count: int) -> "Images":
    """``count`` test pictures, drawn at random but always the same."""
    from latentlab.tasks import embed

    return embed.choose(test_split(dataset), count)


def embedding(dataset: str, count: int, name: str | None) -> "Embedding":
    """``drawn`` pictures on the plane of a checkpoint's encoder, or of PCA when ``name`` is None.

    Raises:
        LatentLabError: as ``model``; or the model takes other pictures.
    """
    return _embedding(dataset, count, name, checkpoint(name).digest if name else "")


# Not cache_data: an embedding carries the functions that place and reconstruct.
@st.cache_resource(max_entries=32, show_spinner="Placing the pictures …")
def _embedding(dataset: str, count: int, name: str | None, digest: str) -> "Embedding":
    from latentlab.models import Autoencoder
    from latentlab.tasks import embed

    x = drawn(dataset, count).tensor()
    if name is None:
        return embed.embed_pca(x)
    network = model(name)
    assert isinstance(network, Autoencoder)
    return embed.embed_codes(network, x)


@st.cache_data(max_entries=128, show_spinner="Measuring the planes …")
def quality(
    dataset: str, count: int, plane: str, digest: str, _embedding: "Embedding"
) -> "Quality":
    """What a plane of ``drawn`` pictures keeps; ``plane`` and ``digest`` say how it was made."""
    from latentlab.tasks import embed

    return embed.quality(_embedding, drawn(dataset, count))


@st.cache_resource(show_spinner=False)
def background() -> "Background":
    """The queue for slow maps, one for all visitors; it keeps its own results, 16 at most."""
    from latentlab.ui.background import Background

    return Background()


def components(dataset: str, sample: int | None) -> "PrincipalComponents":
    """Up to 128 principal components of every other shipped sample, without number ``sample``.

    Half of the samples, so that the picture in question has no part in what it is judged by, and
    two fits serve them all. None: of the even ones.

    Raises:
        UnknownNameError, DataError: the data set's samples cannot be had.
    """
    return _components(dataset, 0 if sample is None else 1 - sample % 2)


@st.cache_resource(max_entries=8, show_spinner="Finding principal components …")
def _components(dataset: str, first: int) -> "PrincipalComponents":
    from latentlab.classical import PrincipalComponents

    half = samples(dataset).tensor(slice(first, None, 2))
    return PrincipalComponents.fit(half, min(128, len(half)))


@st.cache_data(max_entries=256, show_spinner=False)
def restored_classically(
    identity: str,
    corruption: str,
    strength: float,
    seed: int,
    _clean: "Tensor",
    _noisy: "Tensor",
    _components: "PrincipalComponents",
) -> "tuple[Restoration, ...]":
    """What classical methods make of a noisy picture; the clean one is known by ``identity``."""
    from latentlab.tasks import denoise

    return denoise.restore_classically(_clean, _noisy, _components)


@st.cache_data(max_entries=64, show_spinner="Restoring at every strength …")
def denoising_curves(
    identity: str,
    corruption: str,
    strengths: tuple[float, ...],
    seed: int,
    digests: tuple[tuple[str, str], ...],
    _clean: "Tensor",
    _models: "Mapping[str, tuple[str, Autoencoder]]",
    _components: "PrincipalComponents",
) -> "tuple[Curve, ...]":
    """PSNR over the strength of the noise; ``digests`` are pairs of checkpoint name and digest."""
    from latentlab.tasks import denoise

    return denoise.curves(_clean, corruption, strengths, seed, _models, _components)


def preload() -> None:
    """Import the slow libraries and load every checkpoint, so that first actions are fast too."""
    for module in ("torch", "sklearn.decomposition", "skimage.metrics", "plotly.graph_objects"):
        importlib.import_module(module)
    for name in checkpoints.names():
        try:
            model(name)
        except LatentLabError as error:  # its page will say so to whoever chooses it
            _log.warning("%s", error)


def judge(dataset: str) -> str | None:
    """The name of a classifier for a data set; None when there is none that can be used."""
    for name in names(data=dataset, kind="classifier"):
        try:
            model(name)
        except LatentLabError as error:  # the Models page shows why
            _log.warning("%s", error)
        else:
            return name
    return None


def neighbours(name: str) -> "Neighbours":
    """Samples of a judge's data set as it sees them. Errors as ``model`` and ``samples``."""
    return _neighbours(name, checkpoint(name).digest)


@st.cache_resource(max_entries=16, show_spinner="The judge looks at real pictures …")
def _neighbours(name: str, digest: str) -> "Neighbours":
    from latentlab.models import Judge
    from latentlab.tasks import interpolate

    network = model(name)
    assert isinstance(network, Judge)  # `judge` has found it
    # Every second one: a thousand are looked at in a third of a second.
    pictures = samples(checkpoint(name).card.data).tensor(slice(None, None, 2))
    return interpolate.neighbours(network, pictures)


def latent_space(name: str, drawn_by: "DrawnBy") -> "Space":
    """The latent space of a checkpoint, or of principal components with as many numbers.

    Raises:
        LatentLabError: as ``model`` and ``samples``.
    """
    return _latent_space(name, drawn_by, checkpoint(name).digest)


@st.cache_resource(max_entries=128, show_spinner="Preparing the latent space …")
def _latent_space(name: str, drawn_by: "DrawnBy", digest: str) -> "Space":
    from latentlab.models import LatentModel
    from latentlab.tasks import explore

    network = model(name)
    assert isinstance(network, LatentModel)  # the page offers no other kind
    if drawn_by == "network":
        return explore.network_space(network, statistics(name))
    dataset = checkpoint(name).card.data
    pictures = samples(dataset).tensor()
    size = min(network.latent_size, len(pictures), pictures[0].numel())
    return explore.linear_space(principal_components(dataset, size), pictures)


@st.cache_resource(max_entries=16, show_spinner=False)
def principal_components(dataset: str, size: int) -> "PrincipalComponents":
    """The first ``size`` principal components of a data set's sample pictures."""
    from latentlab.classical import PrincipalComponents

    return PrincipalComponents.fit(samples(dataset).tensor(), size)


def sample_codes(name: str, drawn_by: "DrawnBy") -> "tuple[Tensor, float]":
    """The codes [N,D] of the sample pictures, and ``usual_distance`` between them.

    Raises:
        UnsupportedError: the model cannot encode.
        LatentLabError: as ``latent_space``.
    """
    return _sample_codes(name, drawn_by, checkpoint(name).digest)


@st.cache_resource(max_entries=64, show_spinner="Encoding the sample pictures …")
def _sample_codes(name: str, drawn_by: "DrawnBy", digest: str) -> "tuple[Tensor, float]":
    from latentlab.tasks import explore

    pictures = samples(checkpoint(name).card.data).tensor()
    codes = explore.encode(latent_space(name, drawn_by), pictures)
    return codes, explore.usual_distance(codes)


@st.cache_resource(max_entries=16, show_spinner=False)
def sample_spacing(dataset: str) -> float:
    """``usual_distance`` between a data set's sample pictures, pixel by pixel."""
    from latentlab.tasks import explore

    return explore.usual_distance(samples(dataset).tensor().flatten(1))


def reconstruction(
    name: str, drawn_by: "DrawnBy", identity: str, picture: "Tensor"
) -> "Reconstruction":
    """``explore.reconstruct`` of a picture [C,H,W] that ``identity`` tells from all others."""
    return _reconstruction(name, drawn_by, checkpoint(name).digest, identity, picture)


@st.cache_resource(max_entries=256, show_spinner=False)
def _reconstruction(
    name: str, drawn_by: "DrawnBy", digest: str, identity: str, _picture: "Tensor"
) -> "Reconstruction":
    from latentlab.tasks import explore

    return explore.reconstruct(latent_space(name, drawn_by), _picture)


def random_draws(name: str, drawn_by: "DrawnBy", number: int) -> bytes:
    """A PNG of pictures drawn from a latent space at random, always the same ones."""
    return _random_draws(name, drawn_by, number, checkpoint(name).digest)


@st.cache_resource(max_entries=64, show_spinner=False)
def _random_draws(name: str, drawn_by: "DrawnBy", number: int, digest: str) -> bytes:
    from latentlab import images
    from latentlab.tasks import explore

    space = latent_space(name, drawn_by)
    drawn = explore.decode(space, explore.draw(space, number, seed=0))
    return images.to_png(images.grid(drawn, columns=8, gap=1), 4)


def latent_plane(name: str, drawn_by: "DrawnBy", side: int) -> "Plane":
    """A two-dimensional latent space decoded on a grid of ``side`` x ``side``."""
    return _latent_plane(name, drawn_by, side, checkpoint(name).digest)


@st.cache_resource(max_entries=16, show_spinner="Decoding the plane …")
def _latent_plane(name: str, drawn_by: "DrawnBy", side: int, digest: str) -> "Plane":
    from latentlab.tasks import explore

    return explore.plane(latent_space(name, drawn_by), side)


def plane_sheet(name: str, drawn_by: "DrawnBy") -> bytes:
    """A PNG of a two-dimensional latent space: ``latent_plane`` in one picture."""
    return _plane_sheet(name, drawn_by, checkpoint(name).digest)


@st.cache_resource(max_entries=16, show_spinner=False)
def _plane_sheet(name: str, drawn_by: "DrawnBy", digest: str) -> bytes:
    from latentlab import images
    from latentlab.ui.browser import files

    decoded = latent_plane(name, drawn_by, files.SIDE).images
    return images.to_png(images.grid(decoded.flatten(0, 1), columns=files.SIDE, gap=0))


def browser_decoder(name: str, drawn_by: "DrawnBy") -> tuple[bytes, bytes]:
    """What a browser needs to decode: a manifest (JSON) and compressed weights; see ``export``.

    Raises:
        UnsupportedError: the decoder has a layer that browsers cannot run.
        LatentLabError: as ``latent_space``.
    """
    return _browser_decoder(name, drawn_by, checkpoint(name).digest)


@st.cache_resource(max_entries=64, show_spinner=False)
def _browser_decoder(name: str, drawn_by: "DrawnBy", digest: str) -> tuple[bytes, bytes]:
    from latentlab import export
    from latentlab.tasks import explore

    space = latent_space(name, drawn_by)
    title = name if drawn_by == "network" else f"pca_of_{name}"
    made = export.decoder_files(space.model, title, explore.draw(space, 4, seed=0))
    return json.dumps(made.manifest).encode(), made.weights


def browser_encoder(name: str) -> tuple[bytes, bytes]:
    """As ``browser_decoder``, of the network that encodes.

    Raises:
        UnsupportedError: there is none, or it has a layer that browsers cannot run.
        LatentLabError: as ``model``.
    """
    return _browser_encoder(name, checkpoint(name).digest)


@st.cache_resource(max_entries=64, show_spinner=False)
def _browser_encoder(name: str, digest: str) -> tuple[bytes, bytes]:
    from latentlab import export
    from latentlab.models import Autoencoder

    network = model(name)
    if not isinstance(network, Autoencoder):
        raise UnsupportedError(f"A {network.title} has no encoder.")
    pictures = samples(checkpoint(name).card.data).tensor(slice(0, 4))
    made = export.decoder_files(export.encoder_of(network), name, pictures.flatten(1))
    return json.dumps(made.manifest).encode(), made.weights


def browser_space(name: str, drawn_by: "DrawnBy") -> bytes:
    """What a browser needs to move in a latent space, as JSON. Errors as ``latent_space``."""
    return _browser_space(name, drawn_by, checkpoint(name).digest)


@st.cache_resource(max_entries=64, show_spinner="Preparing the sliders …")
def _browser_space(name: str, drawn_by: "DrawnBy", digest: str) -> bytes:
    from latentlab.data import datasets
    from latentlab.ui.browser import files

    space = latent_space(name, drawn_by)
    if space.size != 2:
        return files.space(space)
    dataset = checkpoint(name).card.data
    codes = sample_codes(name, drawn_by)[0] if space.can_encode else space.statistics.mean[None, :0]
    labels = samples(dataset).labels[: len(codes)]
    shown = datasets.get(dataset)
    plane = files.plane(space, codes, labels, shown.class_names, shown.label_title)
    return files.space(space, plane)
