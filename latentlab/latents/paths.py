"""Paths between two latents, and the pixel cross-fade that they have to beat.

>>> latents = paths.get("spherical")(a, b, steps=9)  # [9, *latent_shape]
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from latentlab.errors import InputError, ShapeError
from latentlab.registry import Registry


@dataclass(frozen=True)
class LatentPath:
    """A way from one latent to another.

    Attributes:
        name: the registry's name.
        label: what people call it.
        formula: LaTeX, with t from 0 to 1.
        paper: where it comes from, "" when it needs none.
        inner: (a [D], b [D], t [S,1]) -> [S,D], for t strictly between 0 and 1.
    """

    name: str
    label: str
    formula: str
    paper: str
    inner: Callable[[Tensor, Tensor, Tensor], Tensor]

    def __call__(self, a: Tensor, b: Tensor, steps: int) -> Tensor:
        """Return latents [steps, *latent_shape] at equal spacing; the ends are exactly a and b.

        Args:
            a: where to start, floating point, of any shape.
            b: where to end, of the same shape, dtype and device.
            steps: how many, at least 2, both ends among them.

        Raises:
            ShapeError: the ends have unequal shapes.
            InputError: fewer than two steps.
        """
        if a.shape != b.shape:
            raise ShapeError("The path's second end", list(a.shape), list(b.shape))
        if steps < 2:
            raise InputError("A path needs at least two steps, one for each end.")
        t = torch.linspace(0, 1, steps, dtype=a.dtype, device=a.device)[1:-1, None]
        between = self.inner(a.flatten(), b.flatten(), t)
        return torch.cat([a[None], between.reshape(-1, *a.shape), b[None]])


def _linear(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    return (1 - t) * a + t * b


def _spherical(a: Tensor, b: Tensor, t: Tensor) -> Tensor:
    """Shoemake's Slerp for the directions; the length goes linearly from |a| to |b|.

    Where no great circle is defined (an end at zero, opposite ends) or where it is a straight
    line to rounding (ends in the same direction), the path is linear.
    """
    length_a: Tensor = torch.linalg.vector_norm(a)
    length_b: Tensor = torch.linalg.vector_norm(b)
    cosine = (a @ b) / (length_a * length_b)  # NaN when an end is zero
    if not cosine.abs() < 1 - 1e-6:
        return _linear(a, b, t)
    angle = cosine.acos()
    towards_a = ((1 - t) * angle).sin() / angle.sin() * (a / length_a)
    towards_b = (t * angle).sin() / angle.sin() * (b / length_b)
    length = (1 - t) * length_a + t * length_b
    return length * (towards_a + towards_b)


paths: Registry[LatentPath] = Registry("path")
paths.add("linear", LatentPath("linear", "Linear", r"z_t = (1 - t)\,a + t\,b", "", _linear))
paths.add(
    "spherical",
    LatentPath(
        "spherical",
        "Spherical",
        r"z_t = \bigl((1 - t)\,|a| + t\,|b|\bigr) \left("
        r"\frac{\sin((1 - t)\,\Omega)}{\sin\Omega} \frac{a}{|a|} + "
        r"\frac{\sin(t\,\Omega)}{\sin\Omega} \frac{b}{|b|}\right), \quad "
        r"\cos\Omega = \frac{a \cdot b}{|a|\,|b|}",
        "Shoemake, Animating Rotation with Quaternion Curves (1985)",
        _spherical,
    ),
)


def cross_fade(image_a: Tensor, image_b: Tensor, steps: int) -> Tensor:
    """Return pictures [steps,C,H,W] that fade from one [C,H,W] to the other: a path in pixels.

    Raises:
        ShapeError: the pictures have unequal shapes.
        InputError: fewer than two steps.
    """
    return paths.get("linear")(image_a, image_b, steps)


def bilinear(corners: Tensor, rows: int, columns: int, path: LatentPath) -> Tensor:
    """Return latents [rows, columns, *latent_shape] that fill a square between four corners.

    A path runs down the left and one down the right edge, then one across each row; with the
    linear path this is bilinear interpolation. The corners are exact.

    Args:
        corners: [4, *latent_shape]: top left, top right, bottom left, bottom right.
        rows: at least 2.
        columns: at least 2.
        path: which way to go along edges and rows.

    Raises:
        ShapeError: there are not four corners.
        InputError: fewer than two rows or columns.
    """
    if corners.ndim < 1 or len(corners) != 4:
        raise ShapeError("The corners", [4, "..."], list(corners.shape))
    top_left, top_right, bottom_left, bottom_right = corners
    left, right = path(top_left, bottom_left, rows), path(top_right, bottom_right, rows)
    return torch.stack([path(a, b, columns) for a, b in zip(left, right, strict=True)])
