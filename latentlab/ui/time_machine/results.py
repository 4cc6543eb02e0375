"""What the Time machine page makes once for all visitors: stories, and networks of moments."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latentlab.errors import UnsupportedError, WeightsMismatch
from latentlab.ui.shared import cache

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from latentlab.models import GAN
    from latentlab.stories import Story
    from latentlab.tasks.time_machine import Critic

HEALTHY = ("gan.mnist_k64", "gan.fashion_mnist_k64")
SENT_LEVELS = 250  # of the grid on which a generator's folded layers are sent: a quarter of a MB
COLLAPSED = "gan.mnist_collapsed"  # beside the first of these


@dataclass(frozen=True)
class Told:
    """A story, and its sheets as browsers fetch them."""

    story: "Story"
    samples: bytes  # PNG
    nearest: bytes


def there(name: str) -> bool:
    """Whether a checkpoint of this name is here, and holds its story."""
    from latentlab import stories

    return name in cache.names() and stories.has(cache.checkpoint(name))


@cache.per_checkpoint(max_entries=8)
def told(name: str) -> Told:
    """The story of a checkpoint, checked.

    Raises:
        LatentLabError: as ``cache.checkpoint`` and ``stories.read``.
    """
    from latentlab import stories

    checkpoint = cache.checkpoint(name)
    story = stories.read(checkpoint)
    shape = generator(name).image_shape
    stories.samples(checkpoint, story, shape)
    stories.nearest(checkpoint, story, shape)
    return Told(story, checkpoint.file(stories.SAMPLES), checkpoint.file(stories.NEAREST))


@cache.per_checkpoint(max_entries=4)
def kept(name: str) -> "dict[str, NDArray[np.float32]]":
    """The weights of the kept moments. Errors as ``stories.live``."""
    from latentlab import stories

    return stories.live(cache.checkpoint(name))


def generator(name: str) -> "GAN":
    """The generator at the end. Errors as ``cache.model``, and if it is no GAN."""
    from latentlab.models import GAN

    network = cache.model(name)
    if not isinstance(network, GAN):
        raise UnsupportedError(f"{name} is no GAN.")
    return network


@cache.per_checkpoint(max_entries=64, spinner="Preparing the generators …")
def generator_files(name: str, place: int) -> tuple[bytes, bytes]:
    """Manifest and weights of the generator at a kept moment, as ``export.decoder_files``.

    Raises:
        LatentLabError: as ``told`` and ``kept``; or the weights do not fit the network.
        UnsupportedError: browsers cannot run it.
    """
    import torch

    from latentlab import export
    from latentlab.tasks import time_machine

    network = time_machine.generator_at(generator(name), kept(name), place)
    # One code is enough to check against, and is a quarter of what four would weigh.
    code = network.sample_prior(1, torch.Generator().manual_seed(0))
    made = export.decoder_files(network, f"{name}.{place}", code, levels=SENT_LEVELS)
    return json.dumps(made.manifest).encode(), made.weights


@cache.per_checkpoint(max_entries=32)
def critic(name: str, place: int) -> "Critic":
    """The critic of a kept moment. Errors as ``generator_files``."""
    from latentlab.tasks import time_machine

    story = told(name).story
    if not 0 <= place < len(story.opinions):
        raise WeightsMismatch(f"No critic of {name} was kept.")
    shape = generator(name).image_shape
    return time_machine.critic_at(kept(name), place, story.opinions[place], shape)


@cache.per_checkpoint(max_entries=32)
def critic_files(name: str, place: int) -> tuple[bytes, bytes]:
    """As ``generator_files``, of the critic: pictures are what it decodes, to a score."""
    from latentlab import export

    pictures = cache.samples(cache.checkpoint(name).card.data).tensor(slice(0, 1))
    made = export.decoder_files(critic(name, place), f"critic.{name}.{place}", pictures.flatten(1))
    return json.dumps(made.manifest).encode(), made.weights
