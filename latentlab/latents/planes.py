"""A plane through a latent space as a decoder of its own: two numbers in, the same pictures out.

    plane = best_plane(network_space(model, statistics))
    x = plane.decode(torch.tensor([[0.0, 0.0]]))    # at the mean of the codes

The first layer of such a decoder is linear, so a plane in front of it is a narrower first layer:
nothing is trained, and nothing is lost.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentlab.errors import UnsupportedError
from latentlab.latents import spaces
from latentlab.latents.spaces import Axis, Space
from latentlab.models import LatentModel

REACH = 2.5  # standard deviations of the codes either way


@dataclass(frozen=True)
class Plane:
    """The codes ``origin + a · across + b · up``; a decoder of the pairs ``(a, b)``."""

    model: LatentModel
    origin: Tensor  # [D]
    across: Tensor  # [D], a step of 1 in a
    up: Tensor  # [D], at right angles to it

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Shape of one image."""
        return self.model.image_shape

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """Shape of one latent: a pair."""
        return (2,)

    def code(self, at: Tensor) -> Tensor:
        """Return the codes ``[B, D]`` of pairs ``[B, 2]``."""
        return self.origin + at @ torch.stack([self.across, self.up])

    def decode(self, z: Tensor) -> Tensor:
        """Return images ``[B, C, H, W]`` in [0, 1] for pairs ``[B, 2]``."""
        return self.model.decode(self.code(z).reshape(-1, *self.model.latent_shape))

    def decoder_layers(self) -> list[nn.Module]:
        """Return the layers from a pair to the image.

        Raises:
            UnsupportedError: the model's first layer is not linear.
        """
        first, *others = self.model.decoder_layers()
        if not isinstance(first, nn.Linear):
            raise UnsupportedError("A plane can be led only through a decoder that begins linear.")
        with torch.no_grad():
            narrow = nn.Linear(2, first.out_features)
            narrow.weight.copy_(first.weight @ torch.stack([self.across, self.up], dim=1))
            bias = first.weight @ self.origin
            narrow.bias.copy_(bias if first.bias is None else bias + first.bias)
        return [narrow, *others]


def best_plane(
    space: Space, through: Tensor | None = None, *, reach: float = REACH, among: int = 8
) -> tuple[Plane, tuple[Axis, Axis]]:
    """Return the plane on which the picture changes most, in units of one standard deviation.

    It goes through a code along two of the first ``among`` principal directions: those along which
    the decoded picture moves furthest, from ``-reach`` to ``reach`` of them. The direction in which
    codes vary most need not be the one in which pictures do.

    Args:
        space: of a network.
        through: a code [D]; the mean of all codes, of which few are like, where it is None.
        reach: standard deviations either way.
        among: how many principal directions are tried.

    Raises:
        UnsupportedError: principal components, or a code of one number.
    """
    if not isinstance(space.model, LatentModel) or space.size < 2:
        raise UnsupportedError("This latent space has no plane to choose.")
    found = spaces.axes(space, "directions")[:among]
    std = space.statistics.direction_std
    origin = space.statistics.mean if through is None else through
    moved = []
    for axis, scale in zip(found, std, strict=False):
        ends = torch.stack([origin + side * scale * axis.direction for side in (-reach, reach)])
        low, high = spaces.decode(space, ends)
        moved.append(float((high - low).square().mean()))
    first, second = sorted(range(len(found)), key=lambda i: -moved[i])[:2]
    plane = Plane(
        space.model,
        origin,
        std[first] * found[first].direction,
        std[second] * found[second].direction,
    )
    return plane, (found[first], found[second])
