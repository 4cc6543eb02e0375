"""How few numbers are enough? Error and usefulness of codes of 1 to 64 numbers, five ways.

All networks but the linear ones are trained by the recipes of the study: the stack
784-256-128-64-k and its mirror (Hinton & Salakhutdinov 2006), the same with cross entropy, and one
hidden layer. Linear autoencoders get the exact gradient of the whole training split (Baldi & Hornik
1989). PCA is the baseline. All are fitted on the training split and measured on the test split.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, X, experiments

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.baselines.pca import PrincipalComponents

SIZES = (1, 2, 4, 8, 16, 32, 64)
# Where fewer places are enough to see what depth does, and what the loss does.
SPARSE_SIZES = {"shallow": (2, 8, 32), "bce": (8,)}
QUICK_SIZES, QUICK_EPOCHS = (8,), 1
DATA = ("mnist", "fashion_mnist")
LABELS = 10_000  # of the training split, for neighbours and probes; the more, the slower
NEIGHBOURS = 10
BATCH = 500

METHODS = {
    "pca": "PCA",
    "linear": "Linear autoencoder",
    "shallow": "One hidden layer",
    "autoencoder": "Autoencoder",
    "bce": "Autoencoder, cross entropy",
}
MEASURES = {
    "error": Axis("mean squared error"),
    "neighbours": Axis(f"{NEIGHBOURS}-NN accuracy, {LABELS:,} labels"),
    "probe": Axis(f"accuracy of a linear probe, {LABELS:,} labels"),
}
ANGLE = Axis("largest angle to PCA's subspace", "degrees")


def line_name(method: str, data: str, measure: str) -> str:
    """Return the name of a curve."""
    return f"{method}.{data}.{measure}"


def _measures(method: str) -> dict[str, Axis]:
    return MEASURES | {"angle": ANGLE} if method == "linear" else MEASURES


def _points(method: str, data: str, k: int) -> list[tuple[str, X]]:
    return [(line_name(method, data, measure), k) for measure in _measures(method)]


def _plan(quick: bool) -> tuple[Cell, ...]:
    sizes = QUICK_SIZES if quick else SIZES
    cells = []
    for data in DATA:
        points = [point for k in sizes for point in _points("pca", data, k)]
        cells.append(Cell(f"pca.{data}", tuple(points), partial(_pca, data, sizes)))
        for method in METHODS:
            if method == "pca":
                continue
            for k in sizes if quick else SPARSE_SIZES.get(method, sizes):
                cells.append(
                    Cell(
                        f"{method}.{data}_k{k}",
                        tuple(_points(method, data, k)),
                        partial(_network, method, data, k),
                    )
                )
    return tuple(cells)


def _line(method: str, data: str, measure: str, y: Axis) -> Line:
    return Line(
        name=line_name(method, data, measure),
        label=METHODS[method],
        group=f"{data}.{measure}",
        y=y,
        higher_is_better=measure in ("neighbours", "probe"),
        baseline=method == "pca",
        seeded=method != "pca",
    )


experiments.add(
    "bottleneck",
    Experiment(
        name="bottleneck",
        title="How few numbers are enough?",
        question="How much of a picture, and of what it shows, is left in k numbers, and who keeps "
        "more of it than PCA?",
        x=Axis("k, numbers kept of a picture"),
        data=DATA,
        lines=tuple(
            _line(method, data, measure, y)
            for data in DATA
            for method in METHODS
            for measure, y in _measures(method).items()
        ),
        plan=_plan,
        budget="12 epochs a network; linear ones twice the steps, each on the whole split",
        quick_budget="1 epoch a network",
        seeds=3,
    ),
)


def _network(method: str, data: str, k: int, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.experiments import networks
    from latentlab.latents.subspaces import principal_angles
    from latentlab.models import Autoencoder, LinearAutoencoder
    from latentlab.training.objectives import Reconstruction
    from latentlab.training.recipes import bottleneck

    recipe = {
        "linear": lambda: bottleneck.linear(data, k),
        "shallow": lambda: bottleneck.shallow(data, k),
        "autoencoder": lambda: bottleneck.stack(data, k, Reconstruction()),
        "bce": lambda: bottleneck.stack(data, k, Reconstruction("bce"), "_bce"),
    }[method]()
    network = yield from networks.obtain(recipe, seed, effort, QUICK_EPOCHS)
    assert isinstance(network, Autoencoder)
    with torch.inference_mode():
        values = list(
            _measured(data, lambda x: network.encode(x).mode().flatten(1), network.decode)
        )
        if isinstance(network, LinearAutoencoder):
            axes = _components(data, k).components
            values.append(principal_angles(network.matrices[1], axes.T).max().item())
    return values


def _pca(data: str, sizes: tuple[int, ...], seed: int, effort: Effort) -> Work:
    import torch

    values: list[float] = []
    with torch.inference_mode():
        for done, k in enumerate(sizes):
            yield done / len(sizes)
            pca = _components(data, k)
            values += _measured(data, pca.encode, pca.decode)
    return values


def _measured(
    data: str, encode: "Callable[[Tensor], Tensor]", decode: "Callable[[Tensor], Tensor]"
) -> Iterator[float]:
    """Yield error, neighbour accuracy and probe accuracy of codes ``[N, k]`` on the test split."""
    import torch

    from latentlab import metrics
    from latentlab.data import datasets

    train, test = (datasets.get(data).load(split) for split in ("train", "test"))
    mse = metrics.metrics.get("mse")
    codes, errors = [], []
    for x in test.batches(BATCH):
        codes.append(encode(x))
        errors.append(mse(decode(codes[-1]), x))
    yield torch.cat(errors).mean().item()
    known = encode(train.tensor(slice(0, LABELS)))
    labelled = (known, train.labels[:LABELS], torch.cat(codes), test.labels)
    yield metrics.knn_accuracy(*labelled, k=NEIGHBOURS)
    yield metrics.probe_accuracy(*labelled)


def _components(data: str, k: int) -> "PrincipalComponents":
    from latentlab.evaluation.shared import principal_components

    return principal_components(data, k)
