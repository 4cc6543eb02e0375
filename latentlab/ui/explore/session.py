"""What one visitor's browser and the server have said to each other about the sliders.

No Streamlit in here: ``sliders.py`` keeps one ``SliderSession`` for each visitor and calls it when
something happens.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

DECIMALS = 3  # as ``fields.publish_vector`` writes them
BOUND = 1e4  # no trained code is larger; what an address asks for beyond it is refused

Coordinates = tuple[float, ...]  # along ``spaces.linked_axes``


@dataclass(frozen=True)
class Moved:
    """How far from a start the code has moved, rounded as in the address.

    So a link gives the very same picture.
    """

    origin: str | None  # identity of that start; None: an address said so, whatever the start
    coordinates: Coordinates


@dataclass(frozen=True)
class Report:
    """What the browser says: a code, and the number of the report."""

    origin: str
    coordinates: Coordinates | None  # None: at the start
    number: int


@dataclass
class SliderSession:
    """Where the code stands, as far as the server knows.

    The browser decides that, until the server tells it to go elsewhere.
    """

    revision: int = 0  # grows whenever the server tells the browser to go elsewhere
    handled: int = 0  # number of the browser's last report
    origin: str = ""  # identity of the start
    coordinates: Coordinates | None = None  # None: at the start
    z: "Tensor | None" = None  # [D] that code, for what looks only when asked, such as downloads
    unwritten: bool = False  # whether the address may hold another place
    _question: Report | None = None

    def tell(self, origin: str, coordinates: Coordinates | None) -> None:
        """The server wants the code there; nothing changes if it is there already."""
        if (self.origin, self.coordinates) != (origin, coordinates):
            self.origin, self.coordinates = origin, coordinates
            self.revision += 1
            self.unwritten = True

    def hear(self, report: Report) -> None:
        """The browser has come to rest: it is there already, so it need not be told to go."""
        self.origin, self.coordinates = report.origin, report.coordinates
        self.handled = report.number
        self.unwritten = True

    def ask(self, report: Report) -> None:
        """The browser wants to see a code decoded; the code itself stays where it was."""
        self.handled = report.number
        self._question = report

    def answer(self) -> Report | None:
        """Return the question that is still open, which is closed by that; None without one."""
        question, self._question = self._question, None
        return question


def read_report(report: object, origin: str, size: int) -> Report | None:
    """Return what a browser reports, checked; None when it is about another start, or nonsense.

    Args:
        report: from outside; anything.
        origin: identity of the start that is shown.
        size: how many coordinates a code has.
    """
    if not isinstance(report, dict) or report.get("origin") != origin:
        return None
    at, number = report.get("at"), report.get("n")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 2**53:
        return None
    if at is None:
        return Report(origin, None, number)
    if not isinstance(at, list) or len(at) != size:
        return None
    if not all(type(x) in (int, float) and abs(x) <= BOUND for x in at):
        return None
    return Report(origin, tuple(round(float(x), DECIMALS) for x in at), number)
