"""Strokes made thicker and thinner by the classical operations on grey values.

Serra 1982, "Image analysis and mathematical morphology": dilation takes the largest value of a
neighbourhood, erosion the smallest; here 3x3 pixels.
"""

from torch import Tensor
from torch.nn import functional as F


def dilate(x: Tensor) -> Tensor:
    """Return light strokes on dark ground two pixels thicker, ``[B, C, H, W]`` as ``x``."""
    return F.max_pool2d(x, kernel_size=3, stride=1, padding=1)  # pads with what is never largest


def erode(x: Tensor) -> Tensor:
    """Return light strokes on dark ground two pixels thinner, ``[B, C, H, W]`` as ``x``.

    What is thinner than three pixels vanishes.
    """
    return -dilate(-x)
