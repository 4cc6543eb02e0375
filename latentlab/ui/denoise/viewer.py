"""A photograph before and after; ``photo_viewer.js`` is what a visitor sees of it.

    noisy = Layer(component.publish(file, "image/jpeg", "photo.noisy"), "Noisy")
    photo_viewer(key="denoise_photo.viewer", size=(4000, 3000), before=noisy, after=None, …)
    centre = read_place(st.session_state["denoise_photo.viewer"].get("place"), (4000, 3000))

Wipe, loupe and the first look at painted damage are the browser's alone. What it reports is input
from outside; ``read_place`` and ``read_strokes`` check it.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeGuard

from latentlab.errors import InputError
from latentlab.ui.shared import component

if TYPE_CHECKING:
    from latentlab.noise.painting import Stroke

_RADII = (0.005, 0.2)  # as photo_viewer.js offers them


@dataclass(frozen=True)
class Layer:
    """One picture of those that lie over one another."""

    address: str  # of a PNG, JPEG or WebP of the whole picture, as ``component.publish`` gives it
    label: str  # "Noisy"


@dataclass(frozen=True)
class Brush:
    """What a visitor may paint with."""

    kinds: dict[str, str]  # names in ``painting.KINDS``, and what people call them


def photo_viewer(
    *,
    key: str,
    size: tuple[int, int],
    clean: Layer | None,
    before: Layer,
    after: Layer | None,
    window: tuple[int, int, int, int] | None,
    brush: Brush | None,
    strokes: "Sequence[Stroke]",
    revision: int,
    label: str,
    on_place: Callable[[], None],
    on_paint: Callable[[], None],
) -> None:
    """Draw the photograph; ``st.session_state[key]`` has the reports.

    ``["place"]`` is where the visitor wants the compared window, ``["strokes"]`` all that they have
    painted; see ``read_place`` and ``read_strokes``.

    Args:
        key: of the component.
        size: (width, height) of the whole picture in pixels; layers may be smaller.
        clean: what the brush starts from; None = no painting.
        before: the picture as the network gets it, with ``strokes`` in it.
        after: what became of ``before``; None = that is not known yet.
        window: (left, top, width, height) of what is compared, in pixels; None = no choice of it.
        brush: what may be painted with; None = no painting.
        strokes: what ``before`` holds.
        revision: another number when the browser must take ``strokes`` and ``window`` from here,
            whatever the visitor has done; another ``size`` has the same effect.
        label: what a screen reader calls the picture.
        on_place: called after another place was chosen.
        on_paint: called after every stroke, and after one was taken back.
    """
    from latentlab.noise import painting

    kinds = {}
    for name, title in (brush.kinds if brush and clean else {}).items():
        kind = painting.KINDS[name]
        kinds[name] = {
            "label": title,
            "weak": kind.weak,
            "strong": kind.strong,
            "geometric": kind.geometric,
        }
    data = {
        "size": list(size),
        "clean": asdict(clean) if clean else None,
        "before": asdict(before),
        "after": asdict(after) if after else None,
        "window": list(window) if window else None,
        "brush": kinds or None,
        "strokes": [asdict(stroke) for stroke in strokes],
        "most": {"strokes": painting.MOST_STROKES, "points": painting.MOST_POINTS},
        "revision": revision,
        "label": label,
    }
    component.mount("denoise/photo_viewer")(
        key=key, data=data, on_place_change=on_place, on_strokes_change=on_paint
    )


def read_place(report: object, size: tuple[int, int]) -> tuple[int, int] | None:
    """Return the middle of the window that a visitor has chosen, (x, y) in pixels.

    None before anything was reported.

    Args:
        report: from outside; anything.
        size: (width, height) of the whole picture in pixels.

    Raises:
        InputError: it is no place on the picture.
    """
    if report is None:
        return None
    if isinstance(report, dict):
        x, y = report.get("x"), report.get("y")
        if _within(x, 0, 1) and _within(y, 0, 1):
            width, height = size
            return min(int(x * width), width - 1), min(int(y * height), height - 1)
    raise InputError("The place of the window did not arrive whole.", "Choose it once more.")


def read_strokes(report: object, kinds: Container[str]) -> "tuple[Stroke, ...]":
    """Return what a visitor has painted, in its order; nothing before anything was reported.

    Args:
        report: from outside; anything.
        kinds: names of the kinds of damage that were offered.

    Raises:
        InputError: it is no list of strokes, or of more than ``painting`` allows.
    """
    from latentlab.noise import painting

    if report is None:
        return ()
    broken = InputError("The strokes did not arrive whole.", "Paint another one.")
    if not isinstance(report, list) or len(report) > painting.MOST_STROKES:
        raise broken
    strokes, left = [], painting.MOST_POINTS
    for one in report:
        if not isinstance(one, dict):
            raise broken
        kind, points = one.get("kind"), one.get("points")
        strength, radius = one.get("strength"), one.get("radius")
        if not (isinstance(kind, str) and kind in kinds):
            raise broken
        if not (_within(strength, 0, 1) and _within(radius, *_RADII)):
            raise broken
        if not isinstance(points, list) or not 1 <= len(points) <= left:
            raise broken
        left -= len(points)
        for point in points:
            if not isinstance(point, list) or len(point) != 2:
                raise broken
            if not all(_within(share, 0, 1) for share in point):
                raise broken
        places = tuple((float(x), float(y)) for x, y in points)
        strokes.append(painting.Stroke(kind, float(strength), float(radius), places))
    return tuple(strokes)


def _within(number: object, low: float, high: float) -> TypeGuard[float]:
    if isinstance(number, bool) or not isinstance(number, int | float):
        return False
    return low <= number <= high  # NaN is not
