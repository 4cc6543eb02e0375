"""A Gaussian mixture fitted by expectation and maximisation: the classical generator of points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Mixture:
    """A mixture of Gaussians.

    Attributes:
        weights: [K].
        means: [K, D].
        factors: [K, D, D] with which standard normal numbers are multiplied.
    """

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    factors: NDArray[np.float64]

    def sample(self, count: int, seed: int) -> NDArray[np.float32]:
        """Return [count, D] points."""
        rng = np.random.default_rng(seed)
        chosen = rng.choice(len(self.weights), count, p=self.weights)
        shaken = rng.standard_normal((count, self.means.shape[1]))
        made: NDArray[np.float32] = (
            self.means[chosen] + np.einsum("nij,nj->ni", self.factors[chosen], shaken)
        ).astype(np.float32)
        return made


def fit(points: NDArray[np.float32], components: int, seed: int = 0) -> Mixture:
    """Return the likeliest mixture of a few starts (scikit-learn).

    Args:
        points: [N, D].
        components: how many Gaussians, each of a shape of its own.
        seed: of the starts.
    """
    from sklearn.mixture import GaussianMixture

    model = GaussianMixture(components, reg_covar=1e-7, n_init=3, random_state=seed)
    model.fit(points.astype(np.float64))
    weights = model.weights_ / model.weights_.sum()
    return Mixture(weights, model.means_, np.linalg.cholesky(model.covariances_))
