"""Fields whose values a link reproduces: sliders, switches, choices, seeds.

``key`` is the name in the address (``/denoise?denoise_seed=3``) as well as in the session, where
the value survives page switches. It begins with the name of its page, so that no two pages share
one (``Entry.owns``). Anything unusable in the address gives the default, and one sentence at the
top of the page says so.

Setting ``st.session_state[key]`` *before* the field is drawn (a "Random" or "Reset" button with
``on_click``) is allowed for all of them.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar

import streamlit as st

from latentlab.ui.shared import state

Number = TypeVar("Number", int, float)


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
    style: Literal["list", "buttons", "slider"] = "list",
    help: str | None = None,
    label_visibility: Literal["visible", "hidden", "collapsed"] = "visible",
    disabled: bool = False,
    omit_default: bool = True,
) -> str:
    """Choice of one name out of ``options``; the address holds the name, the page its label.

    Args:
        label: what is being chosen.
        options: registered name -> label shown; not empty.
        key: address parameter and session-state key.
        default: a name in ``options``; None = the first one.
        style: "list" opens a menu; "buttons" shows all options at once (up to about five);
            "slider" goes through them in their order.
        help: tooltip.
        label_visibility: as in Streamlit.
        disabled: greyed out.
        omit_default: leave the default out of the address; not where it depends on the address.
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
    if style in ("list", "slider"):
        one_of: Any = st.selectbox if style == "list" else st.select_slider  # alike in all of these
        chosen = one_of(
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
    state.publish(key, None if omit_default and chosen == default else chosen)
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
