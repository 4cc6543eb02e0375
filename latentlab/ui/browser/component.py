"""The components in the visitor's browser, one typed function each.

    space = component.publish(cache.browser_space(name, "network"), "application/json", "space")
    component.latent_sliders(key="live", space=space, …, on_settle=follow, on_ask=draw_it)

A component gets small values with every run, and the addresses of the large ones, which it fetches
once: a megabyte of weights must not travel with every rerun. What a component reports is input
from outside like any other, for the caller to check.
"""

import base64
import functools
import mimetypes
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit import runtime

if TYPE_CHECKING:
    from torch import Tensor

# Windows often does not know the type, and browsers refuse to compile a stream of another one.
mimetypes.add_type("application/wasm", ".wasm")
mimetypes.add_type("text/javascript", ".js")

_PROJECT = "latentlab"


@dataclass(frozen=True)
class Decoder:
    """Where the browser fetches a decoder."""

    manifest: str  # address, as ``publish`` gives it
    weights: str
    bytes: int  # on the wire


@dataclass(frozen=True)
class Text:
    """What a person reads around the sliders; plain text."""

    start: str  # what the start is, in a few words
    note: str  # what the sliders are sorted by
    server: str = ""  # why the server decodes, where it has to


def publish(data: bytes, mime: str, name: str) -> str:
    """Return an address under which browsers may fetch ``data`` while this page is shown.

    The address follows from the content, so equal data has an equal address and is held in memory
    once for all visitors. Call it in the page, outside its fragments: Streamlit forgets what the
    last full run did not publish. Gzipped data must come as "application/gzip", or the server
    compresses it again for every visitor.

    Args:
        data: what to serve.
        mime: its type.
        name: tells it from all else that the page publishes.
    """
    if not runtime.exists():  # a script that is run by plain Python
        return ""
    return runtime.get_instance().media_file_mgr.add(data, mime, f"{_PROJECT}.{name}")


def latent_sliders(
    *,
    key: str,
    space: str,
    decoder: Decoder | None,
    along: str,
    shown: int,
    start: "Tensor",
    origin: str,
    at: Sequence[float] | None,
    revision: int,
    handled: int,
    picture: "Tensor",
    backdrop: str,
    text: Text,
    on_settle: Callable[[], None],
    on_ask: Callable[[], None],
) -> None:
    """Draw a picture and the sliders that move its code; ``st.session_state[key]`` has the reports.

    ``["z"]`` is where the code came to rest, ``["ask"]`` where the server shall decode it: each
    ``{"origin": origin, "at": [P numbers] | None, "n": a number}``, ``at`` as below.

    Args:
        key: of the component.
        space: address of what ``files.space`` makes.
        decoder: where to fetch it; None = the server decodes.
        along: the kind of axes that have sliders, "dimensions" or "directions".
        shown: how many sliders.
        start: [D] the code from which the sliders depart.
        origin: differs for another model or start.
        at: where the code stands along the axes that links use; None = at the start.
        revision: another number when the code must go to ``at``, whatever the visitor has done.
        handled: ``n`` of the report that ``picture`` answers.
        picture: [C,H,W] in [0,1], as the server decodes it.
        backdrop: address of a picture behind a latent plane; "" = the browser draws it.
        text: what a person reads.
        on_settle: called after a report of rest.
        on_ask: called after a question.
    """
    from latentlab import images

    pixels = images.to_uint8(picture)
    data = {
        "space": space,
        "decoder": asdict(decoder) if decoder else None,
        "along": along,
        "shown": shown,
        "start": floats(start),
        "origin": origin,
        "at": None if at is None else list(at),
        "revision": revision,
        "picture": {
            "n": handled,
            "shape": list(picture.shape),
            "pixels": base64.b64encode(pixels.tobytes()).decode(),
        },
        "backdrop": backdrop,
        "text": asdict(text),
    }
    mount("explore/latent_sliders")(key=key, data=data, on_z_change=on_settle, on_ask_change=on_ask)


def floats(x: "Tensor") -> str:
    """Return a tensor's numbers as base64 of little-endian float32."""
    import numpy as np

    return base64.b64encode(np.asarray(x, dtype="<f4").tobytes()).decode()


@functools.cache
def mount(path: str) -> Callable[..., Any]:
    """The component ``path``, registered at its first use: importing this module needs no server.

    Its HTML is one box, which its script ``<path>.js`` fills, and which its style sheet
    ``<path>.css`` makes visible: nothing flashes without its style.
    """
    name = path.rpartition("/")[2]
    return st.components.v2.component(
        f"{_PROJECT}.{name}",
        html=f'<div class="live {name}" style="visibility: hidden"></div>',
        css=f"{path}.css",
        js=f"{path}.js",
    )
