"""A part of a training split: one class, for networks that must know nothing else.

part = OneClass(normal=3, contamination=0.05)
part.training(train)    # 3s, and among every hundred of them five others
part.held_out(train)    # 3s that are kept back: thresholds are chosen on them
"""

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from msgspec import Meta

from latentlab.data.base import Images
from latentlab.errors import InputError

HELD_OUT = 500  # pictures of a class, its last ones; one in five where there are few

Label = Annotated[int, Meta(ge=0, le=65535)]
Share = Annotated[float, Meta(ge=0, le=0.5)]


@dataclass(frozen=True)
class OneClass:
    """Which class is normal, and what share of the training pictures is not, unnoticed.

    The number of training pictures is the same at every share: outliers take the places of normal
    pictures, and come from all other classes alike.
    """

    normal: Label
    contamination: Share = 0.0

    def training(self, images: Images) -> Images:
        """Return what a network of this class is trained on.

        Raises:
            InputError: there is no such class, or there are too few others.
        """
        kept, _ = self._split(images)
        others = [np.flatnonzero(images.labels == k) for k in np.unique(images.labels)]
        others = [found for found in others if images.labels[found[0]] != self.normal]
        wanted = round(self.contamination * len(kept))
        outliers = _in_turn(others, wanted)
        if len(outliers) < wanted:
            raise InputError(f"There are no {wanted} pictures of other classes.")
        return images.part(np.sort(np.concatenate([kept[: len(kept) - wanted], outliers])))

    def held_out(self, images: Images) -> Images:
        """Return the normal pictures that no training sees. Raises as ``training``."""
        return images.part(self._split(images)[1])

    def _split(self, images: Images) -> "tuple[np.ndarray, np.ndarray]":
        own = np.flatnonzero(images.labels == self.normal)
        if len(own) < 2:
            raise InputError(f"There are fewer than two pictures of class {self.normal}.")
        back = max(1, min(HELD_OUT, len(own) // 5))
        return own[:-back], own[-back:]


def _in_turn(groups: "list[np.ndarray]", count: int) -> "np.ndarray":
    """Return the first ``count`` places, taken from the groups in turn."""
    longest = max((len(group) for group in groups), default=0)
    rows = np.full((longest, len(groups)), -1, dtype=np.int64)
    for column, group in enumerate(groups):
        rows[: len(group), column] = group
    taken = rows.flatten()
    return taken[taken >= 0][:count]
