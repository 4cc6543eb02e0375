"""The planes of the Embeddings page: which there are, how they come about, where a picture lies."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import LatentLabError
from latentlab.ui.embeddings import AUTOENCODERS, results
from latentlab.ui.shared import cache, widgets

if TYPE_CHECKING:
    from latentlab.data import Images
    from latentlab.tasks.embeddings import Embedding
    from latentlab.ui.shared.picture_source import Picked

T = TypeVar("T")
Point = tuple[float, float]


@dataclass(frozen=True)
class Plane:
    """One way to put pictures on a plane.

    Attributes:
        name: in the address; the same for every data set.
        label: above the plane.
        note: below it: what this plane knows of the pictures.
        checkpoint: whose encoder it is; None for the classical methods.
        slow: whether it is computed in the background.
    """

    name: str
    label: str
    note: str
    checkpoint: str | None = None
    slow: bool = False


def encoders(dataset: str) -> tuple[dict[str, int], list[LatentLabError]]:
    """Return the encoders for a data set with the size of their codes, and why others fail."""
    from latentlab.models import Autoencoder

    sizes: dict[str, int] = {}
    failures = []
    for name in cache.names_for(AUTOENCODERS, dataset):
        try:
            network = cache.model(name)
        except LatentLabError as error:
            failures.append(error)
        else:
            if isinstance(network, Autoencoder):
                sizes[name] = network.latent_size
    return sizes, failures


def offered(dataset: str, sizes: Mapping[str, int], deeper: str | None) -> dict[str, Plane]:
    """Return the planes that can be had for a data set, by name.

    Args:
        dataset: name of the data set.
        sizes: its encoders, as `encoders` returns them.
        deeper: the one with more than two dimensions that is projected onto two; None = none.
    """
    from latentlab.latents.projections import projections

    cards = {name: cache.checkpoint(name).card for name in sizes}
    titles = {name: title(name) for name in sizes}
    planes = [Plane("pca", "PCA", "Linear; fitted to these very pictures.")]
    planes += [
        Plane(
            f"{cards[name].family}_{cards[name].tag}",  # one address for every data set
            f"{titles[name]}, k = 2",
            "Learnt from the training pictures; has never seen these.",
            checkpoint=name,
        )
        for name, size in sizes.items()
        if size == 2
    ]
    if deeper is not None:
        planes.append(
            Plane(
                "codes",
                f"{titles[deeper]}, k = {sizes[deeper]} → PCA",
                "Its codes, seen from the side where they spread most.",
                checkpoint=deeper,
            )
        )
    for name in projections:
        kind = projections.get(name)
        planes.append(
            Plane(
                name,
                kind.label if kind.available() else f"{kind.label} (not installed)",
                "Keeps neighbours; gaps between clusters and their sizes mean little.",
                slow=True,
            )
        )
    return {plane.name: plane for plane in planes}


def title(name: str) -> str:
    """What a checkpoint's family is called, short enough to stand above a plane."""
    card = cache.checkpoint(name).card
    return widgets.plain(card.title)


@dataclass(frozen=True)
class Pending:
    """A plane that is being computed: for how long, and how many come before it."""

    seconds: float
    ahead: int


@dataclass(frozen=True)
class Setting:
    """What decides where points lie, the same for all planes."""

    dataset: str
    count: int
    perplexity: int = 30  # of t-SNE

    def key(self, plane: Plane) -> tuple[str, str, int, int]:
        """What decides where the points of one plane lie."""
        return plane.name, self.dataset, self.count, self.perplexity if plane.name == "tsne" else 0


def embedding(plane: Plane, setting: Setting) -> "Embedding | Pending":
    """Return a plane, or how far it is.

    Raises:
        LatentLabError: it cannot be made; the message says why.
    """
    from latentlab.tasks import embeddings

    if not plane.slow:
        return results.embedding(setting.dataset, setting.count, plane.checkpoint)
    pictures = results.drawn(setting.dataset, setting.count)
    return _ask(
        setting.key(plane),
        lambda: embeddings.embed_neighbours(
            plane.name, pictures.tensor(), perplexity=setting.perplexity
        ),
    )


def _ask(key: Hashable, work: Callable[[], T]) -> "T | Pending":
    progress = results.background().ask(key, work)
    if progress.result is None:  # work here always gives something
        return Pending(progress.seconds, progress.ahead)
    return progress.result


class Asked:
    """The planes of one run of the page: each is asked for once, whoever draws or measures it."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._found: dict[str, Embedding | Pending | LatentLabError] = {}

    def of(self, plane: Plane) -> "Embedding | Pending":
        """As ``embedding``."""
        if plane.name not in self._found:
            try:
                self._found[plane.name] = embedding(plane, self.setting)
            except LatentLabError as error:
                self._found[plane.name] = error
        found = self._found[plane.name]
        if isinstance(found, LatentLabError):
            raise found.with_traceback(None)  # it would grow each time
        return found

    def ready(self, planes: Sequence[Plane]) -> "Iterator[tuple[Plane, Embedding]]":
        """Yield those of the planes that are there."""
        for plane in planes:
            try:
                found = self.of(plane)
            except LatentLabError:
                continue  # its chart says why
            if not isinstance(found, Pending):
                yield plane, found


def find(
    picked: "Picked", plane: Plane, setting: Setting, embedding: "Embedding", pictures: "Images"
) -> Point | Pending | None:
    """Return the point of the picture that one follows, or None where it has no place.

    A sample among the pictures has its point; any other is placed, where the plane can do that.
    """
    kind, _, rest = picked.identity.partition(":")
    if kind == "sample":
        found = np.flatnonzero(pictures.ids == int(rest.rpartition(":")[2]))
        if found.size:
            return _point(embedding.points[found[0]])
    place = embedding.place
    if place is None:
        return None
    if not plane.slow:
        return _point(place(picked.image[None])[0])
    return _ask(
        ("place", *setting.key(plane), picked.identity),
        lambda: _point(place(picked.image[None])[0]),
    )


def _point(row: NDArray[np.float32]) -> Point:
    x, y = row.tolist()
    return x, y
