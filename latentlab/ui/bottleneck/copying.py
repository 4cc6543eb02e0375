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
An autoencoder shall find what pictures have in common. With **more numbers in its code than the
picture has pixels** it need not: it can hand every pixel through. Its error on digits is then
tiny, and says nothing, because it gives back pure noise, which has nothing in common with digits,
just as well.

The mend is to leave it no room: through **8 numbers** noise cannot pass, and what comes out is the
nearest thing to a digit that the network knows. Other mends are noise on the input (*Denoise*), or
a penalty on the code.
"""
PAPER = (
    "[Bourlard & Kamp (1988), Auto-association by multilayer perceptrons and singular value"
    " decomposition](https://doi.org/10.1007/BF00332918)"
)
CODE = """
import torch
from latentlab import checkpoints

x = torch.rand(1, 1, 28, 28, generator=torch.Generator().manual_seed({seed}))
for name in ("{wide}", "{narrow}"):
    again = checkpoints.load(name).load_model()(x)
    print(name, float((again - x).square().mean() / x.var()))
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
    from latentlab.models import Autoencoder
    from latentlab.tasks import bottleneck

    mended = fields.url_toggle("The mend beside it: a code of 8 numbers", key=MEND)
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
    digit = samples.tensor(slice(seed % len(samples), seed % len(samples) + 1))[0]
    inputs = {"A digit": digit, "Pure noise": bottleneck.noise((1, 28, 28), seed)}
    mse = metrics.get("mse")
    made: dict[str, list[Tensor]] = {}
    for name, network in networks.items():
        made[name] = [_again(network, x) for x in inputs.values()]
    with st.container(key="bottleneck_answer"):
        st.markdown(_sentence(inputs["Pure noise"], {name: x[1] for name, x in made.items()}))
    with st.container(key="bottleneck_copies"):
        columns = st.columns(1 + len(networks))
        for row, (title, x) in enumerate(inputs.items()):
            with columns[0]:
                _picture(x, title)
            for column, (name, again) in zip(columns[1:], made.items(), strict=True):
                with column:
                    error = float(mse(again[row][None], x[None])[0])
                    _picture(again[row], f"{_title(name)}: error {error:.4f}")
    widgets.explainer(IDEA, paper=PAPER)
    widgets.show_code(CODE.format(seed=seed, wide=results.WIDE, narrow=MENDED))


def _again(network: "Autoencoder", x: "Tensor") -> "Tensor":
    import torch

    with torch.inference_mode():
        again: Tensor = network(x[None])[0]
        return again


def _title(name: str) -> str:
    card = cache.checkpoint(name).card
    return f"Through {card.latent_size:,} numbers"


def _sentence(noise: "Tensor", made: "dict[str, Tensor]") -> str:
    """Say how much of pure noise each network gives back."""
    from latentlab.tasks import bottleneck

    parts = [
        f"{_title(name).lower()} {_share(bottleneck.kept(noise, x))} of it comes back"
        for name, x in made.items()
    ]
    text = "Of pure noise, which no training picture resembles: " + "; ".join(parts) + "."
    wide = made.get(results.WIDE)
    if wide is None:
        return text
    copies = bottleneck.kept(noise, wide) > 0.5
    return f"{text} **{'It has learnt to copy.' if copies else 'It does not copy.'}**"


def _share(kept: float) -> str:
    return "nothing" if kept <= 0 else f"{100 * kept:.0f} %"


def _picture(x: "Tensor", caption: str) -> None:
    from latentlab.pictures import images

    widgets.picture(images.to_uint8(x), alt=caption, caption=caption, width=224)
