"""The story of a GAN's training, as a checkpoint holds it: what was measured, drawn and kept.

    story = read(checkpoints.load("gan.mnist_k64"))
    story.moments[3].coverage            # beside story.real.coverage
    pictures(checkpoint, story)          # [moments, shown, C, H, W] uint8

Files of the checkpoint: ``history.json`` (a `Story`), ``samples.png`` (a row of samples a moment),
``nearest.png`` (the training pictures nearest to them), ``live.npz`` (weights of some moments).
`evaluation.stories` writes them. Reading needs no torch; a story may come from a stranger, so
everything is checked.
"""

import io
import json
import math
import zipfile
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from latentlab import records
from latentlab.checkpoints import Checkpoint
from latentlab.errors import BadConfig, WeightsMismatch
from latentlab.records import Natural, Number, Positive

HISTORY, SAMPLES, NEAREST, LIVE = "history.json", "samples.png", "nearest.png", "live.npz"
FILES = (HISTORY, SAMPLES, NEAREST, LIVE)
LEVELS = 100  # of the grid on which kept weights lie: pixels move by a hundredth on average
STEP = ".step"  # ends the name of what the whole numbers of a tensor are multiplied by
MAX_BYTES = 8 << 20  # of each file
MAX_SIDE = 1 << 14  # pixels of a sheet
MAX_NUMBERS = 1 << 23  # weights of all kept moments together

Share = Annotated[float, Meta(ge=0, le=1)]
Step = Annotated[int, Meta(ge=0, le=2**40)]
Shares = Annotated[tuple[Share, ...], Meta(min_length=2, max_length=100)]
Scores = Annotated[tuple[Number, ...], Meta(min_length=2, max_length=2000)]
Places = Annotated[tuple[Natural, ...], Meta(min_length=1, max_length=100)]
Distances = Annotated[tuple[Positive, ...], Meta(min_length=1, max_length=256)]


@dataclass(frozen=True)
class Reading:
    """What a number of pictures reads against as many real ones.

    Attributes:
        shares: of the classes, as a classifier names them; they sum to one.
        coverage, density, fid: in that classifier's features; see `metrics.distributions`.
        distance: pixels' Euclidean distance to the nearest training picture, the median.
        copies: share that is nearer to a training picture than 99 of 100 test pictures are.
    """

    shares: Shares
    coverage: Share
    density: Positive
    fid: Positive
    distance: Positive
    copies: Share


@dataclass(frozen=True)
class Moment:
    """A moment of the run.

    Attributes:
        step: how many steps had been made.
        critic_loss, generator_loss: on pictures that neither has seen.
        reading: of samples drawn at the moment.
        told_apart: how well the critic tells samples from real pictures: area under the curve of
            receiver operating characteristics, .5 = not at all, 1 = without a mistake.
        told_apart_linearly: the same of a logistic regression on principal components.
        nearest: for each sample shown, which picture of ``nearest.png`` is nearest to it.
        distances: and how far it is, as in `Reading`.
    """

    step: Step
    critic_loss: Number
    generator_loss: Number
    reading: Reading
    told_apart: Share
    told_apart_linearly: Share
    nearest: Annotated[tuple[Natural, ...], Meta(min_length=1, max_length=256)]
    distances: Distances


@dataclass(frozen=True)
class Opinion:
    """What the critic of a moment says of pictures, as its weights are stored: scores, ascending.

    ``spread`` is what it is told of a batch: that of real pictures.
    """

    moment: Natural
    spread: Number
    real: Scores  # pictures of the test split
    samples: Scores


@dataclass(frozen=True)
class Story:
    """A training, moment by moment.

    Attributes:
        steps: of the whole run.
        loss: which game was played, a name in `adversaries.losses`.
        seed: of the codes whose samples are shown, the same at each moment.
        shown: how many these are.
        measured: how many samples, and how many real pictures, a reading is of.
        compared: how many of them were compared with all training pictures.
        near: the distance that 1 % of test pictures fall below; what is nearer counts as a copy.
        real: what training pictures read that were held back from the run.
        pictures: how many pictures ``nearest.png`` has.
        moments: ascending by step.
        live: the moments of which the generator's weights are kept; ascending.
        opinions: the moments of which the critic is kept; ascending.
    """

    steps: Step
    loss: Annotated[str, Meta(max_length=64)]
    seed: Natural
    shown: Annotated[int, Meta(ge=1, le=256)]
    measured: Natural
    compared: Natural
    near: Positive
    real: Reading
    pictures: Natural
    moments: Annotated[tuple[Moment, ...], Meta(min_length=2, max_length=100)]
    live: Places
    opinions: Annotated[tuple[Opinion, ...], Meta(max_length=100)]

    def moment_at(self, step: int) -> int:
        """Return the last moment that is not after ``step``, or the first."""
        return max(sum(moment.step <= step for moment in self.moments) - 1, 0)

    def live_at(self, moment: int) -> int:
        """Return the place in ``live`` of the moment nearest to ``moment``."""
        return min(range(len(self.live)), key=lambda place: abs(self.live[place] - moment))

    def opinion_at(self, moment: int) -> int:
        """Return the place in ``opinions`` of the moment nearest to ``moment``."""
        kept = self.opinions
        return min(range(len(kept)), key=lambda place: abs(kept[place].moment - moment))


def has(checkpoint: Checkpoint) -> bool:
    """Return whether a checkpoint holds the story of its training."""
    return set(FILES) <= set(checkpoint.files)


