"""A small convolutional classifier: the judge that scores samples and paths."""

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from latentlab.models.base import Judge, ModelConfig, families
from latentlab.models.blocks import bottom_size


@dataclass(frozen=True, kw_only=True)
class ClassifierConfig(ModelConfig):
    """Channels, features and classes."""

    channels: tuple[int, ...] = (32, 64, 128)  # every map but the last is halved afterwards
    classes: int = 10


@families.register("classifier")
class Classifier(Judge):
    """3x3 convolutions, pooling, the mean over the last map as features, one linear layer."""

    config_type = ClassifierConfig
    title = "Judge"
    paper = "LeCun et al. 1998, Proc. IEEE 86:2278"

    def __init__(self, config: ClassifierConfig) -> None:
        super().__init__(config)
        bottom_size(config.image_shape, len(config.channels) - 1)  # refuses odd shapes
        layers: list[nn.Module] = []
        for index, (before, after) in enumerate(
            pairwise((config.image_shape[0], *config.channels))
        ):
            if index:
                layers.append(nn.MaxPool2d(2))
            layers += [
                nn.Conv2d(before, after, kernel_size=3, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
        self.maps = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(config.channels[-1], config.classes)

    def features(self, x: Tensor) -> Tensor:
        """Return the mean over the last map, ``[B, channels[-1]]``, for images in [0, 1]."""
        features: Tensor = self.maps(self.check_images(x))
        return features

    def logits(self, x: Tensor) -> Tensor:
        """Return unnormalised log-probabilities, ``[B, classes]``."""
        logits: Tensor = self.head(self.features(x))
        return logits

    def forward(self, x: Tensor) -> Tensor:
        """Return ``logits(x)``."""
        return self.logits(x)
