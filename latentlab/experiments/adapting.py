"""What the experiments on domain adaptation share: networks, meters and the rehearsal.

A network that was taught one domain is the beginning of everything that starts or ends there, and
is trained once for a seed. The strength of each method is found on a *rehearsal*, a pair of domains
that is never reported: MNIST's own digits against others of them, stretched over the picture.
"""

from collections.abc import Generator, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar, cast

from latentlab.experiments.base import Axis, Effort, Line

if TYPE_CHECKING:
    from torch import Generator as Chance
    from torch import Tensor

    from latentlab.training.adaptation import Labelled, LeNet

METHODS = {
    "source": "Source only",
    "plain": "Source only, no batch norm",
    "statistics": "Batch norm of the target",
    "pixels": "Pixels standardised",
    "features": "Features standardised",
    "coral": "CORAL",
    "mmd": "MMD",
    "dann": "DANN",
    "drcn": "Shared autoencoder",
    "im": "Information maximisation",
    "oracle": "With the target’s labels",
}
CLASSICAL = ("statistics", "pixels", "features", "coral")  # nothing is trained for these
ADAPTED = ("mmd", "dann", "drcn", "im")
MEASURES = {
    "target": Axis("accuracy on the target", "%"),
    "source": Axis("accuracy on the source", "%"),
    "domains": Axis("error of a fresh domain classifier", "%"),
}
STEPS, REHEARSED, QUICK_STEPS = 1_200, 800, 20
QUICK_PICTURES = 1_000
HELD = 10_000  # of MNIST's training digits: the rehearsal's target
JUDGED = 2_000  # of these, with labels: by them the strength is chosen

Ended = TypeVar("Ended")
Meters = tuple[float, float, float]  # accuracy on target and source, error of domains; in %


def line_name(method: str, measure: str = "target") -> str:
    """Return the name of a curve."""
    return f"{method}.{measure}"


def steps_of(effort: Effort) -> int:
    """Return how many steps each training has."""
    return QUICK_STEPS if effort.quick else STEPS


# --- networks ------------------------------------------------------------------------------------

_networks: "dict[tuple[str, int, int, bool, str], LeNet]" = {}


def taught(domain: str, seed: int, effort: Effort) -> "Generator[float, None, LeNet]":
    """Train on a domain with labels, once for all pairs that begin or end there."""
    from latentlab.training import adaptation as training

    steps = steps_of(effort)
    key = (domain, seed, steps, effort.quick, effort.device)
    if key not in _networks:
        rng = rng_of(seed, 0)
        network = training.LeNet(rng).to(effort.device)
        data = labelled(domain, "train", effort)
        yield from training.train(network, data, data.x, steps, rng)
        _networks[key] = network
    return _networks[key]


def adapted(
    method: str, network: "LeNet", source: "Labelled", target: "Tensor", seed: int, effort: Effort
) -> "Generator[float, None, LeNet]":
    """Train a copy of a network to read the target, as strongly as was best in the rehearsal."""
    from latentlab.training import adaptation as training

    strength = yield from strengths(seed, effort)
    made = training.copied(network)
    rng = rng_of(seed, 1)
    yield from training.adapt(method, made, source, target, steps_of(effort), strength[method], rng)
    return made


def labelled(domain: str, split: str, effort: Effort) -> "Labelled":
    """Return a domain's pictures on the device; in a quick run, the first ones.

    Raises:
        DataError: they are not on this machine.
    """
    return _labelled(domain, split, effort.quick, effort.device)


@cache
def _labelled(domain: str, split: str, quick: bool, device: str) -> "Labelled":
    import torch

    from latentlab.adaptation.domains import domains
    from latentlab.training.adaptation import Labelled

    found = domains.get(domain).load(split)  # type: ignore[arg-type]
    count = QUICK_PICTURES if quick else len(found)
    x = torch.from_numpy(found.pictures[:count])[:, None].float().div_(255)
    return Labelled(x, torch.from_numpy(found.labels[:count])).to(device)


def values(found: dict[str, Meters], lines: Sequence[Line]) -> list[float]:
    """Return of every method's meters what the lines ask for."""
    places = {measure: place for place, measure in enumerate(MEASURES)}
    return [found[line.name.split(".")[0]][places[line.group]] for line in lines]


def rng_of(seed: int, purpose: int) -> "Chance":
    """Return a source of chance of its own for every seed and purpose."""
    import torch

    return torch.Generator().manual_seed(1000 * (seed + 1) + purpose)


# --- the rehearsal -------------------------------------------------------------------------------

_rehearsals: "dict[tuple[int, bool, str], dict[str, dict[float, float]]]" = {}


