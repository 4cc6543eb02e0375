"""What the Pretrain page says: who errs least with how many labels, and why one stack stands still.

    few, many = (experiments.load(name) for name in ("pretrain", "pretrain_many"))
    rows = compare(few, many, "2006", 100)         # what has to be beaten comes first
    verdict(rows, "2006", 100)                     # does pretraining help, and does it win?

Everything here reads what was measured; nothing is trained.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from latentlab.errors import UnsupportedError
from latentlab.experiments import Point
from latentlab.experiments import pretrain as experiment
from latentlab.experiments import pretrain_many as experiment_many
from latentlab.experiments import pretrain_moments as kept

if TYPE_CHECKING:
    from latentlab.experiments import Curve, Result

ERAS = experiment.ERAS
# In the order of the table: what has to be beaten comes first.
METHODS = {
    experiment.SVM: f"PCA({experiment.COMPONENTS}) + SVM",
    "scratch": "From nothing",
    "greedy": "Greedy",
    "denoising": "Greedy, denoising",
    "joint": "Deep autoencoder",
}
LABELS = (*experiment.LABELS, *experiment_many.LABELS)
PRETRAINED = ("greedy", "denoising", "joint")
LEARNT = 80.0  # % of errors above which a network has learnt nothing; guessing makes 90
# In the middle of a sentence.
INLINE = {
    "svm": f"PCA({experiment.COMPONENTS}) with an SVM",
    "scratch": "the stack from nothing",
    "greedy": "greedy pretraining",
    "denoising": "greedy denoising",
    "joint": "one deep autoencoder",
}


@dataclass(frozen=True)
class Published:
    """Errors in print, in per cent, by number of labels; of other networks than ours."""

    title: str
    source: str
    errors: tuple[tuple[int, float], ...]

    def error(self, labels: int) -> float | None:
        """Return the error at so many labels, if it was printed."""
        return dict(self.errors).get(labels)


# Rows of Kingma et al. 2014, table 1, and of Rasmus et al. 2015, table 1.
PUBLISHED = (
    Published("Plain network", "Rifai 2011", ((100, 25.8), (600, 11.4), (1000, 10.7), (3000, 6.0))),
    Published(
        "Contractive",
        "Rifai 2011",
        ((100, 13.5), (600, 6.3), (1000, 4.8), (3000, 3.2)),
    ),
    Published("Ladder", "Rasmus 2015", ((100, 1.06), (1000, 0.84))),
)


# --- over labels -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One method, with what it scored at one number of labels."""

    method: str
    title: str
    point: Point


def points(few: "Result", many: "Result | None", era: str, method: str) -> tuple[Point, ...]:
    """Return the curve of a method over all numbers of labels, out of both results."""
    name = experiment.line_name("any" if method == experiment.SVM else era, method)
    found = [point for result in (few, many) if result for point in result.points(name)]
    return tuple(sorted(found, key=lambda point: point.x))


def longer(few: "Result", era: str, labels: int) -> Point | None:
    """Return what the stack of 2006 scored from nothing with more time, where it was tried."""
    found = points(few, None, "2006", "longer") if era == "2006" else ()
    return next((point for point in found if point.x == labels), None)


def offered(few: "Result", many: "Result | None", era: str) -> tuple[int, ...]:
    """Return the numbers of labels with which the stacks of an era were measured."""
    return tuple(int(point.x) for point in points(few, many, era, "scratch"))


def compare(few: "Result", many: "Result | None", era: str, labels: int) -> tuple[Row, ...]:
    """Return what every method scored with so many labels, the baseline first.

    Raises:
        UnsupportedError: nothing was measured there.
    """
    rows = tuple(
        Row(method, title, point)
        for method, title in METHODS.items()
        for point in points(few, many, era, method)
        if point.x == labels
    )
    if {row.method for row in rows} < {"scratch", experiment.SVM} or len(rows) < 3:
        raise UnsupportedError(f"Nothing has been measured with {labels:,} labels.")
    return rows


@dataclass(frozen=True)
class Verdict:
    """What the numbers say.

    Attributes:
        pretraining: "helps", "hurts", or "within" the bands.
        winner: the method with the least error.
        sentence: both, in words.
    """

    pretraining: str
    winner: str
    sentence: str


def verdict(rows: Sequence[Row], era: str, labels: int) -> Verdict:
    """Return whether pretraining helps at this number of labels, and who wins.

    The best of the pretrained stacks is held against the one from nothing. It helps, or hurts,
    where their bands do not touch.
    """
    by_method = {row.method: row.point for row in rows}
    scratch = by_method["scratch"]
    method = min(
        (name for name in PRETRAINED if name in by_method), key=lambda name: by_method[name].mean
    )
    best = by_method[method]
    winner = min(by_method, key=lambda name: by_method[name].mean)
    when = "Trained as in 2006" if era == "2006" else "Trained as today"
    start = f"{when}, with {labels:,} labels:"
    numbers = f"{INLINE[method]} errs on {percent(best.mean)}"
    against = f"the stack from nothing on {percent(scratch.mean)}"
    if scratch.mean > LEARNT:
        against = f"the stack from nothing still guesses ({percent(scratch.mean)})"
    if not best.apart(scratch):
        outcome = "within"
        said = f"**pretraining changes nothing that draws do not**: {numbers}, {against}"
    elif best.mean < scratch.mean:
        outcome = "helps"
        said = f"**pretraining helps**: {numbers}, {against}"
    else:
        outcome = "hurts"
        said = f"**pretraining hurts**: {numbers}, {against}"
    machine = by_method[experiment.SVM]
    at = f"({percent(machine.mean)})"
    if winner == experiment.SVM:
        tail = f" {INLINE['svm']} {at} **beats them all**."
    elif not by_method[winner].apart(machine):
        tail = f" {INLINE['svm']} {at} is as good as the best network."
    else:
        tail = f" {INLINE['svm']} {at} is beaten."
    return Verdict(outcome, winner, f"{start} {said}.{tail}")


