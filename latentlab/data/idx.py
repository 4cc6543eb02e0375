"""MNIST and Fashion-MNIST: the idx format, a short header and then bytes, or an npz file.

Found in ``LATENTLAB_DATA``, in a folder that the system's package manager filled, or downloaded
once, by checked hash, into the user's cache. The two sets have files of equal names: what is found
is known by its content.
"""

import gzip
import hashlib
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from latentlab.data.base import ImageDataset, Images, Split, check, data_folder, read_npz
from latentlab.errors import DataError

MAX_BYTES = 1 << 28  # of an idx file, unpacked

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
    # Of a split's pictures and labels, without their headers; of an unknown set, none.
    sha256: Mapping[Split, tuple[str, str]] = field(default_factory=dict)
    folders: tuple[str, ...] = ()  # below LATENTLAB_DATA, where other libraries keep them

    def __call__(self, dataset: ImageDataset, split: Split) -> Images:
        """Return one whole split.

        Raises:
            DataError: it is not here and cannot be downloaded, or a file is damaged.
        """
        found, wrong = self._here(dataset, split)
        if found is not None:
            return found
        try:
            pair = [self.download(dataset, name) for name in STEMS[split]]
        except DataError as error:
            if wrong is None:
                raise
            # What lies here and cannot be used is nearer to the cause than a failed download.
            raise wrong from error
        return self._checked(_read_pair(dataset, split, *pair), dataset, pair[0])

    def stored(self, dataset: ImageDataset, split: Split) -> bool:
        """Whether a whole split is here and sound, so that reading it downloads nothing."""
        if self._here(dataset, split)[0] is not None:
            return True
        import pooch

        try:
            fetched = [_cache() / dataset.name / name for name in STEMS[split]]
            return all(pooch.file_hash(path, "md5") == self.md5[path.name] for path in fetched)
        except (OSError, KeyError, DataError):
            return False

    def _here(self, dataset: ImageDataset, split: Split) -> tuple[Images | None, DataError | None]:
        """Return what somebody put on this machine; or what is wrong with it, or neither."""
        wrong: DataError | None = None
        for place in self._places(dataset):
            for files in _candidates(place, dataset, split):
                try:
                    if len(files) == 1:
                        images = read_npz(files[0], dataset, split)
                    else:
                        images = _read_pair(dataset, split, *files)
                    return self._checked(images, dataset, files[0]), None
                except DataError as error:
                    wrong = wrong or error
        return None, wrong

    def _places(self, dataset: ImageDataset) -> Iterator[Path]:
        """Yield folders to look into, the one of that data set's name first."""
        folder = data_folder()
        if folder:
            yield folder / dataset.name
            yield from (folder / below for below in self.folders)
            yield folder
        if self.system_folder:
            yield self.system_folder

    def _checked(self, images: Images, dataset: ImageDataset, path: Path) -> Images:
        """Return pictures that are those of the data set.

        Raises:
            DataError: they are others.
        """
        expected = self.sha256.get(images.split)
        if expected is None:
            return images
        labels = images.labels.astype(np.uint8)
        found = tuple(
            hashlib.sha256(part.tobytes()).hexdigest() for part in (images.images, labels)
        )
        if found != expected:
            raise DataError(
                f"{path.name} in {path.parent} does not hold the {images.split} split of"
                f" {dataset.title}.",
                f"Put the files of {dataset.title} into a folder {dataset.name} within"
                " LATENTLAB_DATA.",
            )
        return images

    def download(self, dataset: ImageDataset, name: str) -> Path:
        """Return the path of a file in the user's cache, fetched at most once.

        Raises:
            DataError: the file cannot be had, or is not the published one.
        """
        import pooch

        if name not in self.md5:
            raise DataError(f"The {dataset.title} file {name} is not published anywhere.")
        try:
            path = pooch.retrieve(
                url=self.url + name,
                known_hash=f"md5:{self.md5[name]}",
                fname=name,
                path=_cache() / dataset.name,
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
    """Return whether a whole split is here and sound, so that reading it downloads nothing."""
    source = dataset.read
    return isinstance(source, IdxSource) and source.stored(dataset, split)


def _candidates(place: Path, dataset: ImageDataset, split: Split) -> Iterator[tuple[Path, ...]]:
    """Yield what may be a split in a folder: an npz file, or pictures and labels."""
    packed = place / f"{dataset.name}.npz"
    if _exists(packed):
        yield (packed,)
    pair = [next(filter(_exists, _spellings(place / name)), None) for name in STEMS[split]]
    if pair[0] is not None and pair[1] is not None:
        yield (pair[0], pair[1])


def _spellings(path: Path) -> list[Path]:
    """Return a file as it is published, unpacked, and with the dot that some tools put in."""
    plain = path.with_suffix("")
    dotted = plain.with_name(plain.name.replace("-idx", ".idx"))
    return [path, plain, dotted, dotted.with_name(f"{dotted.name}.gz")]


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # in a folder that nobody may look into
        return False


def _cache() -> Path:
    """Return where what is downloaded is kept.

    Raises:
        DataError: the user has no home.
    """
    import pooch

    try:
        return Path(pooch.os_cache("latentlab"))
    except (RuntimeError, KeyError) as error:
        raise DataError(
            "There is no home folder to keep downloads in.",
            "Set XDG_CACHE_HOME, or name a folder with the data in LATENTLAB_DATA.",
        ) from error


def _read_pair(dataset: ImageDataset, split: Split, pictures: Path, labels: Path) -> Images:
    classes = read_idx(labels, 1).astype(np.int64)
    found = Images(
        images=read_idx(pictures, 3)[:, None],
        labels=classes,
        ids=np.arange(len(classes)),
        split=split,
        complete=True,
    )
    return check(found, dataset, pictures.name)


def read_idx(path: Path, dimensions: int) -> NDArray[np.uint8]:
    """Return the array of an idx file of unsigned bytes, gzipped or not, with that many dimensions.

    Raises:
        DataError: the file is damaged or is something else.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
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
