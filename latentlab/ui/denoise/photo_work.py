"""What the server does with a photograph: corrupt it, restore it whole, try methods on a window.

    case = Case("sample:coffee", load, "gaussian", sigma=25 / 255)
    progress = whole(case, "photo_denoiser.gaussian", None, owner=session)
    progress.result        # None until the background has done it

A `Case`, a photograph and what is wrong with it, is the key of every result. What waits in the
queue holds the file at most, never the pixels.
"""

import threading
from collections.abc import Callable, Generator, Hashable
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Literal

from latentlab.ui.denoise import AUTOENCODERS, PHOTO_DENOISERS, results
from latentlab.ui.shared import cache

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.models import Denoiser
    from latentlab.noise.painting import Stroke
    from latentlab.pictures.photo_files import Photo, Stored
    from latentlab.restoration.restore import NoisyPhoto
    from latentlab.tasks.photographs import Attempt, Window
    from latentlab.ui.shared.background import Progress

Noise = Literal["gaussian", "brush", "none"]

SEED = 0  # of painted damage

# Degrading 50 megapixels takes 0.5 GB: visitors wait for one another rather than fill the memory.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Case:
    """A photograph, and what is wrong with it; equal ones have equal results.

    ``load`` returns the photograph, upright; it may take a moment.
    """

    identity: str
    load: "Callable[[], Photo]" = field(compare=False, repr=False)
    noise: Noise
    sigma: float = 0.0  # of Gaussian noise, where white is 1
    seed: int = 0
    strokes: "tuple[Stroke, ...]" = ()

    @property
    def key(self) -> str:
        """All that a result depends on, in words."""
        return repr(self)


@dataclass(frozen=True)
class Whole:
    """A whole photograph, restored."""

    pixels: "Stored"
    file: bytes  # of it, for a browser
    before: float  # grain that is found in its flattest places, where white is 1
    after: float
    psnr: tuple[float, float] | None  # dB, noisy and restored; None where nobody has it clean

    @property
    def nbytes(self) -> int:
        """How many bytes it takes."""
        return self.pixels.nbytes + len(self.file)


def noisy(case: Case, photo: "Photo") -> "Stored | NoisyPhoto":
    """Return the picture with its noise, as a denoiser takes it."""
    from latentlab.restoration import restore

    if case.noise == "gaussian":
        return restore.NoisyPhoto(photo.pixels, case.sigma, case.seed)
    return _painted(case, photo)[0] if case.noise == "brush" else photo.pixels


def level(case: Case, photo: "Photo") -> "Tensor | None":
    """Return what a network is conditioned on: of painted damage a map, else what it finds."""
    return _painted(case, photo)[1] if case.noise == "brush" else None


def level_at_first(case: Case) -> float:
    """Return the level of the noise in the picture, where white is 1: as added, else as found."""
    from latentlab.restoration import restore

    if case.noise == "gaussian":
        return case.sigma

    def make() -> float:
        photo = case.load()
        painted = _painted(case, photo)[0] if case.noise == "brush" else photo.pixels
        return restore.level_of(painted)

    return results.found_level(case.key, make)


def _painted(case: Case, photo: "Photo") -> "tuple[Stored, Tensor]":
    from latentlab.noise import painting

    def make() -> "tuple[Stored, Tensor]":
        painted = painting.paint(photo.pixels, case.strokes, SEED)
        return painted, painting.level_map(photo.pixels, painted)

    return results.painted(case.key, make)


def whole(case: Case, name: str, sigma: float | None, owner: Hashable) -> "Progress[Whole]":
    """Restore a whole picture in the background.

    Args:
        case: the picture.
        name: of a denoiser's checkpoint.
        sigma: the noise level that the network is conditioned on; None = the true one, or what is
            found.
        owner: whose wish it is; of their wishes the last one counts.

    Raises:
        LatentLabError: the queue is full; or the picture, or the model, cannot be used.
    """
    network, digest = results.denoiser(name), cache.checkpoint(name).digest

    def work() -> Generator[float, None, Whole]:
        return (yield from _restore(case, network, sigma))

    return results.whole_photos().ask(
        ("whole", case.key, name, digest, sigma), work, owner=(owner, "whole")
    )


