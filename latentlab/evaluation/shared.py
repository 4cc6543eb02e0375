"""What several examinations share: splits, principal components, codes, a data set's classifier."""

import math
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from latentlab import metrics
from latentlab.baselines.pca import PrincipalComponents
from latentlab.checkpoints import load
from latentlab.data import Images, datasets
from latentlab.errors import UnsupportedError
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import Autoencoder, Classifier

BATCH = 500


NEIGHBOURS = 10
LABELS = 10_000  # of the training split, for linear probes; the more, the slower
FEW_COMPONENTS = 64  # fitted at once, for all codes up to that size
REFERENCE_VALUES = 1 << 14  # of all pictures in a reference: large ones are fewer
MOST_DIRECTIONS = 16  # what a page can offer as sliders


@lru_cache(maxsize=2)
def splits(data: str) -> tuple[Images, Images]:
    """Return the training and the test split."""
    dataset = datasets.get(data)
    return dataset.load("train"), dataset.load("test")


@lru_cache(maxsize=2)
def _all_components(data: str, most: int) -> PrincipalComponents:
    x = splits(data)[0].tensor()
    return PrincipalComponents.fit(x, min(most, len(x), x[0].numel()))


def principal_components(data: str, size: int) -> PrincipalComponents:
    """Return the first ``size`` principal components of the training split.

    A few pictures have no more components than there are of them, or than they have pixels.
    """
    pca = _all_components(data, FEW_COMPONENTS if size <= FEW_COMPONENTS else size)
    return pca.truncate(min(size, pca.k))


def classifier_of(data: str) -> Classifier:
    """Return the classifier that a data set names.

    Raises:
        UnsupportedError: it names none.
        CheckpointError, UnknownNameError: the checkpoint cannot be had.
    """
    name = datasets.get(data).classifier
    if name is None:
        raise UnsupportedError(f"There is no classifier for {data}.")
    network = load(name).load_model()
    assert isinstance(network, Classifier)
    return network


def encode(network: Autoencoder, images: Images) -> tuple[Tensor, Tensor]:
    """Return the codes ``[N, D]`` and the squared error of every picture ``[N]``."""
    codes, errors = [], []
    mse = metrics.metrics.get("mse")
    for x in images.batches(BATCH):
        z = network.encode(x).mode()
        codes.append(z.flatten(1))
        errors.append(mse(network.decode(z), x))
    return torch.cat(codes), torch.cat(errors)


def reference_count(image_shape: tuple[int, ...]) -> int:
    """Return how many pictures of a shape a reference holds: four, or fewer large ones."""
    return max(1, min(4, REFERENCE_VALUES // math.prod(image_shape)))


def neighbour_accuracy(
    train_codes: Tensor, train: Images, test_codes: Tensor, test: Images
) -> float:
    """Return the nearest-neighbour accuracy of test codes among training codes."""
    return float(
        metrics.knn_accuracy(
            train_codes.numpy(), train.labels, test_codes.numpy(), test.labels, k=NEIGHBOURS
        )
    )


def fixed_rng() -> torch.Generator:
    """Return the generator of every examination: equal weights give equal scores."""
    return torch.Generator().manual_seed(0)


def latent_statistics(
    z: Tensor, importance: Tensor, directions: Tensor, spread: Tensor
) -> LatentStatistics:
    """Return the statistics of codes.

    Args:
        z: ``[N, D]`` codes.
        importance: ``[D]`` how much each dimension matters.
        directions: ``[D, P]`` their principal directions, as columns of unit length.
        spread: ``[P]`` standard deviation of the codes along each.
    """
    low, high = np.quantile(z.numpy(), [0.01, 0.99], axis=0)
    return LatentStatistics(
        mean=z.mean(0),
        std=z.std(0),
        low=torch.from_numpy(low).float(),
        high=torch.from_numpy(high).float(),
        importance=importance,
        directions=_signed(directions[:, :MOST_DIRECTIONS]),
        direction_std=spread[:MOST_DIRECTIONS].contiguous(),
    )


def statistics_of(network: Autoencoder, images: Images) -> LatentStatistics:
    """Return where the codes of pictures lie, by their principal components."""
    parts, divergences = [], []
    for x in images.batches(BATCH):
        posterior = network.encode(x)
        parts.append(posterior.mode().flatten(1))
        divergences.append(posterior.kl())
    z = torch.cat(parts)
    centred = z - z.mean(0)
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(z))
    kept = min(MOST_DIRECTIONS, z.shape[1])
    in_nats = network.importance_unit == "nats"
    return latent_statistics(
        z,
        importance=torch.cat(divergences).mean(0) if in_nats else z.var(0),
        directions=vectors.flip(1)[:, :kept],
        spread=values.flip(0)[:kept].clamp(min=0).sqrt(),
    )


def _signed(directions: Tensor) -> Tensor:
    """Return directions whose largest entry is positive: eigenvectors have no sign of their own."""
    largest = directions.abs().argmax(0)
    return directions * directions[largest, torch.arange(directions.shape[1])].sign()
