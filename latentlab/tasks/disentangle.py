"""Disentangle: what a code's numbers stand for, and what their scores are worth.

    rows = scores(result)                      # by model: all scores
    order(maps.information)                    # numbers of the code, those alike together
    sweep(space, z, numbers, columns=7)        # what each of some numbers draws

What was measured of trainings ships with `experiments`; nothing is measured anew here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from latentlab.data import datasets
from latentlab.experiments import Result, correlated
from latentlab.experiments.disentanglement import (
    ANCHORS,
    BETAS,
    DATA,
    SCORES,
    VERSIONS,
    checkpoint,
)
from latentlab.latents import directions, spaces
from latentlab.latents.spaces import Space

IDLE = 0.05  # share of a factor's entropy: a number that tells less of every factor is idle


def labels() -> dict[str, str]:
    """Return how the study calls each of its models, and each code beside them, by name."""
    return {checkpoint(version): label for version, label in VERSIONS.items()} | ANCHORS


def series() -> dict[str, int]:
    """Return the models that differ in the weight β alone, with it, by name."""
    return {checkpoint(version): beta for version, beta in BETAS.items()}


def scores(result: Result) -> dict[str, dict[str, float]]:
    """Return every score of every model and anchor; a score that it has not is left out."""
    found: dict[str, dict[str, float]] = {}
    for name, label in labels().items():
        found[name] = {}
        for score in SCORES:
            curve = result.curve(f"{name}.{score}" if name in ANCHORS else score)
            if curve is not None and label in curve.x:
                found[name][score] = curve.mean[curve.x.index(label)]
    return found


def order(information: NDArray[np.floating], most: int) -> list[int]:
    """Return the numbers of a code that tell most, those which tell of one factor together.

    By the factor that each tells most of, and the more it tells the earlier; those that tell next
    to nothing come last. ``information`` ``[D, F]``; ``most``: how many are returned.
    """
    best, told = information.argmax(1), information.max(1)
    kept = sorted(range(len(best)), key=lambda d: -told[d])[:most]
    return sorted(kept, key=lambda d: (told[d] < IDLE, best[d], -told[d]))


@dataclass(frozen=True)
class Sweep:
    """Pictures along single numbers of a code: ``images[r, c]``, ``[R, C, channels, H, W]``."""

    numbers: tuple[int, ...]  # of the code, from 0
    images: Tensor


@torch.inference_mode()
def sweep(space: Space, z: Tensor, numbers: tuple[int, ...], columns: int) -> Sweep:
    """Return what is decoded as single numbers go from low to high, around the code ``[D]``."""
    by_number = {int(axis.direction.argmax()): axis for axis in spaces.linked_axes(space)}
    codes = [
        by_number[number].move(z, to)
        for number in numbers
        for to in torch.linspace(by_number[number].low, by_number[number].high, columns).tolist()
    ]
    images = spaces.decode(space, torch.stack(codes))
    return Sweep(numbers, images.reshape(len(numbers), columns, *images.shape[1:]))


@torch.inference_mode()
def entangled(
    space: Space, codes: Tensor, factors: NDArray[np.int64], share: int, z: Tensor, columns: int
) -> Tensor:
    """Return what directions for beards draw, fitted to faces whose beards go with dark hair.

    ``[2, columns, C, H, W]``: the difference of means, and the same with the other factors held;
    each from low to high around the code.

    Args:
        space: that decodes.
        codes: ``[N, D]`` of known faces.
        factors: ``[N, F]`` theirs.
        share: percent of the faces fitted to that follow the rule; 50 is chance.
        z: ``[D]``.
        columns: pictures of each.
    """
    attributes = datasets.get(DATA).attributes
    asked = next(known for known in attributes if known.name == correlated.ASKED)
    chosen = correlated.correlated(asked.holds(factors), factors, share)
    some, known = codes[torch.from_numpy(chosen)], factors[chosen]
    others = np.delete(known, asked.factor, axis=1)
    rows = []
    for method in correlated.METHODS:
        vector = directions.supervised.get(method).find(some, asked.holds(known), others)
        line = directions.through(vector, some, asked.holds(known))
        for to in torch.linspace(line.low, line.high, columns):
            rows.append(z + (to - z @ line.vector) * line.vector)
    images = spaces.decode(space, torch.stack(rows))
    return images.reshape(len(correlated.METHODS), columns, *images.shape[1:])


def entangled_answer(result: Result, share: int) -> str:
    """Return what was measured of both directions at a share, in one sentence."""
    found = {}
    for method in correlated.METHODS:
        for finding in correlated.FINDINGS:
            curve = result.curve(correlated.line_name(method, finding))
            if curve is not None and share in curve.x:
                found[method, finding] = curve.mean[curve.x.index(share)]
    plain, held = correlated.METHODS
    return (
        f"With {share} % of faces following the rule, the plain direction changes the hair colour"
        f" in **{found[plain, 'other']:.0%}** of test faces, and with the other factors held in"
        f" **{found[held, 'other']:.0%}**; the beard switches in {found[plain, 'switched']:.0%} and"
        f" {found[held, 'switched']:.0%}."
    )


def answer(name: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    """Return what the scores say of a model, in one sentence."""
    own, best, worst = (rows[each]["mig"] for each in (name, "perfect", "random"))
    known = f"MIG {own:.2f}; a perfect code gets {best:.2f}, a random one {worst:.2f}."
    if name in ANCHORS:
        return known
    first = next(iter(labels()))
    if name == first:
        return known
    ratio = own / max(rows[first]["mig"], 1e-9)
    cost = rows[name]["mse"] / rows[first]["mse"]
    if cost >= 2:
        worse = f"{cost:.1f} times the"
    else:
        worse = f"{100 * (cost - 1):.0f} % more" if cost >= 1 else f"{100 * (1 - cost):.0f} % less"
    return f"{known} That is {ratio:.1f} times that of β = 1, at {worse} error."
