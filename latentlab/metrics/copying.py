"""Copying: what comes back of pure noise, and how near samples are to known pictures."""

import torch
from torch import Tensor

from latentlab.errors import InputError, ShapeError

MARGIN = 4  # pixels at every side that no digit of MNIST reaches: they fill the 20 x 20 within


def pure_noise(shape: tuple[int, int, int], seed: int) -> Tensor:
    """Return a picture ``[C, H, W]`` of noise where digits lie, drawn evenly from 0 to 1.

    Around it all is black, as around digits: a network has learnt nothing of pixels that never
    vary, and could not hand them through with all the numbers in the world.
    """
    x = torch.rand(*shape, generator=torch.Generator().manual_seed(seed))
    framed = torch.zeros_like(x)
    framed[..., MARGIN:-MARGIN, MARGIN:-MARGIN] = x[..., MARGIN:-MARGIN, MARGIN:-MARGIN]
    return framed


def likeness(original: Tensor, made: Tensor) -> float:
    """Return the correlation of two pictures' pixels, within the part where digits lie.

    1 = alike but for brightness and contrast; 0 = nothing in common, also where one is plain.
    """
    pixels = torch.stack(
        [x[..., MARGIN:-MARGIN, MARGIN:-MARGIN].flatten() for x in (original, made)]
    )
    pixels = pixels.double() - pixels.double().mean(1, keepdim=True)
    one, other = pixels.norm(dim=1).tolist()
    return float((pixels[0] * pixels[1]).sum() / (one * other)) if one and other else 0.0


def nearest(x: Tensor, known: Tensor) -> tuple[Tensor, Tensor]:
    """Return how far each item is from the nearest known one, and which that is.

    Args:
        x: items ``[N, …]`` float32.
        known: ``[M, …]``, of the same shape each; M ≥ 1.

    Returns:
        Euclidean distances ``[N]`` float32, and places in ``known`` ``[N]`` int64.

    Raises:
        ShapeError: they differ in shape, or nothing is known.
    """
    if x.shape[1:] != known.shape[1:] or not len(known):
        raise ShapeError("The known items", ("M", *x.shape[1:]), tuple(known.shape))
    queries, others = x.flatten(1), known.flatten(1)
    squares = (others**2).sum(1)
    best = [(squares - 2 * part @ others.T).min(1) for part in queries.split(250)]
    found = torch.cat([each.indices for each in best])
    # Taken anew of the pairs found: the difference of squares has lost its last digits.
    return (queries - others[found]).square().sum(1).sqrt(), found


def copied(distances: Tensor, honest: Tensor, share: float = 0.01) -> float:
    """Return the share of items that are nearer to a known one than honest ones hardly ever are.

    Args:
        distances: of the items, ``[N]``.
        honest: of real items that were not known, ``[M]``.
        share: of these that are as near by chance.

    Raises:
        InputError: one of them is empty.
    """
    if not len(distances) or not len(honest):
        raise InputError("There is no distance to compare.")
    return float((distances < near(honest, share)).float().mean())


def near(honest: Tensor, share: float = 0.01) -> float:
    """Return the distance that ``share`` of honest items ``[M]`` fall below."""
    return float(honest.quantile(share))
