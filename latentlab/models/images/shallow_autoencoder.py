"""Autoencoder of one hidden layer, its code: what it was before anybody could train deeper ones.

Bourlard & Kamp 1988, "Auto-association by multilayer perceptrons and singular value
decomposition", Biological Cybernetics 59. With a code wider than the picture it can copy.
"""

from dataclasses import dataclass
from typing import Literal

from torch import nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig
from latentlab.models.images.blocks import one_layer
from latentlab.models.images.chain import ChainAutoencoder
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class ShallowAutoencoderConfig(ImageConfig):
    """The size of the code, and what its units do."""

    latent_size: Count = 32
    code: Literal["linear", "sigmoid", "relu"] = "linear"


CODES: dict[str, list[type[nn.Module]]] = {"linear": [], "sigmoid": [nn.Sigmoid], "relu": [nn.ReLU]}


@families.register("shallow_autoencoder")
class ShallowAutoencoder(ChainAutoencoder):
    """One layer in, one layer out; the sigmoid at the end keeps pixels in [0, 1]."""

    config_type = ShallowAutoencoderConfig
    kind = "autoencoder"
    title = "Shallow autoencoder"
    paper = "Bourlard & Kamp 1988, Biological Cybernetics 59:291"

    def __init__(self, config: ShallowAutoencoderConfig) -> None:
        code = (layer() for layer in CODES[config.code])
        encoder, decoder = one_layer(config.image_shape, config.latent_size, *code)
        super().__init__(config, (config.latent_size,), encoder, decoder)
