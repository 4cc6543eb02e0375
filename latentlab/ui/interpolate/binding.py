"""The player of the Interpolate page: the way between two codes, or the square between four.

``morph.js`` draws it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from latentlab.ui.shared import component
from latentlab.ui.shared.component import Decoder, floats

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Track:
    """One way to get from end to end: a large picture on the page."""

    label: str
    path: str | None  # "linear", "spherical"; None: the end pictures' pixels are mixed
    # The classifier's class and how certain it is in percent, for every picture of the sheet.
    readings: tuple[tuple[int, int], ...] | None


@dataclass(frozen=True)
class Sheet:
    """One picture of all that the server has decoded.

    Track after track, each ``rows`` by ``columns`` pictures; the last track's corners
    are the endpoints.
    """

    address: str  # of a PNG, as ``component.publish`` gives it
    columns: int
    rows: int  # 1 between two endpoints


def morph(
    *,
    key: str,
    decoder: Decoder | None,
    endpoints: "Tensor",
    shape: tuple[int, int, int],
    tracks: Sequence[Track],
    classes: Sequence[tuple[str, str]],
    sheet: Sheet,
    at: Sequence[float],
    handled: int,
    control: str,
    reason: str,
    on_settle: Callable[[], None],
) -> None:
    """Draw the pictures and what moves them; ``st.session_state[key]["at"]`` has the reports.

    A report is ``{"at": [numbers], "n": a number}``: where the player came to rest.

    Args:
        key: of the component.
        decoder: where to fetch it; None = only the server's pictures are shown.
        endpoints: [2 or 4, D] their codes: start and end, or the corners, row after row.
        shape: (C,H,W) of one picture.
        tracks: what stands side by side, the cross-fade last.
        classes: name and colour of those in the tracks' readings.
        sheet: what the server has decoded.
        at: where to stand, from 0 to 1: one number between two endpoints, (x, y) between four.
        handled: ``n`` of the report that is known here.
        control: what a screen reader calls the slider or the square.
        reason: why there is no decoder, in a sentence.
        on_settle: called after a report.
    """
    data = {
        "decoder": asdict(decoder) if decoder else None,
        "ends": floats(endpoints.flatten()),
        "count": len(endpoints),
        "shape": list(shape),
        "tracks": [asdict(track) for track in tracks],
        "classes": [{"name": name, "colour": colour} for name, colour in classes],
        "sheet": sheet.address,
        "columns": sheet.columns,
        "rows": sheet.rows,
        "at": list(at),
        "handled": handled,
        "text": {"control": control, "server": reason},
    }
    component.mount("interpolate/morph")(key=key, data=data, on_at_change=on_settle)
