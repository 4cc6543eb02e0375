"""What the Applications page computes or reads once for all visitors."""

from contextlib import suppress
from typing import TYPE_CHECKING

from latentlab.errors import UnsupportedError
from latentlab.ui.shared import cache
from latentlab.ui.shared.memo import Memo

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.baselines.class_gaussians import ClassGaussians
    from latentlab.baselines.enlargement import PatchRegression
    from latentlab.checkpoints import ModelCard
    from latentlab.data import Images
    from latentlab.experiments import Result
    from latentlab.models import Classifier, ConditionalGAN, CycleGAN, SuperResolution

SQUARED, CRITIC = "mse", "gan"  # tags of the two trainings of one network
LABELS = {SQUARED: "Network, squared error", CRITIC: "Network with a critic"}
TRANSLATOR, GENERATOR = "cycle_gan.mnist", "conditional_gan.mnist_1000"
KNOWN = 1_000  # sample pictures that stand for labelled ones

_fitted: "Memo[PatchRegression]" = Memo(2)
_results: "Memo[Result]" = Memo(1)
_known: "Memo[Images]" = Memo(4)
_gaussians: "Memo[ClassGaussians]" = Memo(4)


def enlargers(data: str) -> "dict[str, tuple[str, SuperResolution]]":
    """Networks that enlarge pictures of a data set, by name: what people call each, and itself.

    Raises:
        UnsupportedError: there is none here.
        CheckpointError: a folder is damaged.
    """
    from latentlab.models import SuperResolution

    found = {}
    for tag, label in LABELS.items():
        name = f"super_resolution.{data}_{tag}"
        if name in cache.names(data=data, can=("enlarges",)):
            network = cache.model(name)
            assert isinstance(network, SuperResolution)  # no other family enlarges
            found[name] = (label, network)
    if not found:
        raise UnsupportedError(
            "No network that enlarges such pictures is here yet.",
            f"Run: latentlab train super_resolution.{data}_{SQUARED}.",
        )
    return found


def fitted(data: str) -> "PatchRegression | None":
    """The strongest way to enlarge without a network; None where it was not fitted."""
    from latentlab.data import patches

    if data not in patches.SHIPPED:
        return None
    return _fitted.get(data, lambda: patches.regression(data))


def cards(names: "list[str]") -> "dict[str, ModelCard]":
    """Return the cards of checkpoints by name."""
    return {name: cache.checkpoint(name).card for name in names}


def judge(data: str) -> "Classifier | None":
    """The classifier of a data set; None where there is none that can be used."""
    from latentlab.models import Classifier

    name = cache.classifier(data)
    if name is None:
        return None
    network = cache.model(name)
    return network if isinstance(network, Classifier) else None


def translator() -> "CycleGAN":
    """The network that makes digits thick and thin.

    Raises:
        UnsupportedError: it is not here.
        CheckpointError: its folder is damaged.
    """
    from latentlab.models import CycleGAN

    network = _named(TRANSLATOR, "translates")
    assert isinstance(network, CycleGAN)
    return network


def generator() -> "ConditionalGAN":
    """The network that invents the digit that is asked for. Errors as ``translator``."""
    from latentlab.models import ConditionalGAN

    network = _named(GENERATOR, "invents")
    assert isinstance(network, ConditionalGAN)
    return network


def _named(name: str, ability: str) -> object:
    if name not in cache.names(can=(ability,)):
        raise UnsupportedError("The network is not here yet.", f"Run: latentlab train {name}.")
    return cache.model(name)


def measured() -> "Result":
    """The result of the experiment on more training pictures. Errors as ``experiments.load``."""
    from latentlab import experiments

    return _results.get("augmentation", lambda: experiments.load("augmentation"))


def known(data: str) -> "Images":
    """A thousand sample pictures with their labels, as many of each class."""
    from latentlab.data.few import few_of

    return _known.get(data, lambda: few_of(cache.samples(data), KNOWN, seed=0))


def gaussians(data: str) -> "ClassGaussians":
    """A Gaussian a class, fitted to those."""
    import torch

    from latentlab.baselines.class_gaussians import ClassGaussians
    from latentlab.data import datasets

    def fit() -> ClassGaussians:
        images = known(data)
        classes = len(datasets.get(data).class_names)
        return ClassGaussians.fit(images.tensor(), torch.from_numpy(images.labels), classes)

    return _gaussians.get(data, fit)


def added(data: str, seed: int) -> "dict[str, Tensor]":
    """What the arms of the experiment are trained on, ten pictures each, one of each class."""
    import numpy as np
    import torch

    from latentlab.baselines.augmentation import CLASSICAL

    images = known(data)
    rng = torch.Generator().manual_seed(seed)
    classes = int(images.labels.max()) + 1
    places = np.array(
        [
            np.flatnonzero(images.labels == k)[seed % (images.labels == k).sum()]
            for k in range(classes)
        ]
    )
    labels = torch.arange(classes)
    x = images.tensor(places)
    with torch.inference_mode():
        found = {
            "nothing": x,
            "classical": CLASSICAL[data].apply(x, rng),
            "gaussian": gaussians(data).sample(labels, rng),
        }
        if data == "mnist":
            with suppress(UnsupportedError):  # the other rows can still be shown
                found["gan"] = generator().sample(labels, rng)
    return found