def _restore(case: Case, network: "Denoiser", sigma: float | None) -> Generator[float, None, Whole]:
    from latentlab.pictures import photo_files
    from latentlab.restoration import restore

    photo = case.load()
    degraded = noisy(case, photo)
    steps = restore.restore_photo(network, degraded, level(case, photo) if sigma is None else sigma)
    while True:
        try:
            yield next(steps).share
        except StopIteration as end:
            restored = end.value
            break
    seen = degraded.clipped() if isinstance(degraded, restore.NoisyPhoto) else degraded
    return Whole(
        restored,
        photo_files.display(restored, photo.profile),
        before=restore.grain_of(seen),
        after=restore.grain_of(restored),
        psnr=None
        if case.noise == "none"
        else (restore.psnr(photo.pixels, seen), restore.psnr(photo.pixels, restored)),
    )


# --- files for the browser -------------------------------------------------------------------


def clean(case: Case) -> bytes:
    """The picture as it came, for a browser."""
    from latentlab.pictures import photo_files

    def make() -> bytes:
        photo = case.load()
        return photo_files.display(photo.pixels, photo.profile)

    return results.photo_file(case.identity, make)


def before(case: Case) -> bytes:
    """The picture as the network gets it, for a browser."""
    from latentlab.pictures import photo_files
    from latentlab.restoration import restore

    if case.noise == "none":
        return clean(case)

    def make() -> bytes:
        photo = case.load()
        picture = noisy(case, photo)
        with _one_at_a_time:
            pixels = picture.clipped() if isinstance(picture, restore.NoisyPhoto) else picture
            return photo_files.display(pixels, photo.profile)

    return results.photo_file(case.key, make)


# --- a window ----------------------------------------------------------------------------------


def methods(chosen: str, *, bm3d: bool) -> tuple[str, ...]:
    """Return the names of all that try a window, the network ``chosen`` first."""
    from latentlab.tasks import photographs

    denoisers = [chosen, *(name for name in cache.names_for(PHOTO_DENOISERS) if name != chosen)]
    digits = photographs.DIGITS in cache.names_for(AUTOENCODERS)
    return photographs.contenders(denoisers, digits=digits, bm3d=bm3d)


def attempt(
    case: Case, window: "Window", method: str, sigma: float | None, owner: Hashable
) -> "Progress[Attempt]":
    """Let one method try a window, in the background.

    Args:
        case: the picture.
        window: a part of it.
        method: one of ``methods``.
        sigma: as in ``whole``.
        owner: as in ``whole``.

    Raises:
        LatentLabError: the queue is full; or the method cannot be used.
    """
    from latentlab.tasks import photographs

    network, digest, label = None, "", ""
    if method in cache.cards():
        network, checkpoint = cache.model(method), cache.checkpoint(method)
        digest = checkpoint.digest
        label = f"{checkpoint.card.title} · {method.partition('.')[2]}"
    if method == photographs.DIGITS:
        label = "Digit autoencoder"

    def work() -> "Attempt":
        photo = case.load()
        return photographs.attempt(
            method,
            noisy(case, photo),
            window,
            clean=None if case.noise == "none" else photo.pixels,
            sigma=level(case, photo) if sigma is None else sigma,
            network=network,
            label=label,
        )

    key = ("window", case.key, window, method, digest, sigma)
    return results.photo_windows().ask(key, work, owner=(owner, "window", method))


# --- downloads -------------------------------------------------------------------------------


def format_of(name: str, photo: "Photo") -> tuple[str, str]:
    """Return suffix and type of the file in which a restored ``photo`` of that name is given back.

    Those of its name where that format can hold it, else those of a PNG.
    """
    from latentlab.pictures import photo_files

    suffix = PurePath(name).suffix.lower()
    kind = photo_files.SUFFIXES.get(suffix, "PNG")
    if suffix not in photo_files.SUFFIXES or (photo.alpha is not None and kind in ("JPEG", "BMP")):
        suffix, kind = ".png", "PNG"
    return suffix, f"image/{kind.lower()}"


def download(photo: "Photo", result: Whole, suffix: str) -> bytes:
    """Return the restored picture as a file, with EXIF, colour profile, transparency and depth.

    Raises:
        LatentLabError: it does not fit the format.
    """
    from latentlab.pictures import photo_files

    restored = replace(photo, pixels=result.pixels)
    return photo_files.encode(restored, photo_files.SUFFIXES[suffix])
