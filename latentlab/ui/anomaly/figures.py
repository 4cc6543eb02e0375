"""Figures of the Anomaly page: pictures with their heat, tables and curves, without Streamlit."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure
    from torch import Tensor

    from latentlab.experiments import Curve
    from latentlab.tasks.anomaly import Hindsight, Judged, Row, Tried

COLOURS = {"pca": BASELINE, "ae": CLASS_COLOURS[0]}
FULL = 0.4  # smoothed squared error that is drawn at full heat


@dataclass(frozen=True)
class Shown:
    """A picture [C,H,W], or [3,H,W] with heat, over a few words."""

    title: str
    picture: "Tensor"
    words: str = ""


def heated(x: "Tensor", heat: "Tensor") -> "Tensor":
    """Return a grey picture [1,H,W], dimmed, with its heat [H,W] in orange: [3,H,W]."""
    import torch

    grey = 0.45 * x[0]
    share = (heat / FULL).clamp(0, 1) ** 0.7
    hot = torch.tensor([1.0, 0.45, 0.05])[:, None, None]
    return (1 - share) * grey.expand(3, -1, -1) + share * hot


def row(pictures: Sequence[Shown]) -> str:
    """Return pictures side by side, as HTML."""
    return f"<div class='row'>{''.join(map(_figure, pictures))}</div>"


def _figure(shown: Shown) -> str:
    words = f"<figcaption>{escape(shown.words)}</figcaption>" if shown.words else ""
    image = _image(shown.picture, f"{shown.title}: {shown.words}")
    return f"<figure><h4>{escape(shown.title)}</h4>{image}{words}</figure>"


def _image(picture: "Tensor", alt: str) -> str:
    from latentlab.pictures import images

    data = base64.b64encode(images.to_png(picture)).decode()
    return f"<img alt='{escape(alt)}' src='data:image/png;base64,{data}'>"


def percent(share: float) -> str:
    """Return a share in words."""
    return f"{100 * share:.0f} %"


def hindsight(found: "Hindsight", mended: bool) -> str:
    """Return what thresholds promise and keep, as an HTML table."""
    rows = [
        ("promised, on the pictures that it was chosen on", found.claimed, ""),
        ("kept, on all the others", found.real, "kept"),
    ]
    parts = [
        f"<tr><th colspan='3'>Chosen by hindsight, on {found.size} test pictures</th></tr>",
        *(_alarm_row(*each) for each in rows),
    ]
    if mended:
        parts += [
            "<tr><th colspan='3'>Chosen on held-out normal pictures, without one outlier</th></tr>",
            "<tr><td>promised</td><td>nothing</td><td>5 %</td></tr>",
            _alarm_row("kept, on all test pictures", found.honest, "kept"),
        ]
    head = "<tr><td></td><td>outliers found</td><td>false alarms</td></tr>"
    return f"<table class='promises'>{head}{''.join(parts)}</table>"


def _alarm_row(title: str, alarms: object, kind: str) -> str:
    recall, false = (percent(getattr(alarms, name)) for name in ("recall", "false_alarms"))
    return f"<tr class='{kind}'><td>{title}</td><td>{recall}</td><td>{false}</td></tr>"


def table(
    rows: "Sequence[Row]",
    class_names: Sequence[str],
    published: Mapping[str, tuple[float | None, ...]],
    place: int,
) -> str:
    """Return AUROC of every class in per cent, the best mean first, as an HTML table.

    Args:
        rows: the methods.
        class_names: of the data set.
        published: means in print by method, one a data set.
        place: which of these.
    """
    best = [max(row.classes[k] for row in rows) for k in range(len(class_names))]
    heads = "".join(f"<th scope='col'>{escape(name)}</th>" for name in class_names)
    parts = [f"<tr><th scope='col'>AUROC, %</th><th scope='col'>mean</th>{heads}</tr>"]
    for index, one in enumerate(rows):
        spread = "" if one.spread is None else f" ± {100 * one.spread:.1f}"
        cells = "".join(
            f"<td class='{'best' if value >= best[k] - 5e-4 else ''}'>{100 * value:.1f}</td>"
            for k, value in enumerate(one.classes)
        )
        kind = "pca" if one.baseline else "first" if index == 0 else ""
        parts.append(
            f"<tr class='{kind}'><th scope='row'>{escape(one.label)}</th>"
            f"<td class='mean'>{100 * one.mean:.1f}{spread}</td>{cells}</tr>"
        )
    span = len(class_names)
    for name, means in published.items():
        value = means[place]
        if value is not None:
            parts.append(
                f"<tr class='print'><th scope='row'>{escape(name)}</th><td class='mean'>{value:.1f}"
                f"</td><td colspan='{span}'>in print; other preprocessing</td></tr>"
            )
    # Whatever scrolls must be reached by keys.
    start = "<div class='wide' tabindex='0' role='region' aria-label='AUROC'><table class='areas'>"
    return f"{start}{''.join(parts)}</table></div>"


def verdict(rows: "Sequence[Row]") -> str:
    """Return the sentence that says which method is ahead, and what PCA does."""
    first = rows[0]
    plain = next((row for row in rows if row.baseline and "smoothed" not in row.label), None)
    linear = next((row for row in rows if row.baseline), None)
    network = next((row for row in rows if not row.baseline and row.name != "knn"), None)
    if plain is None or linear is None or network is None:
        return f"**{first.label}** is ahead with {100 * first.mean:.1f} %."
    parts = [f"**{first.label}** is ahead with {100 * first.mean:.1f} %."]
    if first.baseline:
        parts.append(f"The best network, {_lower(network.label)}, has {100 * network.mean:.1f} %.")
    parts.append(f"PCA with its plain error has {100 * plain.mean:.1f} %")
    if linear is not plain:
        parts.append(f"and with the networks’ own score {100 * linear.mean:.1f} %")
    gap = 100 * (network.mean - linear.mean)
    spread = 100 * (network.spread or 0)
    if first.baseline and -gap <= 2 * spread:
        verdict = "**PCA is ahead, by less than chance between seeds.**"
    elif first.baseline:
        verdict = "**PCA wins here.**"
    elif gap <= 2 * spread:
        verdict = "Against PCA with the same score, **the network's lead is within its spread.**"
    else:
        verdict = f"With the same score, a network is {gap:.1f} points above PCA."
    return f"{' '.join(parts)}. {verdict}"


def _lower(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def over_shares(curves: "Sequence[Curve]", percent: int) -> "Figure":
    """Return AUROC over the share of training pictures that do not belong."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for curve in curves:
        kind, _, smoothed = curve.line.name.partition(".")[0].partition("_")
        figure.add_scatter(
            x=curve.x,
            y=curve.mean,
            error_y=None if curve.spread is None else {"array": curve.spread, "thickness": 2},
            name=curve.line.label,
            mode="lines+markers",
            line={
                "color": COLOURS.get(kind, CLASS_COLOURS[5]),
                "width": 3,
                "dash": "dot" if smoothed else "solid",
            },
            marker={"size": 10, "symbol": "square" if kind == "pca" else "circle"},
            hovertemplate=f"{curve.line.label}, %{{x}} %<br>%{{y:.3f}}<extra></extra>",
        )
    lay_out(figure, height=380, x="training pictures that do not belong, %", y="AUROC")
    figure.add_vline(x=percent, line={"width": 1, "dash": "dash", "color": BASELINE})
    figure.update_xaxes(tickvals=sorted({x for curve in curves for x in curve.x}))
    return figure


