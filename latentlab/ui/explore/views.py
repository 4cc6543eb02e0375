"""What the Explore page draws around the picture: comparisons, neighbours, the plane, downloads."""

import json
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.ui.explore import (
    arithmetic,
    comparisons,
    explanations,
    factors,
    results,
    searching,
    snippet,
)
from latentlab.ui.shared import cache, fields, widgets
from latentlab.ui.shared.browser_models import latent_space

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.latents.spaces import Axis, DrawnBy, Space
    from latentlab.ui.explore.session import SliderSession
    from latentlab.ui.explore.start import Start

_VIEW = "z_view"
_CODE = "explore.code"  # whether the lines are shown
FOLLOWING = ("traversal", "nearest", "moved")  # views of the code, not of its start

ROWS, COLUMNS = 8, 9  # of a traversal
DRAWS = 16
FINE = 128  # pixels across an enlarged picture, about; the style sheet keeps its edges hard


def large(picture: "Tensor", *, alt: str, caption: str) -> None:
    """Draw a picture [C,H,W] as wide as there is room, with hard pixel edges.

    ``caption`` is plain text.
    """
    from latentlab.pictures import images

    st.image(
        images.to_pil(picture, max(1, FINE // picture.shape[2])),
        caption=widgets.plain(caption),
        alt=alt,
        width="stretch",
        output_format="PNG",
    )


def choose(name: str) -> str:
    """Draw the choice of what to look at beside the picture, and return it."""
    options = {
        "pca": "Against PCA",
        "draws": "Draws of VAE, AE and GAN",
        "cloud": "A VAE’s μ and σ",
        "traversal": "One slider at a time",
        "nearest": "Nearest real pictures",
        "arithmetic": "A − B + C",
    }
    if factors.judge_of(name) is not None:
        options["moved"] = "What else moved?"
    if not latent_space(name, "network").can_encode:
        options["search"] = "Search for a picture’s code"
    return fields.url_select(
        "Look closer",
        options,
        key=_VIEW,
        style="buttons",
    )


def closer(
    name: str,
    drawn_by: "DrawnBy",
    along: "tuple[Axis, ...]",
    start: "Start",
    session: "SliderSession",
) -> None:
    """Draw what was chosen to look at beside the picture."""
    from latentlab.latents import spaces

    view = st.session_state.get(_VIEW, "pca")
    if view not in FOLLOWING:
        if view == "draws":
            comparisons.draws(name)
        elif view == "cloud":
            comparisons.cloud(name, drawn_by, start)
        elif view == "search":
            searching.draw(name)
        elif view == "arithmetic":
            arithmetic.draw(name, drawn_by, start)
        else:
            _against_pca(name, start)
        return
    z = session.z
    assert z is not None  # `sliders.position` has put it there
    space = latent_space(name, drawn_by)
    picture = spaces.decode(space, z[None])[0]
    if view == "moved":
        factors.moved(name, start, picture, spaces.decode(space, start.z[None])[0])
    elif view == "traversal":
        _traversals(name, drawn_by, along, z, picture)
    else:
        _neighbours(name, drawn_by, z, picture)


def follows_code() -> bool:
    """Whether anything below depends on where the code is, and not on the start alone."""
    return st.session_state.get(_VIEW, "pca") in FOLLOWING or bool(st.session_state.get(_CODE))


def _against_pca(name: str, start: "Start") -> None:
    """A picture through the network and through PCA; and random draws of both."""
    card = cache.checkpoint(name).card
    network, linear = latent_space(name, "network"), latent_space(name, "pca")
    linear_name = f"PCA, {linear.size} components"
    if start.picture is not None and network.can_encode:
        original = start.picture.image
        ours, baseline = (
            results.reconstruction(name, drawn_by, start.picture.identity, original)
            for drawn_by in ("network", "pca")
        )
        pictures, table = st.columns([7, 5], gap="medium", vertical_alignment="center")
        with pictures, st.container(key="explore_trio"):
            for title, x in (
                ("the picture", original),
                (card.title, ours.image),
                (linear_name, baseline.image),
            ):
                large(x, alt=title, caption=title)
        with table:
            widgets.score_table(
                [widgets.Measure("Error", "mse", higher_is_better=False, digits=4)],
                {card.title: [ours.mse], linear_name: [baseline.mse]},
                caption=_on_test_split(name),
            )
    left, right = st.columns(2, gap="medium")
    source = "its prior" if network.has_prior else "a Gaussian fitted to its codes"
    with left:
        st.image(
            results.random_draws(name, "network", DRAWS),
            output_format="PNG",
            caption=f"{card.title}: random draws from {source}",
            alt=f"{DRAWS} random draws of the {card.title.lower()}",
            width="stretch",
        )
    with right:
        st.image(
            results.random_draws(name, "pca", DRAWS),
            output_format="PNG",
            caption=f"{linear_name}: random draws from a Gaussian fitted to its codes",
            alt=f"{DRAWS} random draws of principal components",
            width="stretch",
        )


def _on_test_split(name: str) -> str:
    """What the card says of reconstruction, and what PCA here was fitted to."""
    card = cache.checkpoint(name).card
    number = len(cache.samples(card.data))
    note = f"PCA here was fitted to the {number:,} sample pictures."
    score = card.score("mse")
    if score is None or score.baseline is None:
        return note
    return (
        f"On the whole test split: {score.value:.4f}, {score.baseline_name or 'PCA'}"
        f" {score.baseline:.4f}. {note}"
    )


def _traversals(
    name: str, drawn_by: "DrawnBy", along: "tuple[Axis, ...]", z: "Tensor", picture: "Tensor"
) -> None:
    """Every slider of its own from end to end, beside the same for PCA."""
    from latentlab.latents import spaces
    from latentlab.tasks import explore
    from latentlab.ui.explore import figures

    card = cache.checkpoint(name).card
    space, linear = (
        latent_space(name, drawn_by),
        latent_space(name, "pca"),
    )
    rows = [(space, z, along[:ROWS], card.title if drawn_by == "network" else "PCA")]
    if drawn_by == "network":
        code = spaces.encode(linear, picture[None])[0]
        rows.append((linear, code, spaces.axes(linear, "dimensions")[:ROWS], "PCA, same picture"))
    for column, (of, at, axes, title) in zip(
        st.columns(len(rows), gap="medium") if len(rows) > 1 else [st.container()],
        rows,
        strict=True,
    ):
        with column:
            shown = explore.traverse(of, at, axes, COLUMNS)
            st.html(figures.traversal(shown, title=title))
    st.caption(
        "Each row moves one slider from its low to its high end and leaves the others where they"
        " are. A principal component adds and subtracts the same pattern everywhere; a network can"
        " change one picture into another."
    )


def _neighbours(name: str, drawn_by: "DrawnBy", z: "Tensor", picture: "Tensor") -> None:
    """The real pictures nearest to the one shown, in the code and in the pixels."""
    from latentlab.data import datasets
    from latentlab.pictures import images
    from latentlab.tasks import explore

    dataset = datasets.get(cache.checkpoint(name).card.data)
    samples = cache.samples(dataset.name)
    pixels = samples.tensor().flatten(1)
    found = [
        (
            "Nearest by pixels",
            explore.nearest(pixels, picture.flatten(), results.sample_spacing(dataset.name)),
        )
    ]
    if latent_space(name, drawn_by).can_encode:
        codes, usual = results.sample_codes(name, drawn_by)
        found.insert(0, ("Nearest by code", explore.nearest(codes, z, usual)))
    with st.container(horizontal=True):
        with st.container(width=220):
            widgets.picture(
                images.to_uint8(picture), alt="the decoded picture", caption="decoded", width=196
            )
        for title, neighbour in found:
            with st.container(width=220):
                label = dataset.class_names[samples.labels[neighbour.index]]
                widgets.picture(
                    images.to_uint8(samples.tensor(slice(neighbour.index, neighbour.index + 1))[0]),
                    alt=title,
                    caption=f"**{title}:** {dataset.label_title} {widgets.plain(label)}. Distance"
                    f" {neighbour.distance:.2f}; usual between real pictures"
                    f" {neighbour.usual:.2f}.",
                    width=196,
                )
    missing = "" if len(found) > 1 else " A GAN has no encoder, so real pictures have no codes."
    st.caption(
        f"Among {len(samples):,} test pictures, by Euclidean distance. “Usual” is the median from"
        f" one real picture to the next.{missing}"
    )


def downloads(name: str, drawn_by: "DrawnBy", session: "SliderSession") -> None:
    """Offer the picture and its code as files."""
    import io

    import numpy as np

    from latentlab.latents import spaces
    from latentlab.pictures import images

    space = latent_space(name, drawn_by)
    stem = name if drawn_by == "network" else f"pca_of_{name}"

    # The code is looked up when a file is asked for: the sliders may have moved by then.
    def code() -> "Tensor":
        assert session.z is not None  # `sliders.position` has put it there
        return session.z

    def as_json() -> bytes:
        content = {"model": name, "drawn_by": drawn_by, "z": code().tolist()}
        return json.dumps(content, indent=1).encode()

    def as_npy() -> bytes:
        file = io.BytesIO()
        np.save(file, code().numpy())
        return file.getvalue()

    def as_png() -> bytes:
        picture = spaces.decode(space, code()[None])[0]
        return images.to_png(picture, max(1, 896 // picture.shape[2]))

    with st.container(horizontal=True):
        widgets.download(
            "Picture",
            as_png,
            f"{stem}.png",
            "image/png",
            key="explore.png",
        )
        widgets.download(
            "Code as JSON", as_json, f"{stem}_z.json", "application/json", key="explore.json"
        )
        widgets.download(
            "Code as .npy", as_npy, f"{stem}_z.npy", "application/octet-stream", key="explore.npy"
        )


def explain(space: "Space") -> None:
    """Draw the explanation that fits the model."""
    text = explanations.of(space)
    widgets.explainer(text.idea, formula=text.formula, paper=text.paper)


def code(
    name: str, drawn_by: "DrawnBy", space: "Space", start: "Start", session: "SliderSession"
) -> None:
    """Show the lines that decode this very picture without the app."""
    data = cache.checkpoint(name).card.data
    widgets.show_code(
        lambda: snippet.lines(name, data, drawn_by, space, start, session.coordinates), key=_CODE
    )
