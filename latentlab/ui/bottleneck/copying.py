"""“Copying machine”: a code wider than the picture, which gives back pure noise; and the mend."""

from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.bottleneck import results
from latentlab.ui.shared import cache, fields, widgets

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.models import Autoencoder

MEND, SEED = "bottleneck_mend", "bottleneck_seed"
NARROW = 8
MENDED = f"autoencoder.{results.TURNED}_stack_k{NARROW}"

IDEA = """
An autoencoder is meant to find what pictures have in common. With **more numbers in its code than
the picture has pixels** it need not: it can pass the pixels on. Its error on digits is then tiny,
and says little, because pure noise, which has nothing in common with digits, passes as well. (Only
where digits lie: of pixels that are always black it has learnt nothing.)

The mend is to leave it no room: through **8 numbers** noise cannot pass, and what comes out is the
nearest thing to a digit that the network knows. Other mends are noise on the input (*Denoise*), or
a penalty on the code.

**Likeness** is the correlation between the noise and what comes back, in the 20 × 20 pixels where
digits lie: 1 = the same but for contrast, 0 = nothing in common.
"""
PAPER = (
    "[Bourlard & Kamp (1988), Auto-association by multilayer perceptrons and singular value"
    " decomposition](https://doi.org/10.1007/BF00332918)"
)
CODE = """
from latentlab import checkpoints
from latentlab.metrics.copying import likeness, pure_noise

x = pure_noise((1, 28, 28), seed={seed})
for name in ("{wide}", "{narrow}"):
    again = checkpoints.load(name).load_model()(x[None])[0]
    print(name, likeness(x, again))
"""


def draw_buttons(section_key: str) -> None:
    """Draw the button that breaks the page on purpose, and the one that mends it."""

    def break_it() -> None:
        st.session_state[section_key] = "copy"
        st.session_state[MEND] = False

    def mend() -> None:
        st.session_state[section_key] = "copy"
        st.session_state[MEND] = True

    broken = st.session_state.get(section_key) == "copy"
    mended = bool(st.session_state.get(MEND)) and broken
    st.button(
        "Break it",
        key="bottleneck.break",
        icon=":material/heart_broken:",
        help="A code of 1,024 numbers for a picture of 784",
        on_click=break_it,
        disabled=broken and not mended,
    )
    if broken:
        st.button(
            "Mend it",
            key="bottleneck.repair",
            icon=":material/healing:",
            help="The same pictures through a code of 8 numbers, beside it",
            on_click=mend,
            disabled=mended,
        )


def draw() -> None:
    """Draw the section."""
    from latentlab.metrics import metrics
    from latentlab.metrics.copying import likeness, pure_noise
    from latentlab.models import Autoencoder
    from latentlab.ui.bottleneck import figures

    with st.container(horizontal=True, vertical_alignment="center"):
        mended = fields.url_toggle("The mend beside it", key=MEND)
        seed = fields.url_seed("Other noise", key=SEED)
    names = [results.WIDE, *([MENDED] if mended else [])]
    there = cache.names(data=results.TURNED, study="bottleneck")
    networks: dict[str, Autoencoder] = {}
    for name in names:
        network = cache.model(name) if name in there else None
        if isinstance(network, Autoencoder):
            networks[name] = network
        else:
            st.info(f"The model `{name}` is not here yet: run `latentlab train {name}`.")
    if not networks:
        return
    samples = cache.samples(results.TURNED)
    place = seed % len(samples)
    digit = samples.tensor(slice(place, place + 1))[0]
    noise = pure_noise((1, 28, 28), seed)
    mse = metrics.get("mse")
    columns = [figures.Column("It gets", ((digit, "a digit"), (noise, "pure noise")))]
    alike = {}
    for name, network in networks.items():
        again = [_again(network, x) for x in (digit, noise)]
        alike[name] = likeness(noise, again[1])
        error = float(mse(again[0][None], digit[None])[0])
        shown = (again[0], f"error {error:.4f}"), (again[1], f"likeness {alike[name]:.2f}")
        columns.append(figures.Column(_title(name), shown))
    with st.container(key="bottleneck_answer"):
        st.markdown(figures.copying(alike.get(results.WIDE), alike.get(MENDED)))
    with st.container(key="bottleneck_copies"):
        st.html(figures.copies(columns))
    widgets.explainer(IDEA, paper=PAPER)
    widgets.show_code(CODE.format(seed=seed, wide=results.WIDE, narrow=MENDED))


def _again(network: "Autoencoder", x: "Tensor") -> "Tensor":
    import torch

    with torch.inference_mode():
        again: Tensor = network(x[None])[0]
        return again


def _title(name: str) -> str:
    return f"{cache.checkpoint(name).card.latent_size:,} numbers"
