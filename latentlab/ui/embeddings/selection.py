"""Which pictures are selected on the Embeddings page, and what each plane makes of them."""

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from latentlab.ui.shared import cache, state, widgets

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.data import Images
    from latentlab.tasks.embeddings import Embedding

MOST_SHOWN = 8  # selected pictures; more would be too small for the back row
MOST_IN_ADDRESS = 40  # a longer selection would make an address that mail programs break

PICKED = "embeddings_picked"  # ids of the selected pictures; also the name in the address
_HANDLED = "embeddings.handled"  # number of the last report


def chosen(pictures: "Images") -> NDArray[np.bool_]:
    """Return which pictures are selected, [N], after the address has had its say."""
    known = set(pictures.ids.tolist())

    def parse(text: str) -> list[int]:
        parts = text.split(",")
        if not all(part.isascii() and part.isdigit() and len(part) <= 9 for part in parts):
            raise ValueError(text)
        if len(parts) > MOST_IN_ADDRESS or not known.issuperset(map(int, parts)):
            raise ValueError(text)
        return [int(part) for part in parts]

    nothing: list[int] = []
    ids = state.url_value(PICKED, "Selected pictures", parse, nothing)
    text = ",".join(map(str, ids)) if 0 < len(ids) <= MOST_IN_ADDRESS else None
    state.publish(PICKED, text)
    return np.isin(pictures.ids, ids)


def handled() -> int:
    """Return the number of the last report that ``take`` has taken."""
    number: int = st.session_state.get(_HANDLED, 0)
    return number


def take(key: str, crowd: str, ids: NDArray[np.int64]) -> None:
    """Select what a plane in the browser reports, if that is about the pictures shown now.

    Args:
        key: of the plane.
        crowd: address of the pictures.
        ids: [N] of the pictures.
    """
    found = read_report(st.session_state[key].get("picked"), crowd, len(ids))
    if found is not None:
        flags, st.session_state[_HANDLED] = found
        st.session_state[PICKED] = ids[flags].tolist()


def read_report(report: object, crowd: str, count: int) -> tuple[NDArray[np.bool_], int] | None:
    """Return which pictures a browser reports as selected, and the report's number.

    Args:
        report: from outside; anything. None comes back where it is nonsense, or about others.
        crowd: address of the pictures that are meant.
        count: how many there are.
    """
    if not isinstance(report, dict) or report.get("crowd") != crowd:
        return None
    number, bits = report.get("n"), report.get("bits")
    if type(number) is not int or not 0 <= number < 2**53:
        return None
    if not isinstance(bits, str) or len(bits) > count:
        return None
    try:
        packed = np.frombuffer(base64.b64decode(bits, validate=True), np.uint8)
    except ValueError:
        return None
    if len(packed) != -(-count // 8):
        return None
    return np.unpackbits(packed, count=count, bitorder="little").astype(bool), number


def clear() -> None:
    """Select nothing."""
    st.session_state[PICKED] = []


def _follow(number: int) -> None:
    st.session_state["embeddings_follow"] = True
    st.session_state["embeddings_pic"] = number
    st.session_state["embeddings_pic_from"] = "sample"


def draw(
    made: "Mapping[str, Embedding]",
    dataset: str,
    pictures: "Images",
    selected: NDArray[np.bool_],
    class_names: Sequence[str],
) -> None:
    """Draw the selected pictures and, under them, what each plane makes of their two numbers."""
    from latentlab.tasks import embeddings

    positions = np.flatnonzero(selected)
    if not len(positions):
        st.info(
            "Select points to see their pictures: click one, or draw a lasso or a box around many. "
            "On the keyboard: the arrow keys in a plane, then Enter.",
            icon=":material/touch_app:",
        )
        return
    # Evenly over the selection, so that a large one is not shown by its first few alone.
    spread = np.linspace(0, len(positions) - 1, min(MOST_SHOWN, len(positions)))
    few = positions[spread.round().astype(int)]
    x = pictures.tensor(few)
    counts = np.bincount(pictures.labels[positions], minlength=len(class_names))
    found = ", ".join(
        f"{counts[k]} × {widgets.plain(class_names[k])}" for k in np.argsort(-counts) if counts[k]
    )
    more = f"; {len(few)} of them below" if len(few) < len(positions) else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            st.markdown(f"**{len(positions):,} selected**: {found}{more}")
        if len(positions) == 1:
            _offer_to_follow(dataset, int(pictures.ids[positions[0]]))
        st.button("Clear", on_click=clear, icon=":material/close:")

    errors = {
        label: float(embeddings.reconstruction_errors(plane, x, few).mean())
        for label, plane in made.items()
        if plane.reconstruct is not None
    }
    best = min(errors.values(), default=None)
    _row("**Pictures**", x)
    for label, plane in made.items():
        if plane.reconstruct is None:
            _row(f"**{label}**  \nno way back from this plane to pictures", None)
            continue
        mark = " · **best**" if len(errors) > 1 and errors[label] == best else ""
        made_again = plane.reconstruct(plane.points[few])
        _row(f"**{label}**  \nmse {errors[label]:.4f}{mark}", made_again)


def _offer_to_follow(dataset: str, number: int) -> None:
    """Draw the button that gives a picture the star; only samples that ship can have it."""
    if number not in cache.samples(dataset).ids:
        return
    if st.button(
        f"Follow test picture {number}",
        key="embeddings.follow_it",
        on_click=_follow,
        args=(number,),
        icon=":material/star:",
    ):
        st.rerun()  # the whole page: what is followed is chosen outside of this fragment


def _row(label: str, x: "Tensor | None") -> None:
    from latentlab.pictures import images

    left, right = st.columns([1, 3.4], vertical_alignment="center")
    left.markdown(label)
    if x is not None:
        with right:
            sheet = images.grid(x, columns=MOST_SHOWN, gap=1, background=0.5)
            widgets.picture(
                images.to_uint8(sheet), alt=f"{len(x)} pictures: {label}", width=100 * len(x)
            )