def percent(value: float) -> str:
    """Return an error in per cent as it stands in a sentence."""
    return f"{value:.1f} %" if value >= 10 else f"{value:.2f} %"


# --- tuned on the test split -----------------------------------------------------------------


@dataclass(frozen=True)
class Hindsight:
    """One error, made better and better by looking at the test split; in per cent.

    Attributes:
        honest: of the row that was fixed in advance, at the end of training, over all draws.
        moment: the same, stopped at each draw's best moment.
        row: the best of all rows at its best moment, for every draw.
        draw: of the best draw alone.
        fixed: the row that was fixed in advance.
        draws: how many there are.
    """

    honest: float
    moment: float
    row: float
    draw: float
    fixed: str
    draws: int

    @property
    def flattery(self) -> float:
        """By how many points the number looks better than it is."""
        return self.honest - self.draw


FIXED = "denoising"  # named before anything was measured: the best in Vincent 2010


def hindsight(few: "Result", era: str, labels: int) -> Hindsight:
    """Return what somebody reports who chooses moment, row and draw by the test split.

    Raises:
        UnsupportedError: this was not measured.
    """

    def column(method: str, measure: str) -> list[float]:
        curve: Curve | None = few.curve(experiment.line_name(era, method, measure))
        if curve is None or labels not in curve.x:
            raise UnsupportedError(f"Nothing was tuned on the test split with {labels:,} labels.")
        place = curve.x.index(labels)
        return [row[place] for row in curve.values]

    honest = column(FIXED, "error")
    moments = {method: column(method, "hindsight") for method in experiment.METHODS}
    best = [min(draw) for draw in zip(*moments.values(), strict=True)]
    return Hindsight(
        honest=sum(honest) / len(honest),
        moment=sum(moments[FIXED]) / len(honest),
        row=sum(best) / len(best),
        draw=min(best),
        fixed=FIXED,
        draws=len(honest),
    )


# --- three trainings, moment by moment -------------------------------------------------------


RUN_TITLES = (
    "2006, from nothing",
    "2006, greedy denoising first",
    "Today, from nothing",
)
STILL = 10.0  # by how much less a gradient moves a layer than the one above it, to say so


@dataclass(frozen=True)
class Words:
    """What is said of a moment: when it is, and what can be seen of all runs."""

    when: str
    seen: str
    alone: str  # what can be seen of the first run, where it is shown alone


def words(moments: kept.Moments, at: int) -> Words:
    """Return when the moment ``at`` is, and what the three runs show then."""
    when, epoch = _when(kept.MOMENTS[at]), kept.MOMENTS[at]
    old, greedy, today = range(len(kept.RUNS))
    drop = f"{drop_of_gradient(moments, old, at):,.0f} times weaker"
    if epoch == -3:
        return Words(
            when,
            "all filters are noise. The gradient that the stack of 2006 would get in its first"
            f" layer is {drop} than in its last.",
            f"all filters are noise, and the gradient of the first layer is {drop} than of the"
            " last.",
        )
    if epoch < 0:
        return Words(
            when,
            "the second stack learns without labels, one layer after another. The other two wait.",
            "this stack waits.",
        )
    if epoch == 0:
        return Words(
            when,
            "the second stack knows strokes, and has seen no label. The other two are as they "
            "were.",
            "this stack is as it was.",
        )
    errors = [error_at(moments, run, epoch) for run in (old, greedy, today)]
    still = "it stands still" if errors[old] > LEARNT else "it has got away"
    return Words(
        when,
        f"the stack of 2006 errs on {percent(errors[old])} from nothing ({still}; the gradient of "
        f"its first layer is {drop} than of its last), on {percent(errors[greedy])} after "
        f"pretraining. Today’s, from nothing: {percent(errors[today])}.",
        f"the stack of 2006 errs on {percent(errors[old])}: {still}. The gradient of its first "
        f"layer is {drop} than of its last.",
    )


def drop_of_gradient(moments: kept.Moments, run: int, at: int) -> float:
    """Return how many times weaker the gradient is in the first layer than in the last."""
    first, last = (moments.gradient(run, at, layer) for layer in (0, kept.LAYERS - 1))
    return last / max(first, 1e-12)


def error_at(moments: kept.Moments, run: int, epoch: float) -> float:
    """Return the test error of a run at an epoch, or at the last point before it."""
    places = [i for i, at in enumerate(moments.epochs) if at <= epoch + 1e-6]
    return float(moments.errors[run, places[-1]])


def _when(epoch: float) -> str:
    early = {
        -3.0: "Nothing is trained",
        -2.0: "The first layer is pretrained",
        -1.0: "The second layer is pretrained",
        0.0: "All layers are pretrained",
        0.1: "After a tenth of an epoch with labels",
        0.5: "After half an epoch with labels",
    }
    if epoch in early:
        return early[epoch]
    return f"After {epoch:g} epoch{'s' if epoch != 1 else ''} with labels"
