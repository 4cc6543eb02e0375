"""Figures of the Sentences page: tables, lines of text, curves over free bits, the map."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from latentlab.ui.shared.figures import ACCENT, CLASS_COLOURS, class_colour, lay_out

if TYPE_CHECKING:
    from plotly.graph_objects import Figure, Scattergl

    from latentlab.data.base import Factor
    from latentlab.experiments import Result
    from latentlab.tasks.sentences import (
        Answer,
        Direction,
        Health,
        Known,
        Neighbour,
        Plane,
        Walk,
    )

NEEDED = math.log(102_600)  # nats of a sentence of the grammar
COLOURS = (CLASS_COLOURS[0], CLASS_COLOURS[6])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], name: str = "") -> str:
    """Return a table of escaped cells that scrolls by itself, also by keys."""
    top = "".join(f"<th scope='col'>{cell}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope='row'>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    return (
        f"<div class='wide' tabindex=0 role=region aria-label='Table'><table class='said {name}'>"
        f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _percent(share: float) -> str:
    """Return a share in per cent, which no line is broken within."""
    if 0.995 <= share < 1 or 0 < share < 0.005:
        return f"{100 * share:.1f}\xa0%"
    return f"{100 * share:.0f}\xa0%"


def _spread(found: tuple[float, float | None]) -> str:
    """Return a mean share in per cent with the spread between trainings, where there are some."""
    mean, spread = found
    return _percent(mean) + ("" if spread is None else f"\xa0±\xa0{100 * spread:.0f}")


def _cost(nats: float) -> str:
    """Return nats with digits enough to be told from none."""
    text = f"{nats:.1f}" if abs(nats) >= 1 else f"{nats:.2g}"
    return f"{nats:.6f}" if "e" in text else text.replace("-", "−")


# --- walk ----------------------------------------------------------------------------------------


def walks(result: "Result", network: str) -> str:
    """Return what many walks of a network are like, in a sentence; nothing where none were made."""
    from latentlab.experiments import sentences as experiment
    from latentlab.tasks import sentences

    names = ("distinct", "grammatical", "fluency")
    found = [sentences.value(result, name, network) for name in names]
    if None in found:
        return ""
    different, right, nats = (each for each in found if each is not None)
    return (
        f"Over {experiment.PAIRS} pairs of test sentences, {experiment.STEPS} lines each, mean of"
        f" {len(result.seeds)} trainings: {_spread(different)} of the lines are different,"
        f" {_spread(right)} of those between the ends are sentences of the grammar,"
        f" {nats[0]:.2f} nats a word by trigrams."
    )


# --- numbers of the code -------------------------------------------------------------------------


def turned(first: Sequence[str], written: Sequence[str]) -> str:
    """Return what is written for the code as it was, and as it stands under the sliders."""
    return (
        f"<p class='from'>Its code, untouched, says: {escape(' '.join(first))}</p>"
        f"<p class='now' aria-live='polite'>{_marked(first, written)}</p>"
    )


def _marked(before: Sequence[str], words: Sequence[str]) -> str:
    """Return words as HTML, those in colour that are not in the other line."""
    from difflib import SequenceMatcher

    kept: set[int] = set()
    for block in SequenceMatcher(None, before, words, autojunk=False).get_matching_blocks():
        kept.update(range(block.b, block.b + block.size))
    return " ".join(
        escape(word) if place in kept else f"<b>{escape(word)}</b>"
        for place, word in enumerate(words)
    )


def table_of_numbers(
    places: Sequence[int], steps: Sequence[float], lines: Sequence[Sequence[str]]
) -> str:
    """Return what is written when one number moves: a row a number, a column a step."""
    width = len(steps)
    middle = list(steps).index(0.0)
    rows = []
    for at, place in enumerate(places):
        row = lines[at * width : (at + 1) * width]
        rows.append([f"Number {place + 1}", *(_marked(row[middle], words) for words in row)])
    head = ["", *(f"{step:+.0f} σ" if step else "as it stands" for step in steps)]
    return _table(head, rows, "numbers")


# --- is the code in use? -------------------------------------------------------------------------


def health_table(found: "Mapping[str, Health]", count: int) -> str:
    """Return the vital signs of networks side by side."""
    rows = [
        ["Exact, written freely", *(_percent(each.exact) for each in found.values())],
        [
            "Active units",
            *(f"{each.active} of {len(each.rates)}" for each in found.values()),
        ],
        ["Rate (KL)", *(f"{each.rates.sum().item():.2f} nats" for each in found.values())],
        ["Loss by its own code", *(f"{each.own:.2f} nats" for each in found.values())],
        [
            "More by a foreign code",
            *(f"{_cost(each.gap)} ± {_cost(each.gap_error)} nats" for each in found.values()),
        ],
    ]
    caption = (
        f"<figcaption>{count:,} test sentences; ± is the standard error. The loss leaves out the"
        " divergence.</figcaption>"
    )
    head = ["", *(escape(title) for title in found)]
    return f"<figure class='vital'>{_table(head, rows, 'signs')}{caption}</figure>"


def health_verdict(found: "Mapping[str, Health]") -> str:
    """Return what the signs say."""
    parts = []
    for title, each in found.items():
        if each.collapsed:
            parts.append(
                f"**{title}**: a foreign code costs {_cost(each.gap)} of {each.own:.1f} nats."
                " The code is as good as unused."
            )
        else:
            parts.append(
                f"**{title}**: a foreign code costs {each.gap:.0f} nats more, and"
                f" {_percent(each.exact)} of the sentences come back word for word."
            )
    return "  \n".join(parts)


def rates(found: Mapping[str, Sequence[float]]) -> "Figure":
    """Return the divergence of every number of the code, the largest first, a colour a network."""
    from plotly.graph_objects import Bar, Figure

    figure = Figure()
    for (title, values), colour in zip(found.items(), COLOURS, strict=False):
        ordered = sorted(values, reverse=True)
        figure.add_trace(
            Bar(
                x=list(range(1, len(ordered) + 1)),
                y=ordered,
                name=title,
                marker_color=colour,
                hovertemplate="%{y:.3f} nats",
            )
        )
    return lay_out(figure, height=300, x="number of the code, by its rate", y="rate (KL), nats")


def sweep(result: "Result") -> "Figure":
    """Return rate against sentences that come back, a point for each amount of free bits."""
    from plotly.graph_objects import Figure, Scatter

    exact, rate, nll = (result.curve(name) for name in ("exact", "rate", "nll"))
    assert exact and rate and nll  # the experiment measures them of every network
    figure = Figure()
    figure.add_trace(
        Scatter(
            x=rate.mean,
            y=[100 * share for share in exact.mean],
            customdata=nll.mean,
            mode="lines+markers+text",
            text=[f"{float(bits):g}" for bits in exact.x],
            textposition="top center",
            showlegend=False,
            marker={"size": 10, "color": COLOURS[0]},
            hovertemplate="%{text} free nats a number: rate %{x:.1f} nats,"
            " %{y:.1f} % come back, −log p(x) %{customdata:.2f} nats<extra></extra>",
        )
    )
    figure.add_vline(
        x=NEEDED,
        line_dash="dot",
        annotation_text=f"a sentence: {NEEDED:.2f} nats",
        annotation_position="top right",
        annotation_xshift=26,  # room for the larger type of a presentation
    )
    figure.update_layout(yaxis={"range": [-8, 135]})
    return lay_out(
        figure,
        height=300,
        x="rate (KL), nats; at points: free nats",
        y="exact, %",
        legend=False,
    )


def price(result: "Result") -> str:
    """Return what a code in use costs in likelihood, beside trigrams."""
    from latentlab.tasks import sentences

    parts = []
    for name, title in (("vae", "with free bits"), ("collapsed", "collapsed")):
        found = sentences.value(result, "nll", name)
        if found is not None:
            parts.append(f"{title} {found[0]:.2f}")
    counted = sentences.baseline(result, "nll")
    if counted is not None:
        parts.append(f"trigrams {counted:.2f}")
    return (
        f"−log p(x) by importance sampling, nats a sentence: {', '.join(parts)}."
        f" On average no model can have less than {NEEDED:.2f}."
    )


def dropout(result: "Result") -> str:
    """Return what hiding words from the writer does: a column a share of the words."""
    rows = [
        [_titled(curve.line.y.label), *(_measured(curve.line.name, mean) for mean in curve.mean)]
        for curve in result.curves
    ]
    head = ["Words hidden", *(_percent(float(share)) for share in result.curves[0].x)]
    return (
        f"<figure class='vital'>{_table(head, rows)}<figcaption>Hidden from the writer while it"
        " learns. Free bits and all else are the same; one training each.</figcaption></figure>"
    )


def corpora(result: "Result") -> str:
    """Return what codes keep of sentences of three kinds, beside classical methods."""
    from latentlab.experiments import sentences_corpora

    rows = []
    for name, (axis, _) in sentences_corpora.MEASURES.items():
        ours, theirs = result.curve(name), result.curve(f"{name}.baseline")
        assert ours  # the experiment measures it of every network
        row = [_titled(axis.label)]
        for corpus in sentences_corpora.TITLES:
            text = _measured(name, ours.mean[ours.x.index(corpus)])
            if theirs is not None:
                other = _measured(name, theirs.mean[theirs.x.index(corpus)])
                text += f" <small>{sentences_corpora.BASELINES[name]} {other}</small>"
            row.append(text)
        rows.append(row)
    return _table(["", *sentences_corpora.TITLES.values()], rows, "corpora")


def _titled(label: str) -> str:
    return label[0].upper() + label[1:]


def _measured(name: str, value: float) -> str:
    if name in ("exact", "words"):
        return _percent(value)
    return f"{value:.0f}" if name == "active" else f"{value:.1f} nats"


# --- map -----------------------------------------------------------------------------------------


def plane(found: "Plane", known: "Known", factor: "Factor", place: int) -> "Figure":
    """Return the map of known sentences, coloured by one factor, and a cross for the visitor's."""
    from plotly.graph_objects import Figure, Scattergl

    figure = Figure()
    values = known.factors[:, place]
    for value, title in enumerate(factor.values):
        chosen = (values == value).nonzero()[0]
        figure.add_trace(
            Scattergl(
                x=found.places[chosen, 0],
                y=found.places[chosen, 1],
                mode="markers",
                name=title,
                text=[known.texts[k] for k in chosen],
                hovertemplate="%{text}<extra></extra>",
                marker={"size": 6, "color": class_colour(value), "opacity": 0.75},
            )
        )
    figure.add_trace(_here(found))
    return lay_out(figure, height=430, x="first component", y="second component")


