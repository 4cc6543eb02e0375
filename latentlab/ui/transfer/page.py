"""The Transfer page: a lesson of few drawings, what was measured over labels, and over layers."""

from latentlab.ui.shared import fields
from latentlab.ui.shared.entry import View
from latentlab.ui.transfer import depth, labels, teach

SECTIONS = {
    "teach": "Teach it a new class",
    "labels": "How many labels?",
    "depth": "Up to which layer?",
}
SECTION = "transfer_section"


def draw(view: View) -> None:
    """Draw the page."""
    section = fields.url_select(
        "Section", SECTIONS, key=SECTION, style="buttons", label_visibility="collapsed"
    )
    {"teach": teach.draw, "labels": labels.draw, "depth": depth.draw}[section](view)
