"""The table of contents: every page of the app, section by section."""

from itertools import groupby

from latentlab.ui import denoise, embeddings, explore, interpolate, models
from latentlab.ui.shared.entry import Entry

APP = "latentlab"

# In the order of navigation; pages of one section stand together.
PAGES: tuple[Entry, ...] = (
    denoise.ENTRY,
    explore.ENTRY,
    interpolate.ENTRY,
    embeddings.ENTRY,
    models.ENTRY,
)


def sections() -> dict[str, list[Entry]]:
    """Return the pages by section, in the order of navigation."""
    return {title: list(found) for title, found in groupby(PAGES, lambda entry: entry.section)}


def find(name: str) -> Entry:
    """Return the entry of the page called ``name``; a page that is missing here is a mistake."""
    return next(entry for entry in PAGES if entry.name == name)
