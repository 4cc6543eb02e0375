"""What the Domain adaptation page computes on the server.

    seen = survey(classifier, digits, Shift(rotation=40))     # how well digits are read, shifted
    seen.source, seen.target.classifier                       # shares in [0, 1]

The server trains nothing: experiments have, and browsers do.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from latentlab.adaptation import shifts
from latentlab.adaptation.domains import Digits, Pictures, domains
from latentlab.adaptation.settings import METHODS as PLAYED
from latentlab.adaptation.settings import Plane
from latentlab.adaptation.shifts import Shift
from latentlab.data import datasets
from latentlab.errors import UnsupportedError
from latentlab.experiments import adapting

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.experiments import Result
    from latentlab.models import Classifier

# --- the shift workshop --------------------------------------------------------------------------

PER_CLASS = 30  # digits that are shifted and read
NEIGHBOURS = 5
BEFORE_AFTER = 8  # digits that are shown

# What each shift is called, and how strong it is in the table.
SHIFTS = {
    "pen": "Another pen",
    "thickness": "Thickness",
    "rotation": "Rotation",
    "shear": "Shear",
    "blur": "Blur",
    "contrast": "Contrast",
    "invert": "Inverted",
    "background": "Photograph behind it",
}
LADDER: dict[str, tuple[Shift, ...]] = {
    "pen": (Shift(pen="thin"), Shift(pen="broad nib")),
    "thickness": (Shift(thickness=-1), Shift(thickness=1), Shift(thickness=2)),
    "rotation": (Shift(rotation=20), Shift(rotation=40), Shift(rotation=60)),
    "shear": (Shift(shear=0.3), Shift(shear=0.6), Shift(shear=0.9)),
    "blur": (Shift(blur=1), Shift(blur=2), Shift(blur=3)),
    "contrast": (Shift(contrast=0.5), Shift(contrast=0.25), Shift(contrast=0.1)),
    "invert": (Shift(invert=True),),
    "background": (Shift(background=0.3), Shift(background=0.6), Shift(background=1)),
}


@dataclass(frozen=True)
class Readers:
    """Shares of digits that are read rightly.

    Attributes:
        classifier: by the network, which knows MNIST alone.
        standardised: by the same network, each of whose features is given the mean and the
            deviation that it has for MNIST's digits; the shifted ones' labels are not asked for.
        neighbours: by the 5 nearest of 1,700 MNIST digits, pixel by pixel: no network at all.
    """

    classifier: float
    standardised: float
    neighbours: float


@dataclass(frozen=True)
class Survey:
    """How digits are read before and after a shift, and some of them.

    Attributes:
        before: uint8 [8, 28, 28] some digits of the source.
        after: the same ones of the target, or others where the target is another data set.
        said: what the classifier takes these for.
        truth: what they are.
        source: how the source's are read.
        target: how the target's are.
        count: of each.
    """

    before: Pictures
    after: Pictures
    said: NDArray[np.int64]
    truth: NDArray[np.int64]
    source: Readers
    target: Readers
    count: int


@dataclass(frozen=True)
class Source:
    """How the source's digits are read, and what its features are like."""

    readers: Readers
    mean: "Tensor"
    spread: "Tensor"


def source_of(classifier: "Classifier") -> Source:
    """Return how a network reads the digits that it knows."""
    digits = shown()
    said, mean, spread = _read(classifier, digits.pictures, None)
    return Source(_readers(said, digits), mean, spread)


def survey(classifier: "Classifier", source: Source, shift: Shift, scikit: bool = False) -> Survey:
    """Return how a network that knows MNIST alone reads shifted digits.

    Args:
        classifier: of MNIST.
        source: what ``source_of`` says of it.
        shift: what is done to the target's digits.
        scikit: whether the target is scikit-learn's digits, framed as MNIST's are; else 300 that
            ship of MNIST's test split.
    """
    ours, theirs = shown(), _scikit() if scikit else shown()
    after = shifts.apply(theirs.pictures, shift)
    said, _, _ = _read(classifier, after, (source.mean, source.spread))
    first = [int(np.flatnonzero(theirs.labels == k)[0]) for k in range(BEFORE_AFTER)]
    other = [int(np.flatnonzero(ours.labels == k)[0]) for k in range(BEFORE_AFTER)]
    return Survey(
        before=ours.pictures[other],
        after=after[first],
        said=said[0][first],
        truth=theirs.labels[first],
        source=source.readers,
        target=_readers(said, Digits(after, theirs.labels)),
        count=len(ours),
    )


