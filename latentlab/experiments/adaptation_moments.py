"""Clouds of features while two domains are drawn together, moment by moment.

    moments = load()
    moments.points[1]           # [20, 500, 2]: the second run, all moments

LeNet has runs of its own, shorter than those of `adaptation` and as strong, which begin as the
source has taught it. On photographs these are trainings that `adaptation_photographs` measures,
from the first step, when nothing is learnt.
`python -m latentlab.experiments.adaptation_moments` makes the file again; some minutes. Reading it
needs no torch; it may come from a stranger, so names, shapes and types are checked.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError
from latentlab.experiments import adaptation_photographs, adapting, adapting_photographs
from latentlab.experiments import kept as arrays
from latentlab.experiments.adapting_photographs import GREY, SOURCE
from latentlab.experiments.base import RESULTS, Effort

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.training.adaptation import Labelled

PATH = RESULTS / "adaptation_moments.npz"
MAX_BYTES = 2 << 20
SCIKIT, PHOTOGRAPHS = "MNIST → scikit-learn", "MNIST → photographs"
DOMAINS = {SCIKIT: ("mnist", "scikit"), PHOTOGRAPHS: (SOURCE, GREY)}
# Pair and method of every run.
RUNS = (
    (SCIKIT, "dann"),
    (SCIKIT, "mmd"),
    (SCIKIT, "im"),
    (PHOTOGRAPHS, "source"),
    (PHOTOGRAPHS, "dann"),
)
STRENGTHS = {"dann": 0.1, "mmd": 3.0, "im": 1.0}  # as the rehearsal says; not on photographs
STEPS, BATCH = 600, 64  # of LeNet
SEEDS = {SCIKIT: 0, PHOTOGRAPHS: 1}
# Shares of the training that are done; 0 = as it begins.
MOMENTS = (
    *(0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.11, 0.15, 0.2, 0.25),
    *(0.325, 0.4, 0.475, 0.55, 0.625, 0.7, 0.775, 0.85, 0.925, 1.0),
)
POINTS = 250  # of each domain: the first ones of its test split
READ = 1_000  # test pictures of each that the meters read, at most
LARGEST = 32_767  # of a coordinate as it is kept


@dataclass(frozen=True)
class Moments:
    """What was kept of every run.

    Attributes:
        points: [runs, moments, 500, 2] int16: where features lie on the first two principal
            components of both domains and all moments, 32,767 = the farthest. The first 250 are of
            the source.
        said: [runs, moments, 500] uint8: the class that each is taken for.
        labels: [runs, 500] uint8: its digit.
        meters: [runs, moments, 3] float32: accuracy on the target, on the source, and the error of
            a fresh classifier of domains, in per cent.
    """

    points: NDArray[np.int16]
    said: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    meters: NDArray[np.float32]


def load(path: Path = PATH) -> Moments:
    """Return what ships.

    Raises:
        UnsupportedError: nothing has been kept yet.
        InputError: the file is damaged, or holds something else.
    """
    kept = arrays.read(
        path,
        Moments.__annotations__,
        largest=MAX_BYTES,
        what="The moments of adaptation",
        maker="adaptation_moments",
    )
    runs = (len(RUNS), len(MOMENTS))
    wanted = {
        "points": ((*runs, 2 * POINTS, 2), np.int16),
        "said": ((*runs, 2 * POINTS), np.uint8),
        "labels": ((len(RUNS), 2 * POINTS), np.uint8),
        "meters": ((*runs, 3), np.float32),
    }
    arrays.check(kept, wanted, path)
    if max(kept["said"].max(), kept["labels"].max()) > 9:
        raise InputError(f"{path.name} names digits that there are not.")
    return Moments(**kept)


def measure(effort: Effort | None = None) -> Moments:
    """Adapt in all ways that are shown, and return what is kept of it.

    Raises:
        DataError: a domain's pictures are not on this machine.
    """
    effort = effort or Effort()
    points, said, labels, meters = [], [], [], []
    for pair, method in RUNS:
        adapt = _photographed if pair == PHOTOGRAPHS else _digits
        tests, moments = adapt(pair, method, SEEDS[pair], effort)
        clouds = []
        for cloud, answers, read in moments:
            clouds.append(cloud)
            said.append(answers)
            meters.append(read)
        points.append(_flat(np.stack(clouds)))
        both = [test.labels[:POINTS].cpu().numpy() for test in tests]
        labels.append(np.concatenate(both).astype(np.uint8))
    runs = (len(RUNS), len(MOMENTS))
    return Moments(
        np.stack(points),
        np.stack(said).reshape(*runs, -1),
        np.stack(labels),
        np.asarray(meters, np.float32).reshape(*runs, 3),
    )


# Features of both domains, one below the other, what they are taken for, and the meters.
Moment = tuple[NDArray[np.float32], NDArray[np.uint8], adapting.Meters]
Run = tuple["tuple[Labelled, Labelled]", Iterator[Moment]]


def _digits(pair: str, method: str, seed: int, effort: Effort) -> Run:
    """Return the test pictures, and the moments of adapting LeNet."""
    from latentlab.training import adaptation as training

    source, target = DOMAINS[pair]
    ours, theirs = (adapting.labelled(name, "train", effort) for name in (source, target))
    tests = (
        _first(adapting.labelled(source, "test", effort)),
        _first(adapting.labelled(target, "test", effort)),
    )
    steps = adapting.QUICK_STEPS if effort.quick else STEPS

    def moments() -> Iterator[Moment]:
        network = training.LeNet(adapting.rng_of(seed, 0)).to(effort.device)
        rng = adapting.rng_of(seed, 0)
        for _ in training.train(network, ours, ours.x, steps, rng, batch=BATCH):
            pass
        rng = adapting.rng_of(seed, 1)
        work = training.adapt(method, network, ours, theirs.x, steps, STRENGTHS[method], rng, BATCH)
        for _ in _at_moments(work):
            clouds = [training.features_of(network, test.x) for test in tests]
            scores = [network.head(cloud).detach() for cloud in clouds]
            yield *_cloud(clouds, scores), adapting.meters(scores, clouds, tests, seed)

    return tests, moments()


def _photographed(pair: str, method: str, seed: int, effort: Effort) -> Run:
    """Return the test pictures, and the moments of training the network for photographs."""
    from latentlab.training import photographs as training

    source, target = DOMAINS[pair]
    ours, theirs = (
        adapting_photographs.pictures(name, "train", effort) for name in (source, target)
    )
    tests = (
        _first(adapting_photographs.pictures(source, "test", effort)),
        _first(adapting_photographs.pictures(target, "test", effort)),
    )
    setting = adaptation_photographs.setting_of(method, target)
    steps = adapting.QUICK_STEPS if effort.quick else adapting_photographs.STEPS

    def moments() -> Iterator[Moment]:
        network = adapting_photographs.untrained(setting, theirs.x, seed, effort)
        rng = adapting.rng_of(seed, 1)
        for _ in _at_moments(training.train(network, setting, ours, theirs.x, steps, rng)):
            readers = adapting_photographs.readers(network, ours, theirs.x)
            network.train()
            # The source alone knows no statistics but its own.
            other = readers.of_source if method == "source" else readers.of_target
            read, clouds, scores = adapting_photographs.read(readers.of_source, other, tests, seed)
            yield *_cloud(clouds, scores), read

    return tests, moments()


def _at_moments(work: Iterator[float]) -> Iterator[float]:
    """Advance to each of `MOMENTS` in turn, and yield it."""
    for share in MOMENTS:
        while share and next(work) < share - 1e-9:
            pass
        yield share


def _first(digits: "Labelled") -> "Labelled":
    from latentlab.training.adaptation import Labelled

    return Labelled(digits.x[:READ], digits.labels[:READ])


def _cloud(
    clouds: "list[Tensor]", scores: "list[Tensor]"
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the first features of both domains, and what they are taken for."""
    import torch

    both = torch.cat([cloud[:POINTS] for cloud in clouds])
    said = torch.cat([each[:POINTS] for each in scores]).argmax(1)
    return both.cpu().numpy(), said.byte().cpu().numpy()


def _flat(clouds: NDArray[np.float32]) -> NDArray[np.int16]:
    """Return clouds [moments, N, D] on their first two principal components, as int16."""
    flat = clouds.reshape(-1, clouds.shape[2]).astype(np.float64)
    flat -= flat.mean(0)
    _, axes = np.linalg.eigh(flat.T @ flat)
    axes = axes[:, :-3:-1]
    axes *= np.sign(axes[np.abs(axes).argmax(0), [0, 1]])  # the sign of an axis is chance
    places = (flat @ axes).reshape(*clouds.shape[:2], 2)
    kept: NDArray[np.int16] = (places / np.abs(places).max() * LARGEST).round().astype(np.int16)
    return kept


def main() -> None:
    """Write the file that ships."""
    np.savez_compressed(PATH, **vars(measure()))
    print(f"{PATH.name}: {PATH.stat().st_size >> 10} KB")


if __name__ == "__main__":
    main()
