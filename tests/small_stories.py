"""Stories of small untrained GANs, measured on the pictures that ship: seconds instead of hours."""

from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from small_models import card_for, reference_for, small_network, statistics_for

from latentlab import checkpoints
from latentlab.baselines.pca import PrincipalComponents
from latentlab.data import Images, datasets
from latentlab.evaluation import Kept, stories
from latentlab.models import GAN
from latentlab.models.images.gan import Discriminator

FIELDS = {"latent_size": 6, "channels": (4, 6), "blocks": 1, "full_channels": 3}
STEPS = (0, 1, 10, 50)


def kept(data: str = "mnist", loss: str = "relativistic") -> Kept:
    """The moments of a run that never was: other random weights at each."""
    moments: dict[int, dict[str, torch.Tensor]] = {}
    gan = critic = None
    for step in STEPS:
        gan = small_network("gan", seed=step, **FIELDS)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(step)
            critic = Discriminator((1, 28, 28), (3, 4), blocks=1)
        tensors = {k: v.half() for k, v in gan.state_dict().items() if v.is_floating_point()}
        tensors |= {f"critic.{k}": v.half() for k, v in critic.state_dict().items()}
        moments[step] = tensors
    assert isinstance(gan, GAN) and critic is not None
    return Kept(gan, {"critic": critic}, moments, data, 100, loss)


def told(of: Kept, story: str = "adversaries") -> dict[str, bytes]:
    """The files that are made of it."""
    samples = datasets.get(of.data).samples()

    def splits(data: str) -> tuple[Images, Images]:
        half = np.arange(len(samples))
        return samples.part(half[::2]), samples.part(half[1::2])

    def components(data: str, size: int) -> PrincipalComponents:
        return PrincipalComponents.fit(samples.tensor(), size)

    module = "latentlab.evaluation.stories"
    with (
        patch(f"{module}.splits", splits),
        patch(f"{module}.principal_components", components),
        patch(f"{module}.MEASURED", 60),
        patch(f"{module}.COMPARED", 64),
        patch(f"{module}.SHOWN", 16),
    ):
        return stories.get(story)(of, "cpu")


def write_story(parent: Path, name: str = "gan.mnist_k64", data: str = "mnist") -> Path:
    """Save a small checkpoint with its story; its folder."""
    of = kept(data)
    network = of.network
    assert isinstance(network, GAN)
    tag = name.partition(".")[2].removeprefix(data).strip("_")
    card = card_for(network, "gan", data, tag)
    study = "time_machine" if tag == "collapsed" else ""
    checkpoints.save(
        parent / name,
        network,
        type(card)(**{**vars(card), "study": study}),
        statistics_for(network.latent_size),
        reference_for(network),
        told(of),
    )
    return parent / name
