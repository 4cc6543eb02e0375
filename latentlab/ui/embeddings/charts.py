"""The charts of the Embeddings page: planes side by side, with one legend and one selection.

Every plane is a component of its own in the browser, so that they stand under one another on a
phone, and a slow one keeps no other waiting. A selection in one is shown in all.
"""

import base64
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from latentlab.ui.embeddings import binding, results, selection
from latentlab.ui.embeddings.binding import Crowd, Files, Followed, Look
from latentlab.ui.embeddings.planes import Asked, Pending, Plane, Point, Setting, embedding, find
from latentlab.ui.shared import fields, guard, waiting, widgets
from latentlab.ui.shared.figures import class_colour

if TYPE_CHECKING:
    from latentlab.data import ImageDataset, Images
    from latentlab.tasks.embeddings import Embedding
    from latentlab.ui.shared.picture_source import Picked

HEIGHTS = {1: 600, 2: 430, 3: 320}  # pixels, by planes in a row


def publish(setting: Setting, pictures: "Images") -> Files:
    """Return where browsers fetch the pictures of all planes; call it outside of fragments."""
    sheets = results.sheets(setting.dataset, setting.count)
    return binding.publish(pictures.ids, pictures.labels, sheets, results.SHEET, results.COLUMNS)


def side_by_side(
    planes: Sequence[Plane],
    asked: Asked,
    pictures: "Images",
    files: Files,
    followed: "Picked | None",
    *,
    as_pictures: bool,
    presents: bool,
) -> None:
    """Draw the planes with one legend, and the selected pictures below them.

    Args:
        planes: which ones.
        asked: where their points lie.
        pictures: whose points they are.
        files: where the browser fetches those, as ``publish`` gives it.
        followed: the picture that gets a star, if any.
        as_pictures: whether pictures are drawn instead of dots.
        presents: whether they fill the screen of a lecture hall.
    """
    crowd, select_by = _choose_looks(asked.setting.dataset, pictures, files)
    chosen = selection.chosen(pictures)
    made: dict[str, Embedding] = {}
    if not planes:
        widgets.empty_state("No plane chosen", "Choose one or more of the planes above.")
    remaining = list(planes)
    rows = columns(len(planes))
    for row in rows:
        look = Look(select_by, as_pictures, HEIGHTS[row], presents, len(rows))
        for plane, column in zip(remaining[:row], st.columns(row), strict=True):
            with column, guard.errors():
                st.header(plane.label, anchor=False)
                found = asked.of(plane)
                if isinstance(found, Pending):
                    wait(partial(embedding, plane, asked.setting))
                    continue
                made[plane.label] = found
                star = None
                if followed is not None:
                    star = find(followed, plane, asked.setting, found, pictures)
                _draw(plane, found, crowd, look, chosen, followed, star)
                if followed is not None and isinstance(star, Pending):
                    wait(partial(find, followed, plane, asked.setting, found, pictures))
                st.caption(plane.note)
        del remaining[:row]
    selection.draw(made, asked.setting.dataset, pictures, chosen, crowd.class_names)


def _choose_looks(data: str, pictures: "Images", files: Files) -> tuple[Crowd, str]:
    """Draw the legend, which chooses classes, and what a drag does; return both."""
    from latentlab.data import datasets

    dataset = datasets.get(data)
    names = dataset.class_names
    own = _colours_of(dataset)
    colours = own or tuple(class_colour(k) for k in range(len(names)))
    st.html(_legend_colours(colours))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        with st.container(key="class_legend", width="content"):
            shown = fields.url_choices(
                f"Show only this {dataset.label_title}",
                {str(k): widgets.plain(name) for k, name in enumerate(names)},
                key="embeddings_classes",
                default=(),
            )
        select_by = fields.url_select(
            "Select points by",
            {"click": "Click", "lasso": "Lasso", "box": "Box"},
            key="embeddings_select_by",
            style="buttons",
        )
    crowd = Crowd(
        files=files,
        ids=pictures.ids,
        labels=pictures.labels,
        class_names=names,
        colours=colours,
        shown=tuple(int(k) for k in shown),
        edged=bool(own),  # colours of things, black hair for one, may be those of the ground
        size=dataset.image_shape[1:],
    )
    return crowd, select_by


