"""What the Models page computes and keeps, each result once for all visitors."""

from typing import TYPE_CHECKING

from latentlab.ui.shared import cache

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.models import Portrait

PICTURES = 8  # across a model's card: more would be too small to see
PHOTOGRAPHS, PHOTOGRAPH_SIDE = 4, 160  # on a card: how many, and their pixels


@cache.per_checkpoint(max_entries=128)
def portrait(name: str) -> "tuple[bytes, Portrait]":
    """The picture on a model's card: a PNG of all rows of its portrait, and the portrait itself.

    Raises:
        LatentLabError: as ``cache.model``; or its data set is unknown here, or does not fit.
    """
    import numpy as np
    import torch

    from latentlab.data import photographs
    from latentlab.pictures import images
    from latentlab.tasks import models as task

    card = cache.checkpoint(name).card
    if card.kind == "restorer":
        shipped = photographs.samples()
        x = torch.cat([_middle(shipped.tensor(i)) for i in range(PHOTOGRAPHS)])
    else:
        shown = cache.samples(card.data)
        firsts = [int((shown.labels == k).argmax()) for k in sorted(set(shown.labels.tolist()))]
        x = shown.tensor(np.array(firsts[:PICTURES]))
    made = task.portrait(cache.model(name), x, seed=0)
    sheet = images.grid(torch.cat(made.rows), columns=len(made.rows[0]), gap=2)
    # Drawn about 500 CSS pixels wide, on screens with up to two pixels for each of them.
    return images.to_png(sheet, scale=max(1, 1000 // sheet.shape[2])), made


def _middle(photograph: "Tensor") -> "Tensor":
    """The middle of ``[1, 3, H, W]``, small enough for noise to be seen on a card."""
    top, left = ((side - PHOTOGRAPH_SIDE) // 2 for side in photograph.shape[2:])
    return photograph[..., top : top + PHOTOGRAPH_SIDE, left : left + PHOTOGRAPH_SIDE]
