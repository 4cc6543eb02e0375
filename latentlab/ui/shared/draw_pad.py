"""A pad to draw on; ``draw_pad.js`` is what a visitor sees of it."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from latentlab.errors import ImageError
from latentlab.ui.shared import component

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Base64 of 256 x 256 pixels in colour without any compression would be 350 kB.
_LONGEST = 400_000
_APART = 48  # levels of 256, between two inks that look different


@dataclass(frozen=True)
class Follower:
    """A model that follows the pen in the browser."""

    encoder: component.Decoder
    decoder: component.Decoder
    centring: str  # as ``preparation.Convention``


@dataclass(frozen=True)
class Listener:
    """Whatever else on the page follows the pen: the pad calls out what a model would see."""

    event: str  # of the window; its `detail` has the pixels, null while nothing is drawn
    shape: tuple[int, int, int]  # (C,H,W) of what a model sees
    centring: str  # as ``preparation.Convention``


def draw_pad(
    *,
    key: str,
    ground: str,
    palette: Sequence[str],
    colourful: bool,
    brush: float,
    drawing: bytes | None,
    label: str,
    note: str,
    follower: Follower | Listener | None,
    on_draw: Callable[[], None],
    beside: bool = False,
) -> None:
    """Draw the pad; ``read_drawing(st.session_state[key]["drawing"])`` is what was drawn.

    Args:
        key: of the component.
        ground: colour of the empty pad, ``#rrggbb``.
        palette: inks to choose from, likewise; the first one at first.
        colourful: whether any other colour can be chosen.
        brush: width of the brush at first, as a share of the side.
        drawing: a PNG to go on with when the pad appears; None = an empty pad.
        label: what a screen reader calls the pad.
        note: a sentence beside the pad.
        follower: a model that shows beside the pad what it sees of the drawing and makes of it;
            what else on the page listens; or None.
        on_draw: called after every stroke.
        beside: whether the tools stand beside the pad already where there is little room.
    """
    data = {
        "ground": ground,
        "palette": list(palette),
        "colourful": colourful,
        "brush": brush,
        "drawing": base64.b64encode(drawing).decode() if drawing else None,
        "label": label,
        "note": note,
        "follower": asdict(follower) if follower else None,
        "beside": beside,
    }
    component.mount("draw/draw_pad")(key=key, data=data, on_drawing_change=on_draw)


def read_drawing(report: object) -> bytes:
    """Return what a browser reports as a file, not yet looked at; nothing for an empty pad.

    Args:
        report: from outside; anything.

    Raises:
        ImageError: it is no text of bytes, or longer than a drawing can be.
    """
    try:
        if isinstance(report, str) and len(report) <= _LONGEST:
            return base64.b64decode(report, validate=True)
    except ValueError:
        pass
    raise ImageError("The drawing did not arrive whole.", "Draw another stroke.")


def common_colours(pictures: "NDArray[np.uint8]", count: int) -> list[str]:
    """Return the commonest colours of pictures, ``#rrggbb``, none of them like another.

    Args:
        pictures: [N,3,H,W].
        count: how many at most.
    """
    import numpy as np

    pixels = np.moveaxis(pictures, 1, 0).reshape(3, -1)
    red, green, blue = pixels >> 4  # bins of 16 levels
    bins = (red.astype(np.int32) << 8) | (green.astype(np.int32) << 4) | blue
    sizes = np.bincount(bins, minlength=1)
    sums = np.stack([np.bincount(bins, channel) for channel in pixels], axis=1)
    found: list[NDArray[np.float64]] = []
    for bin in np.argsort(-sizes, kind="stable")[: np.count_nonzero(sizes)]:
        colour = sums[bin] / sizes[bin]
        if all(np.linalg.norm(colour - other) >= _APART for other in found):
            found.append(colour)
        if len(found) == count:
            break
    return ["#{:02x}{:02x}{:02x}".format(*colour.round().astype(int)) for colour in found]
