"""Page furniture: each function draws one thing and returns one value.

Values that a link must reproduce use the ``url_*`` functions. ``key`` is then the name in the
address (``/denoise?sigma=0.3``), so keep it short, lower_snake and unique over the whole app; the
value survives page switches. Anything unusable in the address gives the default, and one sentence
at the top of the page says so.
Setting ``st.session_state[key]`` *before* the widget is drawn (a "Random" or "Reset" button with
``on_click``) is allowed for all of them.

Text from outside (cards, file names, the address) must go through ``plain`` before it is shown:
Streamlit renders markdown everywhere, and markdown can load remote images.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal, TypeVar

import streamlit as st

from latentlab.ui.shared import state

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Number = TypeVar("Number", int, float)


def plain(text: str) -> str:
    """``text`` with its markdown defused, on one line; `code in backquotes` stays code."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    return "".join(
        part if part.startswith("`") and part.endswith("`") and len(part) > 1 else _defuse(part)
        for part in parts
    )


def _defuse(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~$:^&-])", r"\\\1", text)


# --- values that a link reproduces -----------------------------------------------------------


def url_slider(
    label: str,
    *,
    key: str,
    low: Number,
    high: Number,
    default: Number,
    step: Number | None = None,
    format: str | None = None,
    help: str | None = None,
    disabled: bool = False,
) -> Number:
    """Slider between ``low`` and ``high``, bound to the address; all numbers int or all float.

    Bounds may change between runs (another model): a value outside them moves to the nearest end.
    """
    _check_address_number(label, key, low, high)
    _keep_within(key, low, high)
    value: Number = st.slider(
        label,
        low,
        high,
        default,
        step,
        format=format,
        key=key,
        help=help,
        disabled=disabled,
        bind="query-params",
        persist_state="session",
    )
    return value


def url_number(
    label: str,
    *,
    key: str,
    low: Number,
    high: Number,
    default: Number,
    step: Number | None = None,
    help: str | None = None,
    disabled: bool = False,
) -> Number:
    """Number field between ``low`` and ``high``, bound to the address; all int or all float."""
    _check_address_number(label, key, low, high)
    _keep_within(key, low, high)
    value: Number = st.number_input(
        label,
        low,
        high,
        default,
        step,
        key=key,
        help=help,
        disabled=disabled,
        bind="query-params",
        persist_state="session",
    )
    return value


def url_toggle(
    label: str, *, key: str, default: bool = False, help: str | None = None, disabled: bool = False
) -> bool:
    """On/off switch, bound to the address as ``true`` or ``false``."""
    text = st.query_params.get(key)
    if state.address_decides(key) and text is not None and text.lower() not in ("true", "false"):
        state.reject(label, text)
    return st.toggle(
        label,
        default,
        key=key,
        help=help,
        disabled=disabled,
        bind="query-params",
        persist_state="session",
    )


def url_select(
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    default: str | None = None,
    style: Literal["list", "buttons"] = "list",
    help: str | None = None,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    disabled: bool = False,
) -> str:
    """Choice of one name out of ``options``; the address holds the name, the page its label.

    Args:
        label: what is being chosen.
        options: registered name -> label shown; not empty.
        key: address parameter and session-state key.
        default: a name in ``options``; None = the first one.
        style: "list" opens a menu; "buttons" shows all options at once (up to about five).
        help: tooltip.
        label_visibility: as in Streamlit.
        disabled: greyed out.
    """
    names = list(options)
    if default is None or default not in options:
        default = names[0]

    def parse(text: str) -> str:
        if text not in options:
            raise ValueError(text)
        return text

    held = state.url_value(key, label, parse, default)
    if held not in options:  # this page offers other options than the last one
        st.session_state[key] = default
    chosen: str | None
    if style == "list":
        chosen = st.selectbox(
            label,
            names,
            format_func=lambda name: options.get(name, str(name)),
            key=key,
            help=help,
            label_visibility=label_visibility,
            disabled=disabled,
            persist_state="session",
        )
    else:
        chosen = st.segmented_control(
            label,
            names,
            required=True,
            format_func=lambda name: options.get(name, str(name)),
            key=key,
            help=help,
            label_visibility=label_visibility,
            disabled=disabled,
            wrap=True,
            persist_state="session",
        )
    chosen = chosen or default
    state.publish(key, None if chosen == default else chosen)
    return chosen


