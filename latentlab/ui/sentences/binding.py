"""Two sentences and the lines between them in the browser; ``walk.js`` draws them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from latentlab.ui.sentences.choices import LETTERS
from latentlab.ui.shared import component

if TYPE_CHECKING:
    from latentlab.tasks.sentences import Walk


def walk(
    *,
    key: str,
    ends: tuple[str, str],
    found: "Walk | None",
    notes: tuple[str, str],
    verdict: str,
    samples: Sequence[str],
    on_typed: Callable[[], None],
) -> None:
    """Draw two fields and what is written between them.

    ``st.session_state[key]["typed"]`` is what was typed last: see ``read``.

    Args:
        key: of the component.
        ends: what stands in the fields.
        found: the lines; None while there are none.
        notes: how the two were read.
        verdict: a sentence about the lines.
        samples: sentences that can be drawn.
        on_typed: called after a report.
    """
    lines = () if found is None else found.lines
    data = {
        "a": ends[0],
        "b": ends[1],
        "lines": [{"text": line.text, "right": line.grammatical} for line in lines],
        "notes": {"a": notes[0], "b": notes[1]},
        "verdict": verdict,
        "samples": list(samples),
    }
    component.mount("sentences/walk")(key=key, data=data, on_typed_change=on_typed)


def read(report: object) -> tuple[str, str]:
    """Return the two texts that a browser reports.

    Raises:
        ValueError: these are none.
    """
    if not isinstance(report, dict) or set(report) != {"a", "b"}:
        raise ValueError("no two sentences")
    a, b = report["a"], report["b"]
    if not all(isinstance(text, str) and len(text) <= LETTERS for text in (a, b)):
        raise ValueError("no two sentences")
    return a, b
