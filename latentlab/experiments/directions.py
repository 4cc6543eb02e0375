"""Which directions in a latent space of faces mean something, and what else do they move?

Every attribute gets a direction from every method; test faces are moved along
it until the classifier of factors says that the attribute has switched. Two numbers come of it: how
often that happens within the slider's range, and how often the other factor that drifts most has
changed as well. PCA of pixels is the baseline: the same methods in a linear space.
"""

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from latentlab.latents.spaces import Space
    from latentlab.models import FactorClassifier

DATA, SIZE = "toon_faces", 32
MODELS = {
    "vae.toon_faces_k32": "VAE",
    "pca": f"PCA, {SIZE} components",
}
WITH_LABELS = {
    "mean_difference": "difference of means",
    "probe": "linear probe",
    "conditioned_difference": "difference of means, others held",
    "conditioned_probe": "linear probe, others held",
}
WITHOUT = {"axes": "numbers of the code", "sefa": "SeFa", "principal": "GANSpace"}
FINDINGS = {  # label, and whether higher is better
    "switched": ("share that switches", True),
    "worst": ("drift of the worst other factor", False),
    "mean": ("drift of other factors, mean", False),
}
ATTRIBUTES = (
    "spiky hair", "bun", "long hair", "beard", "smile", "mouth agape", "wide eyes", "wink",
    "raised eyebrows", "turtle neck", "T-shirt", "dark skin", "black hair", "blond or grey hair",
    "dark clothes", "red clothes", "blue background", "lilac background", "peach background",
    "turned right", "moved right",
)  # fmt: skip
JUDGE = "factor_classifier.toon_faces"
PICTURES, QUICK_PICTURES = 60, 20  # that are moved
QUICK_ATTRIBUTES = ("beard", "dark skin")


def methods(model: str) -> dict[str, str]:
    """Return names and labels of the methods that a model's space has."""
    own = {"axes": "components"} if model == "pca" else WITHOUT
    return WITH_LABELS | own


def line_name(model: str, method: str, finding: str) -> str:
    """Return what the curve of a model, a method and a finding is called."""
    return f"{model}.{method}.{finding}"


def _plan(quick: bool) -> tuple[Cell, ...]:
    return tuple(
        Cell(
            f"{model}.{method}.{attribute.replace(' ', '_').replace('-', '_')}",
            tuple((line_name(model, method, finding), attribute) for finding in FINDINGS),
            partial(_cell, model, method, attribute),
        )
        for attribute in (QUICK_ATTRIBUTES if quick else ATTRIBUTES)
        for model in MODELS
        for method in methods(model)
    )


experiments.add(
    "directions",
    Experiment(
        name="directions",
        title="What else moves",
        question="Which directions change one attribute of a face, and nothing else?",
        x=Axis("attribute"),
        data=(DATA,),
        lines=tuple(
            Line(
                name=line_name(model, method, finding),
                label=f"{named}, {how}",
                group=model,
                y=Axis(label),
                higher_is_better=higher,
                baseline=model == "pca",
                seeded=False,
            )
            for model, named in MODELS.items()
            for method, how in methods(model).items()
            for finding, (label, higher) in FINDINGS.items()
        ),
        plan=_plan,
        budget=f"{PICTURES} faces moved along each direction, in at most 8 steps",
        quick_budget=f"{QUICK_PICTURES} faces moved along each direction",
        seeds=1,
    ),
)


def _cell(model: str, method: str, attribute: str, seed: int, effort: Effort) -> Work:
    from latentlab.data import datasets
    from latentlab.latents import directions
    from latentlab.models import LatentModel

    yield 0.0
    judge = judge_of_faces()
    space, codes, factors, moved = _material(model, effort.quick)
    of = datasets.get(DATA)
    asked = next(known for known in of.attributes if known.name == attribute)
    yes = asked.holds(factors)
    if method in directions.supervised:
        others = [place for place in range(len(of.factors)) if place != asked.factor]
        found = directions.supervised.get(method).find(codes, yes, factors[:, others])
    else:
        if isinstance(space.model, LatentModel):
            basis = directions.unsupervised.get(method).find(space.model, codes)
        else:  # the components themselves, on which the codes are coordinates
            import torch

            basis = torch.eye(codes.shape[1])
        found = directions.best_of(basis, codes, yes)
    line = directions.through(found, codes, yes)
    drift = directions.measured(space, line, asked, judge, of.factors, moved)
    return [drift.switched, drift.worst, drift.mean]


def judge_of_faces() -> "FactorClassifier":
    """Return the classifier that says what a face shows.

    Raises:
        CheckpointError, UnknownNameError: it cannot be had.
    """
    from latentlab import checkpoints
    from latentlab.models import FactorClassifier

    judge = checkpoints.load(JUDGE).load_model()
    assert isinstance(judge, FactorClassifier)
    return judge


@lru_cache(maxsize=len(MODELS))
def _material(model: str, quick: bool) -> "tuple[Space, Tensor, NDArray[np.int64], Tensor]":
    """Return a space, codes ``[N, D]`` with factors ``[N, F]``, and codes of other pictures."""
    from latentlab import checkpoints
    from latentlab.evaluation.shared import principal_components, splits
    from latentlab.latents import spaces
    from latentlab.models import Autoencoder

    train, test = splits(DATA)
    moved = slice(0, QUICK_PICTURES if quick else PICTURES)
    x, shown = train.tensor(), test.tensor(moved)
    if model == "pca":
        space = spaces.linear_space(principal_components(DATA, SIZE), x)
    else:
        checkpoint = checkpoints.load(model)
        network = checkpoint.load_model()
        assert isinstance(network, Autoencoder)
        space = spaces.network_space(network, checkpoint.statistics())
    assert train.factors is not None
    return space, spaces.encode(space, x), train.factors, spaces.encode(space, shown)
