"""The endpoints of a path: each a sample, a picture of one's own, or a random code.

    keys = endpoint_choice.order(2, samples)
    chosen = [endpoint_choice.choose(title, key, name, dataset) for title, key in keys.items()]

The address holds every end: ``<key>`` the sample, ``<key>_random`` and ``<key>_seed`` the random
code, ``interpolate_swap`` whether start and end have changed places.
"""

import random
from typing import TYPE_CHECKING, Literal

import streamlit as st

from latentlab.ui.shared import cache, fields, picture_code, picture_source, state, widgets

if TYPE_CHECKING:
    from latentlab.data import Images
    from latentlab.tasks.interpolate import Endpoint
    from latentlab.ui.shared.picture_code import Lines

_KEYS = tuple(f"interpolate_{corner}" for corner in "abcd")
_SWAP = "interpolate_swap"
_TITLES = {2: ("Start", "End"), 4: ("Top left", "Top right", "Bottom left", "Bottom right")}
# What the page opens with: classes whose ways in between differ most to the eye and in the numbers
# (3 to 8, trousers to a bag, black to auburn), and seeds likewise.
_CLASSES = {"mnist": (3, 8, 7, 2), "fashion_mnist": (1, 8, 7, 2), "toon_faces": (0, 1, 3, 5)}
_SEEDS = {"mnist": (14, 15, 7, 12), "fashion_mnist": (4, 5, 13, 19)}
_ANY = (0, 1, 2, 3)


def order(count: Literal[2, 4], dataset: str, samples: "Images") -> dict[str, str]:
    """Return the keys of two or four endpoints by title, in the order in which they are drawn.

    Gives every end a sample and a seed of its own, unless the address or the person has chosen.
    """
    for place, key in enumerate(_KEYS[:count]):
        if st.session_state.get(key) not in samples.ids:  # a first visit, or another data set
            st.session_state[key] = _typical(samples, _CLASSES.get(dataset, _ANY)[place])
        st.session_state.setdefault(f"{key}_seed", _SEEDS.get(dataset, _ANY)[place])
    swapped = state.url_value(_SWAP, "Swap", _flag, False) and count == 2
    state.publish(_SWAP, "true" if swapped else None)
    keys = _KEYS[:count]
    return dict(zip(_TITLES[count], reversed(keys) if swapped else keys, strict=True))


def draw_buttons(count: int, samples: "Images") -> None:
    """Draw the buttons that change all endpoints at once. Call it after ``order``."""

    def others() -> None:
        drawn = random.sample(samples.ids.tolist(), count)
        for key, number in zip(_KEYS, drawn, strict=False):
            st.session_state[key] = number
            st.session_state[f"{key}_seed"] = random.randrange(1000)

    def swap() -> None:
        st.session_state[_SWAP] = not st.session_state[_SWAP]

    st.button(
        "Draw others",
        key="interpolate_others",
        on_click=others,
        icon=":material/casino:",
        help="Other samples, and other random codes; your own pictures stay",
    )
    if count == 2:
        st.button(
            "Swap", key="interpolate_swap.button", on_click=swap, icon=":material/swap_horiz:"
        )


def choose(
    title: str, key: str, name: str, dataset: str, letter: str
) -> "tuple[Endpoint, tuple[str | Lines, ...]]":
    """Draw one end with the menu that changes it; return it, and the lines that make its code.

    Args:
        title: "Start", "Top left".
        key: one of those that ``order`` returned.
        name: of the checkpoint.
        dataset: whose samples are offered.
        letter: what the lines call its code.

    Raises:
        LatentLabError: as ``cache.model`` and ``sources.pick_image``.
    """
    from latentlab.data import datasets
    from latentlab.models import Autoencoder, LatentModel
    from latentlab.pictures import images
    from latentlab.tasks import interpolate

    model = cache.model(name)
    assert isinstance(model, LatentModel)  # the page offers no others
    end_box = st.container(horizontal_alignment="center")
    with end_box:
        shown = st.container(horizontal_alignment="center")
        menu = st.popover(title, width="stretch")
    with menu:
        encodes = isinstance(model, Autoencoder)
        if not encodes:
            st.markdown(
                "This model has no encoder, so there is no code for a given picture. "
                "Its endpoints are random codes."
            )
        if not encodes or fields.url_toggle("Random code", key=f"{key}_random"):
            seed = fields.url_seed("Another code", key=f"{key}_seed")
            end = interpolate.random_endpoint(model, cache.statistics(name), seed)
            said = f"seed {seed}"
            drawn = "model.sample_prior" if model.has_prior else "checkpoint.statistics().draw"
            lines: tuple[str | Lines, ...] = (
                "import torch\n\n"
                f"{letter} = {drawn}(1, torch.Generator().manual_seed({seed}))"
                ".reshape(model.latent_shape)",
            )
        else:
            picked = picture_source.pick_image(key, dataset, model.image_shape)
            end = interpolate.picture_endpoint(model, picked.image)
            said = widgets.plain(picked.description)
            lines = (
                picture_code.lines(picked, dataset, model.image_shape),
                f"{letter} = model.encode(x).mode()[0]",
            )
            if picked.label is not None:
                said = f"{datasets.get(dataset).label_title}: {widgets.plain(picked.label)}"
    with shown:
        widgets.picture(images.to_uint8(end.picture), alt=f"{title}: {said}", width=84)
        st.caption(said, text_alignment="center")
    return end, lines


def _typical(samples: "Images", label: int) -> int:
    """Return the number of the sample that is nearest to the mean of its class."""
    import numpy as np

    members = np.flatnonzero(samples.labels == label % (samples.labels.max() + 1))
    pixels = samples.images[members].reshape(len(members), -1).astype(np.float32)
    off = np.square(pixels - pixels.mean(0)).sum(1)
    return int(samples.ids[members[off.argmin()]])


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"
