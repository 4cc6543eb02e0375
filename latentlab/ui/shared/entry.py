"""The page contract: what a page says of itself before anything of it is loaded.

``ui/<page>/__init__.py`` holds one ``ENTRY`` and imports nothing else. The navigation, the home
page and the links on the cards of models are made of entries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from latentlab.places import root

if TYPE_CHECKING:
    from latentlab.checkpoints import ModelCard

UI = Path(__file__).resolve().parents[1]
PAGES = root() / "pages"


@dataclass(frozen=True)
class Need:
    """One sort of models that a page can show.

    ``link`` holds the address parameters that choose a model; "{name}" stands for its name.
    Where it is empty, no link leads to one model.
    """

    modality: str  # "images"
    abilities: frozenset[str]  # all of them: "encodes", "decodes", "classifies", "denoises"
    link: Mapping[str, str] = field(default_factory=dict)
    study: str = ""  # models of a study are shown by the pages of that study alone

    def fits(self, card: "ModelCard") -> bool:
        """Whether the page can show the model of this card."""
        alike = (card.modality, card.study) == (self.modality, self.study)
        return alike and self.abilities <= card.abilities


@dataclass(frozen=True)
class Stage:
    """What a page shows in a presentation, as CSS selectors; all of it fits one screen."""

    hero: tuple[str, ...]  # the pictures that the page is about
    verdict: tuple[str, ...] = ()  # the sentence that says what they show
    control: tuple[str, ...] = ()  # one row of controls

    @property
    def selectors(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.hero, *self.verdict, *self.control)


@dataclass(frozen=True)
class Scene:
    """A named setting of a page, for a lecture: what it proves, and the address that shows it."""

    sentence: str  # one claim that the page then shows to be true
    settings: Mapping[str, str] = field(default_factory=dict)  # parameters of the address
    stage: Stage | None = None  # what of the page shows it; None = the page's own stage


@dataclass(frozen=True)
class Entry:
    """One page of the app."""

    name: str  # of its folder below ui/, of its script below pages/, and in the address
    title: str
    section: str  # of the navigation and of the home page
    icon: str
    promise: str  # one sentence on the home page: what a visitor can do there
    lead: str  # one sentence under the page's heading
    stage: Stage  # what is shown of it in a presentation
    needs: tuple[Need, ...] = ()  # the models that it shows
    scenes: tuple[Scene, ...] = ()  # what a lecturer steps through, in this order
    also_owns: tuple[str, ...] = ()  # names in the address beside those that begin with its own
    # Names that links held before every name began with its page's: old -> name today.
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The script, absolute: relative paths break when a page runs without app.py."""
        return PAGES / f"{self.name}.py"

    @property
    def folder(self) -> Path:
        """Where the page's own files are."""
        return UI / self.name

    @property
    def cover(self) -> Path:
        """The picture on the home page."""
        return self.folder / "cover.svg"

    def owns(self, key: str) -> bool:
        """Whether a name in the address, or the key of a widget, is this page's.

        Those are that begin with its name, and those of ``also_owns``, where "z_" stands for all
        that begin so.
        """
        further = any(
            key.startswith(own) if own.endswith("_") else key == own for own in self.also_owns
        )
        return key.startswith((f"{self.name}_", f"{self.name}.")) or key == self.name or further

    def link(self, name: str, card: "ModelCard") -> dict[str, str] | None:
        """Return the address parameters with which the page shows a model; None if it cannot."""
        for need in self.needs:
            if need.link and need.fits(card):
                return {key: value.format(name=name) for key, value in need.link.items()}
        return None


@dataclass(frozen=True)
class View:
    """What a page learns from its frame."""

    dark: bool  # the visitor's theme, for pictures that cannot adapt by themselves
    presents: bool = False  # whether it is shown in a lecture hall, large and on one screen
    pages: tuple[Entry, ...] = ()  # all that there are, for links to them