def lost(curves: "Sequence[Curve]") -> str:
    """Return how much of its AUROC every method loses from the first share to the last."""
    parts = [f"{curve.line.label} {curve.mean[0] - curve.mean[-1]:.3f}" for curve in curves]
    spread = any(curve.spread is not None for curve in curves)
    bars = " Bars: one standard deviation over seeds." if spread else ""
    return (
        f"AUROC lost from {curves[0].x[0]} to {curves[0].x[-1]} %: {'; '.join(parts)}."
        f" PCA has seen the same pictures.{bars}"
    )


def unclean(found: "Judged", clean: "Judged", share: int) -> str:
    """Return the sentence on what a share of others among the training pictures does."""
    if not share:
        return f"Trained on clean pictures, AUROC {clean.auroc:.3f} on the test pictures shown."
    lost = clean.auroc - found.auroc
    way = f"{lost:.3f} less than" if lost > 0 else f"{-lost:.3f} more than"
    return (
        f"With **{share} %** others among the training pictures: AUROC **{found.auroc:.3f}**,"
        f" {way} with clean ones ({clean.auroc:.3f})."
    )


def passing(title: str, tried: "Sequence[Tried]", name: str) -> str:
    """Return the sentence on how many pictures of nothing pass as normal."""
    passed = [one.name for one in tried if not one.alarm]
    easier = [one.name for one in tried if one.below < 0.01]
    if not passed:
        return f"**{title}**: all {len(tried)} raise an alarm."
    more = ""
    if easier:
        more = f" {_listed(easier).capitalize()} score below 99 of 100 pictures of {name}."
    passes = "passes" if len(passed) == 1 else "pass"
    return f"**{title}**: {len(passed)} of {len(tried)} {passes} as {name}.{more}"


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def simple(parts: "Sequence[tuple[str, Sequence[Tried]]]") -> str:
    """Return pictures of nothing, what becomes of them, and what each score says, as HTML.

    All scores are of the same pictures, made again by the same network.
    """
    html = "<div class='row many'>"
    for each in zip(*(tried for _, tried in parts), strict=True):
        one = each[0]
        said = "".join(
            f"<figcaption class='{'alarm' if found.alarm else ''}'>{escape(_short(title))}"
            f" {found.score:.2g}: {_said(found)}</figcaption>"
            for (title, _), found in zip(parts, each, strict=True)
        )
        html += (
            f"<figure><h4>{escape(one.name)}</h4>{_image(one.picture, one.name)}"
            f"{_image(one.again, f'{one.name}, given back')}{said}</figure>"
        )
    return f"{html}</div>"


def _short(title: str) -> str:
    return title.rpartition(", ")[2]


def _said(one: "Tried") -> str:
    return "alarm" if one.alarm else "passes"


def promise(found: "Hindsight", mended: bool) -> str:
    """Return the sentence on what a threshold by hindsight promises and keeps."""
    claimed, real = found.claimed, found.real
    broken = (
        f"By hindsight: promised {percent(claimed.recall)} found at"
        f" {percent(claimed.false_alarms)} false alarms; kept {percent(real.recall)} at"
        f" **{percent(real.false_alarms)}**."
    )
    if not mended:
        return broken
    return (
        f"{broken}  \nFrom held-out normal pictures: promised 5 % false alarms, kept"
        f" **{percent(found.honest.false_alarms)}**."
    )
