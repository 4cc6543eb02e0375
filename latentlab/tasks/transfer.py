"""What the Transfer page computes: a lesson of few drawings, and what experiments say of transfer.

    ways = representations(network, components("mnist"), samples)
    lesson = Lesson(names, pictures, labels)       # two to six classes, some drawings of each
    taught = {name: teach(way, lesson) for name, way in ways.items()}
    taught["network"].answer(x)                    # a probability for every class

All ways of looking at a drawing get the same logistic regression on top. Curves over labels and
depths are read from what was measured; nothing of them is trained here.
"""

import copy
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from latentlab.errors import InputError, UnsupportedError
from latentlab.experiments import Point
from latentlab.experiments import transfer as experiment
from latentlab.experiments import transfer_depth as experiment_depth
from latentlab.models import Autoencoder, Classifier, Network

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.experiments import Result

# --- teaching --------------------------------------------------------------------------------

FEWEST, MOST_CLASSES, MOST_DRAWINGS = 2, 6, 12  # classes at least and at most; drawings of one
LENGTH = 5.0  # of what logistic regression is given, on average: one scale for every way
SHAPE = (1, 28, 28)

# In the order of the page: what has to be beaten comes last.
WAYS = {
    "network": "Features of the network",
    "random": "The same network, random weights",
    "pca": "PCA codes",
    "pixels": "Pixels",
}


@dataclass(frozen=True)
class Way:
    """One way of looking at a drawing.

    Attributes:
        title: what it is called.
        numbers: how many numbers it makes of a drawing.
        look: pictures float32 ``[N,1,28,28]`` in [0,1] -> ``[N, numbers]``.
    """

    title: str
    numbers: int
    look: Callable[[Tensor], NDArray[np.float32]]


def representations(
    network: Network, pca: "PrincipalComponents", samples: Tensor
) -> dict[str, Way]:
    """Return all ways of looking, by name in `WAYS`.

    Args:
        network: an autoencoder or a classifier for grey pictures of 28x28 pixels.
        pca: of what it has learnt from.
        samples: some hundred pictures ``[N,1,28,28]`` of that: the random network's batch
            normalisation gets its statistics from them, as it would while training.

    Raises:
        UnsupportedError: the network has no features, or of other pictures.
    """
    if getattr(network.config, "image_shape", None) != SHAPE:
        raise UnsupportedError("Only networks for pictures of 28 × 28 pixels can be taught here.")
    twin = random_twin(network, samples, torch.Generator().manual_seed(0))
    looks: dict[str, Callable[[Tensor], Tensor]] = {
        "network": features_of(network),
        "random": features_of(twin),
        "pca": lambda x: pca.encode(x),
        "pixels": lambda x: x.flatten(1),
    }
    one = torch.zeros(1, *SHAPE)
    return {name: _way(WAYS[name], look, one) for name, look in looks.items()}


def _way(title: str, look: Callable[[Tensor], Tensor], one: Tensor) -> Way:
    def numbers(x: Tensor) -> NDArray[np.float32]:
        with torch.inference_mode():
            return look(x).flatten(1).float().numpy()

    return Way(title, numbers(one).shape[1], numbers)


def features_of(network: Network) -> Callable[[Tensor], Tensor]:
    """Return what makes codes or features ``[N, …]`` of pictures.

    Raises:
        UnsupportedError: the network neither encodes nor classifies.
    """
    if isinstance(network, Classifier):
        return network.features
    if isinstance(network, Autoencoder):
        return lambda x: network.encode(x).mode()
    raise UnsupportedError("Only networks that encode or classify have features.")


def random_twin(network: Network, samples: Tensor, rng: torch.Generator) -> Network:
    """Return a network of the same shape that has learnt nothing; weights as He et al. 2015."""
    twin = copy.deepcopy(network)
    normalised = False
    with torch.no_grad():
        for layer in twin.modules():
            if isinstance(layer, nn.Conv2d | nn.Linear):
                spread = math.sqrt(6 / layer.weight[0].numel())
                layer.weight.uniform_(-spread, spread, generator=rng)
                if layer.bias is not None:
                    layer.bias.zero_()
            elif isinstance(layer, nn.BatchNorm2d | nn.BatchNorm1d):
                layer.reset_parameters()
                layer.momentum = None  # the plain mean of the batches below
                normalised = True
        if normalised:
            twin.train()
            features_of(twin)(samples)
    return twin.eval()


