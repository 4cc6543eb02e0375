"""Which pictures are selected on the Embeddings page, and what each plane makes of them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from latentlab.ui.shared import state, widgets

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.data import Images
    from latentlab.tasks.embeddings import Embedding

MOST_SHOWN = 8  # selected pictures; more would be too small for the back row
MOST_IN_ADDRESS = 40  # a longer selection would make an address that mail programs break

PICKED = "embeddings_picked"  # ids of the selected pictures; also the name in the address
SOURCE = "embeddings.source"  # the plane in which they were selected


def chosen(pictures: "Images") -> NDArray[np.int64]:
    """Return the positions of the selected pictures, after the address has had its say."""
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
    return np.flatnonzero(np.isin(pictures.ids, ids))


def clear() -> None:
    """Select nothing."""
    st.session_state[PICKED] = []
    st.session_state.pop(SOURCE, None)


def draw(
    made: "Mapping[str, Embedding]",
    pictures: "Images",
    positions: NDArray[np.int64],
    class_names: Sequence[str],
) -> None:
    """Draw the selected pictures and, under them, what each plane makes of their two numbers."""
    from latentlab.tasks import embeddings

    if not len(positions):
        st.info(
            "Select points to see their pictures: click one, or draw a lasso or a box around many.",
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
    left, right = st.columns([5, 1], vertical_alignment="center")
    more = f"; {len(few)} of them below" if len(few) < len(positions) else ""
    left.markdown(f"**{len(positions):,} selected**: {found}{more}")
    right.button("Clear", on_click=clear, icon=":material/close:", width="stretch")

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
