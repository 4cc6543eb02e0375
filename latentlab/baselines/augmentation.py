"""Classical augmentation: pictures moved, turned, stretched and bent at random.

Simard, Steinkraus & Platt 2003, "Best practices for convolutional neural networks applied to visual
document analysis": affine and elastic distortions, the classical answer to few labelled pictures.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

FIELD = 5  # places a side at which the elastic field is drawn; smooth between them


@dataclass(frozen=True)
class Deformation:
    """What is drawn for each picture by itself, uniform up to these bounds.

    Attributes:
        shift: of each axis, in pixels.
        turn: in degrees, either way.
        stretch: of the size, as a share: 0.1 is from 0.9 to 1.1.
        bend: standard deviation of the elastic displacement, in pixels.
        mirror: left and right are exchanged in half of the pictures.
    """

    shift: float = 0.0
    turn: float = 0.0
    stretch: float = 0.0
    bend: float = 0.0
    mirror: bool = False

    def apply(self, x: Tensor, rng: torch.Generator) -> Tensor:
        """Return pictures ``[B, C, H, W]`` deformed; gradients pass. Beyond the border all is 0."""
        count, _, height, width = x.shape
        draws = 2 * torch.rand(count, 5, generator=rng) - 1
        angle = draws[:, 0] * math.radians(self.turn)
        scale = 1 + draws[:, 1] * self.stretch
        cosine, sine = scale * angle.cos(), scale * angle.sin()
        right = draws[:, 2] * self.shift * 2 / width
        down = draws[:, 3] * self.shift * 2 / height
        sign = torch.where(draws[:, 4] < 0, -1.0, 1.0) if self.mirror else torch.ones(count)
        # Rows of the matrix: where each pixel of the result is looked up, in [-1, 1].
        matrix = torch.stack([cosine * sign, -sine, right, sine * sign, cosine, down], 1)
        grid = F.affine_grid(matrix.view(count, 2, 3).to(x), list(x.shape), align_corners=False)
        if self.bend:
            field = torch.randn(count, 2, FIELD, FIELD, generator=rng).to(x)
            field = F.interpolate(field, (height, width), mode="bicubic", align_corners=True)
            field = field * (2 * self.bend / torch.tensor([width, height])).view(1, 2, 1, 1).to(x)
            grid = grid + field.permute(0, 2, 3, 1)
        return F.grid_sample(x, grid, align_corners=False)


# Fixed in advance, as usual for such pictures; with a hundred labels there is nothing to choose by.
CLASSICAL = {
    "mnist": Deformation(shift=2, turn=15, stretch=0.1, bend=0.8),
    "fashion_mnist": Deformation(shift=2, turn=5, stretch=0.1, bend=0.5, mirror=True),
}
