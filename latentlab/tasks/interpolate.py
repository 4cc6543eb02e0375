"""Interpolate: ways between pictures through a latent space, beside the fade through pixels.

    start, end = picture_end(model, a), random_end(model, statistics, seed=3)
    for strip in interpolate(model, start, end, steps=11):
        verdict = judge(classifier, strip.images)
        measures = measure(strip, leave_out(samples, (start, end)), verdict)

The fade needs no model and is the method that a latent path has to beat: half of one picture over
half of another is a ghost, where a good latent space holds a picture that could be real.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import torch
from torch import Tensor

from latentlab.checkpoints import LatentStatistics
from latentlab.errors import ShapeError, UnsupportedError
from latentlab.interpolation import bilinear, cross_fade, paths
from latentlab.models import Autoencoder, Judge, LatentModel, Point

CROSS_FADE = "cross_fade"  # the name of the strip that no registered latent path made


@dataclass(frozen=True)
class End:
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
    pixel fade. The ends of a latent strip are decoded too, so that they show what the model keeps.
    """

    name: str
    label: str
    images: Tensor
    latents: Tensor | None


@dataclass(frozen=True)
class Board:
    """A square of pictures between four corners, ``[R,R,C,H,W]`` float32 in [0,1]."""

    label: str
    images: Tensor

    def tour(self) -> Tensor:
        """Return the pictures along the edge, once round clockwise, ``[4 (R - 1),C,H,W]``."""
        top, right = self.images[0, :-1], self.images[:-1, -1]
        bottom, left = self.images[-1, 1:].flip(0), self.images[1:, 0].flip(0)
        return torch.cat([top, right, bottom, left])


@dataclass(frozen=True)
class Verdict:
    """What the judge sees along a path: class probabilities ``[T,K]``, rows summing to one."""

    probabilities: Tensor

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
        """The step, counted from 0, at which the judge hesitates most; the first of several."""
        return int(self.certainty.argmin())

    def reading(self, class_names: Sequence[str]) -> str:
        """Return the path in words: "goes 3 → 8 → 5; least certain at step 6 (54 %)".

        Steps count from 1.
        """
        names = [class_names[k] for k in self.stations]
        way = f"stays {names[0]}" if len(names) == 1 else "goes " + " → ".join(names)
        step = self.least_certain
        return f"{way}; least certain at step {step + 1} ({self.certainty[step]:.0%})".replace(
            "%", " %"
        )


@dataclass(frozen=True)
class Measures:
    """Numbers about one strip or board. The first two leave its ends out: all methods share those.

    ``certainty``: mean probability of the judge's likeliest class, 0..1; None without a judge.
    ``nearest``: mean distance to the nearest real picture, as root-mean-square difference of
    pixels. ``detour``: length of the way in pixels over the straight distance of its ends, so 1 is
    straight; None when the ends are equal, and for a board. ``middle``: length of the code
    half-way over the mean length of the two ends' codes; None where there is no code or way.
    """

    certainty: float | None
    nearest: float
    detour: float | None
    middle: float | None


@torch.inference_mode()
def picture_end(model: LatentModel, picture: Tensor) -> End:
    """Return a picture, ``[C,H,W]`` in [0,1], with its most probable latent.

    Raises:
        UnsupportedError: the model cannot encode.
        ShapeError: the picture has not the model's shape.
    """
    if not isinstance(model, Autoencoder):
        raise UnsupportedError(
            f"A {type(model).title.lower()} has no encoder, so there is no code for a picture.",
            "Let the ends be random codes, or choose a model that encodes.",
        )
    return End(picture, model.encode(picture[None]).mode()[0])


@torch.inference_mode()
def random_end(model: LatentModel, statistics: LatentStatistics, seed: int) -> End:
    """Return a random latent with the picture that it decodes to.

    A model with a prior draws from it. A plain autoencoder has none: there the code comes from the
    Gaussian of the training codes along their principal directions, since a standard normal would
    miss the codes altogether.
    """
    rng = torch.Generator().manual_seed(seed)
    if _has_prior(model):
        latent = model.sample_prior(1, rng)[0]
    else:
        spread = statistics.direction_std
        steps = spread * torch.randn(len(spread), generator=rng)  # [P]
        latent = (statistics.mean + statistics.directions @ steps).reshape(model.latent_shape)
    return End(model.decode(latent[None])[0], latent)


