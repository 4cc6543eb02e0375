"""Which number of a code tells of which factor: the two heat maps of each model of the study.

    kept = load()["vae.toon_faces_k32"]
    kept.information[d, f]           # share of the factor's entropy that number d tells
    kept.importance[d, f]            # how much a forest relies on it

Information is measured on the test split; forests are fitted to the first 2,000 training faces, for
the scores to all of them.
`python -m latentlab.experiments.disentanglement_maps` makes the file again. Reading it needs no
torch; it may come from a stranger, so names, shapes and types are checked.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from latentlab.errors import InputError
from latentlab.experiments import kept as arrays
from latentlab.experiments.base import RESULTS
from latentlab.experiments.disentanglement import ANCHORS, DATA, SIZE, VERSIONS, checkpoint

PATH = RESULTS / "disentanglement_maps.npz"
MAX_BYTES = 1 << 20
FITTED = 2000  # training faces, to which forests are fitted
MODELS = (*(checkpoint(version) for version in VERSIONS), *ANCHORS)


@dataclass(frozen=True)
class Maps:
    """Numbers of the code by factors, ``[D, F]`` float32 from 0 to 1 each."""

    information: NDArray[np.float32]
    importance: NDArray[np.float32]


def load(path: Path = PATH) -> dict[str, Maps]:
    """Return what ships, by model or anchor.

    Raises:
        UnsupportedError: nothing has been kept yet.
        InputError: the file is damaged, or holds something else.
    """
    from latentlab.data import datasets

    names = [f"{model}/{part.name}" for model in MODELS for part in fields(Maps)]
    kept = arrays.read(
        path, names, largest=MAX_BYTES, what="The maps", maker="disentanglement_maps"
    )
    found = {
        model: Maps(*(kept[f"{model}/{part.name}"] for part in fields(Maps))) for model in MODELS
    }
    factors = len(datasets.get(DATA).factors)
    for model, maps in found.items():
        for array in (maps.information, maps.importance):
            sound = array.dtype == np.float32 and array.ndim == 2 and array.shape[1] == factors
            if not sound or not np.isfinite(array).all() or len(array) != len(maps.importance):
                raise InputError(f"“{model}” in {path.name} is not what it should be.")
    return found


def write(found: dict[str, Maps], path: Path = PATH) -> None:
    """Write the maps of some models; of others, what the file holds stays."""
    kept: dict[str, NDArray[Any]] = {}
    if path.is_file():
        with np.load(path, allow_pickle=False) as archive:
            kept = {name: archive[name] for name in archive.files}
    for model, maps in found.items():
        for part in fields(Maps):
            kept[f"{model}/{part.name}"] = getattr(maps, part.name).astype(np.float32)
    np.savez_compressed(path, allow_pickle=False, **kept)


def maps_of(model: str) -> Maps:
    """Measure the maps of a checkpoint, or of one of `ANCHORS`."""
    import torch

    from latentlab import checkpoints
    from latentlab.data import datasets
    from latentlab.evaluation.shared import encode, principal_components
    from latentlab.metrics import disentanglement
    from latentlab.models import Autoencoder

    of = datasets.get(DATA)
    parts = of.load("train").part(slice(0, FITTED)), of.load("test")
    known, truth = (part.factors for part in parts)
    assert known is not None and truth is not None
    rng = torch.Generator().manual_seed(0)
    if model == "perfect":
        train, test = (disentanglement.perfect_codes(f, SIZE, rng) for f in (known, truth))
    elif model == "random":
        train, test = (disentanglement.random_codes(len(f), SIZE, rng) for f in (known, truth))
    elif model == "pca":
        pca = principal_components(DATA, SIZE)
        train, test = (pca.encode(part.tensor()).numpy() for part in parts)
    else:
        network = checkpoints.load(model).load_model()
        assert isinstance(network, Autoencoder)
        with torch.inference_mode():
            train, test = (encode(network, part)[0].numpy() for part in parts)
    shares = [np.unique(column, return_counts=True)[1] / len(column) for column in truth.T]
    entropy = np.array([float(-(share * np.log(share)).sum()) for share in shares])
    information = disentanglement.mutual_information(test, truth, rng) / entropy
    importance = disentanglement.dci(train, known, test, truth, rng).importance
    return Maps(information.astype(np.float32), importance.astype(np.float32))


def main() -> None:
    """Write the file that ships."""
    for model in MODELS:
        write({model: maps_of(model)})
    print(f"{PATH.name}: {PATH.stat().st_size >> 10} KB")


if __name__ == "__main__":
    main()
