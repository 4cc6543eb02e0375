"""One-layer autoencoders with a penalty on their code; a family a file says which.

The loss of a picture is |x - x̂|², summed over pixels, plus the penalty. All of them have the layers
of a `ShallowAutoencoder` with sigmoid units, so that nothing but the penalty tells them apart.
"""

from abc import abstractmethod
from dataclasses import dataclass

from torch import Tensor, nn

from latentlab.models.images.base import ImageConfig
from latentlab.models.images.blocks import one_layer
from latentlab.models.images.chain import ChainAutoencoder
from latentlab.records import Count, Positive


@dataclass(frozen=True, kw_only=True)
class PenalisedConfig(ImageConfig):
    """How many units there are, and what the penalty weighs."""

    latent_size: Count = 256
    weight: Positive = 1.0  # λ, beside the squared error summed over pixels


class PenalisedAutoencoder(ChainAutoencoder):
    """One layer of sigmoid units, one layer back."""

    kind = "autoencoder"

    def __init__(self, config: PenalisedConfig) -> None:
        encoder, decoder = one_layer(config.image_shape, config.latent_size, nn.Sigmoid())
        super().__init__(config, (config.latent_size,), encoder, decoder)
        self.weight = config.weight

    @property
    def filters(self) -> Tensor:
        """What each unit looks for: the encoder's weights, ``[k, D]``."""
        layer = self.encoder[1]
        assert isinstance(layer, nn.Linear)
        return layer.weight

    @abstractmethod
    def penalty(self, z: Tensor) -> Tensor:
        """Return the penalty of a batch of codes ``[B, k]``, a scalar; ``weight`` counts in."""
