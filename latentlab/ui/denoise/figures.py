"""Drawings of the Denoise page: data to HTML, a sentence, or a plotly figure; no streamlit."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal, Protocol

from latentlab.ui.shared import figures

if TYPE_CHECKING:
    from plotly.graph_objects import Figure
    from torch import Tensor

    from latentlab.baselines import Side
    from latentlab.tasks.denoise import Curve, Denoised


@dataclass(frozen=True)
class Tile:
    """One picture of a row."""

    title: str
    image: "Tensor"  # float32 [C,H,W] in [0,1]
    score: str = ""
    note: str = ""  # HTML, of our own making
    best: bool = False


def tiles(row: Sequence[Tile], size: Literal["large", "small"]) -> str:
    """HTML of pictures of one size beside one another, for ``denoise.css``.

    The pictures keep their own few pixels and the browser enlarges them: a 28 x 28 PNG has 400
    bytes, a crisp enlargement a hundred times that.
    """
    from latentlab.pictures import images

    figures_ = []
    for tile in row:
        data = base64.b64encode(images.to_png(tile.image)).decode()
        score = f" <span>{escape(tile.score)}</span>" if tile.score else ""
        note = f"<small>{tile.note}</small>" if tile.note else ""
        figures_.append(
            f"<figure{' class=best' if tile.best else ''}>"
            f"<img src='data:image/png;base64,{data}' alt='{escape(tile.title, quote=True)}'>"
            f"<figcaption><b>{escape(tile.title)}</b>{score}{note}</figcaption></figure>"
        )
    return f"<div class='tiles {size}'>{''.join(figures_)}</div>"


def decibels(psnr: float) -> str:
    """A PSNR for people: "21.3 dB", or "∞ dB" for equal pictures."""
    return f"{psnr:.1f} dB" if math.isfinite(psnr) else "∞ dB"


def comparison(denoised: "Denoised", name: str) -> str:
    """The four large pictures: clean, noisy, restored by ``name``, and where that one errs."""
    from latentlab.pictures import images

    restored = denoised.by(name)
    legend = "".join(
        f"<span><i style='background:rgb({','.join(str(round(255 * c)) for c in ink)})'></i>"
        f"{word}</span> "
        for ink, word in ((images.DARKER, "too dark"), (images.BRIGHTER, "too bright"))
    )
    return tiles(
        [
            Tile("Clean", denoised.clean),
            Tile("Noisy", denoised.noisy, decibels(denoised.by("noisy").psnr)),
            Tile("Restored", restored.image, decibels(restored.psnr), escape(restored.label)),
            Tile("Error", images.error_map(denoised.clean, restored.image), note=legend),
        ],
        "large",
    )


def stage(denoised: "Denoised", name: str) -> str:
    """The four large pictures, and beside them what every method reaches."""
    return f"<div class='stage'>{comparison(denoised, name)}{ranking(denoised)}</div>"


def ranking(denoised: "Denoised") -> str:
    """HTML of all methods with their PSNR, the highest first, each bar as long as it is high."""
    order = sorted(denoised.restorations, key=lambda each: -each.psnr)
    longest = max((each.psnr for each in order if math.isfinite(each.psnr)), default=1.0)
    rows = []
    for each in order:
        share = min(max(each.psnr / max(longest, 1.0), 0.0), 1.0)
        best = " best" if each is denoised.winner else ""
        rows.append(
            f"<div role='listitem' class='{each.side}{best}' style='--share:{100 * share:.0f}%'>"
            f"<span>{escape(each.label)}</span> <b>{decibels(each.psnr)}</b></div>"
        )
    return f"<div class='ranking' role='list'>{''.join(rows)}</div>"


def gallery(denoised: "Denoised") -> str:
    """Every method's picture with its PSNR, the winner ringed, whoever it is."""
    winner = denoised.winner
    return tiles(
        [
            Tile(each.label, each.image, decibels(each.psnr), best=each is winner)
            for each in denoised.restorations
        ],
        "small",
    )


class Scored(Protocol):
    """What a sentence about winners needs to know of a restoration."""

    @property
    def label(self) -> str:
        """What people call its method."""

    @property
    def side(self) -> "Side":
        """Who made it."""

    @property
    def psnr(self) -> float:
        """In dB."""


def verdict(restorations: Sequence[Scored]) -> str:
    """One sentence, as HTML: who wins, and by how much over the best of the other side."""
    winner = max(restorations, key=lambda each: each.psnr)
    other = "classical" if winner.side == "network" else "network"
    rivals = [each for each in restorations if each.side == other]
    rival = max(rivals, key=lambda each: each.psnr, default=None)
    return f"<p class='verdict'>{_verdict(winner, rival)}</p>"


def _verdict(winner: Scored, rival: Scored | None) -> str:
    name = f"<b>{escape(winner.label)}</b>"
    if winner.side == "none":
        if math.isinf(winner.psnr):
            return "There is no noise to remove: every method can only lose something."
        return (
            f"<b>Leaving the picture alone</b> is best here, with {decibels(winner.psnr)}:"
            " every method takes away more than it brings back."
        )
    if rival is None:  # no network could be loaded
        return f"{name} wins with {decibels(winner.psnr)}."
    mine = "" if winner.side == "network" else ", a classical method,"
    behind = escape(rival.label)
    if math.isinf(winner.psnr):
        return f"{name}{mine} restores every pixel; {behind} reaches {decibels(rival.psnr)}."
    lead = decibels(winner.psnr - rival.psnr)
    return (
        f"{name}{mine} wins by <b>{lead}</b>: {decibels(winner.psnr)}, "
        f"{behind} {decibels(rival.psnr)}."
    )


def curve_figure(
    strengths: Sequence[float], curves: Sequence["Curve"], *, current: float, x: str
) -> "Figure":
    """PSNR over the strength of the noise: each network, the best classical method, and nothing.

    Args:
        strengths: ascending, one for each value of a curve.
        curves: of every method, see ``tasks.denoise.curves``.
        current: the strength the page shows, marked by a line.
        x: title of the horizontal axis.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    classical = [curve for curve in curves if curve.side == "classical"]
    at_best = [
        max(classical, key=lambda curve, i=i: curve.psnr[i])  # type: ignore[misc]
        for i in range(len(strengths))
    ]
    figure.add_scatter(
        x=list(strengths),
        y=[curve.psnr[i] for i, curve in enumerate(at_best)],
        name="best classical method",
        text=[curve.label for curve in at_best],
        hovertemplate="%{y:.1f} dB, %{text}<extra></extra>",
        line={"color": figures.BASELINE, "width": 5},
    )
    number = 0
    for curve in curves:
        if curve.side == "classical":
            continue
        nothing = curve.side == "none"
        figure.add_scatter(
            x=list(strengths),
            # A missing point, for what cannot be drawn: the PSNR of a picture that kept no noise.
            y=[value if math.isfinite(value) else None for value in curve.psnr],
            name="nothing done" if nothing else escape(curve.label),
            hovertemplate="%{y:.1f} dB<extra>%{fullData.name}</extra>",
            line={"color": figures.BASELINE, "width": 2, "dash": "dot"}
            if nothing
            else {"color": figures.class_colour(number), "width": 3},
        )
        number += not nothing
    figure.add_vline(x=current, line={"color": figures.BASELINE, "width": 1, "dash": "dash"})
    return figures.lay_out(figure, x=x, y="PSNR, dB")