def _colours_of(dataset: "ImageDataset") -> tuple[str, ...]:
    """Return the classes' own colours where colour is what they are; else nothing."""
    for factor in dataset.factors:
        known = all(re.fullmatch("[0-9a-f]{6}", value) for value in factor.values)
        if factor.name == dataset.label_title and factor.values and known:
            return tuple(f"#{value}" for value in factor.values)
    return ()


def _draw(
    plane: Plane,
    found: "Embedding",
    crowd: Crowd,
    look: Look,
    chosen: NDArray[np.bool_],
    followed: "Picked | None",
    star: Point | Pending | None,
) -> None:
    """Draw one plane, with what becomes of the followed picture once that is known."""
    key = f"embeddings_plane_{plane.name}"
    told = None
    if followed is not None and not isinstance(star, Pending):
        told = _follow(plane, found, star, followed)
    binding.point_cloud(
        key=key,
        title=plane.label,
        points=found.points,
        crowd=crowd,
        look=look,
        chosen=chosen,
        handled=selection.handled(),
        star=None if isinstance(star, Pending) else star,
        followed=told,
        on_select=partial(selection.take, key, crowd.files.crowd, crowd.ids),
    )


def _follow(plane: Plane, found: "Embedding", star: Point | None, followed: "Picked") -> Followed:
    """Return the followed picture and, beside it, what the plane decodes at the star."""
    import torch

    from latentlab.metrics import metrics
    from latentlab.pictures import images

    if star is None:
        return Followed("★ This plane cannot place a new picture.")
    if found.reconstruct is None:
        return Followed("★ No way back to a picture.")
    x = followed.image[None]
    made = found.reconstruct(np.array([star], np.float32))
    error = float(metrics.get("mse")(made, x)[0])
    sheet = images.to_png(images.grid(torch.cat([x, made]), columns=2, gap=1, background=0.5))
    return Followed(
        f"★ mse {error:.4f}",
        f"The followed picture, and what {plane.label} makes of its two numbers",
        f"data:image/png;base64,{base64.b64encode(sheet).decode()}",
    )


def _legend_colours(colours: Sequence[str]) -> str:
    """Style of the class buttons: each has the colour of its points."""
    rules = "".join(
        f".st-key-class_legend button:nth-of-type({k + 1})::before{{background:{colour}}}"
        for k, colour in enumerate(colours)
    )
    return (
        "<style>.st-key-class_legend button::before{content:'';width:.8em;height:.8em;"
        f"border-radius:50%;outline:1px solid #8a8f98;margin-right:.4em;flex:none}}{rules}</style>"
    )


def wait(ask: Callable[[], object]) -> None:
    """Show how long something has been computing, and rerun the page when it is there.

    Args:
        ask: returns `Pending` until it is there.
    """

    def unfinished() -> Pending | None:
        found = ask()
        return found if isinstance(found, Pending) else None

    waiting.wait_for(unfinished, _draw_pending, every=1.0)


def _draw_pending(pending: Pending) -> None:
    with st.container(border=True):
        if pending.ahead:
            others = "another map" if pending.ahead == 1 else f"{pending.ahead} other maps"
            st.markdown(f":material/hourglass_empty: Waiting for {others} …")
        else:
            st.markdown(f":material/hourglass_top: Computing, **{pending.seconds:.0f} s** so far …")
        st.caption("You can go on using the page.")


def columns(count: int) -> Sequence[int]:
    """Return how many planes stand in each row: at most three, and rows as even as can be."""
    rows = -(-count // 3)
    return [count // rows + (row < count % rows) for row in range(rows)]
