"""Interpolate: ways between pictures through a latent space, beside the fade through pixels.

    endpoints = picture_endpoint(model, a), random_endpoint(model, statistics, seed=3)
    for strip in interpolate(model, *endpoints, steps=11):
        verdict = classifier(classifier, strip.images)
        measures = measure(strip, endpoints, verdict, neighbours(classifier, samples))

The fade needs no model and is the method that a latent path has to beat: half of one picture over
half of another is a ghost, where a good latent space holds a picture that could be real.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor

from latentlab.errors import ShapeError, UnsupportedError
from latentlab.latents.paths import bilinear, cross_fade, paths
from latentlab.latents.statistics import LatentStatistics
from latentlab.models import Autoencoder, Classifier, LatentModel

LEVEL = 0.03  # methods that differ by less than this share of the best are level
CROSS_FADE = "cross_fade"  # the name of the strip that no registered latent path made


@dataclass(frozen=True)
class Endpoint:
    """One end of a path, or one corner of a square.

    ``picture`` is what the pixel fade starts from, float32 ``[C,H,W]`` in [0,1]: the picture as it
    was chosen, or what the model decodes from a random code. ``latent`` is ``[*latent_shape]``.
    """

    picture: Tensor
    latent: Tensor


@dataclass(frozen=True)
class Strip:
    """The pictures of one path, in order.

    ``images`` float32 ``[T,C,H,W]`` in [0,1]; ``latents`` ``[T,*latent_shape]``, None for the
    pixel fade. The endpoints of a latent strip are decoded too: they show what the model keeps.
    """

    name: str
    label: str
    images: Tensor
    latents: Tensor | None

    @property
    def between(self) -> Tensor:
        """Which pictures are no endpoints, bool ``[T]``."""
        inner = torch.ones(len(self.images), dtype=torch.bool)
        inner[[0, -1]] = False
        return inner

    @property
    def detour(self) -> float | None:
        """The way in pixels over the straight distance of the endpoints; None when they are equal.

        Steps and distance are root-mean-square differences, so 1 is a straight line.
        """
        frames = self.images.flatten(1)
        chord = float((frames[-1] - frames[0]).square().mean().sqrt())
        way = float((frames[1:] - frames[:-1]).square().mean(1).sqrt().sum())
        return way / chord if chord else None

    @property
    def middle(self) -> float | None:
        """The length of the code half-way over its endpoints' mean; None for the pixel fade."""
        if self.latents is None:
            return None
        lengths = self.latents.flatten(1).norm(dim=1)
        mean = float(lengths[[0, -1]].mean())
        return float(lengths[len(lengths) // 2]) / mean if mean else None


@dataclass(frozen=True)
class Grid:
    """A square of pictures between four corners, ``[R,R,C,H,W]`` float32 in [0,1]."""

    label: str
    images: Tensor

    @property
    def between(self) -> Tensor:
        """Which pictures are no corners, bool ``[R·R]``, row after row."""
        inner = torch.ones(self.images.shape[:2], dtype=torch.bool)
        inner[[0, 0, -1, -1], [0, -1, 0, -1]] = False
        return inner.flatten()

    def tour(self) -> Tensor:
        """Return the pictures along the edge, once round clockwise, ``[4 (R - 1),C,H,W]``."""
        top, right = self.images[0, :-1], self.images[:-1, -1]
        bottom, left = self.images[-1, 1:].flip(0), self.images[1:, 0].flip(0)
        return torch.cat([top, right, bottom, left])


@dataclass(frozen=True)
class Prediction:
    """A classifier's view: probabilities ``[T,K]``, rows adding to 1, and features ``[T,F]``."""

    probabilities: Tensor
    features: Tensor

    @property
    def certainty(self) -> Tensor:
        """The probability of the likeliest class at every step, ``[T]``."""
        return self.probabilities.amax(1)

    @property
    def classes(self) -> list[int]:
        """The likeliest class at every step."""
        return [int(k) for k in self.probabilities.argmax(1)]

    @property
    def stations(self) -> list[int]:
        """The likeliest classes in the order in which the path passes them."""
        return [k for k, _ in groupby(self.classes)]

    @property
    def least_certain(self) -> int:
        """The step, counted from 0, of least certainty; the first of several."""
        return int(self.certainty.argmin())

    def reading(self, class_names: Sequence[str]) -> str:
        """Return the path in words: "goes 3 → 8 → 5; least certain at step 6 (54 %)".

        Steps count from 1. Where nothing is uncertain, no step is the least certain one.
        """
        names = [class_names[k] for k in self.stations]
        way = f"stays {names[0]}" if len(names) == 1 else "goes " + " → ".join(names)
        step = self.least_certain
        if round(100 * float(self.certainty[step])) == 100:
            return f"{way}; the classifier is certain at every step"
        return f"{way}; least certain at step {step + 1} ({100 * self.certainty[step]:.0f} %)"


@dataclass(frozen=True)
class Neighbours:
    """Real pictures, as the classifier sees them.

    ``pictures`` ``[N,C,H,W]``, their ``features`` ``[N,F]``, and ``spacing``: the median distance
    in features from one of them to the nearest other.
    """

    pictures: Tensor
    features: Tensor
    spacing: float

    def distances(self, features: Tensor, endpoints: Sequence[Endpoint]) -> Tensor:
        """Return the distance from features ``[T,F]`` to the nearest picture, ``[T]``, in spacings.

        Pictures that are themselves an end do not count: a fade consists of them.
        """
        others = torch.ones(len(self.pictures), dtype=torch.bool)
        for end in endpoints:
            others &= (self.pictures != end.picture).flatten(1).any(1)
        nearest: Tensor = _distances(features, self.features[others]).amin(1)
        return nearest / self.spacing


@dataclass(frozen=True)
class Measures:
    """Numbers about one strip or grid. The first three are means over what lies in between.

    ``certainty``: probability of the class that the classifier names, 0..1. ``distance``: to the
    nearest real picture in the classifier's features, 1 = as far as real pictures lie from one
    another. ``edges``: squared differences of neighbouring pixels over those of the method's own
    endpoints; two half-faded outlines that do not overlap keep one half. Distances of pixels would
    not do here: averaging pictures brings them nearer to all others, ghost or not.

    ``detour`` and ``middle`` are those of ``Strip``. None where there is no classifier, no path or
    no code, and ``edges`` where the endpoints are blank.
    """

    certainty: float | None
    distance: float | None
    edges: float | None
    detour: float | None
    middle: float | None


@torch.inference_mode()
def picture_endpoint(model: LatentModel, picture: Tensor) -> Endpoint:
    """Return a picture, ``[C,H,W]`` in [0,1], with its most probable latent.

    Raises:
        UnsupportedError: the model cannot encode.
        ShapeError: the picture has not the model's shape.
    """
    if not isinstance(model, Autoencoder):
        raise UnsupportedError(
            f"A {type(model).title.lower()} has no encoder, so there is no code for a picture.",
            "Let the endpoints be random codes, or choose a model that encodes.",
        )
    return Endpoint(picture, model.encode(picture[None]).mode()[0])


@torch.inference_mode()
def random_endpoint(model: LatentModel, statistics: LatentStatistics, seed: int) -> Endpoint:
    """Return a random latent with the picture that it decodes to.

    A model with a prior draws from it, any other from the Gaussian of its training codes.
    """
    rng = torch.Generator().manual_seed(seed)
    drawn = model.sample_prior(1, rng) if model.has_prior else statistics.draw(1, rng)
    latent = drawn.reshape(model.latent_shape)
    return Endpoint(model.decode(latent[None])[0], latent)


@torch.inference_mode()
def interpolate(
    model: LatentModel, start: Endpoint, end: Endpoint, steps: int
) -> tuple[Strip, ...]:
    """Return one strip of ``steps`` pictures per latent path, and last the fade through pixels.

    Raises:
        InputError: fewer than two steps.
        ShapeError: the endpoints come from different models.
    """
    latents = [paths.get(name)(start.latent, end.latent, steps) for name in paths]
    decoded = model.decode(torch.cat(latents)).split(steps)  # one batch for all paths
    return (
        *(
            Strip(name, paths.get(name).label, images, z)
            for name, images, z in zip(paths, decoded, latents, strict=True)
        ),
        Strip(CROSS_FADE, "Cross-fade", cross_fade(start.picture, end.picture, steps), None),
    )


@torch.inference_mode()
def fill_square(
    model: LatentModel, corners: Sequence[Endpoint], side: int, path: str
) -> tuple[Grid, Grid]:
    """Return the square that ``path`` fills between four corners, and the one blended in pixels.

    Args:
        model: decodes the latents.
        corners: top left, top right, bottom left, bottom right.
        side: pictures along an edge, at least 2.
        path: registered name of a latent path.

    Raises:
        UnknownNameError: no such path.
        ShapeError: there are not four corners, or they come from different models.
        InputError: ``side`` is less than 2.
    """
    if len({tuple(corner.latent.shape) for corner in corners}) > 1:
        raise ShapeError(
            "Every corner's latent",
            list(model.latent_shape),
            [list(corner.latent.shape) for corner in corners],
        )
    way = paths.get(path)
    latents = bilinear(torch.stack([corner.latent for corner in corners]), side, side, way)
    decoded = model.decode(latents.flatten(0, 1)).unflatten(0, (side, side))
    pictures = torch.stack([corner.picture for corner in corners])
    blend = bilinear(pictures, side, side, paths.get("linear"))
    return Grid(way.label, decoded), Grid("Pixel blend", blend)


@torch.inference_mode()
def classify(classifier: Classifier, images: Tensor) -> Prediction:
    """Return what the classifier sees in images ``[T,C,H,W]`` in [0,1].

    Raises:
        ShapeError: the images have not the classifier's shape.
    """
    features = classifier.features(images)
    return Prediction(classifier.logits_of(features).softmax(1), features)


@torch.inference_mode()
def neighbours(classifier: Classifier, samples: Tensor, among: int = 300) -> Neighbours:
    """Return real pictures ``[N,C,H,W]`` with N > 1 as the classifier sees them.

    ``spacing`` is measured on ``among`` of them, evenly spaced in their order.
    """
    features = torch.cat([classifier.features(batch) for batch in samples.split(250)])
    chosen = torch.linspace(0, len(samples) - 1, min(among, len(samples))).long()
    # Two smallest: the first is the picture itself.
    nearest = _distances(features[chosen], features).topk(2, largest=False).values[:, 1]
    return Neighbours(samples, features, float(nearest.median()))


@torch.inference_mode()
def measure(
    made: Strip | Grid,
    endpoints: Sequence[Endpoint],
    verdict: Prediction | None = None,
    real: Neighbours | None = None,
) -> Measures:
    """Return the numbers of a strip of at least three pictures, or of a grid.

    Args:
        made: the strip or the grid.
        endpoints: between which it was made.
        verdict: the classifier's on all its pictures, in order.
        real: pictures as the same classifier sees them.
    """
    between = made.between
    strength = _edge_strength(made.images.flatten(0, -4))  # [M]
    at_ends = float(strength[~between].mean())
    distance = None
    if verdict is not None and real is not None:
        distance = float(real.distances(verdict.features[between], endpoints).mean())
    path = made if isinstance(made, Strip) else None
    return Measures(
        certainty=float(verdict.certainty[between].mean()) if verdict else None,
        distance=distance,
        edges=float(strength[between].mean()) / at_ends if at_ends else None,
        detour=path.detour if path else None,
        middle=path.middle if path else None,
    )


def compare(rows: Mapping[str, Measures]) -> str:
    """Return in markdown which method wins and why, in two sentences.

    The winner is who stays nearest to real pictures; where no classifier measures that, who keeps
    most of the edges. Methods within ``LEVEL`` of the best are level with it.

    Args:
        rows: label -> measures; the one that mixes pixels stands last.
    """
    known = all(row.distance is not None for row in rows.values())
    if not known and any(row.edges is None for row in rows.values()):
        return "The endpoints are blank: there is nothing to compare."
    values = {
        label: float((row.distance if known else row.edges) or 0) for label, row in rows.items()
    }
    order = sorted(values, key=lambda label: values[label] if known else -values[label])
    best = values[order[0]]
    level = [label for label in order if abs(values[label] - best) <= LEVEL * abs(best)]
    first = f"{' and '.join(level)} {'are level' if len(level) > 1 else 'wins'}"
    what, form = ("off real pictures", "{:.2f}") if known else ("of the edges kept", "{:.0%}")
    shown = [form.format(values[label]).replace("%", " %") for label in order]
    numbers = ", ".join(
        f"{label} {text}" if k else f"{label} {text} {what}"
        for k, (label, text) in enumerate(zip(order, shown, strict=True))
    )
    return f"**{first}**: {numbers}. {_reason(level, rows)}"


def _reason(level: Sequence[str], rows: Mapping[str, Measures]) -> str:
    """Return why the methods that are level with the best win, as far as the numbers say it."""
    fade = list(rows)[-1]
    if fade in level:
        return "On these pictures the model is no better than mixing pixels."
    lengths = {label: row.middle for label, row in rows.items() if row.middle is not None}
    kept = rows[fade].edges
    ghost = "Mixed pixels are a ghost of both pictures"
    ghost += f" with {100 * kept:.0f} % of the edges." if kept is not None else "."
    shorter = min(lengths, key=lambda label: lengths[label], default="")
    if len(level) > 1 or len(lengths) < 2 or lengths[shorter] > 0.9:
        return ghost
    shrink = f"codes shrink to {100 * lengths[shorter]:.0f} % of their length"
    if level[0] == shorter:
        return f"Its {shrink}, and the decoder knows such codes. {ghost}"
    return f"On the {shorter.lower()} path {shrink}, where there is little data. {ghost}"


def _edge_strength(x: Tensor) -> Tensor:
    """Return the mean squared difference of neighbouring pixels of ``[M,C,H,W]``, ``[M]``."""
    down = (x[..., 1:, :] - x[..., :-1, :]).square().flatten(1).mean(1)
    across = (x[..., 1:] - x[..., :-1]).square().flatten(1).mean(1)
    return down + across


def _distances(x: Tensor, y: Tensor) -> Tensor:
    """Return Euclidean distances ``[N,M]`` between rows, exact also where they nearly coincide."""
    # By default torch multiplies matrices here, and a picture is then off itself.
    return torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")
