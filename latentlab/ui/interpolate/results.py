"""What the Interpolate page computes and keeps, each result once for all visitors."""

from typing import TYPE_CHECKING

from latentlab.ui.shared import cache

if TYPE_CHECKING:
    from latentlab.tasks.interpolate import Neighbours


@cache.per_checkpoint(max_entries=16, spinner="The classifier looks at real pictures …")
def neighbours(name: str) -> "Neighbours":
    """Samples of a classifier's data set as it sees them.

    Raises:
        LatentLabError: as ``cache.model`` and ``cache.samples``.
    """
    from latentlab.models import Judge
    from latentlab.tasks import interpolate

    network = cache.model(name)
    assert isinstance(network, Judge)  # `cache.classifier` has found it
    # Every second one: a thousand are looked at in a third of a second.
    pictures = cache.samples(cache.checkpoint(name).card.data).tensor(slice(None, None, 2))
    return interpolate.neighbours(network, pictures)
