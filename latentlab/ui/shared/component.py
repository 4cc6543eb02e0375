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
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from latentlab.ui.shared import _streamlit

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
    return _streamlit.serve(data, mime, f"{_PROJECT}.{name}")


def in_page(address: str) -> str:
    """Return a published address for HTML of a page, which may itself lie below a proxy's path."""
    return address.lstrip("/")


def floats(x: "Tensor") -> str:
    """Return a tensor's numbers as base64 of little-endian float32."""
    import numpy as np

    return base64.b64encode(np.asarray(x, dtype="<f4").tobytes()).decode()


@functools.cache
def mount(path: str) -> Callable[..., Any]:
    """The component ``path``, registered at its first use: importing this module needs no server.

    Its HTML is one box, which its script ``<path>.js`` fills, and which its style sheet
    ``<path>.css`` makes visible: nothing flashes without its style. Browsers fetch the bundles of
    both, one file with all that each imports (``browser/build.py``).
    """
    name = path.rpartition("/")[2]
    return st.components.v2.component(
        f"{_PROJECT}.{name}",
        html=f'<div class="live {name}" style="visibility: hidden"></div>',
        css=f"bundles/{name}.css",
        js=f"bundles/{name}.js",
    )
