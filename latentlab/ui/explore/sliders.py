"""Where the Explore page stands in a latent space: a start, and what the sliders have moved.

    start = sliders.find_start(sliders.choose_start(space), "mnist", space, key)
    files = sliders.publish(name, drawn_by)
    shown = sliders.choose_axes(space)      # in a fragment, as what follows
    place = sliders.position(space, start)
    sliders.draw(space, start, shown, files, followers)

The sliders and the picture are in the visitor's browser (``binding.py``), which decodes
while they move and says where they come to rest. The address holds the start (``z_start``) and,
once something has moved, where the code stands (``z``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import UnsupportedError
from latentlab.ui.explore import binding, results
from latentlab.ui.shared import (
    _streamlit,
    browser_models,
    component,
    draw_pad,
    fields,
    guard,
    picture_source,
    state,
)

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.latents.spaces import Axis, DrawnBy, Kind, Space
    from latentlab.ui.shared.picture_source import Picked

AT_FIRST = 12  # sliders; the others matter less and only crowd the page
_START = "z_start"  # "picture", "average", or "random-3"
_MOVED = "z"
_PLACE = "z.place"
_TOLD = "z.told"  # where the browser has been told to go, or has said that it is
_ASKED = "z.asked"  # what the browser wants to see decoded, and has not seen yet
_BY = "decode"
_KEY = "live"  # of the component
_DECIMALS = 3  # as ``fields.publish_vector`` writes them
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
    coordinates: tuple[float, ...]  # along ``explore.linked_axes``


@dataclass(frozen=True)
class Files:
    """What the browser fetches."""

    space: str  # addresses
    decoder: component.Decoder | None  # None: the server decodes
    backdrop: str  # "" where the browser draws it, or there is no plane
    reason: str  # why the server decodes, where it has to


@dataclass(frozen=True)
class Shown:
    """Which sliders are there."""

    along: "Kind"
    axes: "tuple[Axis, ...]"
    count: int  # the first so many of them
    note: str  # what they are sorted by


@dataclass
class Place:
    """Where a visitor's code rests now: for what looks only when it is asked, such as downloads."""

    z: "Tensor"  # [D]


@dataclass(frozen=True)
class _Told:
    """What the browser and the server agree on."""

    revision: int  # grows whenever the server tells the browser to go elsewhere
    handled: int  # number of the browser's last report
    origin: str
    coordinates: tuple[float, ...] | None


@dataclass(frozen=True)
class Report:
    """What the browser says: a code, and the number of the report."""

    origin: str
    coordinates: tuple[float, ...] | None  # None: at the start
    number: int


# --- the start -------------------------------------------------------------------------------


def choose_start(space: "Space") -> str:
    """Draw the choice of a start; return "picture", "average" or "random-<seed>"."""
    chosen = state.url_value(_START, "Start", _parse_start, "picture")
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


def find_start(
    chosen: str,
    dataset: str,
    space: "Space",
    key: str,
    follower: draw_pad.Follower | None = None,
) -> Start:
    """Return the start that was chosen; for a picture, draw the choice of that.

    Args:
        chosen: by ``choose_start``.
        dataset: whose pictures a start may be.
        space: in which the start has a code.
        key: tells this space from all others, say by name and digest of its checkpoint.
        follower: a model that follows the pen where the picture is drawn.
    """
    from latentlab.data import datasets
    from latentlab.latents import spaces

    if chosen == "picture":
        shape = space.model.image_shape
        picked = picture_source.pick_image("explore_pic", dataset, shape, follower=follower)
        code = spaces.encode(space, picked.image[None])[0]
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
        spaces.draw(space, 1, seed)[0], f"{key}|{chosen}", f"random draw {seed + 1} from {source}"
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


def position(space: "Space", start: Start) -> Place:
    """Return the place of the code: the start, moved as the address or the sliders say."""
    from latentlab.latents import spaces

    size = len(spaces.linked_axes(space))

    def parse(text: str) -> _Moved | None:
        numbers = tuple(float(part) for part in text.split(","))
        if len(numbers) != size or not all(abs(number) <= _BOUND for number in numbers):
            raise ValueError(text)  # NaN is not <= anything
        return _Moved(None, numbers)

    moved = state.url_value(_MOVED, "Code z", parse, None)
    if moved is not None and moved.origin not in (None, start.identity):
        moved = None  # another model, or another start
    coordinates = None if moved is None else moved.coordinates
    st.session_state[_MOVED] = moved and replace(moved, origin=start.identity)
    fields.publish_vector(_MOVED, coordinates)
    told: _Told = st.session_state.get(_TOLD, _Told(0, 0, "", None))
    if (told.origin, told.coordinates) != (start.identity, coordinates):
        st.session_state[_TOLD] = _Told(
            told.revision + 1, told.handled, start.identity, coordinates
        )
    place: Place = st.session_state.setdefault(_PLACE, Place(start.z))
    place.z = _move(space, start, coordinates)
    return place


