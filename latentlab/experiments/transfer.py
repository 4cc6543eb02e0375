"""Does what was learnt there help here? Test accuracy over labels a class, by pair of tasks.

A small network (`training.transfer`) learns a source task with all its labels. Then it is to learn
a target task from 1 to 100 labels a class: with its features frozen, fine-tuned, or probed first
and fine-tuned then; beside it the same network from scratch, frozen with random weights, and what a
network has to beat: PCA with nearest neighbours, and logistic regression on pixels. All methods get
the same draws of labels, and a smaller draw is part of a larger one. Settings are fixed in advance
and are the same for all pairs: nobody with 10 labels has more to choose by.

`transfer_depth` asks the same of every layer.
"""

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, NamedTuple

from latentlab.experiments import transfer_domains as domains
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.training.transfer import LayeredNetwork


class Pair(NamedTuple):
    """Where something is learnt, and where it is to help; names of `transfer_domains.DOMAINS`."""

    source: str
    target: str

    @property
    def name(self) -> str:
        """In names of lines and cells."""
        return f"{self.source}.{self.target}"

    @property
    def title(self) -> str:
        """Both tasks, in words."""
        return " → ".join(domains.DOMAINS[end].title for end in self)


PAIRS = (
    Pair("mnist", "fashion_mnist"),
    Pair("fashion_mnist", "mnist"),
    Pair("omniglot", "mnist"),
    Pair("mnist", "digits"),
    Pair("fashion_mnist", "kmnist"),
    Pair("omniglot", "kmnist"),
    Pair("hair_colour", "clothes_colour"),
    Pair("hair_colour", "beard"),
    Pair("hair_colour", "emoji"),
)
TARGETS = tuple(dict.fromkeys(pair.target for pair in PAIRS))
LABELS = (1, 3, 10, 30, 100)  # of each class
SOURCE_STEPS, SOURCE_BATCH = 800, 64
# Of the target, 32 pictures each: with few labels they are known by heart soon.
STEPS = {1: 60, 3: 60, 10: 100, 30: 120, 100: 200}
BUDGET = (
    f"{SOURCE_STEPS:,} steps of {SOURCE_BATCH} pictures for a source with all its labels, 60 to"
    " 200 steps of 32 for the target; one source network and one draw of labels a seed; 2,000 test"
    " pictures, or all where there are fewer"
)
QUICK_SOURCE_STEPS, QUICK_STEPS = 40, 10
QUICK_PAIRS, QUICK_LABELS = PAIRS[:1], (1, 10)

TRANSFERRED = {
    "frozen": "Frozen features",
    "tuned": "Fine-tuned",
    "probed": "Probed, then fine-tuned",
}
UNTAUGHT = {"scratch": "From scratch", "random": "Frozen, random"}
BASELINES = {"knn": "PCA and nearest neighbours", "pixels": "Logistic regression on pixels"}
METHODS = TRANSFERRED | UNTAUGHT | BASELINES
ACCURACY = Axis("test accuracy", "%")
COMPONENTS = 40  # of PCA, fitted to all training pictures of the target, without their labels
NEIGHBOURS = (1, 3, 5)  # one of which is chosen by leaving out one of the labelled pictures


def line_name(method: str, pair: Pair) -> str:
    """Return the name of a curve; without a transfer it belongs to the target alone."""
    return f"{method}.{pair.name if method in TRANSFERRED else pair.target}"


def _plan(quick: bool) -> tuple[Cell, ...]:
    pairs, budgets = (QUICK_PAIRS, QUICK_LABELS) if quick else (PAIRS, LABELS)
    cells: dict[str, Cell] = {}
    for pair in pairs:
        for method in METHODS:
            name = line_name(method, pair)
            points: tuple[tuple[str, X], ...] = tuple((name, n) for n in budgets)
            work = partial(_measure, method, pair, budgets)
            cells.setdefault(name, Cell(name, points, work))
    return tuple(cells.values())


