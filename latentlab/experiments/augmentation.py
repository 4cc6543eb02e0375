"""More training pictures: deformed ones, or invented ones? Test error over the number of labels.

One classifier, the same number of steps on every arm: on the labelled pictures alone; deformed as
is usual (`baselines.augmentation`); half of each batch drawn from a Gaussian a class, or from a
conditional GAN, both of which have seen the same labelled pictures and no others; and both the
GAN's and deformed. Settings were fixed in advance: with a hundred labels nobody has more to choose
by. The GAN's critic sees everything through the same deformation that the classical arm uses, so
the GAN gets all that arm gets.
"""

from collections.abc import Generator
from functools import cache, partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.data import Images
    from latentlab.training.augmented import Arm, Invent

DATA = {"mnist": "MNIST", "fashion_mnist": "Fashion-MNIST"}
LABELS = (100, 1_000)
STEPS = 400
# Of a smaller GAN than the one that ships, since twenty are trained.
GAN_STEPS, GAN_BATCH, GAN_CHANNELS, CRITIC_CHANNELS = 1_500, 32, (16, 32), (16, 32, 64)
QUICK_STEPS = 20
JUDGED = 2_000  # invented pictures whose class the data set's own classifier names
RECIPE = "conditional_gan.mnist_1000"  # from which those of the experiment are made

ARMS = {
    "nothing": "The labelled pictures alone",
    "classical": "Deformed: moved, turned, bent",
    "gaussian": "and samples of a Gaussian a class",
    "gan": "and samples of a conditional GAN",
    "both": "and samples of the GAN, all deformed",
}
GENERATORS = {"gaussian": "Gaussian a class", "gan": "Conditional GAN"}
ERROR = Axis("test error", "%")
HITS = Axis("samples that the classifier gives the class asked for", "%")


def error_line(data: str, arm: str) -> str:
    """Return the name of the curve of test errors."""
    return f"{data}.{arm}.error"


def hits_line(data: str, generator: str) -> str:
    """Return the name of the curve that says how many samples are of the class asked for."""
    return f"{data}.{generator}.hits"


def _lines() -> tuple[Line, ...]:
    found = []
    for data in DATA:
        for arm, label in ARMS.items():
            found.append(
                Line(
                    name=error_line(data, arm),
                    label=label,
                    group=f"{data}.error",
                    y=ERROR,
                    higher_is_better=False,
                    baseline=arm == "classical",
                )
            )
        for generator, label in GENERATORS.items():
            found.append(
                Line(
                    name=hits_line(data, generator),
                    label=label,
                    group=f"{data}.hits",
                    y=HITS,
                    higher_is_better=True,
                    baseline=generator == "gaussian",
                )
            )
    return tuple(found)


def _plan(quick: bool) -> tuple[Cell, ...]:
    found = []
    for data in DATA:
        for budget in LABELS[:1] if quick else LABELS:
            for name, arms in (
                ("plain", ("nothing", "classical")),
                ("gaussian", ("gaussian",)),
                ("gan", ("gan", "both")),
            ):
                points = [(error_line(data, arm), budget) for arm in arms]
                if name in GENERATORS:
                    points.append((hits_line(data, name), budget))
                work = partial(_measure, data, budget, name, arms)
                found.append(Cell(f"{data}.{budget}.{name}", tuple(points), work))
    return tuple(found)


experiments.add(
    "augmentation",
    Experiment(
        name="augmentation",
        title="More training pictures: deformed ones, or invented ones?",
        question="With few labelled pictures, do samples of a conditional GAN that has seen no"
        " others help a classifier more than deforming the pictures does?",
        x=Axis("labelled pictures"),
        data=tuple(DATA),
        lines=_lines(),
        plan=_plan,
        budget="400 steps of 64 pictures for the classifier of every arm; 1,500 steps of 32 for the"
        " GAN, on the same labelled pictures",
        quick_budget="20 steps, 20 for the GAN",
        seeds=5,
    ),
)


