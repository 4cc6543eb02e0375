"""A plane of pictures in the visitor's browser; ``point_cloud.js`` draws it."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentlab.ui.shared import component

if TYPE_CHECKING:
    from latentlab.tasks.embeddings import Points


@dataclass(frozen=True)
class Files:
    """What the browser fetches of the pictures, once for all planes.

    Attributes:
        crowd: address of their numbers and classes.
        sheets: addresses of files with the pictures.
        each: how many pictures are on one of those.
        columns: how many stand in a row.
    """

    crowd: str
    sheets: tuple[str, ...]
    each: int
    columns: int


@dataclass(frozen=True)
class Crowd:
    """The pictures that all planes of a page show, in one order.

    Attributes:
        files: where the browser fetches who they are.
        ids: [N], their numbers.
        labels: [N] whole numbers from 0.
        class_names: what a label is called.
        colours: of the classes.
        shown: the classes in colour; the others are drawn in grey behind them. Empty = all.
        edged: whether dots have an edge, as colours that may be those of the ground need.
        size: (H,W) of a picture.
    """

    files: "Files"
    ids: NDArray[np.int64]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    colours: tuple[str, ...]
    shown: tuple[int, ...]
    edged: bool
    size: tuple[int, int]


@dataclass(frozen=True)
class Look:
    """How all planes of a page are drawn.

    Attributes:
        select_by: what a drag does: "click" moves the plane, and a click selects; "lasso" and
            "box" draw one around points.
        pictures: whether the pictures themselves are drawn, as many as there is room for.
        height: CSS pixels, where the page is not presented.
        presented: whether the planes share the screen of a lecture hall.
        rows: of planes, which share it.
    """

    select_by: str
    pictures: bool
    height: int
    presented: bool
    rows: int


@dataclass(frozen=True)
class Followed:
    """What becomes of the picture that one follows; plain text."""

    text: str
    alt: str = ""
    pair: str = ""  # it and what the plane makes of it, as a data URL; "" = there is no way back


def publish(
    ids: NDArray[np.int64],
    labels: NDArray[np.int64],
    sheets: Sequence[bytes],
    each: int,
    columns: int,
) -> Files:
    """Return where the browser fetches the pictures; call it outside fragments.

    Args:
        ids: [N] their numbers.
        labels: [N] their classes.
        sheets: WebP files with all of them.
        each: how many are on one.
        columns: how many stand in a row.
    """
    crowd = np.stack([ids, labels]).astype("<i4").tobytes()
    return Files(
        component.publish(crowd, "application/octet-stream", "embeddings.crowd"),
        tuple(
            component.publish(sheet, "image/webp", f"embeddings.sheet.{number}")
            for number, sheet in enumerate(sheets)
        ),
        each,
        columns,
    )


def point_cloud(
    *,
    key: str,
    title: str,
    points: "Points",
    crowd: Crowd,
    look: Look,
    chosen: NDArray[np.bool_],
    handled: int,
    star: tuple[float, float] | None,
    followed: Followed | None,
    on_select: Callable[[], None],
) -> None:
    """Draw pictures as points on a plane; ``st.session_state[key]["picked"]`` has the reports.

    A report is ``{"n": a number, "crowd": an address, "bits": base64}``, one bit a picture, the
    first one the lowest of its byte. Planes of one crowd show a selection before Python knows it.

    Args:
        key: of the component.
        title: the plane's, for screen readers.
        points: [N,2].
        crowd: whose points these are.
        look: how they are drawn.
        chosen: [N], which are selected.
        handled: ``n`` of the last report that is known here, from whichever plane.
        star: where the picture lies that one follows.
        followed: what becomes of it.
        on_select: called after a report.
    """
    shown = crowd.shown or tuple(range(len(crowd.class_names)))
    data = {
        "label": f"{len(points):,} pictures on the plane of {title}",
        "points": component.publish(
            np.asarray(points, "<f4").tobytes(), "application/octet-stream", f"{key}.points"
        ),
        "crowd": crowd.files.crowd,
        "count": len(points),
        "names": list(crowd.class_names),
        "colours": list(crowd.colours),
        "edged": crowd.edged,
        "shown": [k in shown for k in range(len(crowd.class_names))],
        "labels": _middles(points, crowd, shown),
        "sheets": {
            "addresses": list(crowd.files.sheets),
            "each": crowd.files.each,
            "columns": crowd.files.columns,
            "size": list(crowd.size),
        },
        **asdict(look),
        "chosen": base64.b64encode(np.packbits(chosen, bitorder="little").tobytes()).decode(),
        "handled": handled,
        "star": None if star is None else list(star),
        "followed": None if followed is None else asdict(followed),
    }
    component.mount("embeddings/point_cloud")(key=key, data=data, on_picked_change=on_select)


def _middles(points: "Points", crowd: Crowd, shown: Sequence[int]) -> list[dict[str, object]]:
    """Where the name of every class that is shown stands: about in the middle of its points."""
    present = [k for k in shown if (crowd.labels == k).any()]
    middles = {k: np.median(points[crowd.labels == k], axis=0) for k in present}
    return [
        {"text": crowd.class_names[k], "x": float(x), "y": float(y)}
        for k, (x, y) in middles.items()
    ]
