"""Every error latentlab raises on purpose.

    LatentLabError              what happened, and a hint: what to do about it
    ├── UnknownNameError        a name that no table holds; lists the nearest ones
    ├── CheckpointError         a checkpoint folder cannot be used
    │   ├── MissingFile         a file of the folder is not there
    │   ├── BadConfig           config.json does not describe a model we know
    │   └── WeightsMismatch     the weights are damaged or belong to another config
    ├── InputError              something that a person gave us cannot be used
    │   ├── ImageError          a picture
    │   └── ShapeError          an array or tensor of the wrong shape
    ├── UnsupportedError        the request makes sense, but not for this model or set-up
    ├── DataError               a data set cannot be found or is not what it should be
    └── TrainingError           a training run cannot start, resume or go on

Pages show any of these as one sentence and a hint. A programming mistake stays an ordinary
exception with its traceback.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class LatentLabError(Exception):
    """What happened (``message``) and what to do about it (``hint``, may be empty)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UnknownNameError(LatentLabError):
    """A name that the table does not hold."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        known = sorted(known)
        near = get_close_matches(str(name), known, n=3, cutoff=0.4) or known
        super().__init__(f"There is no {kind} called “{name}”.", f"Try: {', '.join(near)}.")
        self.name = name


class CheckpointError(LatentLabError):
    """A checkpoint folder cannot be used."""


class MissingFile(CheckpointError):
    """A file of the checkpoint is not there."""


class BadConfig(CheckpointError):
    """``config.json`` does not describe a model that latentlab knows."""


class WeightsMismatch(CheckpointError):
    """The weights are damaged, or are not those that the config describes."""


class InputError(LatentLabError):
    """Something that a person gave us cannot be used."""


class ImageError(InputError):
    """A picture cannot be read, or is larger than we accept."""


class ShapeError(InputError):
    """An array or tensor has the wrong shape."""

    def __init__(self, what: str, expected: object, actual: object, hint: str = "") -> None:
        super().__init__(f"{what} should have shape {expected}, but has {actual}.", hint)
        self.expected = expected
        self.actual = actual


class UnsupportedError(LatentLabError):
    """The request makes sense, but not for this model or this installation."""


class BusyError(UnsupportedError):
    """The server has too much to do at the moment; asking again later helps."""


class DataError(LatentLabError):
    """A data set cannot be found, or is not what it should be."""


class TrainingError(LatentLabError):
    """A training run cannot start, resume or go on."""
