"""What GANs are used for: pictures enlarged, pictures added to a training set, pictures translated.

Everything stands beside the classical way, and numbers say which is nearer to the truth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from latentlab.baselines import Side, morphology
from latentlab.baselines.enlargement import PatchRegression, classical_enlargers
from latentlab.data import patches
from latentlab.errors import InputError, ShapeError
from latentlab.metrics import metrics
from latentlab.models import Classifier, CycleGAN, SuperResolution

if TYPE_CHECKING:
    from latentlab.experiments import Result

FACTOR = SuperResolution.factor


# --- enlarging --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A small picture enlarged, and how near that is to the true one.

    Attributes:
        name: of the method, registered, or of the network.
        label: what people call it.
        side: who made it.
        image: ``[C, H, W]`` in [0, 1].
        psnr: in dB; infinite for the true picture itself.
        ssim: 1 for the true picture itself.
        distance: of a classifier's features from those of the true picture; None without one.
    """

    name: str
    label: str
    side: Side
    image: Tensor
    psnr: float
    ssim: float
    distance: float | None = None


@dataclass(frozen=True)
class Enlarged:
    """A picture ``[C, H, W]``, made small, and what every way makes of it again."""

    true: Tensor
    small: Tensor
    ways: tuple[Way, ...]

    def best(self, measure: str) -> Way:
        """Return the way with the best "psnr", "ssim" or "distance".

        Raises:
            InputError: nothing has that measure.
        """
        known = [way for way in self.ways if getattr(way, measure) is not None]
        if not known:
            raise InputError(f"Nothing was measured by “{measure}”.")
        sign = -1 if measure == "distance" else 1
        return max(known, key=lambda way: sign * getattr(way, measure))


@torch.inference_mode()
def enlarge(
    x: Tensor,
    fitted: PatchRegression | None,
    networks: Mapping[str, tuple[str, SuperResolution]],
    judge: Classifier | None,
) -> Enlarged:
    """Return a picture ``[C, H, W]`` in [0, 1] made small, and enlarged by every way there is.

    Args:
        x: the picture; its sides are multiples of four.
        fitted: the maps of its data set; None where there are none.
        networks: name -> (label, network).
        judge: whose features are compared; None = nobody's.

    Raises:
        ShapeError: ``x`` is no such picture, or no picture of a network.
    """
    if x.ndim != 3 or x.shape[1] % FACTOR or x.shape[2] % FACTOR:
        raise ShapeError("A picture", ["C", "4 h", "4 w"], list(x.shape))
    small = F.avg_pool2d(x[None], FACTOR)
    made: list[tuple[str, str, Side, Tensor]] = []
    for name in classical_enlargers:
        method = classical_enlargers.get(name)
        made.append((name, method.label, "classical", method(small, FACTOR)[0]))
    if fitted is not None:
        made.append(("patches", patches.LABEL, "classical", fitted(small, FACTOR)[0]))
    for name, (label, network) in networks.items():
        made.append((name, label, "network", network.enlarge(small)[0]))
    ways = tuple(_way(name, label, side, image, x, judge) for name, label, side, image in made)
    return Enlarged(x, small[0], ways)


def _way(
    name: str, label: str, side: Side, image: Tensor, x: Tensor, judge: Classifier | None
) -> Way:
    psnr, ssim = (metrics.get(each)(image[None], x[None]).item() for each in ("psnr", "ssim"))
    distance = None
    if judge is not None:
        made, true = judge.features(torch.stack([image, x]))
        distance = (made - true).norm().item()
    return Way(name, label, side, image, psnr, ssim, distance)


@dataclass(frozen=True)
class Plausible:
    """Real pictures that look nearly alike once they are made small, and their mean.

    Attributes:
        pictures: ``[N, C, H, W]`` in [0, 1], the nearest first.
        psnr: of each against the picture in question, in dB.
        mean: ``[C, H, W]``.
        mean_psnr: likewise.
    """

    pictures: Tensor
    psnr: tuple[float, ...]
    mean: Tensor
    mean_psnr: float

    @property
    def beaten(self) -> int:
        """How many of the pictures have a lower PSNR than their mean."""
        return sum(psnr < self.mean_psnr for psnr in self.psnr)


@torch.inference_mode()
def plausible(x: Tensor, others: Tensor, count: int) -> Plausible:
    """Return the pictures of ``others`` ``[N, C, H, W]`` that ``x`` could as well have been.

    Those whose small pictures are nearest to that of ``x`` ``[C, H, W]``, without ``x`` itself: as
    long as nothing but the small picture is known, each of them is an answer.

    Raises:
        InputError: there are not ``count`` others.
    """
    off = (others - x).abs().flatten(1).amax(1)
    others = others[off > 0]
    if not 1 <= count <= len(others):
        raise InputError(f"There are no {count} other pictures.")
    small, smalls = F.avg_pool2d(x[None], FACTOR), F.avg_pool2d(others, FACTOR)
    nearest = (smalls - small).square().flatten(1).sum(1).argsort(stable=True)[:count]
    pictures = others[nearest]
    mean = pictures.mean(0)
    psnr = metrics.get("psnr")
    return Plausible(
        pictures,
        tuple(psnr(pictures, x.expand_as(pictures)).tolist()),
        mean,
        psnr(mean[None], x[None]).item(),
    )


# --- translating ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turned:
    """One picture of a row ``[C, H, W]``, and what is known of it.

    Attributes:
        image: in [0, 1].
        error: mean absolute difference from the truth; None for what is given.
        read: the class that a classifier gives it; None without one.
    """

    image: Tensor
    error: float | None
    read: int | None


