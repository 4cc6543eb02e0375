"""The sliders of the Explore page, and where they have moved the code.

    begun = start.find_start(start.choose_start(space), "mnist", space, key)
    files = sliders.publish(name, drawn_by)
    shown = sliders.choose_axes(space)      # in a fragment, as what follows
    session = sliders.position(space, begun)
    sliders.draw(space, begun, shown, files, session, followers)

The sliders and the picture are in the visitor's browser (``binding.py``), which decodes while they
move and says where they come to rest. The address holds that as ``z``, once something has moved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import UnsupportedError
from latentlab.ui.explore import binding, results
from latentlab.ui.explore.session import BOUND, Moved, Report, SliderSession, read_report
from latentlab.ui.explore.start import Start
from latentlab.ui.shared import _streamlit, browser_models, component, fields, guard, state
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.latents.spaces import Axis, DrawnBy, Kind, Space

AT_FIRST = 12  # sliders; the others matter less and only crowd the page
_MOVED = "z"  # in the address
_SESSION = "explore.session"  # the visitor's SliderSession
_KEY = "live"  # of the component

_starts: "Memo[Tensor]" = Memo(256)  # what is decoded at a start, by its identity


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


def position(space: "Space", start: Start) -> SliderSession:
    """Return the visitor's session, with the code where the address or the sliders say."""
    from latentlab.latents import spaces

    size = len(spaces.linked_axes(space))

    def parse(text: str) -> Moved | None:
        numbers = tuple(float(part) for part in text.split(","))
        if len(numbers) != size or not all(abs(number) <= BOUND for number in numbers):
            raise ValueError(text)  # NaN is not <= anything
        return Moved(None, numbers)

    session: SliderSession = st.session_state.setdefault(_SESSION, SliderSession())
    arriving = state.address_may_decide(_MOVED)
    moved = state.url_value(_MOVED, "Code z", parse, None)
    if moved is not None and moved.origin not in (None, start.identity):
        moved = None  # another model, or another start
    st.session_state[_MOVED] = moved and replace(moved, origin=start.identity)
    session.tell(start.identity, None if moved is None else moved.coordinates)
    session.z = _move(space, start, session.coordinates)
    # While nothing on the page follows the code, the browser keeps `z` in the address by itself
    # and reports only when something outside the component is pressed. That report is on its way
    # before the press takes effect, and both reach the same run or two in this order: whatever
    # reruns the page for a person finds the session up to date. A rerun for another reason (the
    # connection was lost, a developer saved a file) may find an older place here. It must not
    # write that over what the browser has written, so the address is left alone unless the visitor
    # has just arrived, or the server or the browser has moved the code since it was last written.
    # Nor does such a rerun move the browser: for that, `tell` would have to change something.
    if arriving or session.unwritten:
        _write(session)
    return session


def _write(session: SliderSession) -> None:
    fields.publish_vector(_MOVED, session.coordinates)
    session.unwritten = False


def _move(space: "Space", start: Start, coordinates: Sequence[float] | None) -> "Tensor":
    from latentlab.latents import spaces

    z = start.z
    if coordinates is not None:
        for axis, coordinate in zip(spaces.linked_axes(space), coordinates, strict=True):
            z = axis.move(z, coordinate)
    return z


def choose_axes(space: "Space") -> Shown:
    """Draw the choice of dimensions or directions, and of all sliders or the first few."""
    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.latents import spaces

    names: dict[str, str] = {"dimensions": "Dimensions", "directions": "Principal directions"}
    note = None
    if space.attributes:
        names["attributes"] = "Attributes"
    if isinstance(space.model, PrincipalComponents):
        names = {"dimensions": "Principal components"}
    elif "dimensions" not in spaces.kinds(space):
        del names["dimensions"]
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
    from latentlab.baselines.pca import PrincipalComponents

    if isinstance(space.model, PrincipalComponents):
        kept = 100 * float(space.model.shares.sum())
        return (
            "Sorted by their share of the variance of the pictures; all"
            f" {space.size} components together hold {kept:.0f} % of it."
        )
    if kind == "attributes":
        return (
            "A slider bears a name where little else moves with it; with the share of"
            f" {'test' if space.can_encode else 'invented'} faces in which it switches."
        )
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
    session: SliderSession,
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
        session: as ``position`` returns it.
        followers: gives the key of the fragment that follows the code, which holds this one, or
            None while nothing but this does.
    """
    from latentlab.latents import spaces

    size = len(spaces.linked_axes(space))

    def read(event: str) -> Report | None:
        return read_report(st.session_state[_KEY].get(event), start.identity, size)

    def settle() -> None:
        if (report := read("z")) is None:
            return
        session.hear(report)
        session.z = _move(space, start, report.coordinates)
        at = report.coordinates
        st.session_state[_MOVED] = None if at is None else Moved(start.identity, at)
        if not _streamlit.is_fragment_run():
            # A whole page is being drawn: this one, which follows by itself, or another to which
            # the visitor has turned, and which must not be kept from it.
            return
        _write(session)
        if (following := followers()) is not None:
            st.rerun(following)

    def ask() -> None:
        if (report := read("ask")) is not None:
            session.ask(report)

    with guard.errors():
        binding.latent_sliders(
            key=_KEY,
            space=files.space,
            decoder=files.decoder,
            along=shown.along,
            shown=shown.count,
            start=start.z,
            origin=start.identity,
            at=session.coordinates,
            revision=session.revision,
            handled=session.handled,
            follow=followers() is not None,
            shape=space.model.image_shape,
            picture=_picture(space, start, files, session),
            backdrop=files.backdrop,
            text=binding.Text(start=start.caption, note=shown.note, server=files.reason),
            on_settle=settle,
            on_ask=ask,
        )


def _picture(space: "Space", start: Start, files: Files, session: SliderSession) -> "Tensor | None":
    """Return what the server has to decode for the browser; None where it does so by itself.

    The browser needs it when it has asked, when it has no decoder, and, since the decoder arrives
    later than the page, whenever the whole page is drawn.
    """
    from latentlab.latents import spaces

    question = session.answer()
    if question is None and files.decoder is not None and _streamlit.is_fragment_run():
        return None
    seen = session.coordinates if question is None else question.coordinates

    def decode() -> "Tensor":
        return spaces.decode(space, _move(space, start, seen)[None])[0]

    return _starts.get(start.identity, decode) if seen is None else decode()
