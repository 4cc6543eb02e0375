"""What a recipe says, and the table that holds all of them."""

from dataclasses import dataclass, replace

from latentlab.data import Images, OneClass, TrainingData, WithFactors, find
from latentlab.data.few import few_of
from latentlab.models import ModelConfig
from latentlab.registry import Registry
from latentlab.training.objectives import Objective
from latentlab.training.snapshots import Snapshots


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides what a training run ends in."""

    name: str  # of the checkpoint: family.tag
    data: str  # whose training split is used
    tag: str = ""  # what tells it from others of its family and data set
    summary: str  # one line, shown under the model's name
    config: ModelConfig
    objective: Objective
    epochs: int
    batch_size: int = 256
    learning_rate: float = 2e-3  # the peak of a cosine with a short warm-up
    weight_decay: float = 1e-2  # decoupled (Loshchilov & Hutter 2019)
    seed: int = 0
    # Checkpoint whose weights come first: of the same family; or, for a GAN, a conv_autoencoder.
    starts_from: str | None = None
    snapshots: Snapshots | None = None  # what is kept of the run on its way
    limits: tuple[str, ...] = ()  # what a user should not expect of it
    only: OneClass | None = None  # the part of the training split that is seen; None = all
    held_back: int = 0  # pictures at the end of the training split that are not seen: to choose by
    labels: int | None = None  # so many labelled pictures are seen, drawn by the seed; None = all
    by_length: bool = False  # batches of texts of about one length: next to no padding
    study: str = ""  # the question that it answers beside others; pages of that study alone show it

    @property
    def identity(self) -> str:
        """What decides the weights, as text: the recipe without its prose."""
        return repr(replace(self, summary="", tag="", limits=(), study=""))

    @property
    def family(self) -> str:
        """The part of the name before the dot."""
        return self.name.partition(".")[0]

    def training_data(self) -> TrainingData:
        """Return what the run draws its batches from.

        Raises:
            DataError: the training split is not on this machine.
        """
        found = find(self.data).training_data(self.config)
        factors = self.objective.targets == "factors"
        if self.only is None and self.labels is None and not self.held_back and not factors:
            return found
        if isinstance(found, WithFactors):  # the network takes them anyway
            return found
        assert isinstance(found, Images)  # photographs have no classes, and no recipe asks for any
        if self.held_back:
            found = found.part(slice(0, len(found) - self.held_back))
        if self.labels is not None:
            found = few_of(found, self.labels, self.seed)
        if factors:
            return WithFactors(found)
        return found if self.only is None else self.only.training(found)


recipes: Registry[Recipe] = Registry("recipe")


def add(recipe: Recipe) -> None:
    """Put a recipe into the table under its own name."""
    recipes.add(recipe.name, recipe)