@dataclass(frozen=True)
class Direction:
    """From one sort of picture to the other, and back."""

    given: Turned
    network: Turned
    classical: Turned
    true: Turned
    again: Turned  # the network's, turned back by the network; its error is that from what is given


@dataclass(frozen=True)
class Translated:
    """A picture made thicker, and a thick one made thinner."""

    thicker: Direction
    thinner: Direction


@torch.inference_mode()
def translate(x: Tensor, network: CycleGAN, judge: Classifier | None) -> Translated:
    """Return a picture ``[C, H, W]`` in [0, 1] turned both ways, beside dilation and erosion.

    Thicker: the truth is the dilated picture. Thinner: the dilated picture is given, and the truth
    is the picture itself.

    Raises:
        ShapeError: it is no picture of the network.
    """
    thin = network.check_images(x[None])
    thick = morphology.dilate(thin)

    def turned(image: Tensor, true: Tensor | None) -> Turned:
        error = None if true is None else (image - true).abs().mean().item()
        read = None if judge is None else int(judge.logits(image).argmax())
        return Turned(image[0], error, read)

    as_thick, as_thin = network.there(thin), network.back(thick)
    return Translated(
        Direction(
            given=turned(thin, None),
            network=turned(as_thick, thick),
            classical=turned(thick, thick),
            true=turned(thick, None),
            again=turned(network.back(as_thick), thin),
        ),
        Direction(
            given=turned(thick, None),
            network=turned(as_thin, thin),
            classical=turned(morphology.erode(thick), thin),
            true=turned(thin, None),
            again=turned(network.there(as_thin), thick),
        ),
    )


def faithful(found: Translated) -> str:
    """Return the sentence on how true the network is, as markdown."""
    thicker, thinner = found.thicker, found.thinner
    parts = [
        f"The CycleGAN errs by **{thicker.network.error:.3f}** when it thickens, and dilation by"
        f" **{thicker.classical.error:.3f}**; by **{thinner.network.error:.3f}** when it thins, and"
        f" erosion by **{thinner.classical.error:.3f}**."
    ]
    read = [each.read for each in (thicker.given, thicker.network, thinner.network)]
    if None not in read:
        kept = read[0] == read[1] == read[2]
        parts.append("The digit stays what it was." if kept else "**The digit becomes another.**")
    return " ".join(parts)


# --- more training pictures -------------------------------------------------------------------


@dataclass(frozen=True)
class Arm:
    """Test errors in per cent of one way to train, one a draw of labels."""

    name: str
    title: str
    errors: tuple[float, ...]
    mean: float
    spread: float | None


def arms(result: "Result", data: str, labels: int) -> tuple[Arm, ...]:
    """Return what came of every way to train, in the order of the experiment.

    Raises:
        InputError: the result does not hold this data set and number of labels.
    """
    from latentlab.experiments import augmentation

    found = []
    for name, title in augmentation.ARMS.items():
        curve = result.curve(augmentation.error_line(data, name))
        if curve is None or labels not in curve.x:
            raise InputError(f"{title}: nothing was measured with {labels:,} labels of {data}.")
        place = curve.x.index(labels)
        spread = None if curve.spread is None else curve.spread[place]
        errors = tuple(row[place] for row in curve.values)
        found.append(Arm(name, title, errors, curve.mean[place], spread))
    return tuple(found)


def hits(result: "Result", data: str, labels: int) -> dict[str, float]:
    """Return how many samples of each generator are of the class asked for, in per cent."""
    from latentlab.experiments import augmentation

    found = {}
    for name in augmentation.GENERATORS:
        curve = result.curve(augmentation.hits_line(data, name))
        if curve is not None and labels in curve.x:
            found[name] = curve.mean[curve.x.index(labels)]
    return found


def differs(a: Arm, b: Arm) -> bool:
    """Whether two ways to train differ by more than chance between the same draws of labels.

    The draws are paired: the mean of the differences is compared with twice its standard error.
    """
    gaps = torch.tensor(a.errors, dtype=torch.float64) - torch.tensor(b.errors, dtype=torch.float64)
    if len(gaps) < 2:
        return False
    return bool(gaps.mean().abs() > 2 * gaps.std() / len(gaps) ** 0.5)


def verdict(found: tuple[Arm, ...], labels: int) -> str:
    """Return the sentence that says who wins, as markdown."""
    draws = len(found[0].errors)
    by = {arm.name: arm for arm in found}
    nothing, classical, gan, both = (by[n] for n in ("nothing", "classical", "gan", "both"))
    first = f"With {labels:,} labels, the pictures alone give **{nothing.mean:.1f} %** errors"
    deformed = f"deforming them **{classical.mean:.1f} %**"
    invented = f"the GAN’s samples **{gan.mean:.1f} %**"
    if not differs(classical, gan):
        judged = f"between the two last, {draws} draws of labels do not decide"
    elif classical.mean < gan.mean:
        judged = "**the classical way wins**"
    else:
        judged = "**the GAN wins**"
    if not differs(both, classical):
        more = "and both together are no better than deforming alone"
        if both.mean < classical.mean:
            more = "and both together are not surely better than deforming alone"
    elif both.mean < classical.mean:
        more = f"and both together are better still, **{both.mean:.1f} %**"
    else:
        more = f"and both together are worse than deforming alone, {both.mean:.1f} %"
    return f"{first}, {deformed}, {invented}: {judged}, {more}."
