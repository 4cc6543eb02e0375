"""One direction for each attribute of faces, with what else it moves: what named sliders need.

    kept = load()["vae.toon_faces_k32"]
    kept.earned                      # [A] whether a direction may bear its attribute's name
    kept.vectors[k], kept.low[k], kept.high[k]

All four methods with labels are fitted to the training split but its last 500 faces; 30 of those
decide between the methods, by the factors that the model draws clearly, and 100 test faces say what
the winner does. Those 30 also say how far a slider can go before the classifier no longer believes
the pictures. A GAN has no codes of faces: its own draws stand for all of them, and what the
classifier reads for their factors.
`python -m latentlab.experiments.named_directions` makes the file again, or with names of models
their part of it. Reading it needs no torch; it may come from a stranger, so names, shapes and types
are checked.
"""

import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError
from latentlab.experiments import kept as arrays
from latentlab.experiments.base import RESULTS, Effort
from latentlab.experiments.directions import ATTRIBUTES, DATA, WITH_LABELS, Material

PATH = RESULTS / "named_directions.npz"
MAX_BYTES = 1 << 20
HELD_BACK, CHOOSING, TESTED = 500, 30, 100  # faces
METHODS = tuple(WITH_LABELS)
MODELS = ("vae.toon_faces_k32", "vae.toon_faces_k32_labels", "gan.toon_faces_k64", "pca")


@dataclass(frozen=True)
class Directions:
    """What was kept of a model; A attributes in the order of `ATTRIBUTES`, F factors.

    Attributes:
        vectors: ``[A, D]`` float32, unit length; the attribute holds towards ``high``.
        low, high: ``[A]`` float32, where z · vector ends: 98 % of the codes lie between.
        near, far: ``[A]`` float32, the same, as far as the classifier believes the pictures.
        method: ``[A]`` int8, place in `METHODS`.
        switched: ``[A]`` float32, share of test faces whose attribute switches.
        changed: ``[A, F]`` float32, of how many another factor changes; NaN for its own.
        known: ``[A, F]`` float32, the same among faces in whose unmoved picture the factor is read
            as it is.
        legible: ``[F]`` float32, in how many it is.
        digest: ``[]`` text, sha256 of the weights that all this holds for; empty for PCA.
    """

    vectors: NDArray[np.float32]
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    near: NDArray[np.float32]
    far: NDArray[np.float32]
    method: NDArray[np.int8]
    switched: NDArray[np.float32]
    changed: NDArray[np.float32]
    known: NDArray[np.float32]
    legible: NDArray[np.float32]
    digest: NDArray[np.str_]

    def _drifts(self) -> "list[Any]":
        from latentlab.latents.directions import Drift

        parts = zip(self.switched, self.changed, self.known, strict=True)
        return [
            # Rounded: a tenth is a tenth, also after it was kept in 32 bits.
            Drift(
                round(float(s), 6),
                c.astype(float).round(6),
                self.legible.astype(float).round(6),
                k.astype(float).round(6),
            )
            for s, c, k in parts
        ]

    @property
    def worst(self) -> NDArray[np.float64]:
        """Drift of the worst other factor, ``[A]``."""
        return np.array([drift.worst for drift in self._drifts()])

    @property
    def worst_drawn(self) -> NDArray[np.float64]:
        """Drift of the worst other factor that the model draws, ``[A]``."""
        return np.array([drift.worst_drawn for drift in self._drifts()])

    @property
    def strict(self) -> NDArray[np.bool_]:
        """Whether a direction may bear its name among all factors, ``[A]``."""
        return np.array([drift.named for drift in self._drifts()])

    @property
    def earned(self) -> NDArray[np.bool_]:
        """Whether it may among the factors that the model draws, ``[A]``."""
        return np.array([drift.earned for drift in self._drifts()])


def load(path: Path = PATH) -> dict[str, Directions]:
    """Return what ships, by model.

    Raises:
        UnsupportedError: nothing has been kept yet.
        InputError: the file is damaged, or holds something else.
    """
    names = [f"{model}/{part.name}" for model in MODELS for part in fields(Directions)]
    kept = arrays.read(
        path, names, largest=MAX_BYTES, what="The directions", maker="named_directions"
    )
    found = {
        model: {part.name: kept[f"{model}/{part.name}"] for part in fields(Directions)}
        for model in MODELS
    }
    return {model: _checked(parts, path) for model, parts in found.items()}


