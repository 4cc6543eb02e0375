"""Clouds of features while two domains are drawn together, moment by moment.

    moments = load()
    moments.points[0, 1]           # [20, 500, 2]: pair 0, method 1, all moments

The trainings are those of seed 0 of `adaptation`, to the step. `python -m
latentlab.experiments.adaptation_moments` makes the file again; with `cuda` behind it, on that
device. Reading it needs no torch; it may come from a stranger, so names, shapes and types are
checked.
"""

import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError, UnsupportedError
from latentlab.experiments import adapting
from latentlab.experiments.adaptation import PAIRS
from latentlab.experiments.base import RESULTS, Effort

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.training.adaptation import Labelled, LeNet

PATH = RESULTS / "adaptation_moments.npz"
MAX_BYTES = 2 << 20
SHOWN = ("MNIST → photographs", "MNIST → scikit-learn")
METHODS = adapting.ADAPTED
# Shares of the adaptation that are done; 0 = as the source alone has taught it.
MOMENTS = (
    *(0.0, 0.01, 0.02, 0.03, 0.05, 0.08, 0.11, 0.15, 0.2, 0.25),
    *(0.325, 0.4, 0.475, 0.55, 0.625, 0.7, 0.775, 0.85, 0.925, 1.0),
)
POINTS = 250  # of each domain: the first ones of its test split
LARGEST = 32_767  # of a coordinate as it is kept


@dataclass(frozen=True)
class Moments:
    """What was kept, of every pair and method.

    Attributes:
        points: [pairs, methods, moments, 500, 2] int16: where features lie on the first two
            principal components of both domains and all moments, 32,767 = the farthest. The first
            250 are of the source.
        said: [pairs, methods, moments, 500] uint8: the class that each is taken for.
        labels: [pairs, 500] uint8: its digit.
        meters: [pairs, methods, moments, 3] float32: accuracy on the target's test split, on the
            source's, and the error of a fresh classifier of domains, in per cent.
        strengths: [methods] float32, as the rehearsal chose them.
    """

    points: NDArray[np.int16]
    said: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    meters: NDArray[np.float32]
    strengths: NDArray[np.float32]


def load(path: Path = PATH) -> Moments:
    """Return what ships.

    Raises:
        UnsupportedError: nothing has been kept yet.
        InputError: the file is damaged, or holds something else.
    """
    if not path.is_file():
        raise UnsupportedError(
            "The moments of adaptation have not been kept yet.",
            "Make them: python -m latentlab.experiments.adaptation_moments.",
        )
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"{path.name} may have {MAX_BYTES >> 20} MB at most.")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            kept = {name: archive[name] for name in Moments.__annotations__}
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error, EOFError):
        raise InputError(f"{path.name} cannot be read.") from None
    runs = (len(SHOWN), len(METHODS), len(MOMENTS))
    wanted = {
        "points": ((*runs, 2 * POINTS, 2), np.int16),
        "said": ((*runs, 2 * POINTS), np.uint8),
        "labels": ((len(SHOWN), 2 * POINTS), np.uint8),
        "meters": ((*runs, 3), np.float32),
        "strengths": ((len(METHODS),), np.float32),
    }
    for name, (shape, kind) in wanted.items():
        array = kept[name]
        if array.shape != shape or array.dtype != kind or not np.isfinite(array).all():
            raise InputError(f"“{name}” in {path.name} is not what it should be.")
    if max(kept["said"].max(), kept["labels"].max()) > 9:
        raise InputError(f"{path.name} names digits that there are not.")
    return Moments(**kept)


def measure(effort: Effort | None = None, seed: int = 0) -> Moments:
    """Adapt in all ways that are shown, and return what is kept of it.

    Raises:
        DataError: a domain's pictures are not on this machine.
    """
    from latentlab.training import adaptation as training

    effort = effort or Effort()
    strengths = adapting.finished(adapting.strengths(seed, effort))
    points, said, labels, meters = [], [], [], []
    for pair in SHOWN:
        source, target = PAIRS[pair]
        ours, theirs = (adapting.labelled(name, "train", effort) for name in (source, target))
        tests = (
            adapting.labelled(source, "test", effort),
            adapting.labelled(target, "test", effort),
        )
        network = adapting.finished(adapting.taught(source, seed, effort))
        both = [test.labels[:POINTS].cpu().numpy() for test in tests]
        labels.append(np.concatenate(both).astype(np.uint8))
        for method in METHODS:
            made = training.copied(network)
            due = list(MOMENTS)
            clouds: list[NDArray[np.float32]] = []

            def keep(
                made: "LeNet" = made,
                tests: "tuple[Labelled, Labelled]" = tests,
                clouds: list[NDArray[np.float32]] = clouds,
            ) -> None:
                first = [training.features_of(made, test.x[:POINTS]) for test in tests]
                cloud, answers = _cloud(made, first)
                clouds.append(cloud)
                said.append(answers)
                meters.append(adapting.measure(made, tests, seed))

            keep()
            due.pop(0)
            steps, rng = adapting.steps_of(effort), adapting.rng_of(seed, 1)
            for done in training.adapt(method, made, ours, theirs.x, steps, strengths[method], rng):
                while due and done >= due[0] - 1e-9:
                    keep()
                    due.pop(0)
            points.append(_flat(np.stack(clouds)))
    runs = (len(SHOWN), len(METHODS), len(MOMENTS))
    return Moments(
        np.stack(points).reshape(*runs, 2 * POINTS, 2),
        np.stack(said).reshape(*runs, 2 * POINTS),
        np.stack(labels),
        np.asarray(meters, np.float32).reshape(*runs, 3),
        np.asarray([strengths[method] for method in METHODS], np.float32),
    )


def _cloud(
    network: "LeNet", clouds: "list[Tensor]"
) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """Return the features of both domains, one below the other, and what they are taken for."""
    import torch

    both = torch.cat(clouds)
    with torch.no_grad():
        said = network.head(both).argmax(1)
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
    device = sys.argv[1] if len(sys.argv) > 1 else "cpu"
    np.savez_compressed(PATH, **vars(measure(Effort(device=device))))
    print(f"{PATH.name}: {PATH.stat().st_size >> 10} KB")


if __name__ == "__main__":
    main()
