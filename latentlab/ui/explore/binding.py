"""The sliders and the picture in the visitor's browser; ``latent_sliders.js`` draws them."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from latentlab.ui.shared import component
from latentlab.ui.shared.component import Decoder, floats

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Text:
    """What a person reads around the sliders; plain text."""

    start: str  # what the start is, in a few words
    note: str  # what the sliders are sorted by
    server: str = ""  # why the server decodes, where it has to


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
    follow: bool,
    shape: tuple[int, int, int],
    picture: "Tensor | None",
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
        handled: ``n`` of the last report that is known here, which ``picture`` answers.
        follow: whether anything on the page follows the code. Where nothing does, the browser
            keeps ``z`` in the address by itself, and reports only when something else is pressed.
        shape: (C,H,W) of a picture.
        picture: [C,H,W] in [0,1], as the server decodes it; None = the browser decodes.
        backdrop: address of a picture behind a latent plane; "" = the browser draws it.
        text: what a person reads.
        on_settle: called after a report of rest.
        on_ask: called after a question.
    """
    from latentlab.pictures import images

    pixels = None
    if picture is not None:
        pixels = base64.b64encode(images.to_uint8(picture).tobytes()).decode()
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
            "shape": list(shape),
            "pixels": pixels,
        },
        "follow": follow,
        "backdrop": backdrop,
        "text": asdict(text),
    }
    component.mount("explore/latent_sliders")(
        key=key, data=data, on_z_change=on_settle, on_ask_change=on_ask
    )
