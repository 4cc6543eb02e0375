"""The charts of the Embeddings page: planes side by side, with one legend and one selection.

Every plane is a chart of its own, so that they stand under one another on a phone, and a slow one
keeps no other waiting. A selection in one is shown in all. The chart in which it was made is left
as it was drawn: Streamlit takes a changed figure for a new chart, which would forget its zoom and
the outline that was drawn around the points.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from latentlab.ui.embeddings import figures, selection
from latentlab.ui.embeddings.figures import Crowd
from latentlab.ui.embeddings.planes import Asked, Pending, Plane, Point, Setting, embedding, find
from latentlab.ui.embeddings.selection import PICKED, SOURCE
from latentlab.ui.shared import fields, guard, waiting, widgets
from latentlab.ui.shared.figures import CLASS_COLOURS

if TYPE_CHECKING:
    from latentlab.data import ImageDataset, Images
    from latentlab.tasks.embeddings import Embedding
    from latentlab.ui.shared.picture_source import Picked

# Pixels, by whether it is presented and by planes in a row.
HEIGHTS = {False: {1: 600, 2: 430, 3: 320}, True: {1: 700, 2: 700, 3: 640}}
_CHARTS = "embeddings.charts"  # plane -> _Chart


def side_by_side(
    planes: Sequence[Plane],
    asked: Asked,
    pictures: "Images",
    followed: "Picked | None",
    *,
    dark: bool,
    presents: bool,
) -> None:
    """Draw the planes with one legend, and the selected pictures below them.

    Args:
        planes: which ones.
        asked: where their points lie.
        pictures: whose points they are.
        followed: the picture that gets a star, if any.
        dark: the theme.
        presents: whether they fill the screen of a lecture hall.
    """
    crowd, select_by = _choose_looks(asked.setting.dataset, pictures)
    positions = selection.chosen(pictures)
    made: dict[str, Embedding] = {}
    if not planes:
        widgets.empty_state("No plane chosen", "Choose one or more of the planes above.")
    remaining = list(planes)
    for row in columns(len(planes)):
        view = _View(select_by, HEIGHTS[presents][row], dark)
        for plane, column in zip(remaining[:row], st.columns(row), strict=True):
            with column, guard.errors():
                st.markdown(f"##### {plane.label}")
                found = asked.of(plane)
                if isinstance(found, Pending):
                    wait(partial(embedding, plane, asked.setting))
                    continue
                made[plane.label] = found
                _draw_with_star(plane, found, crowd, view, asked.setting, pictures, followed)
                st.caption(plane.note)
        del remaining[:row]
    selection.draw(made, pictures, positions, crowd.class_names)


def _choose_looks(data: str, pictures: "Images") -> tuple[Crowd, str]:
    """Draw the legend, which chooses classes, and what a drag does; return both."""
    from latentlab.data import datasets

    dataset = datasets.get(data)
    names = dataset.class_names
    colours = _colours_of(dataset)
    st.html(_legend_colours(colours or CLASS_COLOURS))
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
    picked = tuple(int(k) for k in shown)
    return Crowd(pictures.labels, pictures.ids, names, picked, colours), select_by


def _colours_of(dataset: "ImageDataset") -> tuple[str, ...]:
    """Return the classes' own colours where colour is what they are; else nothing."""
    for factor in dataset.factors:
        known = all(re.fullmatch("[0-9a-f]{6}", value) for value in factor.values)
        if factor.name == dataset.label_title and factor.values and known:
            return tuple(f"#{value}" for value in factor.values)
    return ()


@dataclass(frozen=True)
class _View:
    """How all planes of a row are drawn."""

    select_by: str  # what a drag does
    height: int  # CSS pixels
    dark: bool  # the theme


def _draw_with_star(
    plane: Plane,
    found: "Embedding",
    crowd: Crowd,
    view: _View,
    setting: Setting,
    pictures: "Images",
    followed: "Picked | None",
) -> None:
    """Draw one plane, with a star where the followed picture lies, once that is known."""
    star = None if followed is None else find(followed, plane, setting, found, pictures)
    draw(plane, found, crowd, None if isinstance(star, Pending) else star, view, setting)
    if followed is None:
        return
    if isinstance(star, Pending):
        wait(partial(find, followed, plane, setting, found, pictures))
    elif star is None:
        st.caption("★ has no place here: this plane cannot take a new picture.")
    else:
        _draw_followed(plane, found, star, followed)


def _draw_followed(plane: Plane, found: "Embedding", star: Point, followed: "Picked") -> None:
    """Draw the followed picture and, beside it, what the plane decodes at the star."""
    import torch

    from latentlab.metrics import metrics
    from latentlab.pictures import images

    x = followed.image[None]
    if found.reconstruct is None:
        st.caption("★ There is no way back from this plane to a picture.")
        return
    made = found.reconstruct(np.array([star], np.float32))
    error = float(metrics.get("mse")(made, x)[0])
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        sheet = images.grid(torch.cat([x, made]), columns=2, gap=1, background=0.5)
        alt = f"The followed picture, and what {plane.label} makes of its two numbers"
        widgets.picture(images.to_uint8(sheet), alt=alt, width=170)
        st.markdown(f"★ → two numbers → picture  \n**mse {error:.4f}**", width="content")


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


@dataclass
class _Chart:
    """What this visitor's browser shows of one plane."""

    highlighted: Sequence[int] = ()  # ids that its figure highlights
    outlined: object = None  # how it looked when a selection was drawn in it; None = there is none
    edition: int = 0  # a new one makes the browser forget the outline


def draw(
    plane: Plane,
    embedding: "Embedding",
    crowd: Crowd,
    star: Point | None,
    view: _View,
    setting: Setting,
) -> None:
    """Draw one plane whose selection all planes share.

    Args:
        plane: which one.
        embedding: its points.
        crowd: whose points they are.
        star: the picture that one follows.
        view: how it is drawn.
        setting: where the points lie.
    """
    # All that decides how the plane looks, but the selection.
    looks = (setting, crowd.shown, star, view)
    key = f"embeddings_plane_{plane.name}"
    chart = _chart(plane, key, looks)

    def select() -> None:
        points = st.session_state[key].selection.points
        # The first of two traces may be the grey points, which carry no ids.
        ids = [_first(point["customdata"]) for point in points if "customdata" in point]
        st.session_state[PICKED] = sorted(ids)
        st.session_state[SOURCE] = plane.name
        chart.outlined = looks

    st.plotly_chart(
        figures.plane(
            crowd,
            embedding.points,
            chosen=chart.highlighted,
            edition=chart.edition,
            star=star,
            select_by=view.select_by,
            height=view.height,
            dark=view.dark,
        ),
        key=key,
        on_select=select,
        config={"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d"]},
        alt=f"{len(embedding.points)} pictures on the plane of {plane.label}",
    )


def _chart(plane: Plane, key: str, looks: object) -> _Chart:
    """Return what the browser shall show of a plane: as it was, where a selection stands in it."""
    charts: dict[str, _Chart] = st.session_state.setdefault(_CHARTS, {})
    chart = charts.setdefault(plane.name, _Chart())
    # Streamlit forgets a chart's selection when its page is left, and with it the chart's key.
    kept = (
        st.session_state.get(SOURCE) == plane.name
        and chart.outlined == looks
        and key in st.session_state
    )
    if not kept:
        chart.highlighted = st.session_state[PICKED]
        if chart.outlined is not None:
            chart.edition += 1
            chart.outlined = None
    return chart


def _first(value: int | list[int]) -> int:
    return value[0] if isinstance(value, list) else value


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
