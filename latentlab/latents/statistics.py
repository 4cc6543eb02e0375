"""Where the codes of the training split lie in a latent space."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor


@dataclass(frozen=True)
class LatentStatistics:
    """Where the codes of the training split lie; D numbers in a code, all float32.

    ``low`` and ``high`` are the 1 % and 99 % quantiles. ``importance`` is the mean KL divergence
    from the prior in nats for a VAE, and the variance for others. ``directions`` are the principal
    directions of the codes as columns of unit length, ``[D, P]``, with the standard deviation of
    the codes along each, ``[P]``, largest first.
    """

    mean: "Tensor"
    std: "Tensor"
    low: "Tensor"
    high: "Tensor"
    importance: "Tensor"
    directions: "Tensor"
    direction_std: "Tensor"

    def draw(self, n: int, rng: "torch.Generator") -> "Tensor":
        """Return ``n`` codes ``[n, D]`` of the Gaussian fitted to these, along their directions.

        It stands in for the prior of a model that has none: a standard normal would miss its codes.
        """
        import torch

        steps = self.direction_std * torch.randn(n, len(self.direction_std), generator=rng)
        return self.mean + steps @ self.directions.T
