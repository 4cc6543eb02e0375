"""What runs in the browser: two moons (``alignment.js``), and clouds to scrub (``clouds.js``)."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from latentlab.tasks import adaptation as task
from latentlab.ui.shared import component
from latentlab.ui.shared.figures import CLASS_COLOURS

if TYPE_CHECKING:
    from latentlab.experiments.adaptation_moments import Moments

STRENGTH = 100  # of λ at first, in hundredths
OF_THEIR_OWN = "Trainings of their own, shorter than those of the table."
OF_THE_TABLE = (
    "Two trainings of the table, one seed, from the first step; meters of 1,000 test pictures each."
)


def alignment(
    *,
    key: str,
    target: Mapping[str, Any],
    settings: Mapping[str, Any],
    method: str,
    moves: Sequence[tuple[int, int]],
    titles: Mapping[str, str],
    setup: str,
    on_report: Callable[[], None],
) -> None:
    """Draw two networks side by side, which train in the visitor's browser alone.

    ``st.session_state[key]["report"]`` is what ``read_report`` reads, once the run rests.

    Args:
        key: of the component.
        target: as ``task.told_target`` gives it.
        settings: as ``task.told_settings`` gives them.
        method: of the network on the right.
        moves: what is played at first.
        titles: of the methods, by name.
        setup: another one for other settings; a report names it.
        on_report: called after a report.
    """
    data = {
        "target": target,
        "settings": settings,
        "method": method,
        "moves": [list(move) for move in moves],
        "strength": STRENGTH,
        "titles": dict(titles),
        "most": task.MAX_MOVES,
        "setup": setup,
    }
    component.mount("adaptation/alignment")(key=key, data=data, on_report_change=on_report)


def read_report(report: object) -> tuple[str, str]:
    """Return the setup and the moves of a checked report.

    Args:
        report: from outside; anything.

    Raises:
        ValueError: this is no report.
    """
    if not isinstance(report, dict):
        raise ValueError("no report")
    setup, moves = report.get("setup"), report.get("moves")
    if not isinstance(setup, str) or not isinstance(moves, str):
        raise ValueError("no report")
    task.read_moves(moves)
    return setup, moves


def runs_of(pair: str) -> tuple[int, ...]:
    """Return the places of a pair's adaptations among those whose moments were kept."""
    from latentlab.experiments import adaptation_moments as kept

    return tuple(place for place, (name, _) in enumerate(kept.RUNS) if name == pair)


def packed(moments: "Moments") -> bytes:
    """Return what ``clouds.js`` fetches: JSON, with points and answers as bytes."""
    from latentlab.experiments import adaptation_moments as kept
    from latentlab.experiments import adapting

    content = [
        {
            "title": adapting.METHODS[method],
            "most": kept.LARGEST,
            "points": base64.b64encode(moments.points[run].astype("<i2").tobytes()).decode(),
            "said": base64.b64encode(moments.said[run].tobytes()).decode(),
            "labels": moments.labels[run].tolist(),
            "meters": [[round(float(v), 2) for v in row] for row in moments.meters[run]],
            "when": [_when(share, pair) for share in kept.MOMENTS],
        }
        for run, (pair, method) in enumerate(kept.RUNS)
    ]
    return json.dumps(content).encode()


def _when(share: float, pair: str) -> str:
    from latentlab.experiments.adaptation_moments import PHOTOGRAPHS

    if pair == PHOTOGRAPHS:  # both domains from the first step on
        return "nothing learnt yet" if share == 0 else f"{100 * share:g} % of the training"
    return "before adapting" if share == 0 else f"{100 * share:g} % of the adaptation"


def clouds(*, key: str, moments: str, at: int, pair: str, on_rest: Callable[[], None]) -> None:
    """Draw clouds of features beside one another, with a slider over the moments of adapting.

    ``st.session_state[key]["at"]`` is the moment where the slider came to rest, from 0.

    Args:
        key: of the component.
        moments: address of what ``packed`` makes.
        at: the moment to show.
        pair: of domains, the runs of which are shown.
        on_rest: called after a report of rest.
    """
    from latentlab.experiments.adaptation_moments import PHOTOGRAPHS

    data = {
        "moments": moments,
        "at": at,
        "shown": list(runs_of(pair)),
        "colours": list(CLASS_COLOURS),
        "note": OF_THE_TABLE if pair == PHOTOGRAPHS else OF_THEIR_OWN,
    }
    component.mount("adaptation/clouds")(key=key, data=data, on_at_change=on_rest)
