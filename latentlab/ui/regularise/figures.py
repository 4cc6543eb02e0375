"""Figures of the Regularise page: what was measured, and two planes with their holes."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from latentlab.experiments import regularise as experiment
from latentlab.ui.shared.figures import BASELINE, CLASS_COLOURS, class_colour, lay_out

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from plotly.graph_objects import Figure

    from latentlab.experiments import Result
    from latentlab.tasks.regularise import Invented, Mosaic

Measured = tuple[float, float | None]  # mean and spread


@dataclass(frozen=True)
class Row:
    """One network of the table, or PCA."""

    name: str  # as results name it
    title: str
    values: Mapping[str, Measured]  # by measure; what does not apply is missing

    @property
    def baseline(self) -> bool:
        """Whether this is PCA."""
        return self.name in experiment.PCA


# By measure: title, factor, digits, which way is better (None: neither).
COLUMNS: dict[str, tuple[str, float, int, bool | None]] = {
    "error": ("Error", 1, 4, False),
    "noisy": ("Error from noise", 1, 4, False),
    "probe": ("Linear probe, %", 100, 1, True),
    "coverage": ("Random codes: coverage, %", 100, 1, True),
    "activation": ("Mean activation", 1, 3, None),
    "lifetime": ("Lifetime sparseness", 1, 2, None),
    "dead": ("Dead units, %", 100, 1, False),
    "jacobian": ("|Jacobian|²", 1, 1, None),
    "active": ("Active units of 16", 1, 1, None),
}


def rows(result: "Result", data: str) -> list[Row]:
    """Return what was measured of a data set, PCA first; none where nothing was."""
    values: dict[str, dict[str, Measured]] = {}
    for measure in (*COLUMNS, "rate"):
        for curve in result.group(f"{data}.{measure}"):
            spreads = curve.spread or (None,) * len(curve.x)
            for x, mean, spread in zip(curve.x, curve.mean, spreads, strict=True):
                values.setdefault(str(x), {})[measure] = (mean, spread)
    order = (*experiment.PCA, *experiment.UNITS, *experiment.VARIATIONAL)
    titles = experiment.TITLES
    return [Row(name, titles[name], values[name]) for name in order if name in values]


def best(found: Sequence[Row], measure: str) -> Row | None:
    """Return the row that is ahead in a measure."""
    able = [row for row in found if measure in row.values]
    if not able:
        return None
    sign = 1 if COLUMNS[measure][3] else -1
    return max(able, key=lambda row: sign * row.values[measure][0])


def table(found: Sequence[Row]) -> str:
    """Return the table as HTML, the best of every column marked, PCA included."""
    shown = [measure for measure in COLUMNS if any(measure in row.values for row in found)]
    ahead = {measure: best(found, measure) for measure in shown if COLUMNS[measure][3] is not None}
    head = "".join(f"<th scope='col'>{escape(COLUMNS[measure][0])}</th>" for measure in shown)
    body = "".join(
        f"<tr><th scope='row'>{escape(row.title)}</th>"
        + "".join(_cell(row, measure, ahead.get(measure) is row) for measure in shown)
        + "</tr>"
        for row in found
    )
    return (
        "<figure class='scores' tabindex='0'><table>"
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></figure>"
    )


def _cell(row: Row, measure: str, wins: bool) -> str:
    if measure not in row.values:
        return "<td>–</td>"
    _, factor, digits, _ = COLUMNS[measure]
    mean, spread = row.values[measure]
    text = f"{factor * mean:.{digits}f}"
    if spread is not None:
        text += f" <small>± {factor * spread:.{digits}f}</small>"
    return f"<td class='best'><em>best</em> {text}</td>" if wins else f"<td>{text}</td>"


def verdict(found: Sequence[Row]) -> str:
    """Return the sentences on who is ahead, and where PCA is."""
    parts = []
    for measure, words in (
        ("noisy", "**Noise** is best undone by {who}: error {value}"),
        ("probe", "**A linear classifier** reads most from {who}: {value} %"),
        ("coverage", "**Random codes** give most real-looking pictures with {who}: {value} %"),
    ):
        winner = best(found, measure)
        if winner is None:
            continue
        others = [row for row in found if row.baseline != winner.baseline]
        second = best(others, measure)
        sentence = words.format(who=_named(winner), value=_value(winner, measure))
        if second is not None:
            sentence += f" (best {_kind(second)}: {_value(second, measure)})"
        parts.append(sentence)
    return ". ".join(parts) + "."


def _named(row: Row) -> str:
    return f"PCA with {experiment.PCA[row.name]} numbers" if row.baseline else row.title


def _kind(row: Row) -> str:
    return "PCA" if row.baseline else f"network, {row.title}"


def _value(row: Row, measure: str) -> str:
    _, factor, digits, _ = COLUMNS[measure]
    return f"{factor * row.values[measure][0]:.{digits}f}"


def over_beta(found: Sequence[Row]) -> "Figure":
    """Return active units and error of the VAEs over beta; PCA's error beside them."""
    import plotly.graph_objects as go
    from plotly.subplots import make_subplots

    betas = [0.1, 1, 4, 16, 200]
    vaes = {row.name: row for row in found if row.name in experiment.VARIATIONAL}
    names = [name for name in experiment.VARIATIONAL if name in vaes]
    x = [beta for name, beta in zip(experiment.VARIATIONAL, betas, strict=True) if name in vaes]
    figure = make_subplots(specs=[[{"secondary_y": True}]])
    for measure, title, colour, second in (
        ("active", "Active units", CLASS_COLOURS[0], False),
        ("error", "Error", CLASS_COLOURS[1], True),
    ):
        values = [vaes[name].values[measure] for name in names]
        figure.add_trace(
            go.Scatter(
                x=x,
                y=[mean for mean, _ in values],
                error_y={"type": "data", "array": [spread or 0 for _, spread in values]},
                name=title,
                mode="lines+markers",
                line={"color": colour, "width": 3},
                marker={"size": 10},
                hovertemplate=f"β = %{{x}}<br>{title}: %{{y:.4g}}<extra></extra>",
            ),
            secondary_y=second,
        )
    pca = next((row for row in found if row.name == "pca_16"), None)
    if pca is not None:
        figure.add_trace(
            go.Scatter(
                x=x,
                y=[pca.values["error"][0]] * len(x),
                name="PCA, 16: error",
                mode="lines",
                line={"color": BASELINE, "width": 3, "dash": "dash"},
            ),
            secondary_y=True,
        )
    lay_out(figure, height=360, x="β, weight of the divergence", y="active units of 16")
    figure.update_xaxes(type="log", tickvals=x, ticktext=[f"{beta:g}" for beta in x])
    figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(title_text="mean squared error", secondary_y=True, showgrid=False)
    return figure


