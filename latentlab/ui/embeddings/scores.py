"""What the planes of the Embeddings page keep, as a table, a curve and a file."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from latentlab.ui.embeddings import results
from latentlab.ui.embeddings.planes import Asked, Plane, title
from latentlab.ui.shared import cache, widgets

if TYPE_CHECKING:
    from latentlab.data import Images
    from latentlab.experiments import Curve


def as_csv(
    planes: Sequence[Plane], asked: Asked, pictures: "Images", class_names: Sequence[str]
) -> bytes:
    """Return the points of all planes that are there, one picture a row."""
    made = list(asked.ready(planes))
    file = io.StringIO()
    writer = csv.writer(file)
    axes = [f"{plane.name}_{axis}" for plane, _ in made for axis in "xy"]
    writer.writerow(["test_picture", "label", "class", *axes])
    points = np.concatenate([np.empty((len(pictures), 0)), *(e.points for _, e in made)], axis=1)
    for number, label, row in zip(pictures.ids, pictures.labels, points, strict=True):
        writer.writerow([number, label, class_names[label], *(f"{value:.6g}" for value in row)])
    return file.getvalue().encode()


def error_curve(
    dataset: str, sizes: Mapping[str, int]
) -> "tuple[tuple[Curve, ...], list[tuple[str, int, float]]]":
    """Return the error over k of dense autoencoders and PCA, and other models as (name, k, mse).

    The curves are those of the experiment that ships, none for a data set that it does not have;
    the other models are as their cards state them.

    Args:
        dataset: name of the data set.
        sizes: its encoders, as `encoders` returns them.

    Raises:
        LatentLabError: the result of the experiment cannot be read.
    """
    cards = {name: cache.checkpoint(name).card for name in sizes}
    others = [
        (f"{title(name)}, k = {sizes[name]}", sizes[name], score.value)
        for name, card in cards.items()
        if card.family != "autoencoder" and (score := card.score("mse")) is not None
    ]
    measured = results.bottleneck().group(f"{dataset}.error")
    methods = [f"{method}.{dataset}.error" for method in ("pca", "autoencoder")]
    return tuple(curve for curve in measured if curve.line.name in methods), others


def score_table(planes: Sequence[Plane], asked: Asked) -> None:
    """Draw what the planes keep, one a row; those that are not there yet have dashes."""
    from latentlab.tasks.embeddings import NEIGHBOURS

    # A row for each from the start: the table does not jump when a slow plane arrives.
    rows: dict[str, list[float | None]] = {plane.label: [None] * 3 for plane in planes}
    compared = 0
    setting = asked.setting
    for plane, found in asked.ready(planes):
        digest = cache.checkpoint(plane.checkpoint).digest if plane.checkpoint else ""
        key = repr(setting.key(plane))
        kept = results.quality(setting.dataset, setting.count, key, digest, found)
        compared = kept.compared
        rows[plane.label] = [kept.mse, 100 * kept.accuracy, kept.trustworthiness]
    if not rows:
        return
    widgets.score_table(
        [
            widgets.Measure("Error of pictures", "mse", higher_is_better=False, digits=4),
            widgets.Measure(f"{NEIGHBOURS}-NN accuracy", "%", higher_is_better=True, digits=1),
            widgets.Measure("Trustworthiness", "0–1", higher_is_better=True, digits=3),
        ],
        rows,
        caption="Error: of the pictures made from the two numbers alone; t-SNE and UMAP have no "
        "way back. Accuracy: does the majority of the 10 nearest points have the same class? "
        "Trustworthiness: are neighbours on the plane neighbours as pictures? Measured on "
        f"{compared:,} points.",
    )
