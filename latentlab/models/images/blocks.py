"""Layers that several families share.

Everything here is a plain chain of layers that a browser decoder can run: linear, convolution,
transposed convolution, batch norm, ReLU, sigmoid. Strides of two instead of pooling: a small
kernel on a small map is what a CPU does fast.
"""

import math
from collections.abc import Sequence
from copy import deepcopy
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from latentlab.errors import BadConfig


def dense(sizes: Sequence[int]) -> list[nn.Module]:
    """Return linear layers through ``sizes``, each followed by batch norm and ReLU."""
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after, bias=False), nn.BatchNorm1d(after), nn.ReLU()]
    return layers


def one_layer(
    image_shape: tuple[int, int, int], units: int, *code: nn.Module
) -> tuple[list[nn.Module], list[nn.Module]]:
    """Return encoder and decoder of an autoencoder whose only hidden layer is its code.

    ``code`` are the layers that the units end in; the decoder's sigmoid keeps pixels in [0, 1].
    """
    pixels = math.prod(image_shape)
    encoder = [nn.Flatten(), nn.Linear(pixels, units), *code]
    return encoder, [nn.Linear(units, pixels), nn.Sigmoid(), nn.Unflatten(1, image_shape)]


def bottom_size(image_shape: tuple[int, int, int], halvings: int) -> tuple[int, int]:
    """Return height and width after halving ``halvings`` times.

    Raises:
        BadConfig: the image cannot be halved that often without a remainder.
    """
    _, height, width = image_shape
    factor = 2**halvings
    if height % factor or width % factor:
        raise BadConfig(
            f"{height}x{width} images cannot be halved {halvings} times.",
            "Use fewer channels entries, or images whose sides divide evenly.",
        )
    return height // factor, width // factor


MAX_BLOCKS = 16  # at one map size: a hostile config must not build for minutes


def refined(
    layer: nn.Module, channels: int, blocks: int, activation: nn.Module | None = None
) -> nn.Module:
    """Return ``layer`` followed by ``blocks`` residual blocks, x -> a(x + f(x)), f 3x3.

    The ``activation`` a is ReLU, or a leaky one where that is given.

    The sum x + f(x) is one convolution whose kernel has 1 added in its middle (Zagoruyko &
    Komodakis 2017, "DiracNets"; Ding et al. 2021, "RepVGG", fold such sums after training). Adam
    moves f by the same steps whichever way the sum is written, so it is written as the one
    convolution from the start: a residual network to train, a plain chain to run. A block starts as
    the identity, f = 0, and needs no batch norm; put after ReLUs of a trained network, it changes
    nothing at first (Chen et al. 2016, "Net2Net").

    Raises:
        BadConfig: more blocks than any recipe needs.
    """
    if blocks > MAX_BLOCKS:
        raise BadConfig(
            f"{blocks} blocks at one map size are too many.", f"Use {MAX_BLOCKS} at the utmost."
        )
    if not blocks:
        return layer  # and the names of the weights are those of a network without blocks
    layers = [layer]
    for _ in range(blocks):
        convolution = nn.Conv2d(channels, channels, kernel_size=3, padding=1)
        nn.init.dirac_(convolution.weight)
        assert convolution.bias is not None
        nn.init.zeros_(convolution.bias)
        layers += [convolution, deepcopy(activation or nn.ReLU())]
    return nn.Sequential(*layers)


def downward(
    image_shape: tuple[int, int, int], channels: Sequence[int], blocks: int = 0
) -> list[nn.Module]:
    """Return convolutions that halve the image once per entry of ``channels``.

    ``[B, C, H, W] -> [B, channels[-1], H / 2^n, W / 2^n]``; ``blocks`` residual blocks follow each.
    """
    bottom_size(image_shape, len(channels))  # refuses shapes that do not divide
    layers: list[nn.Module] = []
    for before, after in pairwise((image_shape[0], *channels)):
        layers += [
            nn.Conv2d(before, after, kernel_size=4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(after),
            refined(nn.ReLU(), after, blocks),
        ]
    return layers


def upward(
    channels: Sequence[int], image_shape: tuple[int, int, int], blocks: int = 0
) -> list[nn.Module]:
    """Return transposed convolutions that double the map once per entry of ``channels``.

    The mirror of ``downward`` for the same ``channels`` (given bottom last, used bottom first);
    the last layer gives the image's channels, without an activation. ``blocks`` residual blocks
    follow each of the others.
    """
    widths = [*reversed(channels), image_shape[0]]
    layers: list[nn.Module] = []
    for before, after in pairwise(widths[:-1]):
        layers += [
            nn.ConvTranspose2d(before, after, kernel_size=4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(after),
            refined(nn.ReLU(), after, blocks),
        ]
    # Kernel 4 at stride 2 covers every output pixel equally often: no checkerboard (Odena 2016).
    layers.append(nn.ConvTranspose2d(widths[-2], widths[-1], kernel_size=4, stride=2, padding=1))
    return layers


class ResidualBlock(nn.Module):
    """x + second(relu(first(x))), two 3x3 convolutions; ``[B, width, H, W]`` to the same.

    Without batch norm, whose statistics change with what a batch happens to hold (Lim et al. 2017,
    section 3.1), and starting near the identity.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, kernel_size=3, padding=1)
        self.second = nn.Conv2d(width, width, kernel_size=3, padding=1)
        nn.init.normal_(self.second.weight, std=0.1 / (3 * width**0.5))

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` and what the block adds to it."""
        added: Tensor = self.second(F.relu(self.first(x)))
        return x + added


def residual(width: int, blocks: int) -> list[nn.Module]:
    """Return ``blocks`` residual blocks of ``width`` channels.

    Raises:
        BadConfig: more blocks than any recipe needs.
    """
    if blocks > MAX_BLOCKS:
        raise BadConfig(f"{blocks} blocks are too many.", f"Use {MAX_BLOCKS} at the utmost.")
    return [ResidualBlock(width) for _ in range(blocks)]


def pooled(
    image_shape: tuple[int, int, int], channels: Sequence[int], depths: Sequence[int]
) -> nn.Sequential:
    """Return the trunk of a classifier: 3x3 convolutions, pooling, the mean over the last map.

    ``[B, C, H, W] -> [B, channels[-1]]``; ``depths`` says how many convolutions each map size has.

    Raises:
        BadConfig: depths and channels do not fit, or the image cannot be halved that often.
    """
    bottom_size(image_shape, len(channels) - 1)  # refuses odd shapes
    if len(depths) != len(channels) or min(depths) < 1:
        raise BadConfig(
            f"{len(channels)} map sizes with depths {depths} make no classifier.",
            "Give one depth, 1 or more, for every entry of channels.",
        )
    layers: list[nn.Module] = []
    widths = pairwise((image_shape[0], *channels))
    for size, ((before, after), depth) in enumerate(zip(widths, depths, strict=True)):
        if size:
            layers.append(nn.MaxPool2d(2))
        for inputs in (before, *[after] * (depth - 1)):
            layers += [
                nn.Conv2d(inputs, after, kernel_size=3, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(),
            ]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
