"""10,000 points on a plane, the first time: PCA and a two-dimensional autoencoder."""

import time
from collections.abc import Iterator

import torch

from benchmarks.timing import Row
from latentlab import checkpoints
from latentlab.models import Autoencoder
from latentlab.tasks import embeddings as embeddings_

POINTS = 10_000
BAR = 2.0  # seconds, both together


def embeddings() -> Iterator[Row]:
    """Yield seconds for PCA, for the autoencoder, and for both.

    The pictures are random: neither method's time depends on what they show, and the samples that
    ship are fewer.
    """
    model = checkpoints.load("autoencoder.mnist_k2").load_model()
    assert isinstance(model, Autoencoder)
    x = torch.rand(POINTS, *model.image_shape, generator=torch.Generator().manual_seed(0))
    start = time.perf_counter()
    embeddings_.embed_pca(x)
    between = time.perf_counter()
    embeddings_.embed_codes(model, x)
    end = time.perf_counter()
    yield Row(f"PCA of {POINTS:,} points", f"{between - start:.2f} s")
    yield Row(f"autoencoder of {POINTS:,} points", f"{end - between:.2f} s")
    total = end - start
    yield Row("  together", f"{total:.2f} s", f"≤ {BAR:g} s", total <= BAR)
