"""CycleGAN: pictures of one sort to another and back, learnt without a single pair.

Zhu et al. 2017, "Unpaired image-to-image translation using cycle-consistent adversarial networks".
A checkpoint holds both generators; their critics are a training objective's.
"""

from dataclasses import dataclass

from torch import Tensor, nn

from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig, ImageNetwork
from latentlab.models.images.blocks import bottom_size, residual
from latentlab.records import Count


@dataclass(frozen=True, kw_only=True)
class CycleGANConfig(ImageConfig):
    """Width and depth of each of the two generators."""

    width: Count = 16  # channels at full size; twice as many at half of it
    blocks: Count = 3  # residual blocks at half size


@families.register("cycle_gan")
class CycleGAN(ImageNetwork):
    """Two generators: ``there``, from the first sort to the second, and ``back``."""

    config_type = CycleGANConfig
    kind = "translator"
    title = "CycleGAN"
    paper = "Zhu et al. 2017, arXiv:1703.10593"

    def __init__(self, config: CycleGANConfig) -> None:
        super().__init__(config)
        bottom_size(config.image_shape, 1)  # refuses odd sides
        self.forth = _generator(config)
        self.home = _generator(config)

    def there(self, x: Tensor) -> Tensor:
        """Return pictures of the first sort, ``[B, C, H, W]`` in [0, 1], as ones of the second.

        Raises:
            ShapeError: ``x`` is not ``[B, *image_shape]``.
        """
        turned: Tensor = self.forth(self.check_images(x))
        return turned

    def back(self, y: Tensor) -> Tensor:
        """Return pictures of the second sort, ``[B, C, H, W]`` in [0, 1], as ones of the first.

        Raises:
            ShapeError: ``y`` is not ``[B, *image_shape]``.
        """
        turned: Tensor = self.home(self.check_images(y))
        return turned


def _generator(config: CycleGANConfig) -> nn.Sequential:
    channels, width = config.image_shape[0], config.width
    return nn.Sequential(
        nn.Conv2d(channels, width, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1),
        nn.ReLU(),
        *residual(2 * width, config.blocks),
        nn.ConvTranspose2d(2 * width, width, kernel_size=4, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(width, channels, kernel_size=3, padding=1),
        nn.Sigmoid(),
    )
