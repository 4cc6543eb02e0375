"""The drawings of a visitor's lesson: they stay with the session, also over page switches.

Prepared symbols come first, if they are wanted; what the visitor has drawn is added to them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from latentlab.errors import InputError
from latentlab.ui.shared import widgets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from latentlab.tasks.transfer import Lesson

PREPARED = ("triangle", "square", "arrow", "heart", "star")
LETTERS = 20  # of a name, at most
_STATE, _NOTE = "transfer.lesson", "transfer.note"


@dataclass
class Own:
    """What a visitor has added to one set: further classes, and drawings uint8 ``[28,28]``."""

    names: list[str] = field(default_factory=list)
    drawings: "dict[str, list[NDArray[np.uint8]]]" = field(default_factory=dict)


def own(prepared: bool) -> Own:
    """Return what this visitor has added, to the prepared symbols or beside them."""
    held: dict[bool, Own] = st.session_state.setdefault(_STATE, {})
    return held.setdefault(prepared, Own())


def names(prepared: bool) -> tuple[str, ...]:
    """Return the names of all classes."""
    return (*(PREPARED if prepared else ()), *own(prepared).names)


def add_class(prepared: bool, name: str) -> None:
    """Add a class without drawings.

    Raises:
        InputError: there are six already, the name is taken, empty or too long.
    """
    from latentlab.tasks.transfer import MOST_CLASSES

    name = " ".join(name.split())
    taken = names(prepared)
    if not name or len(name) > LETTERS or not name.isprintable():
        raise InputError(f"A class needs a name of 1 to {LETTERS} letters.")
    if name.lower() in (each.lower() for each in taken):
        raise InputError(f"There is a class “{name}” already.")
    if len(taken) >= MOST_CLASSES:
        raise InputError(
            f"{MOST_CLASSES} classes are as many as can be taught here: “{name}” was not added."
        )
    own(prepared).names.append(name)


def add_drawing(prepared: bool, name: str, image: "Tensor | None") -> None:
    """Add a drawing float32 ``[1,28,28]`` to a class.

    Raises:
        InputError: nothing is drawn, there is no such class, or it has as many as it may.
    """
    from latentlab.pictures import images
    from latentlab.tasks.transfer import MOST_DRAWINGS

    if image is None or float(image.max()) <= 0:
        raise InputError("Nothing is drawn, so nothing was added.", "Draw first, then choose.")
    if name not in names(prepared):
        raise InputError("There is no such class.")
    held = own(prepared).drawings.setdefault(name, [])
    if len(held) >= MOST_DRAWINGS:
        raise InputError(f"“{name}” has {MOST_DRAWINGS} of your drawings: that is the most.")
    held.append(images.to_uint8(image))


def forget(prepared: bool, name: str | None) -> None:
    """Take back the last drawing of a class; all drawings and own classes where it is None."""
    held = own(prepared)
    if name is None:
        held.names.clear()
        held.drawings.clear()
    elif held.drawings.get(name):
        held.drawings[name].pop()


def made(prepared: bool, count: int) -> "Lesson":
    """Return the lesson.

    Args:
        prepared: with the symbols.
        count: how many drawings of each symbol there are.

    Raises:
        InputError: as ``Lesson``.
    """
    import numpy as np
    import torch

    from latentlab.tasks.transfer import Lesson
    from latentlab.ui.transfer import results

    classes = names(prepared)
    parts, labels = [], []
    if prepared:
        pictures, places = results.symbols(PREPARED, count, 0)
        parts.append(pictures)
        labels += places.tolist()
    for place, name in enumerate(classes):
        if drawn := own(prepared).drawings.get(name):
            parts.append(torch.from_numpy(np.stack(drawn)[:, None]).float() / 255)
            labels += [place] * len(drawn)
    pictures = torch.cat(parts) if parts else torch.zeros(0, 1, 28, 28)
    return Lesson(classes, pictures, tuple(labels))


def trying(act: Callable[[], None]) -> None:
    """Do what a visitor asked for; what cannot be done is said once, above the board."""
    try:
        act()
    except InputError as error:
        st.session_state[_NOTE] = f"{error.message} {error.hint or ''}".strip()


def draw_note() -> None:
    """Say what could not be done, once."""
    if note := st.session_state.pop(_NOTE, None):
        st.warning(widgets.plain(note), icon=":material/info:")
