"""What the Anomaly page computes: the score of a picture, and what a threshold makes of it.

    method = methods("ae", network, known)
    found = judged(method, samples, normal=3, held_out=known.held_out)
    found.auroc, alarms_at(found, threshold)

All methods have seen pictures of one class alone, with pixels in [0,1] and nothing done to them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.errors import UnsupportedError
from latentlab.metrics import anomalies
from latentlab.metrics.anomalies import Alarms
from latentlab.models import VAE, Autoencoder, Network

if TYPE_CHECKING:
    from latentlab.data import Images
    from latentlab.data.classes import Known
    from latentlab.experiments import Curve, Result

BATCH = 500
NEIGHBOURS = 5
SHARE = 0.05  # of false alarms that a threshold is chosen for

# In the order in which the page offers them; what has to be beaten comes last.
SCORES = {
    "ae": "Autoencoder, error",
    "ae_smoothed": "Autoencoder, smoothed error",
    "vae_smoothed": "VAE, smoothed error",
    "vae_bound": "VAE, −ELBO",
    "forest": "Isolation forest on codes",
    "knn": "Nearest neighbours in pixels",
    "pca": "PCA, error",
    "pca_smoothed": "PCA, smoothed error",
}


def family(score: str) -> str | None:
    """Return the family of the network that a score needs; None where it needs none."""
    if score in ("pca", "pca_smoothed", "knn"):
        return None
    return "vae" if score.startswith("vae") else "conv_autoencoder"


def checkpoint(score: str, data: str, normal: int, percent: int = 0) -> str | None:
    """Return the name of the checkpoint that a score needs, if it needs one."""
    of = family(score)
    dirty = f"_dirty{percent}" if percent else ""
    return None if of is None else f"{of}.{data}_anomaly{normal}{dirty}"


# --- one picture -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Method:
    """How pictures are scored, and what each is compared with.

    Attributes:
        again: pictures [B,C,H,W] -> what the method makes of them, or has like them.
        score: the same pictures and that -> scores [B], the higher the stranger.
        caption: what ``again`` is, in words.
    """

    again: Callable[[Tensor], Tensor]
    score: Callable[[Tensor, Tensor], Tensor]
    caption: str = "made again"

    def __call__(self, x: Tensor) -> Tensor:
        """Return the scores [B] of pictures."""
        with torch.inference_mode():
            parts = [self.score(part, self.again(part)) for part in x.split(BATCH)]
            return torch.cat(parts)


def method(score: str, known: "Known", network: Network | None = None) -> Method:
    """Return a method by its name in ``SCORES``.

    Raises:
        UnsupportedError: it is none, or needs another network.
    """
    if score == "knn":
        rows = known.pictures.flatten(1)
        return Method(
            partial(_nearest, known.pictures),
            lambda x, _: anomalies.neighbour_distance(rows, x.flatten(1), NEIGHBOURS),
            "nearest known picture",
        )
    if score in ("pca", "pca_smoothed"):
        return Method(known.pca.reconstruct, _error(score))
    if score not in SCORES or not isinstance(network, Autoencoder):
        raise UnsupportedError(f"There is no score “{score}” of this network.")
    if score == "vae_bound":
        if not isinstance(network, VAE):
            raise UnsupportedError("Only a VAE has a bound on the likelihood.")
        return Method(partial(_again, network), partial(_bound, network))
    if score == "forest":
        return Method(partial(_again, network), _forest(network, known))
    return Method(partial(_again, network), _error(score))


def _error(score: str) -> Callable[[Tensor, Tensor], Tensor]:
    smoothed = score.endswith("_smoothed")
    return anomalies.smoothed_error if smoothed else anomalies.squared_error


def _again(network: Autoencoder, x: Tensor) -> Tensor:
    return network.decode(network.encode(x).mode())


def _bound(network: VAE, x: Tensor, again: Tensor) -> Tensor:
    rate = network.encode(x).kl().sum(1)
    return anomalies.negative_bound(x, again, rate, network.settings.sigma)


def _forest(network: Autoencoder, known: "Known") -> Callable[[Tensor, Tensor], Tensor]:
    def codes(x: Tensor) -> Tensor:
        return network.encode(x).mode().flatten(1)

    with torch.inference_mode():
        score = anomalies.isolation(codes(known.pictures))
    return lambda x, _: score(codes(x))


def _nearest(pictures: Tensor, x: Tensor) -> Tensor:
    return pictures[torch.cdist(x.flatten(1), pictures.flatten(1)).argmin(1)]


def heat(x: Tensor, again: Tensor) -> Tensor:
    """Return where a picture [C,H,W] and what was made of it differ, [H,W]: smoothed squares."""
    residual = F.avg_pool2d((again - x)[None], anomalies.BOX, stride=1, padding=anomalies.BOX // 2)
    return residual[0].square().mean(0)


# --- many pictures ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Judged:
    """Scores of the shipped test pictures, and of normal ones that nothing was trained on.

    Attributes:
        normal: of the test pictures of the normal class, [n].
        outliers: of those of the other classes, [m].
        classes: of the outliers, [m].
        held_out: of training pictures of the normal class that no training has seen.
    """

    normal: Tensor
    outliers: Tensor
    classes: tuple[int, ...]
    held_out: Tensor

    @property
    def auroc(self) -> float:
        """How often an outlier scores above a normal picture."""
        return anomalies.auroc(self.normal, self.outliers)

    @property
    def threshold(self) -> float:
        """What one in twenty held-out normal pictures lies above; no outlier was asked."""
        return anomalies.quantile_threshold(self.held_out, SHARE)


def judged(by: Method, samples: "Images", normal: int, held_out: Tensor) -> Judged:
    """Return the scores that a method gives to samples, of which one class is normal."""
    scores = by(samples.tensor())
    own = torch.from_numpy(samples.labels == normal)
    others = samples.labels[samples.labels != normal]
    return Judged(scores[own], scores[~own], tuple(others.tolist()), by(held_out))


def alarms_at(found: Judged, threshold: float) -> Alarms:
    """Return precision, recall and false alarms of a threshold on the test pictures."""
    return anomalies.alarms(found.normal, found.outliers, threshold)


def share_below(scores: Tensor, value: float) -> float:
    """Return the share of scores that lie below a value."""
    return float((scores < value).float().mean())


def missed(found: Judged) -> list[tuple[int, float]]:
    """Return every other class with the share of it that passes as normal, the most first."""
    classes = np.array(found.classes)
    passed = (found.outliers <= found.threshold).numpy()
    shares = [(int(k), float(passed[classes == k].mean())) for k in np.unique(classes)]
    return sorted(shares, key=lambda pair: -pair[1])


# --- breaking it ------------------------------------------------------------------------------


def simple_pictures(shape: tuple[int, int, int]) -> dict[str, Tensor]:
    """Return pictures [C,H,W] of nothing, by what they are."""
    _, height, width = shape
    column, row = torch.arange(width), torch.arange(height)
    rng = torch.Generator().manual_seed(0)
    dot = torch.zeros(shape)
    dot[:, height // 2 - 1 : height // 2 + 1, width // 2 - 1 : width // 2 + 1] = 1
    bar = torch.zeros(shape)
    bar[:, 4 : height - 4, width // 2 - 1 : width // 2 + 1] = 1
    return {
        "all black": torch.zeros(shape),
        "dark grey": torch.full(shape, 0.1),
        "all white": torch.ones(shape),
        "a dot": dot,
        "a bar": bar,
        "stripes": ((column // 2) % 2).float().expand(shape).clone(),
        "checks": (((row[:, None] // 4) + (column // 4)) % 2).float().expand(shape).clone(),
        "noise": torch.rand(shape, generator=rng),
    }


@dataclass(frozen=True)
class Tried:
    """What became of a picture.

    Attributes:
        name: what it is.
        picture: [C,H,W].
        again: what was made of it.
        score: how strange it is said to be.
        alarm: whether that is above the threshold from held-out normal pictures.
        below: share of the normal pictures that score lower.
    """

    name: str
    picture: Tensor
    again: Tensor
    score: float
    alarm: bool
    below: float


def tried(by: Method, found: Judged, pictures: Mapping[str, Tensor]) -> tuple[Tried, ...]:
    """Return what a method says of pictures [C,H,W]."""
    with torch.inference_mode():
        x = torch.stack(list(pictures.values()))
        again = by.again(x)
        scores = by.score(x, again).tolist()
    return tuple(
        Tried(
            name, x[i], again[i], score, score > found.threshold, share_below(found.normal, score)
        )
        for i, (name, score) in enumerate(zip(pictures, scores, strict=True))
    )


@dataclass(frozen=True)
class Hindsight:
    """A threshold chosen on the pictures that it is judged by, in the mean over many small tests.

    Attributes:
        size: pictures of a test set, half of them normal.
        claimed: on the pictures that it was chosen on.
        real: on all others.
        honest: of the threshold from held-out normal pictures, on all.
    """

    size: int
    claimed: Alarms
    real: Alarms
    honest: Alarms


def hindsight(found: Judged, size: int = 20, draws: int = 200) -> Hindsight:
    """Return what small test sets claim of the threshold that is best on them."""
    rng = np.random.default_rng(0)
    normal, outliers = found.normal.numpy(), found.outliers.numpy()
    claimed, real = [], []
    half = size // 2
    for _ in range(draws):
        a, b = rng.permutation(len(normal)), rng.permutation(len(outliers))
        seen = normal[a[:half]], outliers[b[:half]]
        threshold = anomalies.best_threshold(*seen)
        claimed.append(anomalies.alarms(*seen, threshold))
        real.append(anomalies.alarms(normal[a[half:]], outliers[b[half:]], threshold))
    return Hindsight(size, _mean(claimed), _mean(real), alarms_at(found, found.threshold))


def _mean(many: Sequence[Alarms]) -> Alarms:
    def of(name: str) -> float:
        values = [getattr(one, name) for one in many]
        return float(np.nanmean(values)) if values else math.nan

    return Alarms(of("precision"), of("recall"), of("false_alarms"))


# --- the table --------------------------------------------------------------------------------

# Means over the ten classes, in print, per cent. Each has its own preprocessing.
PUBLISHED = {
    "One-class SVM (Ruff et al. 2018)": (91.3, None),
    "Deep SVDD (Ruff et al. 2018)": (94.8, None),
    "Deep SVDD (Ruff et al. 2020)": (92.8, 89.2),
    "OCGAN (Perera et al. 2019)": (97.5, None),
    "Geometric transformations (Golan & El-Yaniv 2018)": (98.0, 93.5),
}


@dataclass(frozen=True)
class Row:
    """A method in the table.

    Attributes:
        name: of its line, without the data set.
        label: for people.
        classes: AUROC of every class, in the mean over seeds.
        mean: over the classes.
        spread: of that mean over seeds; None without chance, or with one seed.
        baseline: whether this is PCA.
    """

    name: str
    label: str
    classes: tuple[float, ...]
    mean: float
    spread: float | None
    baseline: bool


def table(result: "Result", data: str) -> tuple[Row, ...]:
    """Return the rows of a data set, the best first."""
    rows = []
    for curve in result.group(data):
        means = [float(np.mean(row)) for row in curve.values]
        rows.append(
            Row(
                name=curve.line.name.partition(".")[0],
                label=curve.line.label,
                classes=curve.mean,
                mean=float(np.mean(means)),
                spread=float(np.std(means, ddof=1)) if len(means) > 1 else None,
                baseline=curve.line.baseline,
            )
        )
    return tuple(sorted(rows, key=lambda row: -row.mean))


def contamination_curves(result: "Result", normal: int) -> "tuple[Curve, ...]":
    """Return the curves of one class over the share that does not belong."""
    return result.group(f"mnist_{normal}")
