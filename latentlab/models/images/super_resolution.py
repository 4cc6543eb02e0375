"""Super-resolution: a small picture to one of four times its width and height.

Lim et al. 2017, "Enhanced deep residual networks for single image super-resolution" (EDSR):
residual blocks without batch norm at the small size, then enlargement. Odena et al. 2016: nearest
neighbours and a convolution leave no checkerboard. What the network is trained for, the mean
squared error or a critic's opinion as well, is a training objective: the network is the same.
"""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import ShapeError
from latentlab.models.base import families
from latentlab.models.images.base import ImageConfig, ImageNetwork
from latentlab.models.images.blocks import bottom_size, residual
from latentlab.records import Count

DOUBLINGS = 2  # each of width and height


@dataclass(frozen=True, kw_only=True)
class SuperResolutionConfig(ImageConfig):
    """The width of the network and its blocks; ``image_shape`` is that of the large picture."""

    width: Count = 32  # channels of every map
    blocks: Count = 6  # residual blocks at the small size


@families.register("super_resolution")
class SuperResolution(ImageNetwork):
    """Adds to the picture, enlarged by bilinear interpolation, what a network thinks is missing."""

    config_type = SuperResolutionConfig
    kind = "enlarger"
    title = "Super-resolution"
    paper = "Lim et al. 2017, arXiv:1707.02921; Ledig et al. 2017, arXiv:1609.04802"

    factor = 2**DOUBLINGS

    def __init__(self, config: SuperResolutionConfig) -> None:
        super().__init__(config)
        channels = config.image_shape[0]
        self.small_shape = (channels, *bottom_size(config.image_shape, DOUBLINGS))
        width = config.width
        up: list[nn.Module] = []
        for _ in range(DOUBLINGS):
            up += [
                nn.Upsample(scale_factor=2, mode="nearest"),
                nn.Conv2d(width, width, kernel_size=3, padding=1),
                nn.ReLU(),
            ]
        self.added = nn.Sequential(
            nn.Conv2d(channels, width, kernel_size=3, padding=1),
            *residual(width, config.blocks),
            *up,
            nn.Conv2d(width, channels, kernel_size=3, padding=1),
        )

    def shrink(self, x: Tensor) -> Tensor:
        """Return means over 4x4 pixels of pictures ``[B, C, H, W]``, ``[B, C, H/4, W/4]``."""
        return F.avg_pool2d(self.check_images(x), self.factor)

    def forward(self, small: Tensor) -> Tensor:
        """Return large pictures ``[B, C, H, W]``, not clipped to [0, 1], for small ones.

        Args:
            small: ``[B, C, H/4, W/4]`` in [0, 1].

        Raises:
            ShapeError: ``small`` has another shape.
        """
        if small.ndim != 4 or tuple(small.shape[1:]) != self.small_shape:
            raise ShapeError(
                "A batch of small pictures", ("B", *self.small_shape), tuple(small.shape)
            )
        even = F.interpolate(small, scale_factor=self.factor, mode="bilinear", align_corners=False)
        added: Tensor = self.added(2 * small - 1)
        return even + added

    def enlarge(self, small: Tensor) -> Tensor:
        """Return ``forward(small)``, clipped to [0, 1]."""
        enlarged: Tensor = self(small)
        return enlarged.clamp(0, 1)