def ladder(classifier: "Classifier") -> dict[str, tuple[float, ...]]:
    """Return the classifier's accuracy under every single shift of `LADDER`, in its order."""
    digits = shown()
    found = {}
    for name, steps in LADDER.items():
        found[name] = tuple(
            _share(_read(classifier, shifts.apply(digits.pictures, step), None)[0][0], digits)
            for step in steps
        )
    return found


def single(classifier: "Classifier", shift: Shift) -> dict[str, float]:
    """Return the classifier's accuracy under each part of a shift alone, by its field."""
    digits = shown()
    return {
        name: _share(_read(classifier, shifts.apply(digits.pictures, part), None)[0][0], digits)
        for name, part in shift.parts.items()
    }


@cache
def shown() -> Digits:
    """Return the 300 shipped MNIST digits that are shifted: the first 30 of every class."""
    samples = datasets.get("mnist").samples()
    chosen = np.concatenate([np.flatnonzero(samples.labels == k)[:PER_CLASS] for k in range(10)])
    return Digits(samples.images[chosen, 0], samples.labels[chosen])


@cache
def _scikit() -> Digits:
    found = domains.get("scikit").load("train")
    chosen = np.concatenate([np.flatnonzero(found.labels == k)[:PER_CLASS] for k in range(10)])
    return Digits(found.pictures[chosen], found.labels[chosen])


@cache
def _neighbours() -> Any:
    """Return nearest neighbours among the other shipped digits."""
    from sklearn.neighbors import KNeighborsClassifier

    samples = datasets.get("mnist").samples()
    others = np.concatenate([np.flatnonzero(samples.labels == k)[PER_CLASS:] for k in range(10)])
    known = samples.images[others].reshape(len(others), -1) / 255
    return KNeighborsClassifier(NEIGHBOURS).fit(known, samples.labels[others])


def _read(
    classifier: "Classifier", pictures: Pictures, source: "tuple[Tensor, Tensor] | None"
) -> "tuple[tuple[NDArray[np.int64], NDArray[np.int64]], Tensor, Tensor]":
    """Return what pictures are taken for, and the mean and deviation of their features.

    Both with features as they are and with standardised ones.

    Args:
        classifier: of MNIST.
        pictures: uint8 [N, 28, 28].
        source: mean and deviation of the source's features; None = these are the source's.
    """
    import torch

    with torch.inference_mode():
        x = torch.from_numpy(np.ascontiguousarray(pictures))[:, None].float() / 255
        features = classifier.features(x)
        mean, spread = features.mean(0), features.std(0)
        wanted = source or (mean, spread)
        moved = (features - mean) / spread.clamp(min=1e-3) * wanted[1] + wanted[0]
        said = [classifier.logits_of(f).argmax(1).numpy() for f in (features, moved)]
    return (said[0], said[1]), mean, spread


def _readers(said: tuple[NDArray[np.int64], NDArray[np.int64]], digits: Digits) -> Readers:
    flat = digits.pictures.reshape(len(digits), -1) / 255
    near = _neighbours().predict(flat)
    return Readers(*(_share(answers, digits) for answers in (*said, near)))


def _share(said: NDArray[np.int64], digits: Digits) -> float:
    return float((said == digits.labels).mean())


# --- experiments ---------------------------------------------------------------------------------

# Accuracy on the target in per cent, MNIST → USPS as printed; protocols differ.
PUBLISHED = (
    ("Source only", "75.2-79.7", "ADDA paper; full sets in SHOT's"),
    ("DANN", "77.1", "2,000 and 1,800 pictures"),
    ("ADDA", "89.4", "2,000 and 1,800 pictures"),
    ("DRCN", "91.8", "full sets"),
    ("SHOT", "97.9", "full sets; information maximisation and pseudo-labels"),
    ("With the target’s labels", "97.0", "full sets, in SHOT's"),
)


@dataclass(frozen=True)
class Score:
    """What a method scored on a pair of domains, in per cent; spreads are over seeds."""

    method: str
    title: str
    target: float
    spread: float | None
    source: float
    domains: float
    classical: bool