def _checked(parts: dict[str, NDArray[Any]], path: Path) -> Directions:
    from latentlab.data import datasets

    count, known = len(ATTRIBUTES), len(datasets.get(DATA).factors)
    size = parts["vectors"].shape[-1] if parts["vectors"].ndim == 2 else 0
    shapes: dict[str, tuple[int, ...]] = {name: (count,) for name in parts}
    shapes |= {"vectors": (count, size), "legible": (known,), "digest": ()}
    shapes |= {"changed": (count, known), "known": (count, known)}
    for name, array in parts.items():
        kind = {"method": "i", "digest": "U"}.get(name, "f")
        finite = kind != "f" or name in ("changed", "known") or bool(np.isfinite(array).all())
        if array.shape != shapes[name] or array.dtype.kind != kind or not finite:
            raise InputError(f"“{name}” in {path.name} is not what it should be.")
    if not (np.isin(parts["method"], range(len(METHODS))).all() and size):
        raise InputError(f"“method” in {path.name} is not what it should be.")
    return Directions(**parts)


def directions_of(model: str, effort: Effort) -> Directions:
    """Measure what is kept of a model: see the top of this file."""
    from latentlab import checkpoints
    from latentlab.data import datasets
    from latentlab.latents import directions

    found = Material.of(model, effort)
    of = datasets.get(DATA)
    fitted, chosen = slice(0, -HELD_BACK), slice(-HELD_BACK, -HELD_BACK + CHOOSING)
    rows: list[dict[str, Any]] = []
    legible = np.zeros(len(of.factors))
    for name in ATTRIBUTES:
        asked = next(known for known in of.attributes if known.name == name)
        tried = []
        for place, method in enumerate(METHODS):
            line = found.line(method, asked, fitted)
            drift = found.drift(line, asked, found.codes[chosen], found.factors[chosen])
            # What would bear a name first, then what switches often and moves little else.
            worst = drift.worst_among(directions.CLEAR)
            able = drift.switched >= directions.SWITCHED and worst <= directions.DRIFTED
            score = (able, drift.switched - worst)
            tried.append((score, -place, line))
        _, place, line = max(tried, key=lambda one: one[:2])
        tested = found.drift(line, asked, found.test[:TESTED], found.truth[:TESTED])
        there = directions.Line(line.vector.to(found.device), line.low, line.high)
        drawn = tested.legible >= directions.CLEAR
        some = found.codes[chosen].to(found.device)
        bound = directions.believed(found.space, there, found.judge, drawn, some)
        legible = tested.legible
        rows.append(
            {
                "vectors": line.vector.numpy(),
                "low": line.low,
                "high": line.high,
                "near": bound.low,
                "far": bound.high,
                "method": -place,
                "switched": tested.switched,
                "changed": tested.changed,
                "known": tested.known,
            }
        )
    parts: dict[str, Any] = {
        key: np.stack([row[key] for row in rows]).astype(np.int8 if key == "method" else np.float32)
        for key in rows[0]
    }
    digest = "" if model == "pca" else checkpoints.load(model).weights_digest
    return Directions(**parts, legible=legible.astype(np.float32), digest=np.array(digest))


def write(found: dict[str, Directions], path: Path = PATH) -> None:
    """Write what was measured of some models; of others, what the file holds stays."""
    kept: dict[str, NDArray[Any]] = {}
    if path.is_file():
        with np.load(path, allow_pickle=False) as archive:
            kept = {name: archive[name] for name in archive.files}
    for model, directions in found.items():
        for part in fields(Directions):
            kept[f"{model}/{part.name}"] = getattr(directions, part.name)
    np.savez_compressed(path, allow_pickle=False, **kept)


def main() -> None:
    """Write the file that ships, or the part of it that the models named hold."""
    for model in sys.argv[1:] or MODELS:
        write({model: directions_of(model, Effort())})
    print(f"{PATH.name}: {PATH.stat().st_size >> 10} KB")


if __name__ == "__main__":
    main()
