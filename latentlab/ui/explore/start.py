"""Where the sliders of the Explore page depart: a picture's code, a random one, or the mean.

The address holds the choice (``z_start``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.shared import draw_pad, picture_source, state
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.latents.spaces import Space
    from latentlab.ui.shared.picture_source import Picked

_START = "z_start"  # "picture", "average", or "random-3"


@dataclass(frozen=True)
class Start:
    """The code from which the sliders depart."""

    z: "Tensor"  # [D]
    identity: str  # differs for another model or another start
    caption: str  # what it is, in a few words
    picture: "Picked | None" = None  # the picture whose code it is
    seed: int | None = None  # of a random code


_codes: "Memo[Tensor]" = Memo(256)  # of pictures, by the identity of a start


def choose_start(space: "Space") -> str:
    """Draw the choice of a start; return "picture", "average" or "random-<seed>"."""
    chosen = state.url_value(_START, "Start", _parse_start, "picture")
    if chosen == "picture" and not space.can_encode:
        chosen = "random-0"
    seed = int(chosen.partition("-")[2] or 0)
    again = f"random-{(seed + 1) % 10**6}" if chosen.startswith("random") else "random-0"
    no_encoder = "A GAN has no encoder: a given picture has no code, so it cannot be a start."
    _start_button(
        "A picture’s code",
        "picture",
        chosen == "picture",
        ":material/image:",
        help="Start from the code of a picture" if space.can_encode else no_encoder,
        disabled=not space.can_encode,
    )
    _start_button(
        "A random code",
        again,
        chosen.startswith("random"),
        ":material/casino:",
        help="Start from a code drawn at random, another at every press; the link holds it",
    )
    _start_button(
        "The average code",
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


def choose_average() -> None:
    """Let the sliders depart from the mean of all codes; for ``on_click``."""
    st.session_state[_START] = "average"


def find_start(
    chosen: str,
    dataset: str,
    space: "Space",
    key: str,
    follower: Callable[[], draw_pad.Follower | None] = lambda: None,
) -> Start:
    """Return the start that was chosen; for a picture, draw the choice of that.

    Args:
        chosen: by ``choose_start``.
        dataset: whose pictures a start may be.
        space: in which the start has a code.
        key: tells this space from all others, say by name and digest of its checkpoint.
        follower: gives a model that follows the pen where the picture is drawn.
    """
    from latentlab.data import datasets
    from latentlab.latents import spaces

    if chosen == "picture":
        shape = space.model.image_shape
        picked = picture_source.pick_image("explore_pic", dataset, shape, follower=follower)
        identity = f"{key}|{picked.identity}"
        code = _codes.get(identity, lambda: spaces.encode(space, picked.image[None])[0])
        caption = f"the code of {picked.description}"
        if picked.label is not None:
            title = datasets.get(dataset).label_title
            caption = f"the code of a test picture ({title} {picked.label})"
        return Start(code, identity, caption, picked)
    if chosen == "average":
        return Start(space.statistics.mean, f"{key}|average", "the mean of all codes")
    seed = int(chosen.partition("-")[2])
    source = "the prior" if space.has_prior else "a Gaussian fitted to the codes (it has no prior)"
    return Start(
        spaces.draw(space, 1, seed)[0],
        f"{key}|{chosen}",
        f"random code {seed + 1} from {source}",
        seed=seed,
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
        key=f"explore_start.{value.partition('-')[0]}",
        type="primary" if chosen else "secondary",
        icon=icon,
        help=help,
        on_click=choose,
        disabled=disabled,
    )
