"""CycleGAN: pictures of one sort to another and back, learnt without a single pair.

Zhu et al. 2017, "Unpaired image-to-image translation using cycle-consistent adversarial networks".
A checkpoint holds both generators; their critics are a training objective's.
"""

from dataclasses import dataclass

from torch import Tensor, nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig, ImageNetwork
from latentlab.models.images.blocks import residual
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class CycleGANConfig(ImageConfig):
    """Width and depth of each of the two generators."""

    width: Count = 16  # channels of every map
    blocks: Count = 2  # residual blocks


@families.register("cycle_gan")
class CycleGAN(ImageNetwork):
    """Two generators: ``there``, from the first sort to the second, and ``back``.

    Each adds to its picture what a network of residual blocks thinks is missing, and so begins near
    the identity. Ones that end in a sigmoid and begin with grey were tried: against critics that
    learn faster they saturate, and never recover.
    """

    config_type = CycleGANConfig
    kind = "translator"
    title = "CycleGAN"
    paper = "Zhu et al. 2017, arXiv:1703.10593"

    def __init__(self, config: CycleGANConfig) -> None:
        super().__init__(config)
        self.forth = _generator(config)
        self.home = _generator(config)

    def there(self, x: Tensor) -> Tensor:
        """Return pictures of the first sort, ``[B, C, H, W]`` in [0, 1], as ones of the second.

        Raises:
            ShapeError: ``x`` is not ``[B, *image_shape]``.
        """
        return self.unclipped_there(self.check_images(x)).clamp(0, 1)

    def back(self, y: Tensor) -> Tensor:
        """Return pictures of the second sort, ``[B, C, H, W]`` in [0, 1], as ones of the first.

        Raises:
            ShapeError: ``y`` is not ``[B, *image_shape]``.
        """
        return self.unclipped_back(self.check_images(y)).clamp(0, 1)

    def unclipped_there(self, x: Tensor) -> Tensor:
        """Return ``there(x)`` before it is clipped, which would stop gradients."""
        added: Tensor = self.forth(x)
        return x + added

    def unclipped_back(self, y: Tensor) -> Tensor:
        """Return ``back(y)`` before it is clipped."""
        added: Tensor = self.home(y)
        return y + added


def _generator(config: CycleGANConfig) -> nn.Sequential:
    channels, width = config.image_shape[0], config.width
    last = nn.Conv2d(width, channels, kernel_size=3, padding=1)
    nn.init.normal_(last.weight, std=0.1 / (3 * width**0.5))
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel_size=3, padding=1),
        nn.ReLU(),
        *residual(width, config.blocks),
        nn.ReLU(),
        last,
    )
