"""A training to scrub, and what its critic says of a picture; ``reel.js`` and ``opinion.js``."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from latentlab.tasks import time_machine as task
from latentlab.ui.shared import component
from latentlab.ui.shared.figures import CLASS_COLOURS

if TYPE_CHECKING:
    from torch import Tensor

    from latentlab.stories import Story

DRAWN = "latentlab:judged"  # what the pad calls out while somebody draws
MOST = 3.0  # standard deviations that a slider goes to each side
SEEDS = 1_000_000  # of codes drawn anew; 0 = the code of the chosen sample
BARS = 24  # of a histogram


@dataclass(frozen=True)
class Reel:
    """A run as a browser gets it: its title, and addresses."""

    title: str
    story: str  # of what ``packed`` makes
    samples: str
    nearest: str
    live: tuple[component.Decoder, ...]  # generators at the kept moments; empty = none here


@dataclass(frozen=True)
class Choice:
    """Where a visitor stands.

    Attributes:
        moment: of the first run.
        sample: which of those shown.
        seed: of a code drawn anew; 0 = that of the sample.
        moves: how far the code is moved along each direction, standard deviations.
    """

    moment: int
    sample: int = 0
    seed: int = 0
    moves: tuple[float, ...] = (0.0,) * task.SLIDERS


def packed(
    story: "Story",
    shape: Sequence[int],
    classes: Sequence[str],
    codes: "Tensor",
    directions: "Tensor",
) -> bytes:
    """Return what ``reel.js`` fetches of a run: JSON.

    Args:
        story: the run.
        shape: of a picture, (C, H, W).
        classes: names of them.
        codes: of the samples shown ``[shown, k]``.
        directions: along which codes are moved, as rows ``[SLIDERS, k]``.
    """
    places = range(len(story.moments))
    content = {
        "shape": list(shape),
        "shown": story.shown,
        "steps": [moment.step for moment in story.moments],
        "when": [task.when(story, place) for place in places],
        "said": [task.verdict(story, place) for place in places],
        "copied": [task.copies(story, place) for place in places],
        "rows": [[asdict(row) for row in task.rows(story, place)] for place in places],
        "classes": list(classes),
        "colours": list(CLASS_COLOURS[: len(classes)]),
        "shares": [moment.reading.shares for moment in story.moments],
        "usual": story.real.shares,
        "curves": [
            {
                "title": "Coverage",
                "values": [moment.reading.coverage for moment in story.moments],
                "real": story.real.coverage,
            },
            {
                "title": "FID, logarithmic",
                "values": [moment.reading.fid for moment in story.moments],
                "real": story.real.fid,
                "logarithmic": True,
            },
            {
                "title": "Critic’s loss",
                "values": [moment.critic_loss for moment in story.moments],
            },
            {
                "title": "Generator’s loss",
                "values": [moment.generator_loss for moment in story.moments],
            },
        ],
        "nearest": [moment.nearest for moment in story.moments],
        "distances": [moment.distances for moment in story.moments],
        "near": story.near,
        "pictures": story.pictures,
        "live": story.live,
        "codes": component.floats(codes.flatten()),
        "size": codes.shape[1],
        "directions": component.floats(directions.flatten()),
        "most": MOST,
    }
    return json.dumps(content).encode()


def reel(
    *,
    key: str,
    reels: Sequence[Reel],
    choice: Choice,
    reason: str,
    on_rest: Callable[[], None],
) -> None:
    """Draw runs beside one another, with a slider over the moments of the first.

    ``read_choice(st.session_state[key]["choice"], …)`` is where a visitor came to rest.

    Args:
        key: of the component.
        reels: the runs, one or two.
        choice: where to begin.
        reason: why generators must not run in browsers, if so.
        on_rest: called after a report.
    """
    data = {
        "reels": [asdict(each) for each in reels],
        "choice": asdict(choice),
        "seeds": SEEDS,
        "reason": reason,
    }
    component.mount("time_machine/reel")(key=key, data=data, on_choice_change=on_rest)


def read_choice(report: object, moments: int, shown: int) -> Choice:
    """Return where a browser says that its visitor stands.

    Args:
        report: from outside; anything.
        moments: how many there are.
        shown: how many samples are.

    Raises:
        ValueError: this is no such choice.
    """
    if not isinstance(report, dict):
        raise ValueError("no choice")
    found: dict[str, Any] = report
    moment, sample, seed = (found.get(name) for name in ("moment", "sample", "seed"))
    moves = found.get("moves")
    bounds = ((moment, moments), (sample, shown), (seed, SEEDS))
    if any(type(value) is not int or not 0 <= value < below for value, below in bounds):
        raise ValueError("no choice")
    if not isinstance(moves, list) or len(moves) != task.SLIDERS:
        raise ValueError("no choice")
    if any(type(move) not in (int, float) or not abs(move) <= MOST for move in moves):
        raise ValueError("no choice")
    assert isinstance(moment, int) and isinstance(sample, int) and isinstance(seed, int)
    return Choice(moment, sample, seed, tuple(round(float(move), 3) for move in moves))


def opinion(
    *,
    key: str,
    story: "Story",
    place: int,
    picture: "Tensor",
    identity: str,
    caption: str,
    score: float,
    critic: component.Decoder | None,
) -> None:
    """Draw where a critic's score of a picture stands among those of real and generated ones.

    Args:
        key: of the component.
        story: whose critic.
        place: which of its opinions.
        picture: ``[C, H, W]`` in [0, 1].
        identity: another one for another picture.
        caption: what it is; plain text.
        score: what the critic says of it, by the server.
        critic: the same critic for browsers; None where they must not run it.
    """
    kept = story.opinions[place]
    data = {
        "picture": {
            "values": component.floats(picture.flatten()),
            "shape": list(picture.shape),
            "identity": identity,
            "caption": caption,
        },
        "score": score,
        "when": task.when(story, kept.moment),
        "real": kept.real,
        "samples": kept.samples,
        "bars": BARS,
        "critic": asdict(critic) if critic else None,
        "event": DRAWN,
    }
    component.mount("time_machine/opinion")(key=key, data=data)