def _lines() -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for pair in PAIRS:
        for method, label in METHODS.items():
            name = line_name(method, pair)
            group = pair.name if method in TRANSFERRED else pair.target
            lines.setdefault(
                name,
                Line(
                    name=name,
                    label=label,
                    group=group,
                    y=ACCURACY,
                    higher_is_better=True,
                    baseline=method in BASELINES,
                ),
            )
    return tuple(lines.values())


experiments.add(
    "transfer",
    Experiment(
        name="transfer",
        title="Does what was learnt there help here?",
        question="With few labels, is a network better that has learnt something else before, and"
        " is it better than one with random weights?",
        x=Axis("labels a class"),
        data=("mnist", "fashion_mnist", "toon_faces", "emoji"),
        lines=_lines(),
        plan=_plan,
        budget=BUDGET,
        quick_budget=f"{QUICK_SOURCE_STEPS} steps of the source, {QUICK_STEPS} of the target",
        seeds=5,
    ),
)


def _measure(method: str, pair: Pair, budgets: Sequence[int], seed: int, effort: Effort) -> Work:
    values = []
    for number, budget in enumerate(budgets):
        yield number / len(budgets)
        values.append(MEASURES[method](pair, budget, seed, effort))
    return values


def labelled(target: str, budget: int, seed: int, device: str) -> "tuple[Tensor, Tensor]":
    """Return ``budget`` training pictures of each class uint8 ``[N, C, H, W]``, and labels ``[N]``.

    A smaller draw of the same seed is part of a larger one.
    """
    import torch

    split = domains.load(target, "train", device)
    known = split.labels.cpu()
    order = torch.randperm(len(known), generator=rng_of(seed, 1))
    chosen = torch.cat([order[known[order] == c][:budget] for c in known.unique()])
    chosen = chosen.to(device)
    return split.x[chosen], split.labels[chosen]


@cache
def source_network(source: str, seed: int, quick: bool, device: str) -> "LayeredNetwork":
    """Return a network that has learnt a source with all its labels; never to be changed."""
    from latentlab.training import transfer

    domain = domains.DOMAINS[source]
    split = domains.load(source, "train", device)
    network = transfer.LayeredNetwork(domain.shape, domain.classes, rng_of(seed, 2)).to(device)
    steps = QUICK_SOURCE_STEPS if quick else SOURCE_STEPS
    rng = rng_of(seed, 3)
    for _ in transfer.train(network, split.x, split.labels, steps, rng, batch=SOURCE_BATCH):
        pass
    return network


@cache
def random_network(target: str, seed: int, device: str) -> "LayeredNetwork":
    """Return a network of the same shape that has learnt nothing; never to be changed."""
    from latentlab.training import transfer

    domain = domains.DOMAINS[target]
    return transfer.LayeredNetwork(domain.shape, domain.classes, rng_of(seed, 4)).to(device)


def trained(
    base: "LayeredNetwork",
    target: str,
    budget: int,
    seed: int,
    effort: Effort,
    *,
    copied: int,
    frozen: int = 0,
    probe: bool = False,
) -> "LayeredNetwork":
    """Return a network that learns the target from ``budget`` labels a class.

    Args:
        base: whose first layers it gets.
        target: what it learns.
        budget: labels a class.
        seed: of the draw of labels, of what is new in it and of the order.
        effort: where, and how long.
        copied: how many layers it gets.
        frozen: how many of them stay as they are.
        probe: whether the head begins as logistic regression on the features.
    """
    import torch

    from latentlab.training import transfer

    x, labels = labelled(target, budget, seed, effort.device)
    network = base.copied(copied, domains.DOMAINS[target].classes, rng_of(seed, 5))
    if probe:
        given = transfer.features(base, x).cpu().numpy()
        weight, bias = transfer.Probe(given, labels.cpu().numpy()).head()
        with torch.no_grad():
            network.head.weight.copy_(weight)
            network.head.bias.copy_(bias)
    steps = QUICK_STEPS if effort.quick else STEPS[budget]
    for _ in transfer.train(network, x, labels, steps, rng_of(seed, 6), frozen=frozen):
        pass
    return network


