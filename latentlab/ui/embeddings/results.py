"""What the Embeddings page computes and keeps, each result once for all visitors."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.shared import cache
from latentlab.ui.shared.background import Background

if TYPE_CHECKING:
    from latentlab.data import Images
    from latentlab.experiments import Result
    from latentlab.tasks.embeddings import Embedding, Quality


@st.cache_resource(max_entries=4, show_spinner=False)
def test_split(dataset: str) -> "Images":
    """The whole test split where it is on this machine, else the samples that ship."""
    from latentlab.data import datasets
    from latentlab.data.idx import is_stored

    of = datasets.get(dataset)
    return of.load("test") if is_stored(of, "test") else cache.samples(dataset)


@st.cache_resource(max_entries=8, show_spinner=False)
def drawn(dataset: str, count: int) -> "Images":
    """``count`` test pictures, drawn at random but always the same."""
    from latentlab.tasks import embeddings

    return embeddings.choose(test_split(dataset), count)


SHEET = 500  # pictures on one file: what a hover fetches first
COLUMNS = 25


@st.cache_resource(max_entries=8, show_spinner=False)
def sheets(dataset: str, count: int) -> tuple[bytes, ...]:
    """``drawn`` pictures as WebP files, ``SHEET`` on each in rows of ``COLUMNS``."""
    from latentlab.pictures import images

    pictures = drawn(dataset, count)
    return tuple(
        images.to_small_webp(
            images.grid(pictures.tensor(slice(start, start + SHEET)), COLUMNS, gap=0)
        )
        for start in range(0, len(pictures), SHEET)
    )


def embedding(dataset: str, count: int, name: str | None) -> "Embedding":
    """``drawn`` pictures on the plane of a checkpoint's encoder, or of PCA when ``name`` is None.

    Raises:
        LatentLabError: as ``cache.model``; or the model takes other pictures.
    """
    return _components(dataset, count) if name is None else _codes(name, dataset, count)


# Neither is cache_data: an embedding carries the functions that place and reconstruct.
@st.cache_resource(max_entries=8, show_spinner="Placing the pictures …")
def _components(dataset: str, count: int) -> "Embedding":
    from latentlab.tasks import embeddings

    return embeddings.embed_pca(drawn(dataset, count).tensor())


@cache.per_checkpoint(max_entries=32, spinner="Placing the pictures …")
def _codes(name: str, dataset: str, count: int) -> "Embedding":
    from latentlab.models import Autoencoder
    from latentlab.tasks import embeddings

    network = cache.model(name)
    assert isinstance(network, Autoencoder)
    return embeddings.embed_codes(network, drawn(dataset, count).tensor())


@st.cache_data(max_entries=128, show_spinner="Measuring the planes …")
def quality(
    dataset: str, count: int, plane: str, digest: str, _embedding: "Embedding"
) -> "Quality":
    """What a plane of ``drawn`` pictures keeps; ``plane`` and ``digest`` say how it was made."""
    from latentlab.tasks import embeddings

    return embeddings.quality(_embedding, drawn(dataset, count))


@st.cache_resource(show_spinner=False)
def bottleneck() -> "Result":
    """The experiment on codes of 1 to 64 numbers, as it ships.

    Raises:
        LatentLabError: its file is damaged, or is not there.
    """
    from latentlab import experiments

    return experiments.load("bottleneck")


@st.cache_resource(show_spinner=False)
def background() -> Background:
    """The queue for slow maps, one for all visitors; it keeps its own results, 16 at most."""
    return Background()