def rehearse(seed: int, effort: Effort) -> Generator[float, None, dict[str, dict[float, float]]]:
    """Return how well each method reads the rehearsal's target, in %, by its strength."""
    from latentlab.training import adaptation as training

    key = (seed, effort.quick, effort.device)
    if key in _rehearsals:
        return _rehearsals[key]
    source, target, judged = _rehearsal(effort.quick, effort.device)
    steps = QUICK_STEPS if effort.quick else REHEARSED
    parts = 1 + sum(map(len, training.STRENGTHS.values()))
    rng = rng_of(seed, 4)
    network = training.LeNet(rng).to(effort.device)
    yield from shares(training.train(network, source, source.x, steps, rng), 0, parts)
    found: dict[str, dict[float, float]] = {}
    part = 0
    for method, known in training.STRENGTHS.items():
        found[method] = {}
        for strength in known:
            part += 1
            made = training.copied(network)
            rng = rng_of(seed, 5)
            work = training.adapt(method, made, source, target, steps, strength, rng)
            yield from shares(work, part, parts)
            scores = made.head(training.features_of(made, judged.x))
            found[method][strength] = training.accuracy(scores.detach(), judged.labels)
    _rehearsals[key] = found
    return found


def strengths(seed: int, effort: Effort) -> Generator[float, None, dict[str, float]]:
    """Return the best strength of every method; the weakest where several are as good."""
    found = yield from rehearse(seed, effort)
    return {
        method: max(sorted(by_strength), key=lambda strength: by_strength[strength])
        for method, by_strength in found.items()
    }


@cache
def _rehearsal(quick: bool, device: str) -> "tuple[Labelled, Tensor, Labelled]":
    """Return the source with labels, the target without, and the part of it that judges."""
    import torch

    from latentlab.adaptation import domains
    from latentlab.training.adaptation import Labelled

    digits = domains.domains.get("mnist").load("train")
    first, last = (digits.pictures[:-HELD], digits.pictures[-HELD:])
    margin = (domains.SIDE - domains.INNER) // 2
    inner = last[:, margin:-margin, margin:-margin] / 255
    # As coarse as USPS, then as large as a picture.
    coarse = domains.fit(inner, 16)[:, 6:-6, 6:-6] / 255
    last = domains.fit(coarse, domains.SIDE)
    if quick:
        first, last = first[:QUICK_PICTURES], last[-2 * JUDGED :]
    ours, theirs = (torch.from_numpy(x)[:, None].float().div_(255) for x in (first, last))
    labels = torch.from_numpy(digits.labels)
    judged = Labelled(theirs[-JUDGED:], labels[-JUDGED:]).to(device)
    return (
        Labelled(ours, labels[: len(ours)]).to(device),
        theirs[:-JUDGED].to(device),
        judged,
    )


# --- meters --------------------------------------------------------------------------------------


def measure(network: "LeNet", tests: "tuple[Labelled, Labelled]", seed: int) -> Meters:
    """Return accuracy on the target, on the source, and the error of telling them apart, in %."""
    from latentlab.training import adaptation as training

    clouds = [training.features_of(network, test.x) for test in tests]
    scores = [network.head(cloud).detach() for cloud in clouds]
    return meters(scores, clouds, tests, seed)


def classical(
    network: "LeNet",
    source: "Labelled",
    target: "Tensor",
    tests: "tuple[Labelled, Labelled]",
    seed: int,
) -> dict[str, Meters]:
    """Return the meters of what adapts without training a network.

    Args:
        network: trained on the source.
        source: the training split, with labels.
        target: pictures of the target's training split; its statistics are taken of these.
        tests: source and target.
        seed: of the meters.
    """
    from latentlab.training import adaptation as training

    found = {}
    # Pixels: mean and deviation over all pixels of the target become those of the source.
    moved = training.restyled(tests[1].x, target, source.x)
    clouds = [training.features_of(network, x) for x in (tests[0].x, moved)]
    scores = [network.head(cloud).detach() for cloud in clouds]
    found["pixels"] = meters(scores, clouds, tests, seed)
    # Features: likewise for each of them.
    ours, theirs = training.features_of(network, source.x), training.features_of(network, target)
    clouds = [training.features_of(network, test.x) for test in tests]
    moved = training.standardised(clouds[1], theirs, ours)
    scores = [network.head(cloud).detach() for cloud in (clouds[0], moved)]
    found["features"] = meters(scores, [clouds[0], moved], tests, seed)
    moved = training.coral(clouds[1], theirs, ours)
    scores = [network.head(cloud).detach() for cloud in (clouds[0], moved)]
    found["coral"] = meters(scores, [clouds[0], moved], tests, seed)
    return found


def meters(
    scores: "list[Tensor]", clouds: "list[Tensor]", tests: "tuple[Labelled, Labelled]", seed: int
) -> Meters:
    """Return the meters of what has been read.

    Args:
        scores: ``[N, 10]`` of the source's test pictures and of the target's.
        clouds: features ``[N, D]`` of them.
        tests: both, with labels.
        seed: of the meters.
    """
    import numpy as np

    from latentlab.adaptation import meter
    from latentlab.training import adaptation as training

    of_source, of_target = (
        training.accuracy(said, test.labels) for said, test in zip(scores, tests, strict=True)
    )
    ours, theirs = (cloud.cpu().numpy() for cloud in clouds)
    error = meter.domain_error(ours, theirs, np.random.default_rng(seed))
    return of_target, of_source, 100 * error


def shares(
    work: Generator[float, None, Ended], part: int, parts: int
) -> Generator[float, None, Ended]:
    """Pass on the share that is done of one part of ``parts + 1``; return what the part returns."""
    while True:
        try:
            share = next(work)
        except StopIteration as end:
            return cast("Ended", end.value)
        yield (part + share) / (parts + 1)