def scores(result: "Result", x: str | float) -> tuple[Score, ...]:
    """Return what every method scored at one place of a result.

    Raises:
        UnsupportedError: nothing was measured there.
    """
    found = []
    for method, title in adapting.METHODS.items():
        curve = result.curve(adapting.line_name(method))
        if curve is None or x not in curve.x:
            continue
        place = curve.x.index(x)
        others = [result.curve(adapting.line_name(method, m)) for m in ("source", "domains")]
        found.append(
            Score(
                method=method,
                title=title,
                target=curve.mean[place],
                spread=curve.spread[place] if curve.spread else None,
                source=others[0].mean[place] if others[0] else float("nan"),
                domains=others[1].mean[place] if others[1] else float("nan"),
                classical=method in adapting.CLASSICAL,
            )
        )
    if not found:
        raise UnsupportedError(f"Nothing has been measured for “{x}”.")
    return tuple(found)


@dataclass(frozen=True)
class Try:
    """A setting of DANN, or the source alone, after one training; one seed.

    Attributes:
        name: what differs from other tries.
        target: accuracy in per cent on what is held back of the target: nothing was chosen by it.
        source: likewise of the source.
        domains: error of a fresh domain classifier, in per cent.
        told: what its answers tell of the target's pictures, in nats.
        taken: whether it is what was measured over seeds.
        ruled: whether the rule that sees no label of the target would choose it.
        alone: whether the target took no part.
    """

    name: str
    target: float
    source: float
    domains: float
    told: float
    taken: bool
    ruled: bool
    alone: bool


def tries(result: "Result", pair: str) -> tuple[Try, ...]:
    """Return what was tried on a pair of `adaptation_photographs`, the most telling first.

    Raises:
        UnsupportedError: nothing was tried there.
    """
    from latentlab.experiments import adaptation_photographs, adaptation_tries

    domain = adaptation_photographs.PAIRS.get(pair, "")
    names = adaptation_tries.names(result, domain)
    if not names:
        raise UnsupportedError(f"Nothing has been tried for “{pair}”.")
    ruled = adaptation_tries.chosen(result, domain)
    curves = {m: curve for m in adaptation_tries.MEASURES if (curve := result.curve(m))}
    found = [
        Try(
            name,
            **{measure: curves[measure].mean[place] for measure in curves},
            taken=name == adaptation_photographs.TAKEN[domain],
            ruled=name == ruled,
            alone=adaptation_tries.TRIES[name][1].get("method") == "source",
        )
        for name, place in names.items()
    ]
    return tuple(sorted(found, key=lambda each: -each.told))


def tries_words(rows: Sequence[Try]) -> str:
    """Return what a rule without labels would choose, and what one would who knew them."""
    from latentlab.experiments import adaptation_tries, adapting_photographs

    short, long = adaptation_tries.STEPS, adapting_photographs.STEPS
    ruled = next(row for row in rows if row.ruled)
    best = max((row for row in rows if not row.alone), key=lambda row: row.target)
    said = (
        f"One seed each, {short:,} steps, read on digits that are held back; bold is the setting"
        f" that was measured over seeds, with {long:,} steps."
        " Of the settings that read the source as well as the best, to a point,"
        f" **{ruled.name}** tells most of the target’s pictures ({ruled.told:.2f} nats), so"
        f" it is what one would choose without labels: it reads {ruled.target:.1f} %."
    )
    if best is ruled:
        return f"{said} So would anybody who knew the labels."
    return f"{said} Who knew the labels would choose {best.name}: {best.target:.1f} %."


