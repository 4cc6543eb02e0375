"""Two moons, and the same two moons turned: adaptation in two dimensions, as browsers train it.

    bench = Bench(Plane(angle=45), "dann")
    bench.play([(50, 1000)])               # a thousand steps with a strength of .50
    bench.read()                           # accuracy on both domains, error of a domain classifier

A network makes features of points; one classifier reads their class, another their domain, and its
gradient is reversed (Ganin et al. 2016). The browser does the same arithmetic
(``ui/browser/training/bench.js``) with the same random numbers, and tests hold the two together;
here, autograd does what is written by hand there.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from latentlab.adaptation.settings import Method, Plane
from latentlab.adversaries import draws
from latentlab.adversaries.arena import Network
from latentlab.errors import TrainingError

SIGMA = 0.1  # of the moons
MIDDLE = (0.5, 0.25)  # about which they turn
WIDTHS = (0.25, 0.5, 1.0, 2.0, 4.0)  # of MMD's kernels, in mean squared distances
WEIGHT = 1.0  # of MMD at a strength of 1
POINTS = 300  # of each domain, that are drawn and read
NEIGHBOURS = 15
# The second number of every key, beside those of ``draws``.
SOURCE, TARGET, LOOK_SOURCE, LOOK_TARGET = 8, 9, 10, 11


@dataclass(frozen=True)
class Read:
    """What the meters say; shares in [0, 1].

    Attributes:
        source: accuracy on held-out points of the source.
        target: likewise, of the target.
        domains: error of a fresh classifier of domains: 15 nearest neighbours among one half of the
            features, asked about the other half.
    """

    source: float
    target: float
    domains: float


def moons(
    count: int, share: float, angle: float, *key: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return [count, 2] points of two moons, turned, and to which [count] each belongs: 0 or 1.

    Args:
        count: of points.
        share: of those on the upper moon, which is 0.
        angle: in degrees.
        key: from which they follow (``draws``).
    """
    lower = (draws.uniform(count, *key, 0) >= share).astype(np.float64)
    along = math.pi * draws.uniform(count, *key, 1)
    noise = SIGMA * draws.normal(2 * count, *key, 2).reshape(count, 2)
    x = np.where(lower, 1 - np.cos(along), np.cos(along)) + noise[:, 0] - MIDDLE[0]
    y = np.where(lower, 0.5 - np.sin(along), np.sin(along)) + noise[:, 1] - MIDDLE[1]
    turn = math.radians(angle)
    turned = np.stack(
        [math.cos(turn) * x - math.sin(turn) * y, math.sin(turn) * x + math.cos(turn) * y], 1
    )
    return turned.astype(np.float32), lower.astype(np.float32)


def mmd(a: Tensor, b: Tensor) -> Tensor:
    """Return the squared maximum mean discrepancy of [N, D] and [N, D]: `training.adaptation`'s."""
    both = torch.cat([a, b])
    squares = (both[:, None] - both[None]).square().sum(2)
    width = squares.detach().mean().clamp(min=1e-12)
    kernel = torch.stack([torch.exp(-squares / (w * width)) for w in WIDTHS]).mean(0)
    n = len(a)
    return kernel[:n, :n].mean() + kernel[n:, n:].mean() - 2 * kernel[:n, n:].mean()