def plane_of_lengths(found: "Plane", known: "Known") -> "Figure":
    """Return the map of sentences of which no more is known than how many words they have."""
    from plotly.graph_objects import Figure, Scattergl

    figure = Figure()
    figure.add_trace(
        Scattergl(
            x=found.places[:, 0],
            y=found.places[:, 1],
            mode="markers",
            text=known.texts,
            hovertemplate="%{text}<extra></extra>",
            showlegend=False,
            marker={
                "size": 7,
                "opacity": 0.85,
                "color": known.factors[:, 0],
                "colorscale": "Viridis",
                "colorbar": {"title": {"text": "words", "side": "right"}},
            },
        )
    )
    figure.add_trace(_here(found))
    figure.update_layout(legend={"orientation": "h", "y": 1.1})
    return lay_out(figure, height=430, x="first component", y="second component")


def _here(found: "Plane") -> "Scattergl":
    """Return the cross where the visitor's sentence lies."""
    from plotly.graph_objects import Scattergl

    return Scattergl(
        x=[found.here[0]],
        y=[found.here[1]],
        mode="markers",
        name="your sentence",
        hovertemplate="your sentence<extra></extra>",
        marker={"size": 16, "symbol": "x", "color": ACCENT, "line": {"width": 2}},
    )


def neighbours(found: "Sequence[Neighbour]", by: str, factors: int) -> str:
    """Return the nearest sentences, with how many factors each shares."""
    rows = "".join(
        f"<li>{escape(near.text)}"
        + ("" if near.shared is None else f" <small>{near.shared} of {factors} factors</small>")
        + "</li>"
        for near in found
    )
    return f"<div class='near'><h4>Nearest by {escape(by)}</h4><ol>{rows}</ol></div>"


