"""Page furniture: each function draws one thing.

Text from outside (cards, file names, the address) must go through ``plain`` before it is shown:
Streamlit renders markdown everywhere, and markdown can load remote images.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def plain(text: str) -> str:
    """``text`` with its markdown defused, on one line; `code in backquotes` stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(
        part if part.startswith("`") and part.endswith("`") and len(part) > 1 else _defuse(part)
        for part in parts
    )


def unbroken(text: str) -> str:
    """``text`` in which no line ends between a number and its per cent sign."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _defuse(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~$:^&-])", r"\\\1", text)


def explainer(
    markdown: str, *, formula: str | Sequence[str] = (), paper: str | Sequence[str] = ()
) -> None:
    """The "What am I looking at?" expander.

    Args:
        markdown: the idea, in a few sentences for a student.
        formula: LaTeX without dollar signs, one or several, in the notation of the field.
        paper: citations as markdown links, e.g. ``[Kingma & Welling (2013)](https://…)``.
    """
    with st.expander("What am I looking at?", icon=":material/lightbulb:"):
        st.markdown(markdown)
        for line in [formula] if isinstance(formula, str) else formula:
            st.latex(line)
        for citation in [paper] if isinstance(paper, str) else paper:
            st.caption(f"Paper: {citation}")


def show_code(snippet: str | Callable[[], str], *, key: str | None = None) -> None:
    """The "Show the code" expander: the few lines of ``latentlab`` that do what the page shows.

    A function as ``snippet`` is called only once the expander is open, for lines that depend on
    what a visitor has moved; it needs a ``key``, and ``st.session_state[key]`` says whether it is.
    """
    label, icon = "Show the code", ":material/code:"
    if isinstance(snippet, str):
        with st.expander(label, icon=icon):
            st.code(snippet.strip(), language="python", wrap_lines=True)
        return
    box = st.expander(label, icon=icon, key=key, on_change="rerun")
    if box.open:
        box.code(snippet().strip(), language="python", wrap_lines=True)


def download(
    label: str,
    data: bytes | Callable[[], bytes],
    file_name: str,
    mime: str,
    *,
    key: str | None = None,
) -> None:
    """Download button; does not rerun the page.

    A function as ``data`` is called only when the button is pressed: use it for anything slow.
    """
    st.download_button(
        label,
        data,
        file_name,
        mime,
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )


def picture(
    pixels: "NDArray[np.uint8]",
    *,
    alt: str,
    caption: str | None = None,
    width: int = 224,
) -> None:
    """Draw one image with hard pixel edges, about ``width`` CSS pixels wide.

    The image is enlarged by a whole factor, so that every pixel is a square of the same size; a
    larger image than ``width`` is left as it is and shrunk by the browser.

    Args:
        pixels: uint8, [H,W] or [H,W,1] grey, or [H,W,3] RGB.
        alt: what a screen reader says.
        caption: text under the image (markdown; defuse outside text with ``plain``).
        width: wished width in CSS pixels; the drawn one is the nearest whole multiple.
    """
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    height, columns = pixels.shape[:2]
    # A tower one pixel wide is not made as wide as the others: it would be as high as a house.
    factor = max(1, min(round(width / columns), round(8 * width / height)))
    shown = columns * factor if columns <= width else width
    # Twice as fine as drawn: screens with two device pixels per CSS pixel stay crisp too.
    fine = 2 * factor if columns <= width else 1
    large = pixels.repeat(fine, axis=0).repeat(fine, axis=1)
    # Shrunk to its width, a panorama keeps at least one row of pixels.
    large = large.repeat(math.ceil(large.shape[1] / (shown * large.shape[0])), axis=0)
    st.image(large, caption=caption, width=shown, alt=alt, output_format="PNG")


@dataclass(frozen=True)
class Measure:
    """One column of a ``score_table``."""

    title: str
    unit: str = ""
    higher_is_better: bool | None = None  # None = no winner is marked in this column
    digits: int = 2


def score_table(
    measures: Sequence[Measure],
    rows: Mapping[str, Sequence[float | None]],
    *,
    caption: str = "",
) -> None:
    """Table of scores, one method a row, with the best value of every column marked.

    The mark goes to whoever wins, ties included. Missing values (None, NaN) show as a dash; an
    infinite one (the PSNR of equal pictures) can win like any other.

    Args:
        measures: the columns.
        rows: method -> one value per measure.
        caption: a sentence under the table (plain text).
    """
    best: list[float | None] = []
    for column, measure in enumerate(measures):
        values = [
            round(value, measure.digits)
            for row in rows.values()
            if (value := row[column]) is not None and not math.isnan(value)
        ]
        if measure.higher_is_better is None or len(values) < 2:
            best.append(None)
        else:
            best.append(max(values) if measure.higher_is_better else min(values))
    head = "".join(f"<th scope='col'>{_heading(measure)}</th>" for measure in measures)
    body = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>"
        + "".join(
            _cell(value, measure.digits, mark)
            for value, measure, mark in zip(row, measures, best, strict=True)
        )
        + "</tr>"
        for name, row in rows.items()
    )
    note = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    st.html(
        # A stop for the keyboard: on a phone's width the arrow keys scroll it.
        f"<figure class='scores' tabindex='0'><table><thead><tr><td></td>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{note}</figure>"
    )


def _heading(measure: Measure) -> str:
    unit = f" <small>{escape(measure.unit)}</small>" if measure.unit else ""
    if measure.higher_is_better is None:
        return f"{escape(measure.title)}{unit}"
    arrow, words = ("↑", "higher") if measure.higher_is_better else ("↓", "lower")
    return f"{escape(measure.title)}{unit} <span title='{words} is better'>{arrow}</span>"


def _cell(value: float | None, digits: int, best: float | None) -> str:
    if value is None or math.isnan(value):
        return "<td>–</td>"
    text = f"{value:.{digits}f}" if math.isfinite(value) else f"{'−' if value < 0 else ''}∞"
    if best is not None and round(value, digits) == best:
        return f"<td class='best'><em>best</em> {text}</td>"
    return f"<td>{text}</td>"


def empty_state(title: str, sentence: str, command: str = "") -> None:
    """A calm panel where there is nothing to show yet: what is missing and what brings it."""
    with st.container(border=True):
        st.subheader(title, anchor=False)
        st.markdown(sentence)
        if command:
            st.code(command, language="bash", wrap_lines=True)
