"""The objective of linear autoencoders, whose gradient over all pictures is cheap."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from latentlab.models import LinearAutoencoder, Network
from latentlab.training.objectives.base import Learner, Objective, OptimiserSettings, expect


@dataclass(frozen=True)
class LinearReconstruction(Objective):
    """Mean squared error of what a linear autoencoder gives, not clipped, and an L2 penalty.

    The penalty is l2 · (|W₁|² + |W₂|²), added to the error summed over pixels (Kunin 2019, eq. 2);
    both are divided by the number of pixels, as every error here is.

    Over the share ``listening`` of the run, at best one epoch, pictures are counted and no step is
    taken.
    """

    listening: float
    l2: float = 0.0

    def learner(self, network: Network, settings: OptimiserSettings) -> Learner:
        """Return a learner that knows mean and covariance of all it has seen."""
        return _MomentLearner(self, expect(LinearAutoencoder, network), settings)


class _Moments(nn.Module):
    """Count, sum and sum of outer products of flat pictures ``[B, D]``, float64."""

    count: Tensor
    total: Tensor
    products: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros((), dtype=torch.float64))
        self.register_buffer("total", torch.zeros(size, dtype=torch.float64))
        self.register_buffer("products", torch.zeros(size, size, dtype=torch.float64))

    def add(self, rows: Tensor) -> None:
        """Count more pictures."""
        self.count += len(rows)
        self.total += rows.sum(0)
        self.products += rows.T @ rows

    def mean_and_covariance(self) -> tuple[Tensor, Tensor]:
        """Return ``[D]`` and ``[D, D]``, float32."""
        mean = self.total / self.count
        covariance = self.products / self.count - torch.outer(mean, mean)
        return mean.float(), covariance.float()


class _MomentLearner(Learner):
    """Adam on the loss over all pictures together.

    A linear reconstruction's squared error depends on the pictures through their mean μ and
    covariance C alone: tr((I - W₂W₁) C (I - W₂W₁)ᵀ) + |μ - x̂(μ)|². So a step on the whole training
    split costs as little as one on a batch. Steps on batches would never come to rest: neighbouring
    eigenvalues of C differ by some percent only, and noise keeps turning their axes. Nor would
    steps on the moments of the first batches end well: they lead to a saddle that takes epochs to
    leave, with the ninth axis where the eighth belongs.
    """

    def __init__(
        self,
        objective: LinearReconstruction,
        network: LinearAutoencoder,
        settings: OptimiserSettings,
    ) -> None:
        self.objective, self.network = objective, network
        self.moments = _Moments(network.matrices[0].shape[1])
        self.modules = {"model": network, "moments": self.moments}
        self.known: tuple[Tensor, Tensor] | None = None  # mean and covariance; not of the state
        self.optimisers = {"model": torch.optim.Adam(network.parameters(), settings.learning_rate)}

    def step(
        self, x: Tensor, labels: Tensor, rng: torch.Generator, done: float
    ) -> dict[str, float]:
        """Count the batch in, or take a step on all that was counted."""
        listens = done < self.objective.listening
        if listens:
            self.moments.add(x.flatten(1).double())
        if listens or self.known is None:
            self.known = self.moments.mean_and_covariance()
        terms = self.loss(*self.known)
        optimiser = self.optimisers["model"]
        optimiser.zero_grad()
        if not listens:
            torch.stack(list(terms.values())).sum().backward()
        optimiser.step()  # changes nothing where there are no gradients; the schedule counts it
        return {name: term.item() for name, term in terms.items()}

    def loss(self, mean: Tensor, covariance: Tensor) -> dict[str, Tensor]:
        """Return the mse over pictures of mean ``[D]`` and covariance ``[D, D]``, and the penalty.

        The mse is that of ``affine`` for them; both terms are scalars.
        """
        into, out = self.network.matrices
        coded = into @ covariance  # W₁C
        error = covariance.trace() - 2 * (out.T * coded).sum()
        error = error + ((out.T @ out) * (coded @ into.T)).sum()
        offset = mean - self.network.affine(mean.view(1, *self.network.image_shape)).flatten()
        terms = {"mse": (error + offset.square().sum()) / len(mean)}
        if self.objective.l2:
            squares = into.square().sum() + out.square().sum()
            terms["l2"] = self.objective.l2 * squares / len(mean)
        return terms

    def result(self) -> Network:
        """Return the network as it stands."""
        return self.network
