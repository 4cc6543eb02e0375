"""The Domain adaptation page: shift a domain, adapt to it, and see what alignment does."""

from latentlab.ui.adaptation import balance, live, models, workshop
from latentlab.ui.shared import fields
from latentlab.ui.shared.entry import View

SECTIONS = {
    "shift": "Shift workshop",
    "models": "Adapted models",
    "live": "λ under the finger",
    "balance": "Aligned, and wrong",
}


def draw(view: View) -> None:
    """Draw the page."""
    section = fields.url_select(
        "Section",
        SECTIONS,
        key="adaptation_section",
        style="buttons",
        label_visibility="collapsed",
    )
    parts = {
        "shift": workshop.draw,
        "models": models.draw,
        "live": live.draw,
        "balance": balance.draw,
    }
    parts[section](view)
