"""Does a stronger pressure on codes separate factors, and what does it cost?

VAEs of toon faces, alike but for the weight of the rate (Higgins et al. 2017) or of the total
correlation (Chen et al. 2018), and for how long they were trained: those of a greater β went on
from the one with β = 1. Beside them one that was told the factors, so that each has numbers of the
code of its own; PCA with as many components; and what the same scores give a code that holds every
factor in a number of its own, and one that knows nothing.
"""

from functools import partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DATA, SIZE = "toon_faces", 32
MODEL = "vae.toon_faces_k32"
# By what they are called in names of checkpoints; "" is the one that stands for all.
BETAS = {"": 1, "b4": 4, "b16": 16}  # weights of the rate, of a series
VERSIONS = {
    **{version: f"β = {beta}" for version, beta in BETAS.items()},
    "tc16": "TC × 16",
    "labels": "told of factors",
}
QUICK_EPOCHS = 1
SCORES = {  # label, and whether higher is better
    "mse": ("mean squared error", False),
    "mig": ("MIG", True),
    "disentanglement": ("DCI, disentanglement", True),
    "completeness": ("DCI, completeness", True),
    "informativeness": ("DCI, informativeness", True),
    "sap": ("SAP", True),
    "beta_vae": ("beta-VAE score", True),
    "hair_colour": ("linear probe, hair colour", True),
    "skin_colour": ("linear probe, skin colour", True),
    "background": ("linear probe, background", True),
    "beard": ("linear probe, has a beard", True),
}
PROBED = ("hair colour", "skin colour", "background")  # factors; whether there is a beard besides
ANCHORS = {"pca": f"PCA, {SIZE} components", "perfect": "perfect code", "random": "random code"}


def _line(score: str, anchor: str = "") -> Line:
    label, higher = SCORES[score]
    return Line(
        name=f"{anchor}.{score}" if anchor else score,
        label=ANCHORS[anchor] if anchor else "VAE",
        group=score,
        y=Axis(label),
        higher_is_better=higher,
        baseline=anchor == "pca",
        seeded=not anchor,
    )


def _plan(quick: bool) -> tuple[Cell, ...]:
    cells = [
        Cell(
            f"vae.{version or 'b1'}",
            tuple((score, VERSIONS[version]) for score in SCORES),
            partial(_vae, version),
        )
        for version in VERSIONS
    ]
    for anchor, label in ANCHORS.items():
        known = [score for score in SCORES if score != "mse" or anchor == "pca"]
        points = tuple((f"{anchor}.{score}", label) for score in known)
        cells.append(Cell(anchor, points, partial(_anchor, anchor)))
    return tuple(cells)


experiments.add(
    "disentanglement",
    Experiment(
        name="disentanglement",
        title="Separated factors",
        question="Does a stronger pressure on the codes of a VAE separate the factors of faces?",
        x=Axis("model"),
        data=(DATA,),
        lines=tuple(
            _line(score, anchor)
            for score in SCORES
            for anchor in ("", *ANCHORS)
            if score != "mse" or anchor in ("", "pca")
        ),
        plan=_plan,
        budget="297 epochs for β = 1, 8 more for each other β, 249 for TC × 16, 20 more than β = 1"
        " for the one that is told, by their recipes; scores on 800 test faces",
        quick_budget="1 epoch a network",
        seeds=1,  # a network takes hours of one CPU core; seed 0 of those that ship costs nothing
    ),
)


def checkpoint(version: str) -> str:
    """Return the name of a version's checkpoint."""
    return f"{MODEL}_{version}" if version else MODEL


def _vae(version: str, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.evaluation.shared import encode, splits
    from latentlab.experiments import networks
    from latentlab.models import Autoencoder
    from latentlab.training.recipes import recipes

    recipe = recipes.get(checkpoint(version))
    network = yield from networks.obtain(recipe, seed, effort, QUICK_EPOCHS)
    assert isinstance(network, Autoencoder)
    with torch.inference_mode():
        found = [encode(network, split) for split in splits(DATA)]
    (train, _), (test, errors) = found
    return [errors.mean().item(), *separation(train.numpy(), test.numpy())]


def _anchor(anchor: str, seed: int, effort: Effort) -> Work:
    import torch

    from latentlab.evaluation.shared import BATCH, principal_components, splits
    from latentlab.metrics import disentanglement, metrics

    yield 0.0
    both = splits(DATA)
    if anchor == "pca":
        pca = principal_components(DATA, SIZE)
        codes = [torch.cat([pca.encode(x) for x in split.batches(BATCH)]) for split in both]
        mse = metrics.get("mse")
        errors = [mse(pca.reconstruct(x), x) for x in both[1].batches(BATCH)]
        scores = separation(codes[0].numpy(), codes[1].numpy())
        return [torch.cat(errors).mean().item(), *scores]
    rng = torch.Generator().manual_seed(0)
    made = []
    for split in both:
        assert split.factors is not None
        made.append(
            disentanglement.perfect_codes(split.factors, SIZE, rng)
            if anchor == "perfect"
            else disentanglement.random_codes(len(split), SIZE, rng)
        )
    return separation(made[0], made[1])


def separation(train: "NDArray[np.floating]", test: "NDArray[np.floating]") -> list[float]:
    """Return all scores but the error, in their order, of codes ``[N, D]`` of the two splits."""
    import torch

    from latentlab.data import datasets
    from latentlab.evaluation.shared import splits
    from latentlab.metrics import disentanglement

    numbers = [not factor.values for factor in datasets.get(DATA).factors]
    known, truth = (split.factors for split in splits(DATA))
    assert known is not None and truth is not None
    rng = torch.Generator().manual_seed(0)
    forests = disentanglement.dci(train, known, test, truth, rng)
    return [
        disentanglement.mutual_information_gap(test, truth, rng).mean,
        *forests[:3],
        disentanglement.separated_attribute_predictability(test, truth, numbers),
        disentanglement.beta_vae_score(test, truth, rng),
        *probes(train, test),
    ]


def probes(train: "NDArray[np.floating]", test: "NDArray[np.floating]") -> list[float]:
    """Return the balanced accuracy of linear probes for four facts, in their order above."""
    from latentlab.data import datasets
    from latentlab.evaluation.shared import splits
    from latentlab.metrics import probe_accuracy

    of = datasets.get(DATA)
    known, truth = (split.factors for split in splits(DATA))
    assert known is not None and truth is not None
    places = [next(i for i, f in enumerate(of.factors) if f.name == name) for name in PROBED]
    beard = next(attribute for attribute in of.attributes if attribute.name == "beard")
    facts = [(known[:, place], truth[:, place]) for place in places]
    accuracies = [probe_accuracy(train, a, test, b, balanced=True) for a, b in facts]
    bearded = probe_accuracy(train, beard.holds(known), test, beard.holds(truth), balanced=True)
    return [*accuracies, bearded]
