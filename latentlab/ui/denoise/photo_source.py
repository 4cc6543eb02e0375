"""Where a photograph comes from: one that ships, an upload or the camera; whole, never prepared.

    picked = photo_source.pick_photo("denoise_photo")
    picked.load().pixels      # uint8 or uint16 [H,W,3], or [H,W] where it is grey

The address holds the name of a sample. A file that somebody gave stays with the session as it
came, and is decoded when it is needed: a hundred photographs, decoded, would fill the memory.
"""

import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import ImageError
from latentlab.ui.denoise import results
from latentlab.ui.shared import fields, picture_source
from latentlab.ui.shared.picture_source import Given

if TYPE_CHECKING:
    from latentlab.pictures.photo_files import Photo

_MODES = {"sample": "Sample", "upload": "Upload", "camera": "Camera"}
SMALLEST = 8  # pixels a side, as networks that restore take them
_THUMBNAIL = 72  # pixels: drawn half as large, on screens with up to two for each of them


@dataclass(frozen=True)
class PickedPhoto:
    """A photograph, upright and whole."""

    size: tuple[int, int]  # width and height in pixels
    load: "Callable[[], Photo]"  # decodes it, if nobody has lately
    title: str  # for people; may hold a file name: `widgets.plain` it
    identity: str  # equal for equal pictures: the key of a cache
    sample: str | None  # its name among the samples; None for one that somebody gave


def pick_photo(key: str) -> PickedPhoto:
    """Draw the choice of a photograph and return it.

    Args:
        key: address parameter that holds a sample's name; ``{key}_from`` holds the kind of source.

    Raises:
        ImageError: a file that was readable when it came no longer is.
    """
    from latentlab.data import photographs

    st.html(picture_source.STYLE)
    mode = fields.url_select(
        "Photograph",
        _MODES,
        key=f"{key}_from",
        style="buttons",
        label_visibility="collapsed",
    )
    given: Given | None = None
    if mode != "sample":
        place = f"{key}.{mode}"
        given = picture_source.receive(place, "upload" if mode == "upload" else "camera", _read)
        if given is not None and given.error is None:
            picture_source.say_if_kept(place, given)
            return _picked(
                partial(results.photo, given.digest, given.name, given.file),
                given.name,
                f"given:{given.digest}",
                None,
            )
        if given is None:
            st.caption("Up to 50 megapixels and 20 MB. Until then you see the sample.")
    with st.container(key=f"gallery_{key}"):
        name = fields.url_select(
            "Sample",
            {name: _label(name) for name in photographs.SAMPLES},
            key=key,
            style="buttons",
            label_visibility="collapsed",
        )
    sample = photographs.SAMPLES.get(name)
    st.caption(f"{sample.title}: {sample.credit}")
    return _picked(partial(results.sample_photo, name), sample.title, f"sample:{name}", name)


def _picked(
    load: "Callable[[], Photo]", title: str, identity: str, sample: str | None
) -> PickedPhoto:
    height, width = load().pixels.shape[:2]
    return PickedPhoto((width, height), load, title, identity, sample)


def _read(name: str, data: bytes) -> Given:
    """Decode a file once, to say at once when that cannot be done."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        height, width = results.photo(digest, name, data).pixels.shape[:2]
        if min(height, width) < SMALLEST:
            raise ImageError(f"{name} has {width} × {height} pixels; {SMALLEST} a side are needed.")
    except ImageError as error:
        return Given(name, digest, error=error)
    return Given(name, digest, file=data)


@lru_cache(maxsize=64)
def _label(name: str) -> str:
    """A sample as a button's label: markdown of a small square of its middle."""
    from PIL import Image, ImageOps

    from latentlab.data import photographs

    sample = photographs.SAMPLES.get(name)
    file = io.BytesIO()
    small = ImageOps.fit(Image.fromarray(sample.pixels()), (_THUMBNAIL, _THUMBNAIL))
    small.save(file, "JPEG", quality=80)
    return f"![{sample.title}](data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()})"
