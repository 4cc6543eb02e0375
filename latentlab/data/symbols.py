"""Symbols drawn by rule, each a little otherwise: pictures of classes that no model here knows.

    draw("heart", torch.Generator().manual_seed(3))   # [1,28,28], light on dark, framed as MNIST is

They stand in for what a visitor draws, so that a class can be taught before anybody has drawn, and
so that there are enough others to test it on.
"""

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Generator, Tensor

CANVAS = 112  # pixels drawn on, four times what a model sees
TURN, STRETCH, TREMOR = 14.0, 0.2, 0.07  # degrees; shares of the size
PEN = (0.055, 0.1)  # width of the strokes, as a share of the canvas: MNIST's are 0.05 to 0.12


def _polygon(points: int, inner: float | None = None) -> list[tuple[float, float]]:
    """Return a regular polygon, or a star whose inner points lie at ``inner``; closed, y down."""
    count = points if inner is None else 2 * points
    corners = []
    for i in range(count + 1):
        radius = 1.0 if inner is None or i % 2 == 0 else inner
        angle = 2 * math.pi * i / count - math.pi / 2
        corners.append((radius * math.cos(angle), radius * math.sin(angle)))
    return corners


def _heart() -> list[tuple[float, float]]:
    points = []
    for i in range(33):
        t = 2 * math.pi * i / 32
        x = 16 * math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x / 17, -y / 17))
    return points


# Each as strokes of points in [-1, 1], y down.
_STROKES: dict[str, list[list[tuple[float, float]]]] = {
    "triangle": [_polygon(3)],
    "square": [[(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8), (-0.8, -0.8)]],
    "arrow": [[(-0.9, 0.0), (0.9, 0.0)], [(0.3, -0.6), (0.9, 0.0), (0.3, 0.6)]],
    "heart": [_heart()],
    "star": [_polygon(5, 0.42)],
    "circle": [_polygon(24)],
}
SYMBOLS = tuple(_STROKES)


def draw(name: str, rng: "Generator") -> "Tensor":
    """Return one drawing, float32 ``[1,28,28]`` in [0,1]: turned, stretched and trembling.

    Raises:
        UnknownNameError: there is no such symbol.
    """
    import torch
    from PIL import Image, ImageDraw

    from latentlab.data.mnist import MNIST
    from latentlab.errors import UnknownNameError
    from latentlab.pictures import images, preparation

    if name not in _STROKES:
        raise UnknownNameError("symbol", name, SYMBOLS)

    def between(low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand((), generator=rng))

    angle = math.radians(between(-TURN, TURN))
    across, down = between(1 - STRETCH, 1 + STRETCH), between(1 - STRETCH, 1 + STRETCH)
    width = round(CANVAS * between(*PEN))
    canvas = Image.new("L", (CANVAS, CANVAS))
    pen = ImageDraw.Draw(canvas)
    for stroke in _STROKES[name]:
        tremor = TREMOR * torch.randn(len(stroke), 2, generator=rng)
        if len(stroke) > 12:  # round: a few slow waves, where corners would each jump
            waves = torch.randn(2, 2, generator=rng) * TREMOR
            at = torch.linspace(0, 2 * math.pi, len(stroke))[:, None]
            tremor = waves[0] * torch.sin(at) + waves[1] * torch.sin(2 * at)
        placed = []
        for (x, y), (dx, dy) in zip(stroke, tremor.tolist(), strict=True):
            u, v = across * (x + dx), down * (y + dy)
            right = math.cos(angle) * u - math.sin(angle) * v
            below = math.sin(angle) * u + math.cos(angle) * v
            placed.append((CANVAS * (0.5 + 0.34 * right), CANVAS * (0.5 + 0.34 * below)))
        pen.line(placed, fill=255, width=width, joint="curve")
        for x, y in placed:  # round ends and corners, as a pen makes them
            half = width / 2
            pen.ellipse((x - half, y - half, x + half, y + half), fill=255)
    picture = images.from_uint8(_bytes(canvas)).expand(3, -1, -1)
    return preparation.prepare(picture, MNIST.image_shape, MNIST.convention).image


def _bytes(canvas: object):  # type: ignore[no-untyped-def]  # numpy and Pillow come late
    import numpy as np

    return np.array(canvas, dtype=np.uint8)


def drawings(names: tuple[str, ...], count: int, seed: int) -> "tuple[Tensor, Tensor]":
    """Return ``count`` drawings of each symbol, ``[N,1,28,28]``, and their places in ``names``.

    The first ones of a class are the same whatever the count and whatever else is drawn.

    Raises:
        UnknownNameError: one of them is no symbol.
    """
    import torch

    found, labels = [], []
    for place, name in enumerate(names):
        known = SYMBOLS.index(name) if name in SYMBOLS else 0
        rng = torch.Generator().manual_seed(1000 * seed + known)
        found += [draw(name, rng) for _ in range(count)]
        labels += [place] * count
    return torch.stack(found), torch.tensor(labels)