@dataclass(frozen=True)
class Lesson:
    """Drawings with their classes.

    Attributes:
        names: of the classes.
        pictures: float32 ``[N,1,28,28]`` in [0,1].
        labels: ``[N]``, places in ``names``.

    Raises:
        InputError: fewer than two classes with a drawing, or too many; the message says what to do.
    """

    names: tuple[str, ...]
    pictures: Tensor
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.names) > MOST_CLASSES:
            raise InputError(
                f"{len(self.names)} classes are too many for one lesson.",
                f"Teach {MOST_CLASSES} at most.",
            )
        drawn = sorted(set(self.labels))
        if not drawn:
            raise InputError("Nothing has been drawn yet.", "Draw something for two classes.")
        if len(drawn) < FEWEST:
            raise InputError(
                f"Only “{self.names[drawn[0]]}” has drawings.",
                "There is nothing to tell it from: add a drawing of another class.",
            )

    @property
    def counts(self) -> tuple[int, ...]:
        """How many drawings each class has."""
        return tuple(self.labels.count(place) for place in range(len(self.names)))


@dataclass(frozen=True)
class Taught:
    """A way of looking with logistic regression on top.

    Attributes:
        way: of looking.
        names: of the classes.
        mean, scale: of what the drawings became.
        machine: scikit-learn's, fitted.
    """

    way: Way
    names: tuple[str, ...]
    mean: NDArray[np.float32]
    scale: float
    machine: "LogisticRegression"

    def answer(self, x: Tensor) -> NDArray[np.float64]:
        """Return a probability for every class ``[N, classes]`` of pictures ``[N,1,28,28]``.

        A class without a drawing gets none.
        """
        given = (self.way.look(x) - self.mean) * self.scale
        found = np.zeros((len(x), len(self.names)))
        found[:, self.machine.classes_] = self.machine.predict_proba(given)
        return found


def teach(way: Way, lesson: Lesson) -> Taught:
    """Return the way of looking after a lesson; some milliseconds."""
    seen = way.look(lesson.pictures)
    machine, mean, scale = _fit(seen, np.array(lesson.labels))
    return Taught(way, lesson.names, mean, scale, machine)


def _fit(
    seen: NDArray[np.float32], labels: NDArray[np.int64]
) -> "tuple[LogisticRegression, NDArray[np.float32], float]":
    from sklearn.linear_model import LogisticRegression

    mean = seen.mean(0)
    scale = LENGTH / max(float(np.sqrt(np.square(seen - mean).sum(1).mean())), 1e-6)
    machine = LogisticRegression(max_iter=300).fit((seen - mean) * scale, labels)
    return machine, mean, scale