def shared(result: "Result") -> str:
    """Return how many factors nearest sentences share, by network and by classical methods."""
    from latentlab.experiments import sentences as experiment
    from latentlab.tasks import sentences

    parts = []
    for name in experiment.NETWORKS:
        found = sentences.value(result, "neighbour", name)
        if found is not None:
            parts.append(f"{experiment.TITLES[name]}: {_spread(found)}")
    for ending in ("baseline", "masked"):
        curve = result.curve(f"neighbour.{ending}")
        if curve is not None:
            parts.append(f"{curve.line.label}: {_percent(curve.mean[0])}")
    return (
        f"Of {experiment.ASKED:,} test sentences, the share of the eight factors that the nearest"
        f" of {experiment.KNOWN:,} training sentences has, too. {'; '.join(parts)}."
    )


# --- arithmetic ----------------------------------------------------------------------------------


def answer(words: Sequence[str], found: "Answer", factor: str, value: str) -> str:
    """Return a sentence, what came of the change, and what should have come."""
    from latentlab.tasks.sentences import spelt

    before = spelt(words).split()
    if found.hit:
        verdict = "<p class='right'>A hit: word for word what was asked for.</p>"
    else:
        right = "" if found.line.grammatical else ", which is not in the grammar"
        verdict = f"<p class='wrong'>A miss{right}. Asked for: {escape(found.target)}</p>"
    return (
        f"<p class='from'>{escape(' '.join(before))}</p>"
        f"<p class='sum'>{escape(factor)} → {escape(value)}</p>"
        f"<p class='now' aria-live='polite'>{_marked(before, found.line.text.split())}</p>{verdict}"
    )