def read(checkpoint: Checkpoint) -> Story:
    """Return what was measured of a training.

    Raises:
        MissingFile: the checkpoint has no story.
        BadConfig: it is damaged, or contradicts itself.
    """
    try:
        story = records.read(Story, json.loads(_content(checkpoint, HISTORY)))
    except (ValueError, RecursionError) as error:
        raise _damaged(checkpoint, HISTORY, str(error)) from error
    steps = [moment.step for moment in story.moments]
    classes = {len(moment.reading.shares) for moment in story.moments}
    judged = tuple(opinion.moment for opinion in story.opinions)
    sorted_scores = all(
        list(scores) == sorted(scores)
        for opinion in story.opinions
        for scores in (opinion.real, opinion.samples)
    )
    sums = [sum(moment.reading.shares) for moment in story.moments]
    if (
        any(a >= b for a, b in pairwise(steps))
        or steps[-1] > story.steps
        or classes != {len(story.real.shares)}
        or any(abs(total - 1) > 0.01 for total in sums)
        or not _ascending(story.live, len(steps))
        or not _ascending(judged, len(steps))
        or any(len(moment.nearest) != story.shown for moment in story.moments)
        or any(len(moment.distances) != story.shown for moment in story.moments)
        or any(max(moment.nearest) >= story.pictures for moment in story.moments)
        or not sorted_scores
    ):
        raise _damaged(checkpoint, HISTORY, "its parts contradict one another")
    return story


def samples(checkpoint: Checkpoint, story: Story, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Return the samples of every moment ``[moments, shown, C, H, W]``, for pictures of ``shape``.

    Raises:
        MissingFile, BadConfig: as ``read``.
    """
    rows = _sheet(checkpoint, SAMPLES, len(story.moments), story.shown, shape)
    return rows.reshape(len(story.moments), story.shown, *shape)


def nearest(checkpoint: Checkpoint, story: Story, shape: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Return the training pictures that samples were nearest to ``[pictures, C, H, W]``.

    Raises:
        MissingFile, BadConfig: as ``read``.
    """
    rows = math.ceil(story.pictures / story.shown)
    return _sheet(checkpoint, NEAREST, rows, story.shown, shape)[: story.pictures]


def live(checkpoint: Checkpoint) -> dict[str, NDArray[np.float32]]:
    """Return the weights that are kept: tensors by name, a row a moment ``[kept, …]``.

    Names begin with "generator." or "critic.", rows are in the order of ``live`` and ``opinions``.
    Whether they fit a network is for whoever loads them to find out.

    Raises:
        MissingFile: the checkpoint has no story.
        WeightsMismatch: the file is damaged, too large, or holds what are no numbers.
    """
    content = _content(checkpoint, LIVE)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            # The sizes in the table of contents are only said: numpy reads no more than these.
            if sum(entry.file_size for entry in archive.infolist()) > 2 * MAX_NUMBERS:
                raise ValueError("it unpacks to too much")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            kept = {name: arrays[name] for name in arrays.files}
    except (
        OSError,
        KeyError,
        ValueError,
        TypeError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as e:
        raise WeightsMismatch(f"{checkpoint.name}: {LIVE} cannot be read ({e}).", _AGAIN) from e
    made = {}
    for name, array in kept.items():
        if name.endswith(STEP):
            continue
        step = kept.get(name + STEP, np.ones(array.shape[:1], np.float32))
        numbers = array.dtype in (np.int8, np.float16) and step.dtype == np.float32
        rows = array.ndim > 0 and array.shape[:1] == step.shape
        if not (numbers and rows and np.isfinite(array).all() and np.isfinite(step).all()):
            raise WeightsMismatch(f"{checkpoint.name}: “{name}” of {LIVE} is no weight.", _AGAIN)
        made[name] = array.astype(np.float32) * step.reshape(-1, *[1] * (array.ndim - 1))
    return made


_AGAIN = "Get the folder again, or remake it with its recipe."


def _content(checkpoint: Checkpoint, file: str) -> bytes:
    content = checkpoint.file(file)
    if len(content) > MAX_BYTES:
        raise _damaged(checkpoint, file, f"it is larger than {MAX_BYTES >> 20} MB")
    return content


def _damaged(checkpoint: Checkpoint, file: str, why: str) -> BadConfig:
    return BadConfig(f"{checkpoint.name}: {file} cannot be used: {why}.", _AGAIN)


def _ascending(places: tuple[int, ...], below: int) -> bool:
    return all(a < b for a, b in pairwise(places)) and all(place < below for place in places)


def _sheet(
    checkpoint: Checkpoint, file: str, rows: int, columns: int, shape: tuple[int, int, int]
) -> NDArray[np.uint8]:
    """Return the pictures of a sheet ``[rows * columns, C, H, W]``, row by row."""
    from PIL import Image, UnidentifiedImageError

    channels, height, width = shape
    content = _content(checkpoint, file)
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as opened:
            size, mode = opened.size, "L" if channels == 1 else "RGB"
            if max(size) > MAX_SIDE or size != (columns * width, rows * height):
                raise _damaged(checkpoint, file, f"its size is {size[0]} × {size[1]}")
            if opened.mode != mode:
                raise _damaged(checkpoint, file, f"its pixels are {opened.mode}")
            pixels = np.asarray(opened)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, zlib.error) as error:
        raise _damaged(checkpoint, file, "it is no PNG file") from error
    tiles = pixels.reshape(rows, height, columns, width, channels)
    return tiles.transpose(0, 2, 4, 1, 3).reshape(rows * columns, *shape)
