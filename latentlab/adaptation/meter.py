"""How well two clouds of features can be told apart: by a fresh linear classifier, held out.

What a trained domain classifier says of the features it was trained against is no measure: a fresh
one, fitted to half of the points, is asked about the other half. Its error is at most one half,
where nothing tells the domains apart. The proxy A-distance 2 (1 - 2 error) (Ben-David et al. 2010)
says the same, and cannot tell clouds apart any more once they are: it saturates at 2.
"""

import numpy as np
from numpy.typing import NDArray

MOST = 1_000  # points of each domain


def domain_error(
    source: NDArray[np.float32], target: NDArray[np.float32], rng: np.random.Generator
) -> float:
    """Return the share of held-out points that a fresh linear classifier takes for the others.

    Both domains count the same, so that guessing reads one half.

    Args:
        source: ``[N, D]``, in any order; as many as of the other, 1,000 at most, are drawn.
        target: ``[M, D]``.
        rng: draws which points are taken, and which of them are held out.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    count = min(len(source), len(target), MOST) // 2 * 2
    chosen = [cloud[rng.permutation(len(cloud))[:count]] for cloud in (source, target)]
    half = count // 2
    truth = np.repeat([0, 1], half)
    judge = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300))
    judge.fit(np.concatenate([cloud[:half] for cloud in chosen]), truth)
    said = judge.predict(np.concatenate([cloud[half:] for cloud in chosen]))
    return float((said != truth).mean())


def a_distance(error: float) -> float:
    """Return the proxy A-distance of an error: 0 = not to be told apart, 2 = always."""
    return 2 * (1 - 2 * min(error, 0.5))
