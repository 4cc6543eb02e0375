"""How much of a picture survives k numbers: autoencoders beside PCA (Hinton & Salakhutdinov 2006).

PCA is the best of all linear ways to keep k numbers, and is fitted on the training split, as the
autoencoders are; both are measured on the test split. PCA's pictures are clipped to [0, 1], which
only helps it.
"""

from functools import partial

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

SIZES = (2, 8, 16, 32, 64)
QUICK_SIZES, QUICK_EPOCHS = (2, 16), 1
DATA = ("mnist", "fashion_mnist")
BATCH = 500

_ERROR = Axis("mean squared error")


def _plan(quick: bool) -> tuple[Cell, ...]:
    sizes = QUICK_SIZES if quick else SIZES
    cells = []
    for data in DATA:
        name = f"pca.{data}"
        cells.append(Cell(name, tuple((name, k) for k in sizes), partial(_pca, data, sizes)))
        line = f"autoencoder.{data}"
        cells += [Cell(f"{line}_k{k}", ((line, k),), partial(_autoencoder, data, k)) for k in sizes]
    return tuple(cells)


experiments.add(
    "error_over_k",
    Experiment(
        name="error_over_k",
        title="The error over k",
        question="How well can a picture be made again from k numbers, and does an autoencoder "
        "keep more in them than PCA?",
        x=Axis("k, numbers kept of a picture"),
        data=DATA,
        lines=tuple(
            line
            for data in DATA
            for line in (
                Line(
                    name=f"pca.{data}",
                    label="PCA",
                    group=data,
                    y=_ERROR,
                    higher_is_better=False,
                    baseline=True,
                    seeded=False,
                ),
                Line(
                    name=f"autoencoder.{data}",
                    label="Autoencoder",
                    group=data,
                    y=_ERROR,
                    higher_is_better=False,
                ),
            )
        ),
        plan=_plan,
        budget="50 epochs a network, by the recipes autoencoder.DATA_kK",
        quick_budget="1 epoch a network",
        # Ten networks a seed, 6.5 minutes of one CPU core each. Seed 0 costs nothing: it ships.
        seeds=1,
    ),
)


def _autoencoder(data: str, k: int, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.data import datasets
    from latentlab.experiments import networks
    from latentlab.metrics import metrics
    from latentlab.models import Autoencoder
    from latentlab.training.recipes import recipes

    name = f"autoencoder.{data}_k{k}"
    network = yield from networks.obtain(recipes.get(name), seed, effort, QUICK_EPOCHS)
    assert isinstance(network, Autoencoder)
    mse = metrics.get("mse")
    with torch.inference_mode():
        test = datasets.get(data).load("test").batches(BATCH)
        errors = [mse(network.decode(network.encode(x).mode()), x) for x in test]
    return [torch.cat(errors).mean().item()]


def _pca(data: str, sizes: tuple[int, ...], seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.data import datasets
    from latentlab.metrics import metrics

    mse = metrics.get("mse")
    values = []
    with torch.inference_mode():
        train, test = (datasets.get(data).load(split) for split in ("train", "test"))
        # The first k of more components are those that fitting k would give.
        pca = PrincipalComponents.fit(train.tensor(), max(sizes))
        for done, k in enumerate(sizes):
            yield done / len(sizes)
            fewer = pca.truncate(k)
            errors = [mse(fewer.reconstruct(x), x) for x in test.batches(BATCH)]
            values.append(torch.cat(errors).mean().item())
    return values
