"""Autoencoders that are two chains of layers, without a distribution over codes."""

from collections.abc import Iterable

from torch import Tensor, nn

from latentlab.models.base import Point
from latentlab.models.images.base import Autoencoder, ImageConfig


class ChainAutoencoder(Autoencoder):
    """An encoder and a decoder, layer after layer; the posterior is a point.

    Abstract: a family extends it, and says in its constructor which layers these are.
    """

    def __init__(
        self,
        config: ImageConfig,
        latent_shape: tuple[int, ...],
        encoder: Iterable[nn.Module],
        decoder: Iterable[nn.Module],
    ) -> None:
        super().__init__(config)
        self.latent_shape = latent_shape
        self.encoder = nn.Sequential(*encoder)
        self.decoder = nn.Sequential(*decoder)

    def encode(self, x: Tensor) -> Point:
        """Return the codes of images ``[B, C, H, W]``, ``[B, *latent_shape]``."""
        return Point(self.encoder(self.check_images(x)))

    def decode(self, z: Tensor) -> Tensor:
        """Return images ``[B, C, H, W]`` in [0, 1] for codes ``[B, *latent_shape]``."""
        decoded: Tensor = self.decoder(z)
        return decoded

    def encoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``encode`` applies."""
        return [*self.encoder]

    def decoder_layers(self) -> list[nn.Module]:
        """Return the layers that ``decode`` applies."""
        return [*self.decoder]
