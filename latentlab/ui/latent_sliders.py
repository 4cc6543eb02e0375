"""Where the Explore page stands in a latent space: a start, and what the sliders have moved.

    start = latent_sliders.find_start(latent_sliders.choose_start(space), "mnist", space, key)
    z = latent_sliders.position(space, start)      # in a fragment, as what follows
    along = latent_sliders.choose_axes(space)
    latent_sliders.draw(space, along, start, z)

Nothing here decodes or draws pictures, so that other controls can take the place of these. The
address holds the start (``z_start``) and, once something has moved, where the code stands (``z``).
"""

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui import sources, state, widgets

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.explore import Axis, Kind, Space
    from latentlab.ui.sources import Picked

_STYLE = Path(__file__).resolve().parent / "assets" / "explore.css"

AT_FIRST = 12  # sliders; the others matter less and only crowd the page
_START = "z_start"  # "picture", "average", or "random-3"
_MOVED = "z"
_DECIMALS = 3  # as ``widgets.publish_vector`` writes them
_BOUND = 1e4  # no trained code is larger; what an address asks for beyond it is refused


@dataclass(frozen=True)
class Start:
    """The code from which the sliders depart."""

    z: "Tensor"  # [D]
    identity: str  # differs for another model or another start
    caption: str  # what it is, in a few words
    picture: "Picked | None" = None  # the picture whose code it is


@dataclass(frozen=True)
class _Moved:
    """What a session has moved away from a start.

    Held as the address holds it, rounded, so that a link gives the very same picture.
    """

    origin: str | None  # identity of that start; None: an address said so, whatever the start
    coordinates: tuple[float, ...]  # along ``_linked_axes``


# --- the start -------------------------------------------------------------------------------


def choose_start(space: "Space") -> str:
    """Draw the choice of a start; return "picture", "average" or "random-<seed>"."""
    unusable = state.take(_START, _parse_start, "picture")
    if unusable is not None:
        state.reject("Start", unusable)
    chosen: str = st.session_state[_START]
    if chosen == "picture" and not space.can_encode:
        chosen = "random-0"
    seed = int(chosen.partition("-")[2] or 0)
    again = f"random-{(seed + 1) % 10**6}" if chosen.startswith("random") else "random-0"
    no_encoder = "A GAN has no encoder: a given picture has no code, so it cannot be a start."
    _start_button(
        "A picture",
        "picture",
        chosen == "picture",
        ":material/image:",
        help="Start from the code of a picture" if space.can_encode else no_encoder,
        disabled=not space.can_encode,
    )
    _start_button(
        "Random draw",
        again,
        chosen.startswith("random"),
        ":material/casino:",
        help="Another code at every press",
    )
    _start_button(
        "Average",
        "average",
        chosen == "average",
        ":material/filter_center_focus:",
        help="Start from the mean of all codes",
    )
    if not space.can_encode:
        st.caption(no_encoder)
    # As the address has it, so that a GAN does not make the other models forget their picture.
    state.publish(_START, None if st.session_state[_START] == "picture" else chosen)
    return chosen


def find_start(chosen: str, dataset: str, space: "Space", key: str) -> Start:
    """Return the start that was chosen; for a picture, draw the choice of that.

    Args:
        chosen: by ``choose_start``.
        dataset: whose pictures a start may be.
        space: in which the start has a code.
        key: tells this space from all others, say by name and digest of its checkpoint.
    """
    from latentlab.data import datasets
    from latentlab.tasks import explore

    if chosen == "picture":
        picked = sources.pick_image("explore_pic", dataset, space.model.image_shape)
        code = explore.encode(space, picked.image[None])[0]
        caption = f"the code of {picked.description}"
        if picked.label is not None:
            title = datasets.get(dataset).label_title
            caption = f"the code of a test picture ({title} {picked.label})"
        return Start(code, f"{key}|{picked.identity}", caption, picked)
    if chosen == "average":
        return Start(space.statistics.mean, f"{key}|average", "the mean of all codes")
    seed = int(chosen.partition("-")[2])
    source = "the prior" if space.has_prior else "a Gaussian fitted to the codes (it has no prior)"
    return Start(
        explore.draw(space, 1, seed)[0], f"{key}|{chosen}", f"random draw {seed + 1} from {source}"
    )


def _parse_start(text: str) -> str:
    word, dash, number = text.partition("-")
    numbered = number.isascii() and number.isdigit() and len(number) <= 6
    if text in ("picture", "average") or (word == "random" and dash and numbered):
        return text
    raise ValueError(text)


def _start_button(
    label: str, value: str, chosen: bool, icon: str, *, help: str, disabled: bool = False
) -> None:
    def choose() -> None:
        st.session_state[_START] = value

    st.button(
        label,
        key=f"explore_start.{label}",
        type="primary" if chosen else "secondary",
        icon=icon,
        help=help,
        on_click=choose,
        disabled=disabled,
    )


# --- the position ----------------------------------------------------------------------------