def leave_one_out(way: Way, lesson: Lesson) -> float | None:
    """Return the share of drawings that are classified right by a lesson without them, in per cent.

    None where a class has a single drawing: without it, nobody could know its class.
    """
    labels = np.array(lesson.labels)
    if min(count for count in lesson.counts if count) < 2:
        return None
    seen = way.look(lesson.pictures)
    # N points lie in a space of N - 1 numbers. Turning them into it changes no distance, so it is
    # the same logistic regression, on far fewer numbers than pixels.
    centred = seen - seen.mean(0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    turned = (u * s).astype(np.float32)
    right = 0
    for place in range(len(labels)):
        others = np.arange(len(labels)) != place
        machine, mean, scale = _fit(turned[others], labels[others])
        guess = machine.predict((turned[place : place + 1] - mean) * scale)
        right += int(guess[0] == labels[place])
    return 100 * right / len(labels)


def tested(taught: Taught, pictures: Tensor, labels: Sequence[int]) -> float:
    """Return the share of new drawings ``[N,1,28,28]`` that are classified right, in per cent."""
    return 100 * float((taught.answer(pictures).argmax(1) == np.array(labels)).mean())


def lesson_words(scores: Mapping[str, float], count: int) -> str:
    """Return the sentence on how well each way classifies ``count`` new drawings, in per cent.

    What it learnt helps, or does not, where it differs from the best of the others by more than
    two standard deviations of two shares of so many.
    """
    ours = scores["network"]
    others = {name: scores[name] for name in WAYS if name != "network"}
    best = max(others, key=lambda name: others[name])
    said = {"random": "random weights", "pca": "PCA codes", "pixels": "pixels"}[best]
    numbers = f"{ours:.0f} % of new drawings are right, {others[best]:.0f} % with {said}"
    shares = (ours / 100, others[best] / 100)
    chance = 200 * math.sqrt(sum(p * (1 - p) for p in shares) / count)
    if ours > others[best] + chance:
        return f"**What it learnt before helps**: {numbers}."
    if ours < others[best] - chance:
        return f"**What it learnt before does not help**: {numbers}."
    return f"**What it learnt before makes no difference**: {numbers}."


# --- what the experiments say ----------------------------------------------------------------

PAIRS = {pair.name: pair for pair in experiment.PAIRS}
DEPTH_PAIRS = {pair.name: pair for pair in experiment_depth.PAIRS}
LABELS = experiment.LABELS
DEPTH_LABELS = experiment_depth.LABELS
DEPTHS = experiment_depth.DEPTHS
METHODS = {
    "frozen": "Frozen features",
    "tuned": "Fine-tuned",
    "probed": "Probed, then fine-tuned",
    "scratch": "From scratch",
    "random": "Frozen, random weights",
    "knn": "PCA + neighbours",
    "pixels": "Pixels",
}
INLINE = {
    "frozen": "frozen features",
    "tuned": "fine-tuning",
    "probed": "probing, then fine-tuning",
    "scratch": "the network from scratch",
    "random": "frozen random weights",
    "knn": "PCA with nearest neighbours",
    "pixels": "logistic regression on pixels",
}
TRANSFERRED = tuple(experiment.TRANSFERRED)
# Yosinski et al. 2014: AlexNet from one half of ImageNet's classes to the other, the first n
# layers copied and frozen; top-1 accuracy, in per cent. n = 0 is not in their table.
YOSINSKI = ((1, 63.5), (2, 63.1), (3, 62.8), (4, 61.1), (5, 58.5), (6, 59.1), (7, 55.2))
# Likewise from one half to itself: where neighbouring layers that learnt together are parted, the
# upper ones do not find back to what they were.
YOSINSKI_SELF = ((1, 61.7), (2, 61.6), (3, 61.2), (4, 59.7), (5, 58.8), (6, 61.1), (7, 61.5))


@dataclass(frozen=True)
class Row:
    """One method, with what it scored at one number of labels."""

    method: str
    title: str
    point: Point


def curves(result: "Result", pair: str) -> dict[str, tuple[Point, ...]]:
    """Return accuracy over labels a class of every method, for a pair."""
    return {method: result.points(experiment.line_name(method, PAIRS[pair])) for method in METHODS}


def compare(result: "Result", pair: str, labels: int) -> tuple[Row, ...]:
    """Return what every method scored with so many labels a class.

    Raises:
        UnsupportedError: nothing was measured there.
    """
    rows = tuple(
        Row(method, METHODS[method], point)
        for method, found in curves(result, pair).items()
        for point in found
        if point.x == labels
    )
    if {row.method for row in rows} != set(METHODS):
        raise UnsupportedError(f"Nothing has been measured with {labels} labels a class.")
    return rows


@dataclass(frozen=True)
class Verdict:
    """What the numbers say of a transfer.

    Attributes:
        transfer: "helps", "hurts", or "within" the bands.
        winner: the best method of all.
        sentence: both, in words.
    """

    transfer: str
    winner: str
    sentence: str


def verdict(rows: Sequence[Row], pair: str, labels: int) -> Verdict:
    """Return whether transfer helps a pair at so many labels, and who wins.

    The best of the three transferred networks is held against the better of the two that were
    taught nothing: from scratch, and frozen with random weights. It helps, or hurts, where the
    bands do not touch.
    """
    found = {row.method: row.point for row in rows}
    best, floor, winner = (
        max(names, key=lambda name: found[name].mean)
        for names in (TRANSFERRED, tuple(experiment.UNTAUGHT), tuple(found))
    )
    ours, theirs = found[best], found[floor]
    numbers = f"{INLINE[best]}: {percent(ours.mean)}, {INLINE[floor]}: {percent(theirs.mean)}"
    start = f"{PAIRS[pair].title}, {labels} label{'s' * (labels > 1)} a class:"
    if not ours.apart(theirs):
        outcome, said = "within", "**no transfer beyond chance**"
    elif ours.mean > theirs.mean:
        outcome, said = "helps", "**transfer helps**"
    else:
        outcome, said = "hurts", "**transfer hurts**"
    frozen = found["frozen"]
    if best != "frozen" and frozen.mean < theirs.mean and frozen.apart(theirs):
        numbers += f"; frozen features alone **hurt**, {percent(frozen.mean)}"
        if frozen.apart(found["random"]) and frozen.mean < found["random"].mean:
            numbers += f", even against random weights, {percent(found['random'].mean)}"
    classical = max(experiment.BASELINES, key=lambda name: found[name].mean)
    there = found[classical]
    network = max((ours, theirs), key=lambda point: point.mean)
    if not network.apart(there):
        compared = "is as good as the best network"
    elif there.mean > network.mean:
        compared = "**beats every network**"
    else:
        compared = "is beaten"
    tail = f" {_capital(INLINE[classical])}, {percent(there.mean)}, {compared}."
    return Verdict(outcome, winner, f"{start} {said}. {_capital(numbers)}.{tail}")


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def percent(value: float) -> str:
    """Return a share in per cent as it stands in a sentence."""
    return f"{value:.1f} %"


# --- up to which layer -----------------------------------------------------------------------


def depth_curves(result: "Result", pair: str, labels: int) -> dict[str, tuple[Point, ...]]:
    """Return accuracy over the number of layers taken over, by method.

    Raises:
        UnsupportedError: nothing was measured there.
    """
    found = {
        method: result.points(experiment_depth.line_name(method, PAIRS[pair], labels))
        for method in experiment_depth.METHODS
    }
    if any(len(each) != len(DEPTHS) for each in found.values()):
        raise UnsupportedError(f"Nothing has been measured with {labels} labels a class.")
    return found


@dataclass(frozen=True)
class Layer:
    """One layer of the drawn network, the head included: its name and how much there is to it."""

    name: str
    maps: str  # size of what it makes
    parameters: int


def layers_of(pair: str) -> tuple[Layer, ...]:
    """Return the layers of the network that a pair was measured with, the head last."""
    from latentlab.experiments.transfer_domains import DOMAINS

    domain = DOMAINS[PAIRS[pair].target]
    channels, height, width = domain.shape
    found = []
    for number, (outputs, kernel, stride) in enumerate(experiment_depth.CONVOLUTIONS, start=1):
        parameters = outputs * (channels * kernel**2 + 1)
        channels, height, width = outputs, -(-height // stride), -(-width // stride)
        found.append(Layer(f"Conv {number}", f"{outputs} × {height} × {width}", parameters))
    inputs, dense = channels * height * width, experiment_depth.FEATURES
    found.append(Layer("Dense", str(dense), dense * (inputs + 1)))
    return *found, Layer("Head", f"{domain.classes} classes", domain.classes * (dense + 1))


def trained_parameters(layers: Sequence[Layer], frozen: int) -> int:
    """Return how many parameters learn where the first ``frozen`` layers do not."""
    return sum(layer.parameters for layer in layers[frozen:])


def depth_words(found: Mapping[str, Sequence[Point]], depth: int, labels: int) -> str:
    """Return what is seen with so many layers taken over."""
    frozen, tuned, random = (found[method][depth] for method in ("frozen", "tuned", "random"))
    scratch = found["frozen"][0]
    many = f"{labels} labels a class"
    if depth == 0:
        return f"Nothing is taken over: from scratch, {percent(scratch.mean)} with {many}."
    first = "The first layer is" if depth == 1 else f"The first {depth} layers are"
    change = frozen.mean - scratch.mean
    if not frozen.apart(scratch):
        compared = "no more than seeds differ from scratch"
    else:
        compared = f"{abs(change):.1f} points {'better' if change > 0 else 'worse'} than scratch"
    return (
        f"{first} frozen: {percent(frozen.mean)} with {many}, {compared}"
        f" ({percent(scratch.mean)}). Fine-tuned instead: {percent(tuned.mean)}; random and"
        f" frozen: {percent(random.mean)}."
    )


def is_colourful(pair: str) -> bool:
    """Return whether a pair's pictures are in colour."""
    from latentlab.experiments.transfer_domains import DOMAINS

    return DOMAINS[PAIRS[pair].target].shape[0] == 3
