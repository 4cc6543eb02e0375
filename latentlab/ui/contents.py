"""The table of contents: every page of the app, and where its files are."""

from dataclasses import dataclass
from pathlib import Path

APP = "latentlab"
ROOT = Path(__file__).resolve().parents[2]
ASSETS = Path(__file__).resolve().parent / "assets"


@dataclass(frozen=True)
class PageEntry:
    """One page of the app; a new page is a new row of ``PAGES`` and a file."""

    name: str  # file name under pages/, address, and picture name
    title: str
    icon: str
    promise: str  # one sentence on the home page: what a visitor can do there

    @property
    def path(self) -> Path:
        """The script, absolute: relative paths break when a page runs without app.py."""
        return ROOT / "pages" / f"{self.name}.py"


PAGES = (
    PageEntry(
        "denoise",
        "Denoise",
        ":material/blur_on:",
        "Spoil a picture, or bring a grainy photograph. Who saves it: a network, or a filter?",
    ),
    PageEntry(
        "explore",
        "Explore",
        ":material/tune:",
        "Turn the numbers a model draws from, and watch the picture follow.",
    ),
    PageEntry(
        "interpolate",
        "Interpolate",
        ":material/timeline:",
        "Walk from one picture to another through the latent space.",
    ),
    PageEntry(
        "embeddings",
        "Embeddings",
        ":material/scatter_plot:",
        "Thousands of pictures on one plane: PCA beside autoencoders, t‑SNE and UMAP.",
    ),
    PageEntry(
        "models",
        "Models",
        ":material/inventory_2:",
        "Every model, its scores beside those of the simple method it has to beat.",
    ),
)
