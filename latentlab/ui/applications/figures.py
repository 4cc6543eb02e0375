"""Drawings of the Applications page: rows of pictures, and errors of every arm; no Streamlit."""

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure
    from torch import Tensor

    from latentlab.tasks.applications import Arm, Direction, Enlarged, Plausible, Turned, Way

COLOURS = {
    "nothing": CLASS_COLOURS[5],
    "classical": BASELINE,
    "gaussian": CLASS_COLOURS[7],
    "gan": CLASS_COLOURS[6],
    "both": CLASS_COLOURS[0],
}
ROWS = {
    "nothing": "Labelled",
    "classical": "Deformed",
    "gaussian": "Gaussian",
    "gan": "GAN",
}


@dataclass(frozen=True)
class Tile:
    """One picture [C,H,W] over its title and a few words."""

    title: str
    picture: "Tensor"
    words: str = ""
    marks: tuple[str, ...] = ()  # what it is best in


def tiles(row: Sequence[Tile], kind: str) -> str:
    """Return pictures of one size beside one another, as HTML; ``kind`` is a class of the style.

    They keep their own few pixels, and the browser enlarges them.
    """
    from latentlab.pictures import images

    parts = []
    for tile in row:
        data = base64.b64encode(images.to_png(tile.picture)).decode()
        words = f"<span>{escape(tile.words)}</span>" if tile.words else ""
        mark = "".join(f"<em>{escape(each)}</em>" for each in tile.marks)
        parts.append(
            f"<figure{' class=best' if tile.marks else ''}>"
            f"<img src='data:image/png;base64,{data}' alt='{escape(tile.title, quote=True)}'>"
            f"<figcaption><b>{escape(tile.title)}</b>{words}{mark}</figcaption></figure>"
        )
    return f"<div class='applied {kind}'>{''.join(parts)}</div>"


def decibels(psnr: float) -> str:
    """A PSNR for people: "21.3 dB", or "∞ dB" for equal pictures."""
    return f"{psnr:.1f} dB" if math.isfinite(psnr) else "∞ dB"


def enlarged(found: "Enlarged", closer: bool) -> str:
    """Return the small picture, what every way makes of it, and the true one.

    ``closer`` shows the middle of each alone, half as wide and high, as through a loupe.
    """
    nearest, likest = found.best("psnr"), _likest(found)

    def marks(way: "Way") -> tuple[str, ...]:
        said = (way is nearest, "most dB"), (way is likest, "nearest features")
        return tuple(words for true, words in said if true)

    def shown(picture: "Tensor") -> "Tensor":
        return _middle(picture) if closer else picture

    (height, width), (tall, wide) = found.small.shape[1:], found.true.shape[1:]
    row = [
        Tile("Made small", shown(found.small), f"{width} × {height} pixels"),
        *(
            Tile(_of(TITLES, way), shown(way.image), decibels(way.psnr), marks(way))
            for way in found.ways
        ),
        Tile("The true one", shown(found.true), f"{wide} × {tall} pixels"),
    ]
    return tiles(row, "ways")


def _middle(picture: "Tensor") -> "Tensor":
    """The middle of a picture [C,H,W]; of an odd side the part that covers the same place."""
    _, height, width = picture.shape
    tall, wide = height // 4, width // 4
    return picture[:, tall : height - tall, wide : width - wide]


def _likest(found: "Enlarged") -> "Way | None":
    known = [way for way in found.ways if way.distance is not None]
    return found.best("distance") if known else None


TITLES = {
    "bicubic": "Bicubic",
    "back_projection": "Back-projected",
    "patches": "Fitted patches",
    "mse": "Squared error",
    "gan": "With a critic",
}
SAID = {
    "bicubic": "bicubic interpolation",
    "back_projection": "back-projected interpolation",
    "patches": "the fitted maps of patches",
    "mse": "the network trained on squared error",
    "gan": "the network with a critic",
}


def who_wins(found: "Enlarged") -> str:
    """Return the sentence on which way is best by which measure, as markdown."""
    nearest, likest = found.best("psnr"), _likest(found)
    first = f"By PSNR, best is **{_of(SAID, nearest)}** with {decibels(nearest.psnr)}."
    if likest is None:
        alike = found.best("ssim")
        if alike is nearest:
            return f"{first} So it is by SSIM, {alike.ssim:.3f}."
        return f"{first} By SSIM it is **{_of(SAID, alike)}** with {alike.ssim:.3f}."
    if likest is nearest:
        return f"{first} By a classifier’s features it is nearest to the true one, too."
    return (
        f"{first} By a classifier’s features, nearest to the true one is **{_of(SAID, likest)}**,"
        f" {likest.distance:.1f} against {nearest.distance:.1f}."
    )


