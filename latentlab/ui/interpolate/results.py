"""What the Interpolate page computes and keeps, each result once for all visitors."""

import functools
from typing import TYPE_CHECKING

from latentlab.ui.shared import cache

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.tasks.interpolate import Neighbours


@cache.per_checkpoint(max_entries=16, spinner="The classifier looks at real pictures …")
def neighbours(name: str) -> "Neighbours":
    """Samples of a classifier's data set as it sees them.

    Raises:
        LatentLabError: as ``cache.model`` and ``cache.samples``.
    """
    from latentlab.models import Classifier
    from latentlab.tasks import interpolate

    network = cache.model(name)
    assert isinstance(network, Classifier)  # `cache.classifier` has found it
    # Every second one: a thousand are looked at in a third of a second.
    pictures = cache.samples(cache.checkpoint(name).card.data).tensor(slice(None, None, 2))
    return interpolate.neighbours(network, pictures)


def png(picture: "Tensor", scale: int = 1) -> bytes:
    """As ``images.to_png``; equal pictures are encoded once, not in every run of the page."""
    import numpy as np

    return _png(np.asarray(picture, np.float32).tobytes(), tuple(picture.shape), scale)


@functools.lru_cache(maxsize=16)  # a megabyte each, at most, and several strips a page
def _png(data: bytes, shape: tuple[int, ...], scale: int) -> bytes:
    import torch

    from latentlab.pictures import images

    # A copy, since torch does not like what cannot be written to.
    pixels = torch.frombuffer(bytearray(data), dtype=torch.float32).reshape(shape)
    return images.to_png(pixels, scale)
