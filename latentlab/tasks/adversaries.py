"""What the Adversaries page computes on the server: targets, the scale of the meter, a baseline.

    target = targets.get("ring")
    told_target(target), told_settings(settings)   # what browsers get of both
    measured = scale(target)                       # what perfect samplers and a mixture read

The server trains nothing: browsers do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from latentlab.adversaries import meter
from latentlab.adversaries.losses import losses
from latentlab.adversaries.meter import Perfect, Reading
from latentlab.adversaries.settings import Move, Settings
from latentlab.adversaries.targets import MAX_DRAWN, Target, drawn
from latentlab.baselines.mixtures import fit

TRAINING = 10_000  # points that the mixture is fitted to
MAX_ARENAS, MAX_MOMENTS, MAX_MOVES = 4, 40_000, 50
GRID = 250  # steps of a drawing's coordinates from the middle to the edge, in an address


# --- what browsers get -----------------------------------------------------------------------


def told_target(target: Target) -> dict[str, Any]:
    """Return a target as JSON for browsers."""
    counts = np.bincount(target.parts, minlength=target.count)
    return {
        "name": target.name,
        "title": target.title,
        "part": list(target.part),
        "anchors": target.anchors.tolist(),
        "parts": target.parts.tolist(),
        "shares": (counts / counts.sum()).tolist(),
        "sigma": target.sigma,
        "scale": target.scale,
    }


def told_settings(settings: Settings) -> dict[str, Any]:
    """Return settings as JSON for browsers, without the losses, which differ by arena."""
    found: dict[str, Any] = {}
    for each in fields(settings):
        if each.name == "losses":
            continue
        head, *rest = each.name.split("_")
        value = getattr(settings, each.name)
        name = head + "".join(part.title() for part in rest)
        found[name] = list(value) if isinstance(value, tuple) else value
    return found


# --- what stands beside ------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """What the meter reads of others: a perfect sampler's range, and a mixture fitted by EM."""

    perfect: Perfect
    mixture: Reading
    components: int


def scale(target: Target) -> Scale:
    """Return what the meter reads of perfect samplers, and of a Gaussian mixture fitted by EM.

    The mixture is told how many parts there are, which no generator is.
    """
    components = target.count
    points = fit(target.sample(TRAINING, 1), components).sample(meter.POINTS, seed=0)
    return Scale(meter.perfect(target), meter.read(target, points), components)


# --- what an address holds -----------------------------------------------------------------------

Schedule = tuple[tuple[int, str], ...]  # (moment, loss) of one arena

_MOVES: dict[str, Move] = {"s": "step", "d": "discriminator", "g": "generator"}


def read_arenas(text: str) -> tuple[Schedule, ...]:
    """Return what "minimax,minimax@2000:relativistic" says: every arena's losses, by moment.

    Raises:
        ValueError: it says nothing of use.
    """
    found = []
    for arena in text.split(","):
        first, *later = arena.split("@")
        schedule = [(0, first)]
        for change in later:
            match = re.fullmatch(r"([0-9]{1,6}):([a-z_]+)", change)
            if match is None or not schedule[-1][0] < int(match[1]) <= MAX_MOMENTS:
                raise ValueError(text)
            schedule.append((int(match[1]), match[2]))
        if len(schedule) > MAX_ARENAS or any(name not in losses for _, name in schedule):
            raise ValueError(text)
        found.append(tuple(schedule))
    if not 1 <= len(found) <= MAX_ARENAS:
        raise ValueError(text)
    return tuple(found)


def write_arenas(arenas: Sequence[Schedule]) -> str:
    """Return the text that ``read_arenas`` reads."""
    return ",".join(
        "@".join([each[0][1], *(f"{moment}:{name}" for moment, name in each[1:])])
        for each in arenas
    )


def read_moves(text: str) -> tuple[tuple[Move, int], ...]:
    """Return what "500d.2000s" says: 500 steps of the discriminator alone, then 2000 of both.

    Raises:
        ValueError: it says nothing of use, or too much of it.
    """
    if not text:
        return ()
    found: list[tuple[Move, int]] = []
    for part in text.split("."):
        match = re.fullmatch(r"([1-9][0-9]{0,5})([sdg])", part)
        if match is None:
            raise ValueError(text)
        found.append((_MOVES[match[2]], int(match[1])))
    if len(found) > MAX_MOVES or sum(count for _, count in found) > MAX_MOMENTS:
        raise ValueError(text)
    return tuple(found)


def read_drawing(text: str) -> Target:
    """Return the target that an address holds as a drawing: two letters of base 64 a coordinate.

    Raises:
        ValueError: there is no drawing in it.
    """
    if len(text) % 4 or not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise ValueError(text[:40])
    letters = [_LETTERS.index(letter) for letter in text]
    pairs = zip(letters[::2], letters[1::2], strict=True)
    places = [(64 * high + low) / GRID - 1 for high, low in pairs]
    points = list(zip(places[::2], places[1::2], strict=True))
    if len(points) > MAX_DRAWN or max(places) > 1:
        raise ValueError(text[:40])
    return drawn(points)


def example() -> Target:
    """Return what stands there for whoever has not drawn yet: an eight that lies on its side."""
    turn = np.linspace(0, 2 * np.pi, 120)
    return drawn(list(zip(0.9 * np.sin(turn), 0.7 * np.sin(2 * turn), strict=True)))


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