def verdict(rows: Sequence[Score]) -> str:
    """Return what a table of scores says: who adds how much, and whether more than seeds do."""
    by_method = {row.method: row for row in rows}
    oracle = by_method.get("oracle")
    # A gain is one over the better of those that know the source alone.
    source = max((by_method[m] for m in ("source", "plain") if m in by_method), key=_target)
    trained = max((by_method[m] for m in adapting.ADAPTED if m in by_method), key=_target)
    plain = max((row for row in rows if row.classical), key=_target)
    said = [
        f"{source.title}: **{source.target:.1f} %** of the target is read;"
        f" {trained.title} brings it to **{trained.target:.1f} %**, the best that trains nothing"
        f" ({plain.title}) to {plain.target:.1f} %."
    ]
    if 0 < trained.target - plain.target <= (trained.spread or 0) + (plain.spread or 0):
        said.append("Between these two, seeds differ as much.")
    if oracle is not None:
        said.append(f"With the target’s labels: {oracle.target:.1f} %.")
    worse = [row.title for row in rows if row.method in adapting.ADAPTED and _hurts(row, source)]
    if worse:
        said.append(f"**{' and '.join(worse)} hurts** here.")
    return " ".join(said)


def framing(framed: Sequence[Score], stretched: Sequence[Score]) -> str:
    """Return what framing alone is worth, beside all that methods reach without it."""
    plain = next(row for row in framed if row.method == "source")
    trained = [row for row in stretched if row.method in adapting.ADAPTED]
    best = max(trained, key=_target)
    if plain.target > best.target:
        return (
            f"Stretched, the best method ({best.title}) reaches {best.target:.1f} %: **to frame"
            f" digits as the source does is worth more than all of them** ({plain.target:.1f} %"
            " without any)."
        )
    return (
        f"Stretched, {best.title} reaches {best.target:.1f} %, more than framing alone"
        f" ({plain.target:.1f} %)."
    )


def wrong(result: "Result") -> str:
    """Return what alignment does where the classes moved.

    Raises:
        UnsupportedError: a method was not measured.
    """
    (even, _, _), (_, alone, _) = fall(result, "mmd"), fall(result, "source")
    _, aligned, domains_ = fall(result, "mmd")
    _, sure, _ = fall(result, "im")
    return (
        f"Equally frequent, **MMD** reads {even:.1f} %. Where all of the target shows 0 to 4, it"
        f" reads **{aligned:.1f} %**, though the domains look as much alike as before (a fresh"
        f" classifier errs on {domains_:.0f} %), and information maximisation {sure:.1f} %; the"
        f" network that was never adapted reads **{alone:.1f} %**. Aligned, and wrong."
    )


def _target(row: Score) -> float:
    return row.target


def _hurts(row: Score, source: Score) -> bool:
    """Whether a method is below the source alone by more than both spreads."""
    return row.target + (row.spread or 0) < source.target - (source.spread or 0)


def fall(result: "Result", method: str) -> tuple[float, float, float]:
    """Return accuracy at the smallest and the largest share, and the error of domains at the last.

    All in per cent.

    Raises:
        UnsupportedError: the method was not measured.
    """
    curve, domains_ = (
        result.curve(adapting.line_name(method, measure)) for measure in ("target", "domains")
    )
    if curve is None or domains_ is None:
        raise UnsupportedError(f"“{method}” has not been measured.")
    return curve.mean[0], curve.mean[-1], domains_.mean[-1]


# --- what browsers get, and what an address holds ------------------------------------------------

MAX_STEPS, MAX_MOVES = 6_000, 120


def told_target(plane: Plane) -> dict[str, Any]:
    """Return the target of a plane as JSON for browsers."""
    return {"angle": plane.angle, "share": plane.share}


def told_settings(plane: Plane) -> dict[str, Any]:
    """Return how a plane is learnt, as JSON for browsers."""
    told = asdict(plane)
    kept = {name: told[name] for name in told if name not in ("angle", "share")}
    return kept | {"length": MAX_STEPS}


def read_moves(text: str) -> tuple[tuple[int, int], ...]:
    """Return what "300x50.200x100" says: 300 steps with a strength of .50, then 200 with 1.

    Raises:
        ValueError: it says nothing of use, or too much of it.
    """
    if not text:
        return ()
    found = []
    for part in text.split("."):
        match = re.fullmatch(r"([1-9][0-9]{0,4})x([0-9]{1,3})", part)
        if match is None or int(match[2]) > 100:
            raise ValueError(text[:40])
        found.append((int(match[2]), int(match[1])))
    if len(found) > MAX_MOVES or sum(count for _, count in found) > MAX_STEPS:
        raise ValueError(text[:40])
    return tuple(found)


def titles() -> Mapping[str, str]:
    """Return what the methods that browsers train are called."""
    return {str(name): title for name, title in PLAYED.items()}