def position(space: "Space", start: Start) -> "Tensor":
    """Return the code [D] that is shown: the start, moved as the address or the sliders say."""
    linked = _linked_axes(space)

    def parse(text: str) -> _Moved:
        numbers = tuple(float(part) for part in text.split(","))
        if len(numbers) != len(linked) or not all(abs(number) <= _BOUND for number in numbers):
            raise ValueError(text)  # NaN is not <= anything
        return _Moved(None, numbers)

    unusable = state.take(_MOVED, parse, None)
    if unusable is not None:
        state.reject("Code z", unusable)
    moved: _Moved | None = st.session_state[_MOVED]
    if moved is not None and moved.origin not in (None, start.identity):
        moved = None  # another model, or another start
    if moved is None:
        st.session_state[_MOVED] = None
        state.publish(_MOVED, None)
        return start.z
    st.session_state[_MOVED] = replace(moved, origin=start.identity)
    widgets.publish_vector(_MOVED, moved.coordinates)
    z = start.z
    for axis, coordinate in zip(linked, moved.coordinates, strict=True):
        z = axis.move(z, coordinate)
    return z


def move_to(space: "Space", start: Start, z: "Tensor") -> None:
    """Go to the code [D]; for callbacks, before the page is drawn again."""
    coordinates = tuple(round(axis.coordinate(z), _DECIMALS) for axis in _linked_axes(space))
    st.session_state[_MOVED] = _Moved(start.identity, coordinates)


def go_back() -> None:
    """Go back to the start; for callbacks."""
    st.session_state[_MOVED] = None


def _linked_axes(space: "Space") -> "tuple[Axis, ...]":
    """The axes along which an address holds a code: all its numbers in order, if they are few."""
    from latentlab.tasks import explore

    if space.size > explore.MOST_SLIDERS:
        return explore.axes(space, "directions")
    return tuple(
        sorted(explore.axes(space, "dimensions"), key=lambda axis: int(axis.direction.argmax()))
    )


# --- the sliders -----------------------------------------------------------------------------


def choose_axes(space: "Space") -> "tuple[Axis, ...]":
    """Draw the way back and the choice of dimensions or directions; return the axes chosen."""
    from latentlab.classical import PrincipalComponents
    from latentlab.tasks import explore

    names: dict[str, str] = {"dimensions": "Dimensions", "directions": "Principal directions"}
    many = space.size > explore.MOST_SLIDERS
    note = None
    if isinstance(space.model, PrincipalComponents):
        names = {"dimensions": "Principal components"}
    elif many:
        names = {"directions": "Principal directions"}
        note = f"A code of {space.size} numbers would need as many sliders."
    with st.container(horizontal=True, vertical_alignment="center"):
        kind: Kind = widgets.url_select(  # type: ignore[assignment]
            "Sliders along",
            names,
            key="z_axes",
            style="buttons",
            label_visibility="collapsed",
        )
        st.button(
            "Reset",
            key="explore.reset",
            icon=":material/undo:",
            help="All sliders back to the start",
            on_click=go_back,
        )
    found = explore.axes(space, kind)[: explore.MOST_SLIDERS]
    st.caption(note or _ordering(space, kind, found))
    return found


def _ordering(space: "Space", kind: "Kind", found: "tuple[Axis, ...]") -> str:
    """One sentence: what the sliders are sorted by."""
    if kind == "directions":
        if not space.can_encode:
            return "Directions along which the first layer changes most."
        return "Directions in which the codes vary most, with their share of the variance."
    if found[0].unit == "nats":
        used = sum(axis.weight > 0.1 for axis in found)
        return (
            f"Sorted by information, in nats of KL divergence: {used} of {len(found)} dimensions"
            " carry more than 0.1."
        )
    if not space.can_encode:
        return "Sorted by their share of the first layer's weights."
    return "Sorted by their share of the codes' variance."


def draw(space: "Space", found: "tuple[Axis, ...]", start: Start, z: "Tensor") -> None:
    """Draw one slider an axis, standing where the code ``z`` [D] does."""
    sliders = st.container(key="latent_sliders")
    shown = found
    if len(found) > AT_FIRST and not widgets.url_toggle(f"All {len(found)} sliders", key="z_all"):
        shown = found[:AT_FIRST]
    with sliders:
        for axis in shown:
            _slider(space, axis, start, z)


def _slider(space: "Space", axis: "Axis", start: Start, z: "Tensor") -> None:
    value = axis.coordinate(z)
    low = min(axis.low, value, axis.coordinate(start.z))
    high = max(axis.high, value, axis.coordinate(start.z))
    if high - low < 1e-6:  # a direction in which the codes do not vary
        low, high = low - 1, high + 1
    key = f"slider|{start.identity}|{axis.name}"

    def follow() -> None:
        move_to(space, start, axis.move(z, st.session_state[key]))

    st.session_state[key] = value
    st.slider(
        f"**{axis.name}** {_weight(axis)}",
        low,
        high,
        step=_step(high - low),
        format="%.2f",
        key=key,
        on_change=follow,
    )


def _weight(axis: "Axis") -> str:
    if math.isnan(axis.weight):
        return ""
    text = f"{axis.weight:.2f} nats" if axis.unit == "nats" else f"{100 * axis.weight:.0f} %"
    return f"· :gray[{text}]"


def _step(span: float) -> float:
    """A hundredth of ``span`` or a little less: 1, 2 or 5 times a power of ten."""
    exact = span / 100
    power = 10.0 ** math.floor(math.log10(exact))
    return next(factor for factor in (5, 2, 1) if factor * power <= exact) * power


def style() -> None:
    """Load the page's style sheet."""
    st.html(_STYLE)
