"""The arenas in the browser; ``ui/browser/adversaries/duel.js`` trains and draws them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from latentlab.adversaries.settings import Move
from latentlab.tasks import adversaries as task
from latentlab.tasks.adversaries import Scale, Schedule
from latentlab.ui.shared import component


def duel(
    *,
    key: str,
    target: Mapping[str, Any],
    settings: Mapping[str, Any],
    arenas: Sequence[Schedule],
    chosen: int,
    moves: Sequence[tuple[Move, int]],
    titles: Mapping[str, str],
    scale: Scale,
    points: int,
    draws: bool,
    setup: str,
    on_report: Callable[[], None],
) -> None:
    """Draw the arenas, which train in the visitor's browser alone.

    ``st.session_state[key]["report"]`` is what ``read_report`` reads, once the run rests.

    Args:
        key: of the component.
        target: as ``task.told_target`` gives it.
        settings: as ``task.told_settings`` gives them.
        arenas: the losses of every arena, by moment.
        chosen: how many of them were chosen; the others branch, and can be removed.
        moves: what is played at first.
        titles: of the losses, by name.
        scale: what the meter reads of others.
        points: how many points the meter reads.
        draws: whether visitors may draw a target.
        setup: another one for other settings; a report names it.
        on_report: called after a report.
    """
    data = {
        "target": target,
        "settings": settings,
        "arenas": [[list(change) for change in arena] for arena in arenas],
        "chosen": chosen,
        "moves": [list(move) for move in moves],
        "titles": dict(titles),
        "scale": asdict(scale),
        "points": points,
        "draws": draws,
        "setup": setup,
    }
    component.mount("adversaries/duel")(key=key, data=data, on_report_change=on_report)


@dataclass(frozen=True)
class Report:
    """What a browser says of a run that rests.

    Attributes:
        setup: of what it was told.
        moves: what was played, as an address holds it.
        arenas: likewise.
        drawing: likewise; None = nothing new was drawn.
    """

    setup: str
    moves: str
    arenas: tuple[Schedule, ...]
    drawing: str | None


def read_report(report: object) -> Report:
    """Return a checked report.

    Args:
        report: from outside; anything.

    Raises:
        ValueError: this is no report.
    """
    if not isinstance(report, dict):
        raise ValueError("no report")
    found: dict[str, Any] = report
    setup, moves, arenas = (found.get(name) for name in ("setup", "moves", "arenas"))
    drawing = found.get("drawing")
    if not all(isinstance(text, str) for text in (setup, moves, arenas)):
        raise ValueError("no report")
    if drawing is not None:
        if not isinstance(drawing, str):
            raise ValueError("no drawing")
        task.read_drawing(drawing)
    task.read_moves(str(moves))
    return Report(str(setup), str(moves), task.read_arenas(str(arenas)), drawing)
