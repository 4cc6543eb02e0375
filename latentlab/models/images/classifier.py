"""A small convolutional classifier, which scores samples and paths."""

from dataclasses import dataclass
from itertools import pairwise

from torch import Tensor, nn

from latentlab.errors import BadConfig
from latentlab.models.base import families
from latentlab.models.images.base import Classifier, ImageConfig
from latentlab.models.images.blocks import bottom_size
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
        bottom_size(config.image_shape, len(config.channels) - 1)  # refuses odd shapes
        if len(config.depths) != len(config.channels) or min(config.depths) < 1:
            raise BadConfig(
                f"{len(config.channels)} map sizes with depths {config.depths} make no classifier.",
                "Give one depth, 1 or more, for every entry of channels.",
            )
        layers: list[nn.Module] = []
        widths = pairwise((config.image_shape[0], *config.channels))
        for size, ((before, after), depth) in enumerate(zip(widths, config.depths, strict=True)):
            if size:
                layers.append(nn.MaxPool2d(2))
            for inputs in (before, *[after] * (depth - 1)):
                layers += [
                    nn.Conv2d(inputs, after, kernel_size=3, padding=1, bias=False),
                    nn.BatchNorm2d(after),
                    nn.ReLU(),
                ]
        self.maps = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
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
