"""Linear autoencoder: two matrices and two biases, nothing between them.

Baldi & Hornik 1989, "Neural networks and principal component analysis", Neural Networks 2: with
squared error every minimum spans the subspace of the first k principal components, but not their
axes. Kunin et al. 2019, "Loss landscapes of regularized linear autoencoders", arXiv:1901.08168: an
L2 penalty on both matrices turns the axes into place, and makes one matrix the other's transpose.
"""

import math
from dataclasses import dataclass

from torch import Tensor, nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig
from latentlab.models.images.chain import ChainAutoencoder
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class LinearAutoencoderConfig(ImageConfig):
    """The size of the code."""

    latent_size: Count = 8


@families.register("linear_autoencoder")
class LinearAutoencoder(ChainAutoencoder):
    """W₂(W₁x + b₁) + b₂; the biases stand for centring the data.

    Only `decode` clips to [0, 1], as that of principal components does; training sees `affine`.
    """

    config_type = LinearAutoencoderConfig
    kind = "autoencoder"
    title = "Linear autoencoder"
    paper = "Baldi & Hornik 1989, Neural Networks 2:53"

    def __init__(self, config: LinearAutoencoderConfig) -> None:
        pixels = math.prod(config.image_shape)
        super().__init__(
            config,
            (config.latent_size,),
            encoder=[nn.Flatten(), nn.Linear(pixels, config.latent_size)],
            decoder=[
                nn.Linear(config.latent_size, pixels),
                nn.Hardtanh(0, 1),
                nn.Unflatten(1, config.image_shape),
            ],
        )

    @property
    def matrices(self) -> tuple[Tensor, Tensor]:
        """W₁ ``[k, D]`` and W₂ ``[D, k]``."""
        into, out = self.encoder[1], self.decoder[0]
        assert isinstance(into, nn.Linear) and isinstance(out, nn.Linear)
        return into.weight, out.weight

    def affine(self, x: Tensor) -> Tensor:
        """Return W₂(W₁x + b₁) + b₂, ``[B, C, H, W]`` with no bounds."""
        straight: Tensor = self.decoder[0](self.encode(x).z)
        return straight.view(x.shape)
