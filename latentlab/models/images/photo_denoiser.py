"""Photo denoiser: one U-Net for all strengths of noise, conditioned on a map of it.

Zhang, Zuo & Zhang 2018, "FFDNet: toward a fast and flexible solution for CNN-based image
denoising", IEEE TIP 27(9): pixel-unshuffle and the noise level map; Zhang et al. 2021,
"Plug-and-play image restoration with deep denoiser prior", IEEE TPAMI 44(10) (DRUNet): a U-Net of
residual blocks without normalisation and without biases.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import BadConfig
from latentlab.models.base import families
from latentlab.models.images.base import Denoiser, ImageConfig
from latentlab.records import Count, Counts

HIGHEST = 75 / 255  # white noise up to which our recipes train


@dataclass(frozen=True, kw_only=True)
class PhotoDenoiserConfig(ImageConfig):
    """Widths and depths of the U, and who says how strong the noise is."""

    image_shape: tuple[Count, Count, Count] = (3, 80, 80)  # of the patches it learns from
    widths: Counts = (48, 64, 96)  # channels at 1/2, 1/4, 1/8 … of the sides
    depths: Counts = (1, 2, 1)  # residual blocks there, on each way; once at the bottom
    # found: as roughly as a level can be found in a picture that came noisy, so trust it little
    levels: Literal["given", "found"] = "given"


@families.register("photo_denoiser")
class PhotoDenoiser(Denoiser):
    """Predicts the noise, which is taken away: x̂ = y - R(y, σ).

    Without biases R(a y, a σ) = a R(y, σ) for a > 0: what is learnt at one strength of noise
    serves all (Mohan et al. 2020).
    """

    config_type = PhotoDenoiserConfig
    kind = "photo_denoiser"
    title = "Photo denoiser"
    paper = "Zhang et al. 2018, 10.1109/TIP.2018.2839891; 2021, 10.1109/TPAMI.2021.3088914"

    def __init__(self, config: PhotoDenoiserConfig) -> None:
        super().__init__(config)
        widths, depths = config.widths, config.depths
        if len(widths) != len(depths):
            raise BadConfig(
                f"widths {widths} and depths {depths} make no U.", "Give one depth to each width."
            )
        self.rough = config.levels == "found"
        self.multiple: int = 2 ** len(widths)
        channels = 4 * config.image_shape[0]  # each 2x2 square of pixels is one place
        self.head = _convolution(channels + 1, widths[0])
        self.down = nn.ModuleList(_blocks(w, n) for w, n in zip(widths[:-1], depths, strict=False))
        self.shrink = nn.ModuleList(
            nn.Conv2d(fine, coarse, kernel_size=2, stride=2, bias=False)
            for fine, coarse in pairwise(widths)
        )
        self.bottom = _blocks(widths[-1], depths[-1])
        self.grow = nn.ModuleList(
            nn.ConvTranspose2d(coarse, fine, kernel_size=2, stride=2, bias=False)
            for fine, coarse in pairwise(widths)
        )
        self.up = nn.ModuleList(_blocks(w, n) for w, n in zip(widths[:-1], depths, strict=False))
        self.tail = _convolution(widths[0], channels)
        self.reach = _reach(depths)
        self._initialise()

    def _initialise(self) -> None:
        """Start near the identity: blocks pass on what they get, and little noise is predicted."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                gain: Literal["relu", "linear"] = (
                    "relu" if module.kernel_size == (3, 3) else "linear"
                )
                nn.init.kaiming_normal_(module.weight, nonlinearity=gain)
        with torch.no_grad():
            for module in self.modules():
                if isinstance(module, ResidualBlock):
                    module.second.weight.mul_(0.3)
            self.tail.weight.mul_(0.1)

    def forward(self, x: Tensor, sigma: Tensor) -> Tensor:
        """Return restored pictures ``[B, C, H, W]``, not clipped to [0, 1].

        Args:
            x: noisy pictures ``[B, C, H, W]``, any sides from 8 up; [0, 1] before the noise.
            sigma: standard deviation of the noise on the same scale, ``[B, 1, 1, 1]``, or
                ``[B, 1, H, W]`` where it differs from place to place.

        Raises:
            ShapeError: ``x`` or ``sigma`` has another shape.
        """
        self.check_pictures(x, sigma)
        height, width = x.shape[2:]
        beyond = (0, -width % self.multiple, 0, -height % self.multiple)
        y = F.pad(x, beyond, mode="reflect")
        h = F.pixel_unshuffle(y, 2)  # [B, 4C, H/2, W/2]
        if sigma.shape[2:] == (1, 1):
            level = sigma.expand(len(x), 1, *h.shape[2:])
        else:
            level = F.avg_pool2d(F.pad(sigma, beyond, mode="reflect"), 2)
        h = self.head(torch.cat([h, level], 1))
        skips = []
        for down, shrink in zip(self.down, self.shrink, strict=True):
            h = down(h)
            skips.append(h)
            h = shrink(h)
        h = self.bottom(h)
        for up, grow, skip in zip(self.up[::-1], self.grow[::-1], skips[::-1], strict=True):
            h = up(grow(h) + skip)
        noise = F.pixel_shuffle(self.tail(h), 2)  # [B, C, H, W], padded
        return x - noise[..., :height, :width]


class ResidualBlock(nn.Module):
    """x + second(relu(first(x))), two 3x3 convolutions; ``[B, width, H, W]`` to the same."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _convolution(width, width)
        self.second = _convolution(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` and what the block adds to it."""
        added: Tensor = self.second(F.relu(self.first(x), inplace=True))
        return x + added


def _convolution(before: int, after: int) -> nn.Conv2d:
    return nn.Conv2d(before, after, kernel_size=3, padding=1, bias=False)


def _blocks(width: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(width) for _ in range(count)))


def _reach(depths: tuple[int, ...]) -> int:
    """Return how many pixels a 3x3 convolution network of this form sees to each side.

    Each convolution adds one place, of 2^(i+1) pixels at scale i; and each scale adds up to one
    place more, as its neighbours lie in different places of the next.
    """
    convolutions = [4 * depth for depth in depths]  # two a block, down and up
    convolutions[-1] //= 2  # the bottom is passed once
    convolutions[0] += 2  # head and tail
    return sum((n + 1) * 2 ** (scale + 1) for scale, n in enumerate(convolutions))
