"""The Denoise page: corrupt a picture, restore it with networks and classical filters, compare."""

from latentlab.ui.denoise import photographs, small_pictures
from latentlab.ui.shared import fields
from latentlab.ui.shared.entry import View

BENCHES = {"small": small_pictures.draw, "photographs": photographs.draw}


def draw(view: View) -> None:
    """Draw the page."""
    of = fields.url_select(
        "Pictures",
        {"small": "Digits, garments and faces", "photographs": "Photographs"},
        key="denoise_of",
        style="buttons",
        label_visibility="collapsed",
    )
    BENCHES[of]()
