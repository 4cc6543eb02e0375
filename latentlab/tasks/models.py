"""A few pictures that show what a model does: the face of its card."""

from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.errors import UnsupportedError
from latentlab.models import (
    Autoencoder,
    DenoisingAutoencoder,
    Judge,
    LatentModel,
    Network,
    Restorer,
)
from latentlab.noise.corruptions import make

DAMAGE = ("gaussian", 0.5)  # what a denoising model's card shows
SIGMA = 25 / 255  # of the noise on a restorer's card


@dataclass(frozen=True)
class Portrait:
    """Rows of pictures ``[N, C, H, W]`` in [0, 1], one under another, and what each row is.

    ``verdicts`` are the classes that a judge gives to the pictures, int64 ``[N]``; None for others.
    """

    rows: tuple[Tensor, ...]
    titles: tuple[str, ...]
    verdicts: Tensor | None = None


def portrait(network: Network, x: Tensor, seed: int) -> Portrait:
    """Return what ``network`` makes of pictures of its kind.

    An autoencoder gives back ``x``, a denoising one restores it from noise, a generator draws as
    many pictures twice from its prior, a judge names the classes, and a restorer takes noise away.

    Args:
        network: any model, in evaluation mode.
        x: pictures ``[N, C, H, W]`` float32 in [0, 1].
        seed: of the noise and of the draws.

    Raises:
        ShapeError: ``x`` does not fit the network.
        UnsupportedError: the network does nothing that a picture shows.
    """
    rng = torch.Generator().manual_seed(seed)
    with torch.inference_mode():
        if isinstance(network, DenoisingAutoencoder):
            noisy = make(*DAMAGE)(x, rng)
            return Portrait((noisy, network(noisy)), ("with noise", "restored"))
        if isinstance(network, Autoencoder):
            return Portrait((x, network(x)), ("test pictures", "given back"))
        if isinstance(network, LatentModel):
            rows = network.decode(network.sample_prior(2 * len(x), rng)).chunk(2)
            return Portrait(tuple(rows), ("invented", "invented"))
        if isinstance(network, Judge):
            return Portrait((x,), ("test pictures",), network.logits(x).argmax(1))
        if isinstance(network, Restorer):
            noisy = x + SIGMA * torch.randn(x.shape, generator=rng)
            restored = network(noisy, x.new_full((len(x), 1, 1, 1), SIGMA))
            return Portrait((noisy.clamp(0, 1), restored.clamp(0, 1)), ("with noise", "restored"))
    raise UnsupportedError(f"A {type(network).__name__} does nothing that a picture could show.")