def tested(network: "LayeredNetwork", target: str, device: str) -> float:
    """Return the share of a target's test split that is classified right, in per cent."""
    from latentlab.training import transfer

    test = domains.load(target, "test", device)
    return transfer.accuracy(network, test.x, test.labels)


@cache
def scratch(target: str, budget: int, seed: int, effort: Effort) -> float:
    """Return the test accuracy of a network that learns the target alone, in per cent."""
    base = random_network(target, seed, effort.device)
    return tested(trained(base, target, budget, seed, effort, copied=0), target, effort.device)


def _probed_features(
    base: "LayeredNetwork", pair: Pair, budget: int, seed: int, device: str
) -> float:
    from latentlab.training import transfer

    x, labels = labelled(pair.target, budget, seed, device)
    test = domains.load(pair.target, "test", device)
    probe = transfer.Probe(transfer.features(base, x).cpu().numpy(), labels.cpu().numpy())
    return probe.accuracy(transfer.features(base, test.x).cpu().numpy(), test.labels.cpu().numpy())


def _frozen(pair: Pair, budget: int, seed: int, effort: Effort) -> float:
    base = source_network(pair.source, seed, effort.quick, effort.device)
    return _probed_features(base, pair, budget, seed, effort.device)


def _random(pair: Pair, budget: int, seed: int, effort: Effort) -> float:
    base = random_network(pair.target, seed, effort.device)
    return _probed_features(base, pair, budget, seed, effort.device)


def _tuned(pair: Pair, budget: int, seed: int, effort: Effort, probe: bool = False) -> float:
    from latentlab.training.transfer import LAYERS

    base = source_network(pair.source, seed, effort.quick, effort.device)
    made = trained(base, pair.target, budget, seed, effort, copied=LAYERS, probe=probe)
    return tested(made, pair.target, effort.device)


def _scratch(pair: Pair, budget: int, seed: int, effort: Effort) -> float:
    return scratch(pair.target, budget, seed, plain(effort))


def plain(effort: Effort) -> Effort:
    """Return the effort without its folder, which differs from cell to cell."""
    return Effort(quick=effort.quick, device=effort.device)


@cache
def _components(target: str) -> "PrincipalComponents":
    """Return the principal components of a target's training pictures."""
    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.training import transfer

    return PrincipalComponents.fit(transfer.pixels(domains.load(target, "train").x), COMPONENTS)


def _knn(pair: Pair, budget: int, seed: int, effort: Effort) -> float:
    from sklearn.neighbors import KNeighborsClassifier

    from latentlab.training import transfer

    x, labels = labelled(pair.target, budget, seed, "cpu")
    test = domains.load(pair.target, "test")
    components = _components(pair.target)
    codes, tested_codes = (components.encode(transfer.pixels(part)).numpy() for part in (x, test.x))
    known, best, most = labels.numpy(), 1, -1.0
    for k in NEIGHBOURS if budget > 1 else ():
        # Asked for no pictures in particular, it classifies those it knows, each by the others.
        right = float(KNeighborsClassifier(k).fit(codes, known).score(None, known))
        if right > most:
            best, most = k, right
    found = KNeighborsClassifier(best).fit(codes, known).predict(tested_codes)
    return 100 * float((found == test.labels.numpy()).mean())


def _pixels(pair: Pair, budget: int, seed: int, effort: Effort) -> float:
    from latentlab.training import transfer

    x, labels = labelled(pair.target, budget, seed, "cpu")
    test = domains.load(pair.target, "test")
    flat = [transfer.pixels(part).flatten(1).numpy() for part in (x, test.x)]
    return transfer.Probe(flat[0], labels.numpy()).accuracy(flat[1], test.labels.numpy())


MEASURES: dict[str, Callable[[Pair, int, int, Effort], float]] = {
    "frozen": _frozen,
    "tuned": _tuned,
    "probed": partial(_tuned, probe=True),
    "scratch": _scratch,
    "random": _random,
    "knn": _knn,
    "pixels": _pixels,
}


def rng_of(seed: int, purpose: int) -> "Generator":
    """Return a source of chance of its own for every seed and purpose."""
    import torch

    return torch.Generator().manual_seed(1000 * (seed + 1) + purpose)