def _of(names: Mapping[str, str], way: "Way") -> str:
    """What a way is called; networks are known by the tag that ends their name."""
    return names.get(way.name) or names[way.name.rpartition("_")[2]]


def answers(found: "Plausible") -> str:
    """Return the pictures that the small one could as well have been, and their mean."""
    row = [
        Tile("Another", picture, decibels(psnr))
        for picture, psnr in zip(found.pictures, found.psnr, strict=True)
    ]
    best = ("most dB",) if found.beaten == len(found.psnr) else ()
    row.append(Tile("Their mean", found.mean, decibels(found.mean_psnr), best))
    return tiles(row, "answers")


def why_blur(found: "Plausible") -> str:
    """Return the sentence on what the mean of plausible pictures scores, as markdown."""
    count = len(found.psnr)
    beaten = "all" if found.beaten == count else f"{found.beaten} of"
    return (
        f"These {count} real pictures look most like this one once they are made small. Their"
        f" **mean**, a blur, scores {decibels(found.mean_psnr)} and beats {beaten} {count} of them."
    )


def directions(thicker: "Direction", thinner: "Direction", names: Sequence[str]) -> str:
    """Return both directions as two rows: given, by the network, by morphology, the truth, back."""

    def words(turned: "Turned") -> str:
        said = [] if turned.error is None else [f"error {turned.error:.3f}"]
        if turned.read is not None:
            said.append(f"read as {names[turned.read]}")
        return ", ".join(said)

    def row(direction: "Direction", given: str, turned: str, classical: str, back: str) -> str:
        return tiles(
            [
                Tile(given, direction.given.image, words(direction.given)),
                Tile(turned, direction.network.image, words(direction.network)),
                Tile(classical, direction.classical.image, words(direction.classical)),
                Tile("The truth", direction.true.image, words(direction.true)),
                Tile(back, direction.again.image, words(direction.again)),
            ],
            "turned",
        )

    return row(thicker, "As written", "CycleGAN, thicker", "Dilation", "CycleGAN, and back") + row(
        thinner, "Thick", "CycleGAN, thinner", "Erosion", "CycleGAN, and back"
    )


def of_arms(arms: "Sequence[Arm]", height: int) -> "Figure":
    """Return test errors of every arm: one point a draw, and a line at the mean."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for place, arm in enumerate(arms):
        colour = COLOURS[arm.name]
        figure.add_scatter(
            x=[arm.mean, arm.mean],
            y=[place - 0.36, place + 0.36],
            mode="lines",
            line={"color": colour, "width": 5},
            hoverinfo="skip",
        )
        spread = [0.16 * (i - (len(arm.errors) - 1) / 2) for i in range(len(arm.errors))]
        figure.add_scatter(
            x=arm.errors,
            y=[place + offset for offset in spread],
            mode="markers",
            marker={"color": colour, "size": 13, "opacity": 0.75},
            hovertemplate=f"{escape(arm.title)}<br>%{{x:.2f}} %<extra></extra>",
        )
    lay_out(figure, height=height, x="test error, %", legend=False)
    figure.update_yaxes(
        tickvals=list(range(len(arms))),
        ticktext=[SHORT[arm.name] for arm in arms],
        range=[len(arms) - 0.5, -0.5],
    )
    figure.update_xaxes(rangemode="tozero")
    return figure


SHORT = {
    "nothing": "Alone",
    "classical": "Deformed",
    "gaussian": "+ Gaussian",
    "gan": "+ GAN",
    "both": "+ GAN, deformed",
}


def table(arms: "Sequence[Arm]", labels: int) -> str:
    """Return test errors as an HTML table, the least one marked."""
    least = min(arm.mean for arm in arms)
    rows = "".join(
        f"<tr{' class=best' if arm.mean == least else ''}>"
        f"<td><i style='background:{COLOURS[arm.name]}'></i>{escape(SHORT[arm.name])}</td>"
        f"<td>{arm.mean:.2f}</td>"
        f"<td>{'' if arm.spread is None else f'{arm.spread:.2f}'}</td></tr>"
        for arm in arms
    )
    return (
        "<table class='arms'><thead><tr>"
        f"<th>With {labels:,} labels</th><th>error,&nbsp;%</th><th>±</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def added(rows: "Mapping[str, Tensor]") -> str:
    """Return what a classifier is trained on, one row an arm and one picture a class."""
    from latentlab.pictures import images

    parts = []
    for name, pictures in rows.items():
        shown = "".join(
            f"<img src='data:image/png;base64,{base64.b64encode(images.to_png(x)).decode()}'"
            f" alt='{escape(ROWS[name])}, class {k}'>"
            for k, x in enumerate(pictures)
        )
        parts.append(f"<div><b>{escape(ROWS[name])}</b>{shown}</div>")
    return f"<div class='added'>{''.join(parts)}</div>"
