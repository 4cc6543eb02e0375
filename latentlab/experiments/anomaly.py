"""Which score finds what does not belong? One class against the nine others, ten times a data set.

Every method sees the same pictures of one class, pixels in [0,1] and nothing else done to them, but
for its last 500: thresholds are chosen on these. It is measured on the whole test split. Settings
(sizes of codes, the smoothing) were chosen on the training split alone, with its other classes in
the part of outliers. PCA is the baseline, plain as in print, and with the networks' own score.
"""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.data import Images
    from latentlab.models import Autoencoder

DATA = ("mnist", "fashion_mnist")
CLASSES = tuple(range(10))
QUICK_CLASSES, QUICK_EPOCHS = (8,), 1
NEIGHBOURS = 5
BATCH = 500

# Whoever has chance in it has one line a seed.
PCA = {
    "pca8": "PCA, 8 components",
    "pca16": "PCA, 16 components",
    "pca32": "PCA, 32 components",
    "pca8_smoothed": "PCA, 8 components, smoothed error",
    "pca16_smoothed": "PCA, 16 components, smoothed error",
    "knn": "5 nearest neighbours in pixels",
}
NETWORKS = {
    "ae": "Autoencoder",
    "ae_smoothed": "Autoencoder, smoothed error",
    "vae": "VAE, error",
    "vae_bound": "VAE, −ELBO",
    "vae_smoothed": "VAE, smoothed error",
    "both_smoothed": "Autoencoder and VAE, smoothed error",
    "codes": "5 nearest neighbours in the code",
    "forest": "Isolation forest on codes",
}
METHODS = PCA | NETWORKS
AREA = Axis("AUROC")


def line_name(method: str, data: str) -> str:
    """Return the name of a curve over the ten classes."""
    return f"{method}.{data}"


def _plan(quick: bool) -> tuple[Cell, ...]:
    cells = []
    for data in DATA:
        for normal in QUICK_CLASSES if quick else CLASSES:
            for part, methods, measure in (
                ("linear", PCA, _linear),
                ("networks", NETWORKS, _networks),
            ):
                points = tuple((line_name(method, data), normal) for method in methods)
                name = f"{part}.{data}_{normal}"
                cells.append(Cell(name, points, partial(measure, data, normal)))
    return tuple(cells)


experiments.add(
    "anomaly",
    Experiment(
        name="anomaly",
        title="What does not belong?",
        question="Trained on one class, whose score tells the nine others from it best?",
        x=Axis("the class that is normal"),
        data=DATA,
        lines=tuple(
            Line(
                name=line_name(method, data),
                label=label,
                group=data,
                y=AREA,
                higher_is_better=True,
                baseline=method.startswith("pca"),
                seeded=method in NETWORKS,
            )
            for data in DATA
            for method, label in METHODS.items()
        ),
        plan=_plan,
        budget="4 epochs a network, by the recipes of the study; one network a class",
        quick_budget="1 epoch a network, one class",
        seeds=3,
    ),
)


def area(scores: "Tensor", test: "Images", normal: int) -> float:
    """Return the AUROC of scores of a whole split."""
    import torch

    from latentlab.metrics import anomalies

    outside = torch.from_numpy(test.labels) != normal
    return anomalies.auroc(scores[~outside], scores[outside])


def _linear(data: str, normal: int, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.baselines.pca import PrincipalComponents
    from latentlab.data import OneClass, datasets
    from latentlab.metrics import anomalies

    test = datasets.get(data).load("test")
    x = OneClass(normal).training(datasets.get(data).load("train")).tensor()
    yield 0.1
    with torch.inference_mode():
        components = PrincipalComponents.fit(x, 32)
        values = []
        for method in PCA:
            if method == "knn":
                continue
            name, _, smoothed = method.partition("_")
            pca = components.truncate(int(name.removeprefix("pca")))
            score = anomalies.smoothed_error if smoothed else anomalies.squared_error
            parts = [score(part, pca.reconstruct(part)) for part in test.batches(BATCH)]
            values.append(area(torch.cat(parts), test, normal))
            yield 0.1 + 0.1 * len(values)
        known = x.flatten(1)
        far = anomalies.neighbour_distance(known, test.tensor().flatten(1), NEIGHBOURS)
        values.append(area(far, test, normal))
    return values


def _networks(data: str, normal: int, seed: int, effort: Effort) -> Work:
    from dataclasses import replace

    import torch

    from latentlab.data import OneClass, datasets
    from latentlab.experiments import networks
    from latentlab.models import VAE, Autoencoder
    from latentlab.training.recipes import anomaly

    made = []
    for number, recipe in enumerate((anomaly.autoencoder(data, normal), anomaly.vae(data, normal))):
        folder = effort.folder / recipe.family if effort.folder else None
        training = networks.obtain(recipe, seed, replace(effort, folder=folder), QUICK_EPOCHS)
        while True:
            try:
                yield 0.45 * (number + next(training))
            except StopIteration as end:
                made.append(end.value)
                break
    autoencoder, vae = made
    assert isinstance(autoencoder, Autoencoder) and isinstance(vae, VAE)
    test = datasets.get(data).load("test")
    train = OneClass(normal).training(datasets.get(data).load("train"))
    with torch.inference_mode():
        scores = dict(_scored(autoencoder, vae, train, test, seed))
    return [area(scores[method], test, normal) for method in NETWORKS]


def _scored(
    autoencoder: "Autoencoder", vae: "Autoencoder", train: "Images", test: "Images", seed: int
) -> "Iterator[tuple[str, Tensor]]":
    """Yield the scores [N] of a whole split by every method of the networks."""
    import torch

    from latentlab.metrics import anomalies
    from latentlab.models import VAE

    assert isinstance(vae, VAE)
    found: dict[str, list[Tensor]] = {}
    codes = []
    for x in test.batches(BATCH):
        z, posterior = autoencoder.encode(x).mode(), vae.encode(x)
        codes.append(z.flatten(1))
        again, likely = autoencoder.decode(z), vae.decode(posterior.mode())
        rate, sigma = posterior.kl().sum(1), vae.settings.sigma
        first = anomalies.smoothed_error(x, again)
        second = anomalies.smoothed_error(x, likely)
        for name, values in {
            "ae": anomalies.squared_error(x, again),
            "ae_smoothed": first,
            "vae": anomalies.squared_error(x, likely),
            "vae_bound": anomalies.negative_bound(x, likely, rate, sigma),
            "vae_smoothed": second,
            "both_smoothed": first + second,
        }.items():
            found.setdefault(name, []).append(values)
    yield from ((name, torch.cat(parts)) for name, parts in found.items())
    known = torch.cat([autoencoder.encode(x).mode().flatten(1) for x in train.batches(BATCH)])
    rows = torch.cat(codes)
    yield "codes", anomalies.neighbour_distance(known, rows, NEIGHBOURS)
    yield "forest", anomalies.isolation(known, seed)(rows)
