"""The Applications page: pictures enlarged, pictures added, pictures turned into another sort."""

from latentlab.ui.applications import augmenting, enlarging, translating
from latentlab.ui.shared import fields
from latentlab.ui.shared.entry import View

SECTIONS = {
    "enlarge": "Sharper pictures",
    "more": "More training pictures",
    "style": "Another style",
}
SECTION = "applications_section"


def draw(view: View) -> None:
    """Draw the page."""
    section = fields.url_select(
        "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
    )
    {"enlarge": enlarging.draw, "more": augmenting.draw, "style": translating.draw}[section](view)
