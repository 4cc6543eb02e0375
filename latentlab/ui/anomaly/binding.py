"""Scores of many pictures with a threshold under the finger; ``threshold.js`` draws them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from latentlab.ui.shared import component
from latentlab.ui.shared.component import floats

if TYPE_CHECKING:
    from latentlab.tasks.anomaly import Judged

STEPS = 1000  # positions of the threshold, as in alarms.js


def threshold(
    *,
    key: str,
    found: "Judged",
    identity: str,
    normal_name: str,
    others_name: str,
    score: float | None,
    at: int | None,
    on_rest: Callable[[], None],
) -> None:
    """Draw a histogram, a ROC curve and what a threshold does.

    ``st.session_state[key]["at"]`` is where the threshold came to rest, from 0 to ``STEPS``.

    Args:
        key: of the component.
        found: the scores.
        identity: another one for other scores.
        normal_name: what the normal pictures are; plain text.
        others_name: what the others are; plain text.
        score: of the picture that is looked at; None = there is none.
        at: position of the threshold; None = the one from held-out normal pictures.
        on_rest: called after a report of rest.
    """
    data = {
        "normal": floats(found.normal),
        "outliers": floats(found.outliers),
        "suggested": found.threshold,
        "identity": identity,
        "normalName": normal_name,
        "othersName": others_name,
        "score": score,
        "at": at,
    }
    component.mount("anomaly/threshold")(key=key, data=data, on_at_change=on_rest)


def read_position(report: object) -> int:
    """Return the position that a browser reports.

    Raises:
        ValueError: this is none.
    """
    if type(report) is not int or not 0 <= report <= STEPS:
        raise ValueError("no position")
    return report
