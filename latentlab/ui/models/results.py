"""What the Models page computes and keeps, each result once for all visitors."""

from typing import TYPE_CHECKING

from latentlab.ui.shared import cache

if TYPE_CHECKING:
    from latentlab.tasks.models import Lines, Portrait

PICTURES = 8  # across a model's card: more would be too small to see


@cache.per_checkpoint(max_entries=1024)
def portrait(name: str) -> "tuple[bytes, Portrait] | Lines":
    """The picture on a model's card: a PNG of all rows of its portrait, and the portrait itself.

    Networks for sequences and text have lines instead.

    Raises:
        LatentLabError: as ``cache.model``; or its data set is unknown here, or does not fit.
    """
    import torch

    from latentlab.data import find
    from latentlab.pictures import images
    from latentlab.tasks import models

    card = cache.checkpoint(name).card
    made = models.portrait(cache.model(name), find(card.data).showcase(PICTURES), seed=0)
    if isinstance(made, models.Lines):
        return made
    sheet = images.grid(torch.cat(made.rows), columns=len(made.rows[0]), gap=2)
    # Drawn about 500 CSS pixels wide, on screens with up to two pixels for each of them.
    return images.to_png(sheet, scale=max(1, 1000 // sheet.shape[2])), made