class Bench:
    """A network of features and its two classifiers, before two domains.

    Args:
        plane: the domains, and how they are learnt.
        method: how they are drawn together; “source” never is.
    """

    def __init__(self, plane: Plane, method: Method) -> None:
        self.plane, self.method = plane, method
        size, width, seed = plane.features, plane.width, plane.seed
        self.features = Network([2, *[width] * plane.depth, size], seed, 0)
        self.classes = Network([size, width, 1], seed, 1)
        self.domains = Network([size, width, width, 1], seed, 2)
        self.moment = 0

    def batch(self) -> tuple[Tensor, Tensor]:
        """Return this moment's points [2 batch, 2], the source's first, and its [batch] classes."""
        plane = self.plane
        source, lower = moons(plane.batch, 0.5, 0.0, plane.seed, SOURCE, self.moment)
        key = (plane.seed, TARGET, self.moment)
        target, _ = moons(plane.batch, plane.share, plane.angle, *key)
        return torch.from_numpy(np.concatenate([source, target])), torch.from_numpy(lower)

    def losses(self) -> tuple[Tensor, Tensor]:
        """Return the loss of the classes and that of the domains, now."""
        x, lower = self.batch()
        n = self.plane.batch
        features = self.features(x)
        said = self.classes(features[:n])[:, 0]
        loss = F.binary_cross_entropy_with_logits(said, lower)
        if self.method == "mmd":
            return loss, mmd(features[:n], features[n:])
        truth = torch.cat([torch.zeros(n), torch.ones(n)])
        said = self.domains(features)[:, 0]
        return loss, F.binary_cross_entropy_with_logits(said, truth)

    def gradients(self, strength: float) -> dict[str, list[Tensor]]:
        """Return what each network is moved against now, with a strength in [0, 1].

        The features follow the gradient of the classes' loss, less that of the domains' times the
        strength: the reversal. With MMD there is nothing to reverse: it is to be small.
        """
        ours, domains = self.losses()
        if self.method == "mmd":
            together = ours + WEIGHT * strength * domains
        elif self.method == "dann":
            together = ours - strength * domains
        else:
            together = ours
        found = {
            "features": list(
                torch.autograd.grad(together, self.features.parameters, retain_graph=True)
            ),
            "classes": list(torch.autograd.grad(ours, self.classes.parameters, retain_graph=True)),
        }
        if self.method != "mmd":
            own = self.domains.parameters
            found["domains"] = list(torch.autograd.grad(domains, own, retain_graph=True))
        return found

    def play(self, moves: Sequence[tuple[int, int]]) -> None:
        """Play so many steps with so much strength, in hundredths.

        Raises:
            TrainingError: a gradient is no finite number any more.
        """
        for strength, count in moves:
            for _ in range(count):
                found = self.gradients(strength / 100)
                if not all(torch.isfinite(g).all() for own in found.values() for g in own):
                    raise TrainingError(f"No finite number any more after {self.moment} steps.")
                for name, own in found.items():
                    getattr(self, name).update(own, self.plane.rate)
                self.moment += 1

    # --- for the eyes ----------------------------------------------------------------------------

    def seen(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return points that no step has drawn, [600, 2], the source's first, and their classes."""
        plane = self.plane
        source = moons(POINTS, 0.5, 0.0, plane.seed, LOOK_SOURCE)
        target = moons(POINTS, plane.share, plane.angle, plane.seed, LOOK_TARGET)
        return np.concatenate([source[0], target[0]]), np.concatenate([source[1], target[1]])

    def read(self) -> Read:
        """Return what the meters say now."""
        points, lower = self.seen()
        with torch.no_grad():
            features = self.features(torch.from_numpy(points))
            right = (self.classes(features)[:, 0] > 0).numpy() == (lower > 0)
        return Read(
            float(right[:POINTS].mean()),
            float(right[POINTS:].mean()),
            domain_error(features.numpy()),
        )


def domain_error(features: NDArray[np.float32]) -> float:
    """Return the error of telling domains apart by the nearest neighbours; .5 = guessing.

    Args:
        features: [2N, D], the source's first. Every second one is known; the others are asked
            about.
    """
    known, asked = features[::2].astype(np.float64), features[1::2].astype(np.float64)
    squares = ((asked[:, None] - known[None]) ** 2).sum(2)
    near = np.argsort(squares, axis=1, kind="stable")[:, :NEIGHBOURS]
    half = len(known) // 2
    said = (near >= half).sum(1) > NEIGHBOURS / 2
    truth = np.arange(len(asked)) >= half
    return float((said != truth).mean())
