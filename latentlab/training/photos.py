"""What photo denoisers learn from: clean patches, the noise put on them, and the loss."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.errors import TrainingError
from latentlab.models import Network, Restorer
from latentlab.training.objectives import GradientObjective

# Of the mean squared error: what is below one grey level is not worth a gradient.
FLOOR = (1 / 255) ** 2
LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, as PIL's convert("L")


@dataclass(frozen=True)
class GaussianNoise(GradientObjective):
    """The PSNR of patches freed from white Gaussian noise of all strengths.

    y = x + σ n with n ~ N(0, 1), not clipped (as in Zhang et al. 2018), σ uniform over
    [0, ``highest``]. ``grey_share`` of the patches are grey, with the same noise in all channels:
    what a grey picture looks like to a network for colour.
    """

    highest: float  # of σ, on the scale of [0, 1]
    grey_share: float

    def loss(
        self, network: Network, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, Tensor]:
        """Return half the log of a patch's mean squared error, averaged over the batch."""
        sigma = self.highest * torch.rand(len(x), 1, 1, 1, generator=rng)
        grey = torch.rand(len(x), 1, 1, 1, generator=rng) < self.grey_share
        noise = torch.randn(x.shape, generator=rng)
        noise = torch.where(grey, noise[:, :1], noise).to(x)
        sigma, grey = sigma.to(x), grey.to(x.device)
        luma = (x * x.new_tensor(LUMA)[:, None, None]).sum(1, keepdim=True)
        x = torch.where(grey, luma, x)
        return {"log rmse": log_error(expect_restorer(network)(x + sigma * noise, sigma), x)}


def log_error(restored: Tensor, x: Tensor) -> Tensor:
    """Return the mean over the batch of log √(mse + floor): -PSNR · ln(10) / 20, in nats.

    The mse itself would be ruled by the strongest noise; here a decibel counts alike at all
    strengths, as it does in the scores.
    """
    mse = ((restored - x) ** 2).mean((1, 2, 3))
    return 0.5 * torch.log(mse + FLOOR).mean()


def expect_restorer(network: Network) -> Restorer:
    """Return ``network`` if it is a restorer.

    Raises:
        TrainingError: it is not.
    """
    if not isinstance(network, Restorer):
        raise TrainingError(f"This objective trains a Restorer, not a {type(network).__name__}.")
    return network
