"""The table of contents: every page of the app, section by section."""

from latentlab.ui import (
    adaptation,
    adversaries,
    anomaly,
    applications,
    attention,
    bottleneck,
    denoise,
    disentangle,
    embeddings,
    explore,
    interpolate,
    models,
    pretrain,
    regularise,
    sentences,
    sequences,
    time_machine,
    transfer,
)
from latentlab.ui.shared.entry import Entry

APP = "latentlab"

# In the order of navigation, within their sections.
PAGES: tuple[Entry, ...] = (
    denoise.ENTRY,
    explore.ENTRY,
    interpolate.ENTRY,
    disentangle.ENTRY,
    bottleneck.ENTRY,
    regularise.ENTRY,
    anomaly.ENTRY,
    pretrain.ENTRY,
    adversaries.ENTRY,
    time_machine.ENTRY,
    applications.ENTRY,
    transfer.ENTRY,
    adaptation.ENTRY,
    sequences.ENTRY,
    attention.ENTRY,
    sentences.ENTRY,
    embeddings.ENTRY,
    models.ENTRY,
)


def sections() -> dict[str, list[Entry]]:
    """Return the pages by section, in the order of navigation."""
    found: dict[str, list[Entry]] = {}
    for entry in PAGES:
        found.setdefault(entry.section, []).append(entry)
    return found


def find(name: str) -> Entry:
    """Return the entry of the page called ``name``; a page that is missing here is a mistake."""
    return next(entry for entry in PAGES if entry.name == name)
