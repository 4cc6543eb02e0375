"""The Sequences page: five networks get the same question, learn it, and pay for it."""

from latentlab.ui.sequences import ask, cost, length, train
from latentlab.ui.shared import fields
from latentlab.ui.shared.entry import View

SECTIONS = {
    "ask": "Ask them",
    "train": "Train them now",
    "length": "Longer than trained",
    "cost": "What it costs",
}


def draw(view: View) -> None:
    """Draw the page."""
    section = fields.url_select(
        "Section",
        SECTIONS,
        key="sequences_section",
        style="buttons",
        label_visibility="collapsed",
    )
    parts = {"ask": ask.draw, "train": train.draw, "length": length.draw, "cost": cost.draw}
    parts[section](view)
