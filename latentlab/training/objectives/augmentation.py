"""What training does to pictures so that few of them go further."""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

Change = Literal["colour", "translation", "cutout"]

REACH = 1 / 8  # of a side: how far a picture is moved
HOLE = 1 / 2  # of a side: how large a cutout is


def shifted(x: Tensor, most: int, rng: torch.Generator, flip: bool = False) -> Tensor:
    """Return pictures ``[B, C, H, W]`` moved by up to ``most`` pixels, black where they left.

    ``flip`` also mirrors every other one left and right.
    """
    _, _, height, width = x.shape
    padded = F.pad(x, (most,) * 4)
    down, right = torch.randint(0, 2 * most + 1, (2, len(x), 1), generator=rng)
    rows = (down + torch.arange(height)).to(x.device)
    columns = (right + torch.arange(width)).to(x.device)
    if flip:
        mirrored = (torch.rand(len(x), 1, generator=rng) < 0.5).to(x.device)
        columns = torch.where(mirrored, columns.flip(1), columns)
    batch = torch.arange(len(x), device=x.device)[:, None, None]
    return padded[batch, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def differentiable(x: Tensor, changes: tuple[Change, ...], rng: torch.Generator) -> Tensor:
    """Return pictures ``[B, C, H, W]`` changed at random, through which gradients pass.

    Zhao et al. 2020, "Differentiable augmentation for data-efficient GAN training", section 3.2: a
    critic that sees real and generated pictures only so cannot learn the few real ones by heart,
    and the generator does not learn the changes. Not clipped to [0, 1].
    """
    for change in changes:
        x = _CHANGES[change](x, rng)
    return x


def _colour(x: Tensor, rng: torch.Generator) -> Tensor:
    """Brightness by up to half the scale, saturation up to doubled, contrast by up to half."""
    brightness, saturation, contrast = (
        part.to(x.device) for part in torch.rand(3, len(x), 1, 1, 1, generator=rng)
    )
    x = x + (brightness - 0.5)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (2 * saturation)
    mean = x.mean((1, 2, 3), keepdim=True)
    changed: Tensor = mean + (x - mean) * (contrast + 0.5)
    return changed


def _translation(x: Tensor, rng: torch.Generator) -> Tensor:
    return shifted(x, round(x.shape[-1] * REACH), rng)


def _cutout(x: Tensor, rng: torch.Generator) -> Tensor:
    """A square of half the side is black, wherever its middle falls."""
    _, _, height, width = x.shape
    middle = torch.rand(2, len(x), 1, generator=rng)
    rows, columns = (
        ((torch.arange(side) + 0.5) / side - part).abs() < HOLE / 2
        for side, part in zip((height, width), middle, strict=True)
    )
    kept = ~(rows[:, :, None] & columns[:, None, :]).to(x.device)  # [B, H, W]
    changed: Tensor = x * kept[:, None]
    return changed


_CHANGES = {"colour": _colour, "translation": _translation, "cutout": _cutout}
