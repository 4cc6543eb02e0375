"""What the Denoise page computes and keeps, each result once for all visitors."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.shared import cache
from latentlab.ui.shared.background import Background

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.models import Autoencoder, Denoiser
    from latentlab.pictures.photo_files import Photo, Stored
    from latentlab.tasks.denoise import Curve, Restoration

WHOLE_BYTES, WINDOWS_BYTES = 512 << 20, 256 << 20  # of kept photographs, and of kept windows


def denoiser(name: str) -> "Denoiser":
    """As ``cache.model``, of a checkpoint that restores photographs."""
    from latentlab.models import Denoiser

    network = cache.model(name)
    assert isinstance(network, Denoiser)  # the page offers no other kind
    return network


@st.cache_resource(max_entries=16, show_spinner=False)
def sample_photo(name: str) -> "Photo":
    """A photograph that ships, by its name in ``photographs.SAMPLES``."""
    from latentlab.data import photographs
    from latentlab.pictures.photo_files import Photo

    return Photo(photographs.SAMPLES.get(name).pixels(), None, None, None)


@st.cache_resource(max_entries=4, show_spinner=False)  # 150 MB each, where they have 50 megapixels
def photo(digest: str, name: str, _file: bytes) -> "Photo":
    """A photograph that somebody gave, known by ``digest``, decoded and turned upright.

    Raises:
        ImageError: it cannot be read; ``name`` is what the message calls it.
    """
    from latentlab.pictures import photo_files

    return photo_files.decode(_file, name).upright()


@st.cache_resource(max_entries=24, show_spinner="Preparing the picture …")
def photo_file(key: str, _make: Callable[[], bytes]) -> bytes:
    """A picture file for browsers; ``key`` says all that it depends on."""
    return _make()


@st.cache_resource(max_entries=2, show_spinner=False)  # up to 350 MB each
def painted(key: str, _make: "Callable[[], tuple[Stored, Tensor]]") -> "tuple[Stored, Tensor]":
    """A photograph with painted damage, and its map of levels; ``key`` says which."""
    return _make()


@st.cache_data(max_entries=256, show_spinner=False)
def found_level(key: str, _make: Callable[[], float]) -> float:
    """The noise level that is found in a photograph; ``key`` says in which."""
    return _make()


@st.cache_resource(show_spinner=False)
def whole_photos() -> Background:
    """The queue for whole photographs, one for all visitors; it keeps half a gigabyte of them."""
    return Background(
        waiting=32, kept=32, budget=WHOLE_BYTES, size=lambda result: result.nbytes, patience=10.0
    )


@st.cache_resource(show_spinner=False)
def photo_windows() -> Background:
    """The queue for windows of photographs, beside that for whole ones: nobody waits for both."""
    return Background(waiting=1024, kept=512, budget=WINDOWS_BYTES, size=lambda each: 8 << 20)


def components(dataset: str, sample: int | None) -> "PrincipalComponents":
    """Up to 128 principal components of every other shipped sample, without number ``sample``.

    Half of the samples, so that the picture in question has no part in the method that it is
    compared with, and two fits serve them all. None: of the even ones.

    Raises:
        UnknownNameError, DataError: the data set's samples cannot be had.
    """
    return _components(dataset, 0 if sample is None else 1 - sample % 2)


@st.cache_resource(max_entries=8, show_spinner="Finding principal components …")
def _components(dataset: str, first: int) -> "PrincipalComponents":
    from latentlab.baselines.pca import PrincipalComponents

    half = cache.samples(dataset).tensor(slice(first, None, 2))
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
