"""Draws of several models side by side, and the cloud of codes that a VAE gives a picture."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.explore import DECODERS, figures, results
from latentlab.ui.shared import cache, model_choice, widgets

if TYPE_CHECKING:
    from latentlab.latents.spaces import DrawnBy
    from latentlab.ui.explore.start import Start

KINDS = ("variational_autoencoder", "autoencoder", "generator")
USUAL_SIZE = 32  # numbers of a code: of several models of a kind, the one nearest to this stands
DRAWS = 16
CLOUD = 16  # draws of a picture's codes

WHY = (
    "A VAE was trained so that its codes fill N(0, I), and a GAN learnt from draws of it. Nothing"
    " tells an autoencoder where its codes should lie: N(0, I) need not be there, and a Gaussian"
    " fitted to the codes also covers the gaps between them. A GAN has no encoder, and so no codes"
    " to fit a Gaussian to."
)


def compared(name: str) -> list[str]:
    """Return one model of each kind for the data set of ``name``, which stands for its own kind."""
    cards = cache.cards()
    of: dict[str, list[str]] = {}
    for other in cache.names_for(DECODERS, cards[name].data):
        of.setdefault(cards[other].kind, []).append(other)

    def far(other: str) -> int:
        return abs((cards[other].latent_size or 0) - USUAL_SIZE)

    own = cards[name].kind
    kinds = KINDS if own in KINDS else (*KINDS, own)
    return [name if kind == own else min(of[kind], key=far) for kind in kinds if kind in of]


def draws(name: str) -> None:
    """Draw from N(0, I) and from a Gaussian fitted to the codes, a column a model."""
    from latentlab.data import datasets

    data = cache.checkpoint(name).card.data
    what = datasets.get(data).label_title if data in datasets else "class"
    with st.container(key="explore_draws"):
        _draw_columns(_drawn(name), what)
    real = results.real_share_sure(data)
    note = (
        ""
        if real is None
        else f" Certain: the classifier gives one {what} more than 95 %, in {results.SCORED} draws;"
        f" in real test pictures, {100 * real:.0f} %. It may be certain of what is no {what}."
    )
    st.caption(widgets.plain(WHY + note))


def _drawn(name: str) -> list[tuple[str, dict[str, tuple[bytes, float | None]]]]:
    """Return the title of every model compared, and by source its draws and their sure share."""
    from latentlab.errors import LatentLabError

    columns: list[tuple[str, dict[str, tuple[bytes, float | None]]]] = []
    for other in compared(name):
        encodes = "encodes" in cache.cards()[other].abilities
        try:
            columns.append(
                (
                    widgets.plain(model_choice.label(other)),
                    {
                        source: results.samples(other, "network", source, DRAWS)
                        for source in (("normal", "fitted") if encodes else ("normal",))
                    },
                )
            )
        except LatentLabError as error:  # the others can still be compared
            st.warning(widgets.plain(str(error)), icon=":material/info:")
    return columns


def _draw_columns(
    columns: Sequence[tuple[str, Mapping[str, tuple[bytes, float | None]]]], what: str
) -> None:
    """Draw a column a model, and above them who draws what a classifier is certain of."""
    sure = {title: of["normal"][1] for title, of in columns}
    told = {title: share for title, share in sure.items() if share is not None}
    if len(told) > 1:
        ranked = sorted(told.items(), key=lambda item: -item[1])
        words = ", ".join(f"{title}: {100 * share:.0f} %" for title, share in ranked)
        st.markdown(f"**Drawn from N(0, I), the {what} is certain in** {words}.")
    names = {"normal": "z ~ N(0, I)", "fitted": "z ~ a Gaussian fitted to the codes"}
    for column, (title, of) in zip(
        st.columns(max(len(columns), 3), gap="medium"), columns, strict=False
    ):
        with column:
            st.markdown(f"**{title}**")
            for source, (sheet, share) in of.items():
                certain = "" if share is None else f": {100 * share:.0f} % certain"
                st.image(
                    sheet,
                    output_format="PNG",
                    caption=widgets.plain(names[source] + certain),
                    alt=f"{DRAWS} pictures of {title}, {names[source]}",
                    width="stretch",
                )


def cloud(name: str, drawn_by: "DrawnBy", start: "Start") -> None:
    """Draw μ, σ and the sampled codes of the picture from which the sliders depart."""
    from latentlab.errors import UnsupportedError

    if drawn_by == "pca" or cache.cards()[name].kind != "variational_autoencoder":
        st.info(
            "Only a VAE gives a picture a cloud of codes, N(μ, σ²). This model "
            + (
                "gives it a single point: choose a VAE above."
                if drawn_by == "pca" or "encodes" in cache.cards()[name].abilities
                else "has no encoder and gives it none: choose a VAE above."
            )
        )
        return
    if start.picture is None:
        st.info("A cloud belongs to a picture: start from “A picture’s code” above.")
        return
    try:
        found, sheet = results.cloud(name, start.picture.identity, CLOUD, start.picture.image)
    except UnsupportedError as error:
        st.info(widgets.plain(str(error)))
        return
    left, right = st.columns([5, 7], gap="medium")
    with left:
        st.image(
            sheet,
            output_format="PNG",
            caption=f"{CLOUD} draws z = μ + σ ε, decoded: all stand for the same picture",
            alt=f"{CLOUD} pictures decoded from draws of the code of one picture",
            width="stretch",
        )
    with right:
        st.html(figures.cloud(found))
    st.caption(
        f"{float(found.nats.sum()):.1f} nats of KL divergence in all. Where σ is small, the number"
        " says much about this picture; where μ is near 0 and σ near 1, it says nothing: that is"
        " the prior itself (grey: N(0, 1), ± one standard deviation)."
    )