def _measure(
    data: str, budget: int, name: str, arms: tuple[str, ...], seed: int, effort: Effort
) -> Work:
    import torch

    from latentlab.baselines.augmentation import CLASSICAL
    from latentlab.data import datasets
    from latentlab.training import augmented

    known = _few(data, budget, seed)
    x = known.tensor().to(effort.device)
    labels = torch.from_numpy(known.labels).to(effort.device)
    classes = len(datasets.get(data).class_names)
    invent: Invent | None = None
    if name == "gaussian":
        invent = _gaussian(x, labels, classes)
    elif name == "gan":
        invent = yield from _gan(data, budget, seed, effort)
    chosen = {
        "nothing": augmented.Arm(),
        "classical": augmented.Arm(deform=CLASSICAL[data]),
        "gaussian": augmented.Arm(invent=invent),
        "gan": augmented.Arm(invent=invent),
        "both": augmented.Arm(deform=CLASSICAL[data], invent=invent),
    }
    values = []
    for arm in arms:
        values.append((yield from _error(data, x, labels, chosen[arm], seed, effort)))
    if invent is not None:
        values.append(_hits(data, invent, classes, seed, effort))
    return values


def _error(
    data: str, x: "Tensor", labels: "Tensor", arm: "Arm", seed: int, effort: Effort
) -> Generator[float, None, float]:
    from latentlab.training import augmented

    test, truth = _test(data, effort.device)
    classes = int(truth.max()) + 1
    steps = QUICK_STEPS if effort.quick else STEPS
    work = augmented.train(x, labels, classes, arm, steps, seed)
    network = next(work)
    for done, _ in enumerate(work):  # the same network, one step further
        yield 0.5 + done / steps / 2
    return augmented.error_rate(network, test, truth)


def _gaussian(x: "Tensor", labels: "Tensor", classes: int) -> "Invent":
    from latentlab.baselines.class_gaussians import ClassGaussians

    return ClassGaussians.fit(x, labels, classes).sample


def _gan(data: str, budget: int, seed: int, effort: Effort) -> Generator[float, None, "Invent"]:
    from dataclasses import replace

    from latentlab.baselines.augmentation import CLASSICAL
    from latentlab.experiments.networks import obtain
    from latentlab.models import ConditionalGAN
    from latentlab.models.images.conditional_gan import ConditionalGANConfig
    from latentlab.training.objectives import ConditionalAdversarial
    from latentlab.training.recipes import recipes

    base = recipes.get(RECIPE)
    assert isinstance(base.objective, ConditionalAdversarial)
    assert isinstance(base.config, ConditionalGANConfig)
    recipe = replace(
        base,
        name=f"{base.family}.{data}_{budget}",
        data=data,
        labels=budget,
        batch_size=GAN_BATCH,
        epochs=GAN_STEPS // max(1, budget // GAN_BATCH),
        config=replace(base.config, pictures=budget, channels=GAN_CHANNELS),
        objective=replace(
            base.objective, seen_through=CLASSICAL[data], critic_channels=CRITIC_CHANNELS
        ),
    )
    quick = QUICK_STEPS // max(1, budget // GAN_BATCH)
    share = obtain(recipe, seed, effort, max(1, quick))
    network = yield from share
    assert isinstance(network, ConditionalGAN)
    return network.to(effort.device).sample


def _hits(data: str, invent: "Invent", classes: int, seed: int, effort: Effort) -> float:
    import torch

    from latentlab.evaluation.shared import classifier_of

    labels = torch.arange(JUDGED, device=effort.device) % classes
    rng = torch.Generator().manual_seed(seed)
    judge = classifier_of(data).to(effort.device)
    with torch.inference_mode():
        guesses = [judge.logits(invent(part, rng)).argmax(1) for part in labels.split(JUDGED // 4)]
        return 100 * (torch.cat(guesses) == labels).float().mean().item()


def _few(data: str, budget: int, seed: int) -> "Images":
    from latentlab.data import datasets
    from latentlab.data.few import few_of

    return few_of(datasets.get(data).load("train"), budget, seed)


@cache
def _test(data: str, device: str) -> "tuple[Tensor, Tensor]":
    """Return the test pictures ``[N, C, H, W]`` and their labels, on a device."""
    import torch

    from latentlab.data import datasets

    images = datasets.get(data).load("test")
    return images.tensor().to(device), torch.from_numpy(images.labels).to(device)
