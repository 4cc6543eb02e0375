"""Which directions in a latent space of faces mean something, and what else do they move?

Every attribute gets a direction from every method; test faces are moved along it until the
classifier of factors says that the attribute has switched. What comes of it: how often that happens
within the slider's range, and how often the other factor that drifts most has changed as well.
PCA of pixels is the baseline: the same methods in a linear space.
"""

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from latentlab.experiments.base import Axis, Cell, Effort, Experiment, Line, Work, experiments

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from latentlab.data import Attribute
    from latentlab.latents import directions
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
DRAWS = (4000, 200)  # of a network that cannot encode: they stand for training and test codes
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

    yield 0.0
    found = Material.of(model, effort)
    asked = next(known for known in datasets.get(DATA).attributes if known.name == attribute)
    line = found.line(method, asked)
    moved = slice(0, QUICK_PICTURES if effort.quick else PICTURES)
    drift = found.drift(line, asked, found.test[moved], found.truth[moved])
    return [drift.switched, drift.worst, drift.mean]


@dataclass(frozen=True)
class Material:
    """A space of faces, and the codes that directions are fitted to, chosen by and measured with.

    A network that cannot encode has no codes of either split: draws from its prior stand for them,
    and what the judge reads in their pictures for their factors (Shen et al. 2020, section 4.1).

    Attributes:
        space: on the device that decodes.
        judge: there, too.
        codes: ``[N, D]`` of the training split, on the CPU.
        factors: ``[N, F]``.
        test: ``[M, D]`` of the test split.
        truth: ``[M, F]``.
        device: of space and judge.
    """

    space: "Space"
    judge: "FactorClassifier"
    codes: "Tensor"
    factors: "NDArray[np.int64]"
    test: "Tensor"
    truth: "NDArray[np.int64]"
    device: str

    @staticmethod
    def of(model: str, effort: Effort) -> "Material":
        """Return that of a checkpoint, or of "pca"."""
        # PCA stays on the CPU: a matrix is soon multiplied.
        return _material(model, "cpu" if model == "pca" else effort.device)

    def line(
        self, method: str, asked: "Attribute", fitted: slice = slice(None)
    ) -> "directions.Line":
        """Return a direction for an attribute, fitted to a part of the training split."""
        import torch

        from latentlab.latents import directions
        from latentlab.models import LatentModel

        codes, factors = self.codes[fitted], self.factors[fitted]
        yes = asked.holds(factors)
        if method in directions.supervised:
            others = [place for place in range(factors.shape[1]) if place != asked.factor]
            vector = directions.supervised.get(method).find(codes, yes, factors[:, others])
        else:
            if isinstance(self.space.model, LatentModel):
                network = deepcopy(self.space.model).cpu()
                basis = directions.unsupervised.get(method).find(network, codes)
            else:  # the components themselves, on which the codes are coordinates
                basis = torch.eye(codes.shape[1])
            vector = directions.best_of(basis, codes, yes)
        return directions.through(vector, codes, yes)

    def drift(
        self, line: "directions.Line", asked: "Attribute", z: "Tensor", truth: "NDArray[np.int64]"
    ) -> "directions.Drift":
        """Return what a line does to the pictures of codes ``[N, D]`` with factors ``[N, F]``."""
        from latentlab.data import datasets
        from latentlab.latents import directions

        there = replace(line, vector=line.vector.to(self.device))
        factors = datasets.get(DATA).factors
        return directions.measured(
            self.space, there, asked, self.judge, factors, z.to(self.device), truth
        )


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
def _material(model: str, device: str) -> Material:
    import torch

    from latentlab import checkpoints
    from latentlab.evaluation.shared import BATCH, principal_components, splits
    from latentlab.latents import directions, spaces
    from latentlab.models import Autoencoder, LatentModel

    judge = judge_of_faces().to(device)
    if model != "pca":
        checkpoint = checkpoints.load(model)
        network = checkpoint.load_model().to(device)
        assert isinstance(network, LatentModel)
        space = spaces.network_space(network, checkpoint.statistics())
        if not isinstance(network, Autoencoder):
            drawn = [spaces.draw(space, n, seed) for seed, n in enumerate(DRAWS)]
            shown = [
                directions.read(judge, spaces.decode(space, z.to(device))).round().astype("int64")
                for z in drawn
            ]
            return Material(space, judge, drawn[0], shown[0], drawn[1], shown[1], device)
    train, test = splits(DATA)
    assert train.factors is not None and test.factors is not None
    if model == "pca":
        space = spaces.linear_space(principal_components(DATA, SIZE), train.tensor())
    codes, tested = (
        torch.cat([spaces.encode(space, x.to(device)).cpu() for x in split.batches(BATCH)])
        for split in (train, test)
    )
    return Material(space, judge, codes, train.factors, tested, test.factors, device)
