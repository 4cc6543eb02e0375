"""The idx format of MNIST and Fashion-MNIST: gzipped, a short header, then bytes.

Found in ``LATENTLAB_DATA``, in a folder that the system's package manager filled, or downloaded
once, by checked hash, into the user's cache.
"""

import gzip
import math
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import ImageDataset, Images, Split, check, data_folder, read_npz
from latentlab.errors import DataError

STEMS: dict[Split, tuple[str, str]] = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}


@dataclass(frozen=True)
class IdxSource:
    """Where the four idx files of a data set can be had."""

    url: str  # ends with a slash; the file name follows
    md5: dict[str, str]  # as published, one per file
    system_folder: Path | None = None  # where a system package puts them

    def __call__(self, dataset: ImageDataset, split: Split) -> Images:
        """Return one whole split.

        Raises:
            DataError: it is not here and cannot be downloaded, or a file is damaged.
        """
        packed = _packed(dataset)
        if packed is not None:
            return read_npz(packed, dataset, split)
        local = self.find(dataset, split)
        pictures, labels = local or (self.download(dataset, name) for name in STEMS[split])
        found = Images(
            images=read_idx(pictures, 3)[:, None],
            labels=read_idx(labels, 1).astype(np.int64),
            ids=np.arange(len(read_idx(labels, 1))),
            split=split,
            complete=True,
        )
        return check(found, dataset, pictures.name)

    def find(self, dataset: ImageDataset, split: Split) -> tuple[Path, Path] | None:
        """Return the idx files of a split that somebody put on this machine, if they are there."""
        folder = data_folder()
        places = [folder, folder / dataset.name] if folder else []
        places += [self.system_folder] if self.system_folder else []
        for place in places:
            pictures, labels = (place / name for name in STEMS[split])
            if pictures.exists() and labels.exists():
                return pictures, labels
        return None

    def download(self, dataset: ImageDataset, name: str) -> Path:
        """Return the path of a file in the user's cache, fetched at most once.

        Raises:
            DataError: the file cannot be had, or is not the published one.
        """
        import pooch

        try:
            path = pooch.retrieve(
                url=self.url + name,
                known_hash=f"md5:{self.md5[name]}",
                fname=name,
                path=pooch.os_cache("latentlab") / dataset.name,
                downloader=pooch.HTTPDownloader(progressbar=True, timeout=30),
            )
        except (OSError, ValueError) as error:  # no network, or a hash that differs
            raise DataError(
                f"The {dataset.title} file {name} could not be downloaded ({_reason(error)}).",
                f"Put {dataset.name}.npz or the four idx files into a folder and name it in"
                " LATENTLAB_DATA.",
            ) from error
        return Path(path)


def _reason(error: BaseException) -> str:
    """Return what lies behind a failed download; requests wraps it in a page of its own names."""
    while error.__context__ is not None:
        error = error.__context__
    text = str(error)
    return text if len(text) <= 120 else f"{text[:119]}…"


def is_stored(dataset: ImageDataset, split: Split) -> bool:
    """Return whether a whole split is on this machine, so that reading it downloads nothing."""
    import pooch

    source = dataset.read
    if not isinstance(source, IdxSource):
        return False
    if _packed(dataset) is not None or source.find(dataset, split) is not None:
        return True
    fetched = pooch.os_cache("latentlab") / dataset.name
    return all((fetched / name).exists() for name in STEMS[split])


def _packed(dataset: ImageDataset) -> Path | None:
    """Return the data set's npz file in the folder that the user named, if it is there."""
    folder = data_folder()
    path = folder / f"{dataset.name}.npz" if folder else None
    return path if path is not None and path.exists() else None


def read_idx(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """Return the array of a gzipped idx file of unsigned bytes with that many dimensions.

    Raises:
        DataError: the file is damaged or is something else.
    """
    try:
        with gzip.open(path) as file:
            content = file.read()
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name} is damaged ({error}).", "Get it again.") from error
    header = 4 + 4 * dimensions
    magic = bytes([0, 0, 8, dimensions])  # two zeros, type unsigned byte, dimensions
    shape = [int.from_bytes(content[at : at + 4], "big") for at in range(4, header, 4)]
    if content[:4] != magic or len(content) != header + math.prod(shape):
        raise DataError(
            f"{path.name} is not an idx file of {dimensions} dimensions.", "Get it again."
        )
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)
