"""Where the preparation of a picture doubts itself: what may be wrong with it, and what to do.

    prepared = preparation.prepare(picture, image_shape, convention)
    for doubt in doubts(picture, prepared, convention, samples):
        print(doubt.what, doubt.remedy)

A doubt is no error: the picture is used all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from latentlab.pictures import preparation
from latentlab.pictures.conventions import Convention
from latentlab.pictures.preparation import Prepared

# Of the border, samples of digits have at most 5 % that is unlike their ground; a desk beside the
# paper takes 10 % and more. Things to wear reach the border with half of it: no such doubt of them.
STRANGE_BORDER = 0.08
UNLIKE = 0.5  # of the logarithm of brightness, in some channel: a shadow takes 0.36, a desk more
# What rounding changes. Of neighbouring pixels, as a model sees them, 73 % and more are the same in
# a cartoon, 61 % after JPEG; in photographs of faces a quarter.
SAME = 1.5 / 255
FLAT_ENOUGH = 0.75  # of what the least flat sample has
# Of the box around it: of the boldest sample 75 % is ink, of a sheet of paper 82 % and more. A one
# fills its box too, but that is narrow.
FULL = 0.79
WIDE = 1.8  # times as wide as it is high is no digit: the samples reach 1.7


@dataclass(frozen=True)
class Doubt:
    """One thing that may be wrong with a picture, in sentences for people."""

    name: Literal["several", "desk", "photograph"]
    what: str
    remedy: str  # for somebody who can draw a box around a part of the picture


SEVERAL = Doubt(
    "several",
    "There seem to be several digits in this picture, and the model knows one at a time.",
    "Draw the box around one of them.",
)
DESK = Doubt(
    "desk",
    "The ground is not the same everywhere, as with paper on a desk.",
    "Draw the box around what is meant, with nothing but its plain ground.",
)
PHOTOGRAPH = Doubt(
    "photograph",
    "This looks like a photograph, and the model has only learnt from drawings in flat colours.",
    "Bring a drawn face, or expect the drawing that is nearest.",
)


def doubts(
    picture: torch.Tensor,
    prepared: Prepared,
    convention: Convention,
    samples: Sequence[torch.Tensor] | torch.Tensor = (),
) -> tuple[Doubt, ...]:
    """Return what may be wrong with a picture, the likeliest first; mostly nothing.

    Args:
        picture: float32 [3,H,W] in [0,1], as it was given to `preparation.prepare`.
        prepared: what came of it.
        convention: which was followed.
        samples: [C,h,w] each, some pictures that the model has learnt from or is tested on; with
            them a photograph is told from a drawing.
    """
    if prepared.image.min() == prepared.image.max():
        return ()  # there is nothing in it, which is another sentence
    if convention.centring == "square":
        if not len(samples):
            return ()
        least = min(_flatness(sample) for sample in samples)
        # Where the samples are photographs themselves, nothing follows.
        photograph = least > 0.5 and _flatness(prepared.image) < FLAT_ENOUGH * least
        return (PHOTOGRAPH,) if photograph else ()
    if convention.centring == "box":
        return ()
    if _strange_border(picture) > STRANGE_BORDER:
        return (DESK,)  # with a desk in it, what was taken for ink says nothing
    ink = next(step.image[0].numpy() for step in prepared.steps if step.name == "Clean")
    if ink.max() <= 0:
        return ()  # thinner than the step's picture can show
    ink = ink / ink.max()
    if _sheet(ink):
        return (DESK,)
    return (SEVERAL,) if _several(ink) else ()


def _flatness(x: torch.Tensor) -> float:
    """Share of neighbours in a picture [C,h,w] that are the same."""
    steps = (x[:, :, 1:] - x[:, :, :-1], x[:, 1:] - x[:, :-1])
    same = torch.cat([(step.abs().amax(0) < SAME).flatten() for step in steps])
    return float(same.float().mean())


def _strange_border(picture: torch.Tensor) -> float:
    """Share of the border of a picture [3,H,W] that is unlike the ground, in some channel.

    The ground is a plane through the logarithm of brightness, as a lamp lights it: the one with the
    least absolute distances, which a desk along one side does not bend.
    """
    height, width = picture.shape[1:]
    border = preparation.border_mask(height, width)
    rows, columns = np.nonzero(border)
    chosen = slice(None, None, max(1, len(rows) // 4000))
    places = np.stack([np.ones(len(rows)), rows / height, columns / width], 1)[chosen]
    unlike = np.zeros(len(places))
    for channel in picture.numpy():
        levels = np.log(channel[border][chosen] + 0.1)  # near black, noise would be a multiple
        weights = np.ones(len(levels))
        for _ in range(20):  # by least squares, again and again: Weiszfeld (1937)
            weighted = places * weights[:, None]
            plane = np.linalg.lstsq(weighted.T @ places, weighted.T @ levels, rcond=None)[0]
            difference = np.abs(levels - places @ plane)
            weights = 1 / np.maximum(difference, 0.01)
        unlike = np.maximum(unlike, difference)
    return float((unlike > UNLIKE).mean())


def _several(ink: NDArray[np.float32]) -> bool:
    """Whether ink [H,W] is in pieces that lie apart and are each as high as a digit."""
    height, width = _inside(ink).shape
    if width > WIDE * height:
        return True
    boxes = _boxes(ink)
    highest = max(bottom - top for top, bottom, _, _ in boxes)
    # The bar of a five, and a broken stroke, are not as high as the rest.
    large = [box for box in boxes if box[1] - box[0] >= 0.55 * highest]
    for (top, bottom, left, right), other in combinations(large, 2):
        across = max(left, other[2]) - min(right, other[3])
        down = max(top, other[0]) - min(bottom, other[1])
        if max(across, down) >= 0.08 * highest:
            return True
    return False


def _boxes(ink: NDArray[np.float32]) -> list[tuple[int, int, int, int]]:
    """(top, bottom, left, right) of every piece of ink."""
    from skimage.measure import label, regionprops

    pieces = regionprops(label(ink > 0.1, connectivity=2))
    return [(p.bbox[0], p.bbox[2], p.bbox[1], p.bbox[3]) for p in pieces]


def _sheet(ink: NDArray[np.float32]) -> bool:
    """Whether ink [H,W] is a full sheet, and so the paper rather than what is on it."""
    inside = _inside(ink)
    narrow = min(inside.shape) < 0.45 * max(inside.shape)
    return bool((inside > 0.1).mean() > FULL) and not narrow


def _inside(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """The box around the ink."""
    rows, columns = np.flatnonzero((ink > 0.1).any(1)), np.flatnonzero((ink > 0.1).any(0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