def holes(found: "Mapping[str, Mosaic]") -> str:
    """Return the sentence on how much of each plane is like no digit."""
    parts = [
        f"**{mosaic.unsure:.0%}** of the plane of {title[:1].lower()}{title[1:]} is unsure"
        for title, mosaic in found.items()
    ]
    return f"{'; '.join(parts)}: the classifier is less than 90 % sure of any digit there."


def plane(mosaic: "Mosaic", classes: "NDArray[np.integer[Any]]") -> "Figure":
    """Return a plane decoded tile by tile, with the codes of pictures on it."""
    import plotly.graph_objects as go

    from latentlab.pictures import images
    from latentlab.tasks.regularise import SIDE

    figure = go.Figure()
    (left, bottom), (right, top) = mosaic.low, mosaic.high
    picture = base64.b64encode(images.to_png(mosaic.image, 1)).decode()
    # Tiles are decoded at their middles: the picture reaches half a tile further.
    across, up = (right - left) / (2 * (SIDE - 1)), (top - bottom) / (2 * (SIDE - 1))
    figure.add_layout_image(
        source=f"data:image/png;base64,{picture}",
        xref="x",
        yref="y",
        x=left - across,
        y=top + up,
        sizex=right - left + 2 * across,
        sizey=top - bottom + 2 * up,
        sizing="stretch",
        layer="below",
    )
    for which in sorted(set(classes.tolist())):
        at = mosaic.codes[classes == which]
        figure.add_scatter(
            x=at[:, 0].tolist(),
            y=at[:, 1].tolist(),
            mode="markers",
            name=str(which),
            marker={"size": 5, "color": class_colour(which), "line": {"width": 0}},
            hovertemplate=f"{which}: %{{x:.2f}}, %{{y:.2f}}<extra></extra>",
        )
    lay_out(figure, height=560, x="first number", y="second number")
    figure.update_xaxes(range=[left - across, right + across], showgrid=False, zeroline=False)
    figure.update_yaxes(range=[bottom - up, top + up], showgrid=False, zeroline=False)
    return figure


def invented(found: "Mapping[str, Invented]") -> str:
    """Return rows of pictures decoded from random codes, as HTML."""
    from latentlab.pictures import images

    rows = []
    for title, one in found.items():
        shown = "".join(
            f"<img alt='' src='data:image/png;base64,"
            f"{base64.b64encode(images.to_png(x)).decode()}'>"
            for x in one.images
        )
        rows.append(
            f"<figure><figcaption><b>{escape(title)}</b> {one.unsure:.0%} unsure</figcaption>"
            f"<div role='img' aria-label='{escape(title)}: pictures decoded from random codes'>"
            f"{shown}</div></figure>"
        )
    return f"<div class='invented'>{''.join(rows)}</div>"


def invented_words(found: "Mapping[str, Invented]", real: float) -> str:
    """Return the sentence on how many random codes decode to nothing."""
    named = {
        title.replace("Autoencoder, ", "an autoencoder of ").replace("VAE, ", "a VAE of "): one
        for title, one in found.items()
    }
    parts = [f"{one.unsure:.0%} with {title}" for title, one in named.items()]
    ends = [parts[0], *parts[-2:]] if len(parts) > 3 else parts
    return (
        f"**What random codes decode to, the classifier is unsure of:** {'; '.join(ends)}. Of real"
        f" test pictures it is unsure of {real:.0%}."
    )