@torch.inference_mode()
def interpolate(model: LatentModel, start: End, end: End, steps: int) -> tuple[Strip, ...]:
    """Return one strip of ``steps`` pictures per latent path, and last the fade through pixels.

    Raises:
        InputError: fewer than two steps.
        ShapeError: the ends come from different models.
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
    model: LatentModel, corners: Sequence[End], side: int, path: str
) -> tuple[Board, Board]:
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
    return Board(way.label, decoded), Board("Pixel blend", blend)


@torch.inference_mode()
def judge(classifier: Judge, images: Tensor) -> Verdict:
    """Return what the judge sees in images ``[T,C,H,W]`` in [0,1].

    Raises:
        ShapeError: the images have not the judge's shape.
    """
    return Verdict(classifier.class_probabilities(images))


@torch.inference_mode()
def measure(strip: Strip, others: Tensor, verdict: Verdict | None = None) -> Measures:
    """Return the numbers of one strip of at least three pictures.

    Args:
        strip: the path.
        others: real pictures ``[N,C,H,W]`` in [0,1], the ends not among them (``leave_out``).
        verdict: the judge's, on this strip.
    """
    inner = slice(1, -1)
    frames = strip.images.flatten(1)
    chord = float(_distance(frames[:1], frames[-1:]))
    way = float((frames[1:] - frames[:-1]).square().mean(1).sqrt().sum())
    middle = None
    if strip.latents is not None:
        lengths = strip.latents.flatten(1).norm(dim=1)
        middle = float(lengths[len(lengths) // 2] / lengths[[0, -1]].mean())
    return Measures(
        certainty=float(verdict.certainty[inner].mean()) if verdict else None,
        nearest=float(_distance(frames[inner], others.flatten(1)).amin(1).mean()),
        detour=way / chord if chord else None,
        middle=middle,
    )


@torch.inference_mode()
def measure_board(board: Board, others: Tensor, verdict: Verdict | None = None) -> Measures:
    """Return the numbers of a square, its four corners left out; see ``measure``."""
    side = len(board.images)
    inner = torch.ones(side, side, dtype=torch.bool)
    inner[[0, 0, -1, -1], [0, -1, 0, -1]] = False
    frames = board.images[inner].flatten(1)
    return Measures(
        certainty=float(verdict.certainty[inner.flatten()].mean()) if verdict else None,
        nearest=float(_distance(frames, others.flatten(1)).amin(1).mean()),
        detour=None,
        middle=None,
    )


def leave_out(samples: Tensor, ends: Sequence[End]) -> Tensor:
    """Return the samples ``[N,C,H,W]`` that are not themselves one of the ends.

    A fade would otherwise be near a real picture merely for consisting of it.
    """
    kept = torch.ones(len(samples), dtype=torch.bool)
    for end in ends:
        kept &= (samples != end.picture).flatten(1).any(1)
    return samples[kept]


@torch.inference_mode()
def typical_distance(samples: Tensor, among: int = 100) -> float:
    """Return how far a real picture is from the nearest other one: what ``nearest`` compares to.

    The median over ``among`` pictures, evenly spaced in ``samples`` ``[N,C,H,W]``, of the
    root-mean-square difference of pixels to the nearest of the others.
    """
    flat = samples.flatten(1)
    chosen = torch.linspace(0, len(flat) - 1, min(among, len(flat))).long()
    # Two smallest: the first is the picture itself.
    return float(_distance(flat[chosen], flat).topk(2, largest=False).values[:, 1].median())


def _distance(x: Tensor, y: Tensor) -> Tensor:
    """Return root-mean-square differences ``[N,M]`` between rows of ``[N,P]`` and ``[M,P]``."""
    distances: Tensor = torch.cdist(x, y)
    return distances.div(x.shape[1] ** 0.5)


def _has_prior(model: LatentModel) -> bool:
    """Whether training pulled the codes towards a prior: not where the posterior is a point."""
    if not isinstance(model, Autoencoder):
        return True
    return not isinstance(model.encode(torch.zeros(1, *model.image_shape)), Point)
