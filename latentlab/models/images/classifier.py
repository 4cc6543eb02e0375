"""A small convolutional classifier, which scores samples and paths."""

from dataclasses import dataclass

from torch import Tensor, nn

from latentlab.models.base import families
from latentlab.models.images.base import Classifier, ImageConfig
from latentlab.models.images.blocks import pooled
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class ClassifierConfig(ImageConfig):
    """Channels and depth of every map size, and the classes."""

    channels: Counts = (32, 64, 128)  # every map but the last is halved afterwards
    depths: Counts = (1, 1, 1)  # convolutions at each of these sizes
    classes: Count = 10


@families.register("classifier")
class ConvClassifier(Classifier):
    """3x3 convolutions, pooling, the mean over the last map as features, one linear layer."""

    config_type = ClassifierConfig
    kind = "classifier"
    title = "Classifier"
    paper = "LeCun et al. 1998, Proc. IEEE 86:2278"

    def __init__(self, config: ClassifierConfig) -> None:
        super().__init__(config)
        self.maps = pooled(config.image_shape, config.channels, config.depths)
        self.head = nn.Linear(config.channels[-1], config.classes)

    def features(self, x: Tensor) -> Tensor:
        """Return the mean over the last map, ``[B, channels[-1]]``, for images in [0, 1]."""
        features: Tensor = self.maps(self.check_images(x))
        return features

    def logits_of(self, features: Tensor) -> Tensor:
        """Return unnormalised log-probabilities, ``[B, classes]``."""
        logits: Tensor = self.head(features)
        return logits

    def forward(self, x: Tensor) -> Tensor:
        """Return ``logits(x)``."""
        return self.logits(x)
