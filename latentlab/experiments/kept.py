"""Arrays that an experiment keeps beside its curves: read from a file that may be damaged."""

import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from latentlab.errors import InputError, UnsupportedError


def read(
    path: Path, names: Iterable[str], *, largest: int, what: str, maker: str
) -> dict[str, NDArray[Any]]:
    """Return arrays of an npz file by their names.

    Args:
        path: the file.
        names: of the arrays that are wanted.
        largest: bytes that the file may have.
        what: the file holds, for a sentence: "The maps".
        maker: the module that makes it.

    Raises:
        UnsupportedError: there is no such file yet.
        InputError: the file is damaged or too large, or lacks an array.
    """
    if not path.is_file():
        raise UnsupportedError(
            f"{what} have not been kept yet.",
            f"Make them: python -m latentlab.experiments.{maker}.",
        )
    if path.stat().st_size > largest:
        raise InputError(f"{path.name} may have {largest >> 20} MB at most.")
    try:
        # Opened here: numpy forgets to close a file whose zip it cannot read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in names}
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, zlib.error, EOFError):
        raise InputError(f"{path.name} cannot be read.") from None


def check(
    kept: Mapping[str, NDArray[Any]],
    wanted: Mapping[str, tuple[tuple[int, ...], DTypeLike]],
    path: Path,
) -> None:
    """Check shapes and dtypes, and that every number is finite.

    Raises:
        InputError: an array of ``kept`` is not as ``wanted`` says; the message names it.
    """
    for name, (shape, kind) in wanted.items():
        array = kept[name]
        if array.shape != shape or array.dtype != kind or not np.isfinite(array).all():
            raise InputError(f"“{name}” in {path.name} is not what it should be.")
