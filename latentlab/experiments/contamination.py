"""What if some of the training pictures do not belong? Two classes of MNIST, up to one in five.

The networks are those of the study “anomaly”, trained on as many pictures at every share: other
digits, the same number of each, take the places of normal ones. PCA sees the same pictures.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.anomaly import AREA, BATCH, area
from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

DATA = "mnist"
CLASSES = (4, 8)
SHARES = (0, 5, 10, 20)
QUICK_SHARES, QUICK_EPOCHS = (0, 20), 1
METHODS = {
    "pca": "PCA, 16 components",
    "pca_smoothed": "PCA, smoothed error",
    "ae": "Autoencoder",
    "ae_smoothed": "Autoencoder, smoothed error",
}


def line_name(method: str, normal: int) -> str:
    """Return the name of a curve over the shares."""
    return f"{method}.{DATA}_{normal}"


def _plan(quick: bool) -> tuple[Cell, ...]:
    cells = []
    for normal in CLASSES:
        for percent in QUICK_SHARES if quick else SHARES:
            for kind, measure in (("pca", _linear), ("ae", _network)):
                points = tuple((line_name(m, normal), percent) for m in (kind, f"{kind}_smoothed"))
                name = f"{kind}.{DATA}_{normal}_{percent}"
                cells.append(Cell(name, points, partial(measure, normal, percent)))
    return tuple(cells)


experiments.add(
    "contamination",
    Experiment(
        name="contamination",
        title="What if the training pictures are not clean?",
        question="How much worse are outliers found when some of them were trained on?",
        x=Axis("training pictures that do not belong", "%"),
        data=(DATA,),
        lines=tuple(
            Line(
                name=line_name(method, normal),
                label=label,
                group=f"{DATA}_{normal}",
                y=AREA,
                higher_is_better=True,
                baseline=method.startswith("pca"),
                seeded=not method.startswith("pca"),
            )
            for normal in CLASSES
            for method, label in METHODS.items()
        ),
        plan=_plan,
        budget="4 epochs a network, on as many pictures at every share",
        quick_budget="1 epoch a network",
        seeds=3,
    ),
)


def _linear(normal: int, percent: int, seed: int, effort: Effort) -> Work:
    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.data import OneClass, datasets

    yield 0.0
    part = OneClass(normal, percent / 100)
    x = part.training(datasets.get(DATA).load("train")).tensor()
    return _areas(PrincipalComponents.fit(x, 16).reconstruct, normal)


def _network(normal: int, percent: int, seed: int, effort: Effort) -> Work:
    from latentlab.experiments import networks
    from latentlab.models import Autoencoder
    from latentlab.training.recipes import anomaly

    recipe = anomaly.autoencoder(DATA, normal, percent)
    network = yield from networks.obtain(recipe, seed, effort, QUICK_EPOCHS)
    assert isinstance(network, Autoencoder)
    return _areas(lambda x: network.decode(network.encode(x).mode()), normal)


def _areas(reconstruct: "Callable[[Tensor], Tensor]", normal: int) -> list[float]:
    """Return the AUROC of the plain and of the smoothed error on the test split."""
    import torch

    from latentlab.data import datasets
    from latentlab.metrics import anomalies

    test = datasets.get(DATA).load("test")
    plain, smoothed = [], []
    with torch.inference_mode():
        for x in test.batches(BATCH):
            again = reconstruct(x)
            plain.append(anomalies.squared_error(x, again))
            smoothed.append(anomalies.smoothed_error(x, again))
    return [area(torch.cat(scores), test, normal) for scores in (plain, smoothed)]