def hits(result: "Result", factors: Sequence[str]) -> str:
    """Return the shares of hits: a row a factor, a column a network."""
    from latentlab.experiments import sentences as experiment
    from latentlab.tasks import sentences

    shown = experiment.TITLES
    networks = experiment.NETWORKS
    rows = []
    for factor in factors:
        cells = []
        measured = [sentences.value(result, f"hits_{factor}", name) for name in networks]
        classical = sentences.baseline(result, f"hits_{factor}")
        means = [each[0] for each in measured if each is not None]
        best = max([*means, *([] if classical is None else [classical])], default=0.0)
        for each in measured:
            if each is None:
                cells.append("–")
                continue
            text = _spread(each)
            cells.append(f"<em>{text}</em>" if each[0] == best else text)
        if classical is None:
            cells.append("–")
        else:
            text = _percent(classical)
            cells.append(f"<em>{text}</em>" if classical == best else text)
        rows.append([factor, *cells])
    head = ["Hits", *(escape(shown[name]) for name in networks), "TF-IDF and SVD"]
    return _table(head, rows, "shares")


def direction(found: "Direction", title: str) -> str:
    """Return what a direction does."""
    return (
        f"Moved along it, **{_percent(found.switched)}** of 300 sentences switch between"
        f" “{title}” and not; in **{_percent(found.clean)}** of these nothing else changed."
        f" {_percent(found.broken)} end as no sentence of the grammar."
    )


def lines(found: "Walk") -> str:
    """Return the lines of a walk, words in colour that are not in the line above."""
    rows, before = [], None
    for line in found.lines:
        words = line.text.split()
        bad = " <small>not in the grammar</small>" if line.grammatical is False else ""
        rows.append(f"<li>{_marked(words if before is None else before, words)}{bad}</li>")
        before = words
    return f"<ol class='way'>{''.join(rows)}</ol>"


# --- where it leads ------------------------------------------------------------------------------


def family() -> str:
    """Return a drawing of three networks: two halves with a code between, and each half alone."""
    parts = (
        ("Sentence autoencoder", ("read", "one code", "write")),
        ("BERT", ("read", "a code a word", "")),
        ("GPT", ("", "the words before", "write")),
    )
    columns = "".join(
        f"<div><h4>{title}</h4>"
        + "".join(
            f"<span class='{'code' if row == 1 else 'half' if text else 'none'}'>{text}</span>"
            for row, text in enumerate(rows)
        )
        + "</div>"
        for title, rows in parts
    )
    return f"<div class='family'>{columns}</div>"


def probes(result: "Result") -> str:
    """Return what linear probes read: a row a network, the classical method last."""
    from latentlab.experiments import sentences as experiment
    from latentlab.tasks import sentences

    rows = []
    for name in experiment.NETWORKS:
        measured = [sentences.value(result, measure, name) for measure in ("probe", "probe_words")]
        if all(each is not None for each in measured):
            rows.append(
                [escape(experiment.TITLES[name]), *(_percent(each[0]) for each in measured if each)]
            )
    classical = sentences.baseline(result, "probe")
    if classical is not None:
        rows.append(["TF-IDF and SVD, 16 numbers", _percent(classical), "–"])
    masked = result.curve("probe.masked")
    if masked is not None:
        rows.append(["Masked language model, 64 numbers", _percent(masked.mean[0]), "–"])
    return _table(["Factors read right", "Code", "Mean of word embeddings"], rows, "shares")
