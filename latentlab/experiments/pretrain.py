"""Layer by layer, or all at once? Test error of a stack of layers over the number of labels.

The stack 784-256-128-64-10, built and trained as in 2006 and as today (`training.pretraining`),
from nothing and after three ways of pretraining on the pictures without their labels; beside it an
RBF support vector machine on 40 principal components. Settings were fixed in advance and are the
same for every number of labels: with 100 labels nobody has 10,000 more to choose by. What one would
report who did choose by the test split is measured too, as “hindsight”.

Draws of labels are balanced, the same for every method, and a smaller one is part of a larger one.
"""

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from latentlab.training.pretraining import Stack, Step

DATA = "mnist"
LABELS = (100, 300, 1_000, 3_000)
# Passes over the labelled pictures: enough that few of them are known by heart.
EPOCHS = {100: 120, 300: 40, 1_000: 15, 3_000: 6, 10_000: 3, 60_000: 2}
# For each of three layers, or for all together: every weight gets as many steps.
PRETRAINING_EPOCHS = 2
# The stack of 2006 learns nothing in the time that the others need. Where it could be expected to
# in reasonable time, it also gets this much more.
LONGER, LONGER_LABELS = 10, (100,)
PRETRAININGS = 2  # that differ in their seed; the draws take turns
COMPONENTS, COST = 40, 10.0  # of PCA; of the support vector machine
# Where the hindsight looks: shares of the fine-tuning. The last one is the honest one.
MOMENTS = (1 / 4, 1 / 2, 1.0)
QUICK_LABELS, QUICK_PICTURES = (100,), 1_000

ERAS = {"2006": "2006", "today": "Today"}
METHODS = {
    "scratch": "From nothing",
    "greedy": "Greedy autoencoders",
    "denoising": "Greedy denoising autoencoders",
    "joint": "One deep autoencoder",
}
SVM, SVM_TITLE = "svm", f"PCA({COMPONENTS}) and RBF SVM"
LONGER_TITLE = "From nothing, ten times as long"
ERROR = Axis("test error", "%")


def line_name(era: str, method: str, measure: str = "error") -> str:
    """Return the name of a curve; ``measure`` is “error” or “hindsight”."""
    return f"{era}.{method}.{measure}"


def _line(era: str, method: str, title: str, measure: str = "error") -> Line:
    return Line(
        name=line_name(era, method, measure),
        label=title,
        group=f"{era}.{measure}",
        y=ERROR,
        higher_is_better=False,
        baseline=method == SVM,
    )


def lines(hindsight: bool, eras: Sequence[str] = tuple(ERAS)) -> tuple[Line, ...]:
    """Return what is measured in these eras; the support vector machine knows none."""
    found = [_line("any", SVM, SVM_TITLE)]
    for era in eras:
        for method, title in METHODS.items():
            found.append(_line(era, method, title))
            if hindsight:
                found.append(_line(era, method, title, "hindsight"))
    return tuple(found)


def cells(
    budgets: Sequence[int], hindsight: bool, eras: Sequence[str] = tuple(ERAS)
) -> tuple[Cell, ...]:
    """Return the cells of these numbers of labels, one for every way of training."""
    points: list[tuple[str, X]] = [(line_name("any", SVM), n) for n in budgets]
    found = [Cell(SVM, tuple(points), partial(_svm, tuple(budgets)))]
    for era in eras:
        for method in METHODS:
            measures = ("error", "hindsight") if hindsight else ("error",)
            places = [(line_name(era, method, m), n) for n in budgets for m in measures]
            work = partial(_network, era, method, tuple(budgets), hindsight)
            found.append(Cell(f"{era}.{method}", tuple(places), work))
    return tuple(found)


def _plan(quick: bool) -> tuple[Cell, ...]:
    if quick:
        return cells(QUICK_LABELS, hindsight=True)
    points = [(line_name("2006", "longer"), n) for n in LONGER_LABELS]
    work = partial(_network, "2006", "scratch", LONGER_LABELS, False, longer=LONGER)
    return *cells(LABELS, hindsight=True), Cell("2006.longer", tuple(points), work)


experiments.add(
    "pretrain",
    Experiment(
        name="pretrain",
        title="Layer by layer, or all at once?",
        question="With few labels, does it help to prepare each layer without them first, and does"
        " it still help today?",
        x=Axis("labelled pictures"),
        data=(DATA,),
        lines=(*lines(hindsight=True), _line("2006", "longer", LONGER_TITLE)),
        plan=_plan,
        budget="2 epochs of pretraining a layer, or for all at once, on all 60,000 pictures without"
        " labels, 2 seeds that all draws of labels share; 120 to 6 epochs with labels",
        quick_budget="1 epoch on 1,000 pictures, then 5 epochs with labels",
        seeds=10,
    ),
)


