"""Presentation: a page in the lecture hall, large and on one screen; its scenes to step through.

The address says what is shown: ``present=1`` presents, ``present=qr`` shows the code with which a
hall opens the same view, ``scene=2`` names the scene that was opened last. ``present.css`` hides
what is not on the stage; it is all still there, so that leaving loses nothing. ``present.js`` hears
the keys, in the browser, and goes where the links of the bar lead.
"""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from latentlab.ui.shared.entry import Entry, Scene, Stage

_HERE = Path(__file__).resolve().parent
_ON, _QR = "1", "qr"

_START = (
    "<button class='present-start' data-present='start' aria-keyshortcuts='p' "
    "title='Large, on one screen, for a lecture hall'>Present <kbd>P</kbd></button>"
)


def draw(title: str, entry: Entry | None) -> bool:
    """Draw what begins a presentation, or the bar of the one that is running; say which.

    Args:
        title: the page's name, the sentence of a presentation before its first scene.
        entry: the page's stage and its scenes; None = all of it is shown.
    """
    asked = st.query_params.get("present")
    if asked not in (_ON, _QR):
        st.html(_script() + _START, unsafe_allow_javascript=True)
        return False
    scenes = entry.scenes if entry else ()
    number = _number(st.query_params.get("scene"), len(scenes))
    style = _style()
    if entry:
        own = scenes[number - 1].stage if number else None
        style += _spotlight(own or entry.stage)
    parts = [f"<style>{style}</style>", _script(), _bar(title, scenes, number)]
    if asked == _QR:
        parts.append(_code(_address()))
    st.html("".join(parts), unsafe_allow_javascript=True)
    return True


def link(scene: Scene, number: int) -> str:
    """Return the query that presents a scene, the ``number``-th of its page, counted from 1."""
    return "?" + urlencode({**scene.settings, "present": _ON, "scene": str(number)})


def _spotlight(stage: Stage) -> str:
    """Return the rules that hide what is not on the stage, and let the rest fill the screen."""
    here, hero = f":is({', '.join(stage.selectors)})", f":is({', '.join(stage.hero)})"
    parts = ":is([data-testid='stVerticalBlock'], [data-testid='stHorizontalBlock'])"
    within = "html:not(.present-all) [data-testid='stMainBlockContainer']"
    rules = (
        f"{within} {parts} > :not(:has({here}, .present-bar), {here}, {here} *)"
        "{ display: none !important; }"
    )
    if stage.control:
        # Where the controls stand beside the pictures, they come below, over the whole width.
        control = f":is({', '.join(stage.control)})"
        row = f"{within} [data-testid='stHorizontalBlock']:has({hero}):has({control})"
        column = f"{row}:not({here} *) > [data-testid='stColumn']"
        rules += (
            f"{row}:not({here} *) {{ flex-direction: column; }}"
            f"{column} {{ width: 100%; flex: none; }} {column}:has({hero}) {{ order: -1; }}"
        )
    return rules


def _number(text: str | None, count: int) -> int:
    """Return which scene the address names, 1 … count; 0 = none of them."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 3:
        return 0
    return int(text) if 1 <= int(text) <= count else 0


def _bar(title: str, scenes: tuple[Scene, ...], number: int) -> str:
    sentence = scenes[number - 1].sentence if number else title
    steps = ""
    if scenes:
        before, after = (
            _step("previous", "‹", scenes, number - 1),
            _step("next", "›", scenes, number + 1),
        )
        steps = f"{before}<span>{number or '–'} / {len(scenes)}</span>{after}"
    return (
        "<div class='present-bar' role='toolbar' aria-label='Presentation'>"
        f"<p>{escape(sentence)}</p>{steps}"
        "<button data-present='all' aria-keyshortcuts='e' title='Show the whole page'>"
        "<kbd>E</kbd>verything</button>"
        "<button data-present='code' aria-keyshortcuts='q' title='A code that opens this view'>"
        "<kbd>Q</kbd>R</button>"
        "<button data-present='leave' aria-keyshortcuts='p' title='Back to the page as it was'>"
        "Leave <kbd>P</kbd></button></div>"
    )


def _step(name: str, sign: str, scenes: tuple[Scene, ...], number: int) -> str:
    """A link to a scene; without its target at either end."""
    label = f"aria-label='{name.capitalize()} scene'"
    if not 1 <= number <= len(scenes):
        return f"<a {label} aria-disabled='true'>{sign}</a>"
    to = escape(link(scenes[number - 1], number), quote=True)
    return f"<a {label} data-present='{name}' href='{to}'>{sign}</a>"


def _address() -> str:
    """Return the address of this view, as a visitor opens it who does not present."""
    kept: Mapping[str, str | list[str]] = {
        key: st.query_params.get_all(key)
        for key in st.query_params
        if key not in ("present", "scene")
    }
    query = urlencode(kept, doseq=True)
    return f"{st.context.url or ''}{'?' if query else ''}{query}"


def _code(address: str) -> str:
    """Return the QR code of an address, over all else."""
    import segno

    try:
        picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=8, border=4)
    except segno.DataOverflowError:
        return (
            "<div class='present-qr' role='dialog' aria-label='Code of this view'>"
            "<p>The address of this view is too long for a QR code.</p></div>"
        )
    return (
        "<div class='present-qr' role='dialog' aria-label='Code of this view'>"
        f"<img src='{escape(picture, quote=True)}' alt='QR code of {escape(address, quote=True)}'>"
        f"<p>{escape(address)}</p></div>"
    )


@cache
def _style() -> str:
    return (_HERE / "present.css").read_text(encoding="utf-8")


@cache
def _script() -> str:
    """What runs on every page: keys of a presentation, links, and what Back returns to."""
    files = (_HERE / name for name in ("history.js", "links.js", "present.js"))
    return f"<script>{''.join(file.read_text(encoding='utf-8') for file in files)}</script>"
