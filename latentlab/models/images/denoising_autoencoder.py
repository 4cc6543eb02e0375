"""Convolutional denoising autoencoder: trained to give back the clean image from a damaged one.

Vincent et al. 2008, "Extracting and composing robust features with denoising autoencoders", ICML;
the corruption process q(x~ | x) is here a mixture, drawn anew for every image.
"""

from dataclasses import dataclass

from torch import nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig
from latentlab.models.images.blocks import bottom_size, downward, upward
from latentlab.models.images.chain import ChainAutoencoder
from latentlab.records import Count, Counts


@dataclass(frozen=True, kw_only=True)
class DenoisingAutoencoderConfig(ImageConfig):
    """Channels of the maps; the code is itself a map."""

    channels: Counts = (32, 64)  # one halving each, image side first
    code_channels: Count = 16  # the code keeps its place: [code_channels, H / 2^n, W / 2^n]


@families.register("denoising_autoencoder")
class DenoisingAutoencoder(ChainAutoencoder):
    """All-convolutional: its code is a small map, since noise is removed where it is.

    There are no skip connections: what the decoder draws has passed through the code.
    """

    config_type = DenoisingAutoencoderConfig
    kind = "denoising_autoencoder"
    title = "Denoising autoencoder"
    paper = "Vincent et al. 2008, ICML"

    def __init__(self, config: DenoisingAutoencoderConfig) -> None:
        bottom = config.channels[-1]
        super().__init__(
            config,
            (config.code_channels, *bottom_size(config.image_shape, len(config.channels))),
            encoder=[
                *downward(config.image_shape, config.channels),
                *_mixing(bottom),
                nn.Conv2d(bottom, config.code_channels, kernel_size=1),
            ],
            decoder=[
                nn.Conv2d(config.code_channels, bottom, kernel_size=1),
                *_mixing(bottom),
                *upward(config.channels, config.image_shape),
                nn.Sigmoid(),
            ],
        )


def _mixing(channels: int) -> list[nn.Module]:
    """Return a 3x3 convolution at the bottom, where seeing further costs least."""
    return [
        nn.Conv2d(channels, channels, kernel_size=3, padding=1, bias=False),
        nn.BatchNorm2d(channels),
        nn.ReLU(),
    ]