def _move(space: "Space", start: Start, coordinates: "Sequence[float] | None") -> "Tensor":
    from latentlab.latents import spaces

    z = start.z
    if coordinates is not None:
        for axis, coordinate in zip(spaces.linked_axes(space), coordinates, strict=True):
            z = axis.move(z, coordinate)
    return z


def read_report(report: object, origin: str, size: int) -> Report | None:
    """Return what a browser reports, checked; None when it is about another start, or nonsense.

    Args:
        report: from outside; anything.
        origin: identity of the start that is shown.
        size: how many coordinates a code has.
    """
    if not isinstance(report, dict) or report.get("origin") != origin:
        return None
    at, number = report.get("at"), report.get("n")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**53:
        return None
    if at is None:
        return Report(origin, None, number)
    if not isinstance(at, list) or len(at) != size:
        return None
    if not all(type(x) in (int, float) and abs(x) <= _BOUND for x in at):
        return None
    return Report(origin, tuple(round(float(x), _DECIMALS) for x in at), number)


# --- the sliders -----------------------------------------------------------------------------


def choose_axes(space: "Space") -> Shown:
    """Draw the choice of dimensions or directions, and of all sliders or the first few."""
    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.latents import spaces

    names: dict[str, str] = {"dimensions": "Dimensions", "directions": "Principal directions"}
    note = None
    if isinstance(space.model, PrincipalComponents):
        names = {"dimensions": "Principal components"}
    elif "dimensions" not in spaces.kinds(space):
        names = {"directions": "Principal directions"}
        note = f"A code of {space.size} numbers would need as many sliders."
    with st.container(horizontal=True, vertical_alignment="center"):
        kind: Kind = fields.url_select(  # type: ignore[assignment]
            "Sliders along",
            names,
            key="z_axes",
            style="buttons",
            label_visibility="collapsed",
        )
        found = spaces.axes(space, kind)[: spaces.MOST_SLIDERS]
        count = len(found)
        if count > AT_FIRST and not fields.url_toggle(f"All {count} sliders", key="z_all"):
            count = AT_FIRST
    return Shown(kind, found, count, note or _ordering(space, kind, found))


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


def publish(name: str, drawn_by: "DrawnBy") -> Files:
    """Return where the browser fetches a space and its decoder; call it outside fragments."""
    space = component.publish(
        results.browser_space(name, drawn_by), "application/json", "explore.space"
    )
    try:
        return Files(space, browser_models.publish_decoder(name, drawn_by), "", "")
    except UnsupportedError as error:
        backdrop = ""
        if browser_models.latent_space(name, drawn_by).size == 2:
            sheet = results.plane_sheet(name, drawn_by)
            backdrop = component.publish(sheet, "image/png", "explore.backdrop")
        return Files(space, None, backdrop, error.message)


@st.fragment
def draw(
    space: "Space",
    start: Start,
    shown: Shown,
    files: Files,
    followers: Callable[[], str | None],
) -> None:
    """Draw the picture and its sliders.

    A fragment of its own: while the server decodes for a browser that cannot, nothing else of the
    page is drawn again.

    Args:
        space: where the code lies.
        start: from where the sliders depart.
        shown: which sliders.
        files: what the browser fetches.
        followers: called once the code rests; gives the key of the fragment that follows it, which
            holds this one, or None while nothing but this does.
    """
    from latentlab.latents import spaces

    size = len(spaces.linked_axes(space))

    def read(event: str) -> Report | None:
        return read_report(st.session_state[_KEY].get(event), start.identity, size)

    def settle() -> None:
        report = read("z")
        if report is not None:
            at = report.coordinates
            st.session_state[_MOVED] = None if at is None else _Moved(start.identity, at)
            _answer(report, at)
            st.session_state[_PLACE].z = _move(space, start, at)
            if not _streamlit.is_fragment_run():
                # A whole page is being drawn: this one, which follows by itself, or another to
                # which the visitor has turned, and which must not be kept from it.
                return
            fields.publish_vector(_MOVED, at)
            following = followers()
            if following is not None:
                st.rerun(following)

    def ask() -> None:
        report = read("ask")
        if report is not None:
            st.session_state[_ASKED] = report
            _answer(report, st.session_state[_TOLD].coordinates)

    with guard.errors():
        told: _Told = st.session_state[_TOLD]
        asked: Report | None = st.session_state.pop(_ASKED, None)
        seen = asked.coordinates if asked else told.coordinates
        binding.latent_sliders(
            key=_KEY,
            space=files.space,
            decoder=files.decoder,
            along=shown.along,
            shown=shown.count,
            start=start.z,
            origin=start.identity,
            at=told.coordinates,
            revision=told.revision,
            handled=told.handled,
            picture=spaces.decode(space, _move(space, start, seen)[None])[0],
            backdrop=files.backdrop,
            text=binding.Text(start=start.caption, note=shown.note, server=files.reason),
            on_settle=settle,
            on_ask=ask,
        )


def _answer(report: Report, coordinates: tuple[float, ...] | None) -> None:
    """Note that the browser has spoken, and where it stands by its own account."""
    told: _Told = st.session_state[_TOLD]
    st.session_state[_TOLD] = _Told(told.revision, report.number, report.origin, coordinates)
