"""What moves on the home page: a face that follows the pointer, and a photograph under a wipe.

    hero.draw()      # the home page; must be usable before torch is loaded
    hero.prepare()   # the warm-up, once torch is there

The pictures that stand there at first are files, made by ``covers.py`` as the cards' are. What the
browser decodes with comes when the warm-up has prepared it; until then, and in a browser without
WebAssembly, the face stands still and the rest of the page is as it is.
"""

import base64
import functools
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from latentlab.ui.app import contents
from latentlab.ui.shared import component

if TYPE_CHECKING:
    from latentlab.latents.planes import Plane
    from latentlab.latents.spaces import Axis

FACES = "vae.toon_faces_k32"
SAMPLE = 8  # whose face is turned: eyes, mouth and hair stay clear on the whole plane
REACH = 1.5  # standard deviations either way; further out the faces dissolve
LEVELS = 140  # of a weight: the face must come quickly, and lies a hundredth beside its model's
_HERE = Path(__file__).resolve().parent
FACE = _HERE / "face.png"  # in the middle of the plane
NOISY, DENOISED = _HERE / "photo_noisy.webp", _HERE / "photo_denoised.webp"
MEASURED = _HERE / "photo.json"  # what was done to the photograph, and what was measured
_KEY = "home.hero"
_WAIT = 2.0  # seconds between looks for a face that is being prepared


@dataclass(frozen=True)
class Face:
    """What the browser needs to decode a plane of faces."""

    manifest: bytes
    weights: bytes
    size: int  # how many numbers a code has
    names: tuple[str, str]  # of the directions
    reach: float  # standard deviations either way
    basis: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]  # origin, across, up

    def code(self, at: tuple[float, float]) -> list[float]:
        """Return the whole code where the pointer was."""
        return [o + at[0] * a + at[1] * b for o, a, b in zip(*self.basis, strict=True)]


_face: Face | None = None
_coming = True  # until the warm-up has failed to make one


def prepare() -> None:
    """Make what the browser decodes with; loads torch.

    Raises:
        LatentLabError: the model is missing or damaged; the home page then shows what it has.
    """
    global _face, _coming
    try:
        _face = make()
    finally:
        _coming = False


def plane() -> "tuple[Plane, tuple[Axis, Axis]]":
    """Return the plane through the code of the sample's face. Raises as ``prepare``."""
    from latentlab.latents import planes, spaces
    from latentlab.ui.shared import browser_models, cache

    space = browser_models.latent_space(FACES, "network")
    faces = cache.samples(cache.checkpoint(FACES).card.data).tensor(slice(SAMPLE, SAMPLE + 1))
    return planes.best_plane(space, spaces.encode(space, faces)[0], reach=REACH)


def make() -> Face:
    """Return the plane of faces for browsers. Raises as ``prepare``."""
    import torch

    from latentlab import export

    through, axes = plane()
    made = export.decoder_files(
        through, f"plane_of_{FACES}", torch.tensor([[1.0, -1.0]]), levels=LEVELS
    )
    return Face(
        json.dumps(made.manifest).encode(),
        made.weights,
        len(through.origin),
        (axes[0].name, axes[1].name),
        REACH,
        tuple(tuple(part.tolist()) for part in (through.origin, through.across, through.up)),  # type: ignore[arg-type]
    )


def draw() -> None:
    """Draw both pictures, and go where the visitor asks to."""
    coming, face = _coming, _face  # in this order: the warm-up ends the first after the second
    photo = _photo()
    decoder = None
    if face is not None:
        decoder = component.Decoder(
            component.publish(face.manifest, "application/json", "home.manifest"),
            component.publish(face.weights, "application/gzip", "home.weights"),
            len(face.weights),
        )
    data = {
        "face": {
            "still": _still(),
            "decoder": asdict(decoder) if decoder else None,
            "reach": face.reach if face else 0,
            "names": list(face.names) if face else [],
            "size": face.size if face else 0,
        },
        "photo": {
            **photo,
            "noisy": component.publish(NOISY.read_bytes(), "image/webp", "home.noisy"),
            "denoised": component.publish(DENOISED.read_bytes(), "image/webp", "home.denoised"),
        },
    }
    asked = component.mount("home/hero")(key=_KEY, data=data, on_go_change=lambda: None).go
    if asked is not None:
        _go(asked, face, photo)
    if face is None and coming:
        _wait_for_face()


@st.fragment(run_every=_WAIT)
def _wait_for_face() -> None:
    """Draw the page again once the face is there: the server has just been started."""
    if _face is not None or not _coming:
        st.rerun()


def _go(asked: object, face: Face | None, photo: Mapping[str, Any]) -> None:
    """Open the page that continues what the visitor did here; nothing for a report of nonsense."""
    if asked == "photo":
        st.switch_page(contents.find("denoise").path, query_params=photo["link"])
    at = _place(asked, face)
    if at is not None and face is not None:
        code = ",".join(f"{number:.3f}" for number in face.code(at))
        link = {"explore_model": FACES, "z_start": "average", "z": code}
        st.switch_page(contents.find("explore").path, query_params=link)


def _place(asked: object, face: Face | None) -> tuple[float, float] | None:
    """Return the two numbers of a report; it comes from outside."""
    if face is None or not isinstance(asked, list) or len(asked) != 2:
        return None
    numbers = [n for n in asked if isinstance(n, int | float) and not isinstance(n, bool)]
    if len(numbers) != 2 or not all(math.isfinite(n) and abs(n) <= face.reach for n in numbers):
        return None
    return float(numbers[0]), float(numbers[1])


@functools.cache
def _still() -> str:
    """The face before it moves, as an address of its own: it is there with the page."""
    return f"data:image/png;base64,{base64.b64encode(FACE.read_bytes()).decode()}"


@functools.cache
def _photo() -> dict[str, Any]:
    """What is said of the photograph, and the link to it."""
    from latentlab.data.photographs import SAMPLES

    made = json.loads(MEASURED.read_text(encoding="utf-8"))
    psnr, sample = made["psnr"], SAMPLES.get(made["sample"])
    return {
        "size": made["size"],
        "tags": [
            f"σ {made['sigma']}: {psnr['noisy']:.1f} dB",
            f"Network: {psnr['network']:.1f} dB",
        ],
        "words": f"The best of {made['filters']} classical filters reaches {psnr['filter']:.1f} dB "
        f"here. {sample.credit}",
        "link": {
            "denoise_of": "photographs",
            "denoise_photo": made["sample"],
            "denoise_photo_sigma": str(made["sigma"]),
        },
    }