def _network(
    era: str,
    method: str,
    budgets: Sequence[int],
    hindsight: bool,
    seed: int,
    effort: Effort,
    longer: int = 1,
) -> Work:
    from latentlab.training import pretraining

    train, known = pictures_of("train")
    test = pictures_of("test")
    if method != "scratch":
        yield 0.0
    prepared = _prepared(era, method, seed % PRETRAININGS, effort.quick)
    values: list[float] = []
    for number, budget in enumerate(budgets):
        stack = pretraining.Stack(pretraining.ERAS[era], rng_of(seed, 0))
        for layer, state in zip(stack.linears, prepared, strict=False):
            layer.load_state_dict(state)
        chosen = pretraining.balanced(known, budget, rng_of(seed, 1))
        x, labels = train[chosen], known[chosen]
        epochs = 5 if effort.quick else EPOCHS[budget] * longer
        errors: list[float] = []
        for step in pretraining.fine_tune(stack, x, labels, epochs, rng_of(seed, 2)):
            yield (number + step.done) / (len(budgets) + 1)
            if step.done == 1 or (hindsight and step.done >= MOMENTS[len(errors)]):
                errors.append(pretraining.error_rate(stack, *test))
        values.append(errors[-1])
        if hindsight:
            values.append(min(errors))
    return values


@cache
def _prepared(era: str, method: str, seed: int, quick: bool) -> "list[dict[str, Tensor]]":
    """Return the hidden layers after pretraining; none where there is none."""
    from latentlab.training import pretraining

    stack = pretraining.Stack(pretraining.ERAS[era], rng_of(seed, 3))
    pictures, _ = pictures_of("train")
    epochs = PRETRAINING_EPOCHS
    if quick:
        pictures, epochs = pictures[:QUICK_PICTURES], 1
    for _ in pretrain(stack, method, pictures, epochs, seed):
        pass
    return [] if method == "scratch" else [layer.state_dict() for layer in stack.linears[:-1]]


def pretrain(
    stack: "Stack", method: str, pictures: "Tensor", epochs: int, seed: int
) -> "Iterator[Step]":
    """Pretrain a stack by one of the `METHODS`; nothing happens “from nothing”."""
    from latentlab.training import pretraining

    rng = rng_of(seed, 4)
    if method == "joint":
        yield from pretraining.joint(stack, pictures, epochs, rng)
    elif method in ("greedy", "denoising"):
        noise = pretraining.NOISE if method == "denoising" else 0.0
        yield from pretraining.greedy(stack, pictures, epochs, rng, noise)


def _svm(budgets: Sequence[int], seed: int, effort: Effort) -> Work:
    values = []
    for number, budget in enumerate(budgets):
        yield number / len(budgets)
        # All labels are the same for every seed, and take a minute.
        values.append(_svm_error(budget, 0 if budget >= len(pictures_of("train")[1]) else seed))
    return values


@cache
def _svm_error(budget: int, seed: int) -> float:
    from sklearn.svm import SVC

    from latentlab.training import pretraining

    train, known = _codes("train")
    test, truth = _codes("test")
    chosen = pretraining.balanced(known, budget, rng_of(seed, 1))
    machine = SVC(C=COST, gamma="scale").fit(train[chosen].numpy(), known[chosen].numpy())
    return 100 * float((machine.predict(test.numpy()) != truth.numpy()).mean())


@cache
def _codes(split: str) -> "tuple[Tensor, Tensor]":
    """Return the first principal components of a split's pictures, and their labels."""
    from latentlab.data import datasets
    from latentlab.evaluation.shared import principal_components

    pictures, labels = pictures_of(split)
    shape = datasets.get(DATA).image_shape
    return principal_components(DATA, COMPONENTS).encode(pictures.unflatten(1, shape)), labels


@cache
def pictures_of(split: str) -> "tuple[Tensor, Tensor]":
    """Return the pictures of a split as ``[N, D]``, and their labels."""
    import torch

    from latentlab.data import datasets

    images = datasets.get(DATA).load(split)  # type: ignore[arg-type]
    return images.tensor().flatten(1), torch.from_numpy(images.labels).long()


def rng_of(seed: int, purpose: int) -> "Generator":
    """Return a source of chance of its own for every seed and purpose."""
    import torch

    return torch.Generator().manual_seed(1000 * (seed + 1) + purpose)