def url_choices(
    label: str,
    options: Mapping[str, str],
    *,
    key: str,
    default: Sequence[str],
    help: str | None = None,
) -> list[str]:
    """Any number of names out of ``options``, in their order; the address lists the names.

    In the address: ``key=name,name``; ``key=none`` when nothing is chosen.
    """
    order = list(options)
    usual = [name for name in order if name in default]

    def parse(text: str) -> list[str]:
        asked = [] if text == "none" else text.split(",")
        if any(name not in options for name in asked):
            raise ValueError(text)
        return [name for name in order if name in asked]

    held = state.url_value(key, label, parse, usual)
    known = [name for name in held if name in options]
    if known != list(held):  # this page offers other options than the last one
        st.session_state[key] = known
    chosen = st.pills(
        label,
        order,
        selection_mode="multi",
        format_func=lambda name: options.get(name, str(name)),
        key=key,
        help=help,
        wrap=True,  # on a phone the last ones would be out of sight
        persist_state="session",
    )
    chosen = [name for name in order if name in chosen]
    state.publish(key, None if chosen == usual else ",".join(chosen) or "none")
    return chosen


def url_seed(label: str, *, key: str, help: str | None = None) -> int:
    """Button that draws new random numbers; returns the seed, 0 until pressed, held by the address.

    The seeds are 0, 1, 2, …: a lecturer who presses Back sees the previous draw again.
    """

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError(text)
        return int(text)

    seed = state.url_value(key, label, parse, 0)

    def advance() -> None:
        st.session_state[key] = (st.session_state.get(key, 0) + 1) % 10**9

    st.button(label, key=f"{key}.button", help=help, on_click=advance, icon=":material/casino:")
    state.publish(key, str(seed) if seed else None)
    return seed


def url_vector(key: str, length: int, bound: float) -> list[float] | None:
    """Numbers held by the address as ``key=0.10,-1.2,…``; None when there are none or bad ones.

    Draws nothing. Pair it with ``publish_vector``.

    Args:
        key: address parameter.
        length: how many numbers there must be.
        bound: largest magnitude accepted.
    """
    text = st.query_params.get(key)
    if text is None or not state.address_decides(key):
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != length or not all(abs(number) <= bound for number in numbers):
        state.reject(key, text)
        return None
    return numbers


def publish_vector(key: str, numbers: Sequence[float] | None) -> None:
    """Hold ``numbers`` in the address, to three decimals; None removes them."""
    text = None if numbers is None else ",".join(f"{number:.3f}" for number in numbers)
    state.publish(key, text)


def _check_address_number(label: str, key: str, low: float, high: float) -> None:
    """Say so when the address holds something that is no number between ``low`` and ``high``.

    Streamlit itself then drops the parameter and takes the default.
    """
    text = st.query_params.get(key)
    if not state.address_decides(key) or text is None:
        return
    try:
        usable = low <= float(text) <= high  # False for NaN
    except ValueError:
        usable = False
    if not usable:
        state.reject(label, text)


def _keep_within(key: str, low: Number, high: Number) -> None:
    held = st.session_state.get(key)
    if held is not None and not low <= held <= high:
        st.session_state[key] = min(max(held, low), high) if math.isfinite(held) else low


# --- page furniture ---------------------------------------------------------------------------


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


def show_code(snippet: str) -> None:
    """The "Show the code" expander: the few lines of ``latentlab`` that do what the page shows."""
    with st.expander("Show the code", icon=":material/code:"):
        st.code(snippet.strip(), language="python")


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
    factor = max(1, round(width / pixels.shape[1]))
    shown = pixels.shape[1] * factor if pixels.shape[1] <= width else width
    # Twice as fine as drawn: screens with two device pixels per CSS pixel stay crisp too.
    fine = 2 * factor if pixels.shape[1] <= width else 1
    large = pixels.repeat(fine, axis=0).repeat(fine, axis=1)
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
        f"<figure class='scores'><table><thead><tr><td></td>{head}</tr></thead>"
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
            st.code(command, language="bash")
