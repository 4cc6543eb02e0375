"""What the Explore page computes and keeps, each result once for all visitors."""

import math
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.shared import cache
from latentlab.ui.shared.background import Background
from latentlab.ui.shared.browser_models import latent_space

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.latents.spaces import DrawnBy, Source
    from latentlab.tasks.explore import Cloud, Plane, Reconstruction, Search
    from latentlab.ui.shared.background import Progress


@cache.per_checkpoint(max_entries=64, spinner="Encoding the sample pictures …")
def sample_codes(name: str, drawn_by: "DrawnBy") -> "tuple[Tensor, float]":
    """The codes [N,D] of the sample pictures, and ``usual_distance`` between them.

    Raises:
        UnsupportedError: the model cannot encode.
        LatentLabError: as ``latent_space``.
    """
    from latentlab.latents import spaces
    from latentlab.tasks import explore

    pictures = cache.samples(cache.checkpoint(name).card.data).tensor()
    codes = spaces.encode(latent_space(name, drawn_by), pictures)
    return codes, explore.usual_distance(codes)


@st.cache_resource(max_entries=16, show_spinner=False)
def sample_spacing(dataset: str) -> float:
    """``usual_distance`` between a data set's sample pictures, pixel by pixel."""
    from latentlab.tasks import explore

    return explore.usual_distance(cache.samples(dataset).tensor().flatten(1))


@cache.per_checkpoint(max_entries=256)
def reconstruction(
    name: str, drawn_by: "DrawnBy", identity: str, _picture: "Tensor"
) -> "Reconstruction":
    """``explore.reconstruct`` of a picture [C,H,W] that ``identity`` tells from all others."""
    from latentlab.tasks import explore

    return explore.reconstruct(latent_space(name, drawn_by), _picture)


@cache.per_checkpoint(max_entries=64)
def random_draws(name: str, drawn_by: "DrawnBy", number: int) -> bytes:
    """A PNG of pictures drawn from a latent space at random, always the same ones."""
    from latentlab.latents import spaces
    from latentlab.pictures import images

    space = latent_space(name, drawn_by)
    drawn = spaces.decode(space, spaces.draw(space, number, seed=0))
    return images.to_png(images.grid(drawn, columns=8, gap=1), 4)


SCORED = 200  # draws whose share is told


@cache.per_checkpoint(max_entries=64, spinner="Drawing at random …")
def samples(
    name: str, drawn_by: "DrawnBy", source: "Source", number: int
) -> "tuple[bytes, float | None]":
    """A PNG of ``number`` draws from N(0, I) or a fitted Gaussian, and of how many one is sure.

    That is the share of 200 draws that the data set's classifier is sure of; None without one.
    """
    from latentlab.latents import spaces
    from latentlab.pictures import images

    space = latent_space(name, drawn_by)
    drawn = spaces.decode(space, spaces.draw_from(space, source, SCORED, seed=0))
    sheet = images.grid(drawn[:number], columns=math.isqrt(number), gap=1)
    return images.to_png(sheet, 4), _share_sure(cache.checkpoint(name).card.data, drawn)


@st.cache_resource(max_entries=16, show_spinner=False)
def real_share_sure(dataset: str) -> float | None:
    """Of how many real pictures the classifier is sure, to compare with; None without one."""
    return _share_sure(dataset, cache.samples(dataset).tensor(slice(0, 500)))


def _share_sure(dataset: str, pictures: "Tensor") -> float | None:
    from latentlab.models import Classifier
    from latentlab.tasks import explore

    name = cache.classifier(dataset)
    judge = cache.model(name) if name else None
    return explore.share_sure(judge, pictures) if isinstance(judge, Classifier) else None


@cache.per_checkpoint(max_entries=256)
def cloud(name: str, identity: str, number: int, _picture: "Tensor") -> "tuple[Cloud, bytes]":
    """``explore.cloud`` of a picture that ``identity`` tells from others, and a PNG of its draws.

    Errors as that.
    """
    from latentlab.pictures import images
    from latentlab.tasks import explore

    found = explore.cloud(latent_space(name, "network"), _picture, number, seed=0)
    sheet = images.grid(found.images, columns=math.isqrt(number), gap=1)
    return found, images.to_png(sheet, 4)


@cache.per_checkpoint(max_entries=16, spinner="Decoding the plane …")
def latent_plane(name: str, drawn_by: "DrawnBy", side: int) -> "Plane":
    """A two-dimensional latent space decoded on a grid of ``side`` x ``side``."""
    from latentlab.tasks import explore

    return explore.plane(latent_space(name, drawn_by), side)


@cache.per_checkpoint(max_entries=16)
def plane_sheet(name: str, drawn_by: "DrawnBy") -> bytes:
    """A PNG of a two-dimensional latent space: ``latent_plane`` in one picture."""
    from latentlab.pictures import images
    from latentlab.ui.explore import space_file

    decoded = latent_plane(name, drawn_by, space_file.SIDE).images
    return images.to_png(images.grid(decoded.flatten(0, 1), columns=space_file.SIDE, gap=0))


@cache.per_checkpoint(max_entries=64, spinner="Preparing the sliders …")
def browser_space(name: str, drawn_by: "DrawnBy") -> bytes:
    """What a browser needs to move in a latent space, as JSON. Errors as ``latent_space``."""
    from latentlab.data import datasets
    from latentlab.ui.explore import space_file

    space = latent_space(name, drawn_by)
    if space.size != 2:
        return space_file.space(space)
    dataset = cache.checkpoint(name).card.data
    codes = sample_codes(name, drawn_by)[0] if space.can_encode else space.statistics.mean[None, :0]
    labels = cache.samples(dataset).labels[: len(codes)]
    shown = datasets.get(dataset)
    plane = space_file.plane(space, codes, labels, shown.class_names, shown.label_title)
    return space_file.space(space, plane)


@st.cache_resource(show_spinner=False)
def _work() -> "Background":
    return Background()


def search(name: str, identity: str, picture: "Tensor", session: object) -> "Progress[Search]":
    """Where the search for the code of a picture stands, which ``identity`` tells from others.

    One search at a time for each ``session``.

    Raises:
        BusyError: too many others are searching.
        LatentLabError: as ``latent_space``.
    """
    from latentlab.tasks import explore

    space = latent_space(name, "network")
    key = ("search", name, cache.checkpoint(name).digest, identity)
    return _work().ask(key, lambda: explore.search(space, picture, seed=0), (session, "search"))
