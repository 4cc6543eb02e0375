"""A classifier with one head a factor: it says all that is known of a picture.

One trunk for many tasks: Caruana 1997, "Multitask learning", Machine Learning 28:41.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from torch import Tensor, nn

from latentlab.errors import BadConfig
from latentlab.models.base import families
from latentlab.models.images.base import Classifier, ImageConfig
from latentlab.models.images.blocks import pooled
from latentlab.records import Counts, Natural


@dataclass(frozen=True, kw_only=True)
class FactorClassifierConfig(ImageConfig):
    """Channels and depth of every map size, and what each head tells."""

    targets: ClassVar[Literal["class", "factors"]] = "factors"

    channels: Counts = (16, 32, 64)  # every map but the last is halved afterwards
    depths: Counts = (1, 1, 2)  # convolutions at each of these sizes
    heads: Counts = (10, 1)  # values of each factor, in the data set's order; 1 for a number
    label: Natural = 0  # which factor is the class of a picture


@families.register("factor_classifier")
class FactorClassifier(Classifier):
    """The trunk of a classifier, and one linear layer for each factor."""

    config_type: ClassVar[type[FactorClassifierConfig]] = FactorClassifierConfig
    kind = "factor_classifier"
    title = "Factor classifier"
    paper = "Caruana 1997, Machine Learning 28:41"

    def __init__(self, config: FactorClassifierConfig) -> None:
        super().__init__(config)
        if config.label >= len(config.heads) or config.heads[config.label] < 2:
            raise BadConfig(
                f"Head {config.label} of {config.heads} names no class.",
                "Let label be the place of a factor with two values or more.",
            )
        self.heads, self.label = config.heads, config.label
        self.maps = pooled(config.image_shape, config.channels, config.depths)
        self.head = nn.Linear(config.channels[-1], sum(config.heads))

    def features(self, x: Tensor) -> Tensor:
        """Return the mean over the last map, ``[B, channels[-1]]``, for images in [0, 1]."""
        features: Tensor = self.maps(self.check_images(x))
        return features

    def logits_of(self, features: Tensor) -> Tensor:
        """Return unnormalised log-probabilities of the class, the factor that is the label."""
        return self.factors_of(features)[self.label]

    def factors_of(self, features: Tensor) -> tuple[Tensor, ...]:
        """Return what each head says of ``features``, one tensor ``[B, heads[i]]`` a factor.

        Unnormalised log-probabilities of its values; or, where there is one column, the factor's
        number in its own unit.
        """
        return tuple(self.head(features).split(self.heads, dim=1))

    def factors(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return what each head says of images ``[B, C, H, W]`` in [0, 1]: see `factors_of`."""
        return self.factors_of(self.features(x))

    def forward(self, x: Tensor) -> Tensor:
        """Return ``logits(x)``."""
        return self.logits(x)
