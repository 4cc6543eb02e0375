"""Which picture files of a folder are restored, and into which."""

import os
from collections.abc import Iterator
from pathlib import Path

from latentlab import places
from latentlab.errors import ImageError, InputError
from latentlab.pictures import opening, photo_files

# What systems and disks put beside pictures; names that begin with a dot are theirs too, such as
# the ._a.jpg that macOS leaves on every foreign disk.
_OF_SYSTEMS = frozenset(
    ("__macosx", "@eadir", "#recycle", "$recycle.bin", "system volume information", "thumbs.db")
)
# Photographs that cannot be written back as they are: named in a sentence each, or converted.
_OTHERS = ("HEIF", "AVIF", "RAW")


def files(source: Path, target: Path) -> list[tuple[Path, Path]]:
    """Return which picture file becomes which: one, or all of a folder and those below it.

    A file goes to ``target``, or into it under its own name where that is a folder; a folder's
    files keep their places. Passed over are hidden files and folders, and what neither its ending
    nor its content makes a picture. HEIC photographs become JPEGs.

    Raises:
        InputError: there is nothing to restore, or a file would overwrite itself.
    """
    if not source.is_dir():
        if not source.exists():
            raise InputError(f"{source} is not there.")
        into = target / _written_name(source) if target.is_dir() else target
        if _same(source, into):
            raise InputError(f"{source} would be overwritten.", "Name another file to write to.")
        return [(source, into)]
    if source.resolve() == target.resolve():
        raise InputError(f"{source} would be overwritten.", "Name another folder to write to.")
    pairs: list[tuple[Path, Path]] = []
    taken: set[Path] = set()
    for path in sorted(_pictures(source, target.resolve())):
        place = path.relative_to(source)
        into = target / place.with_name(_written_name(path))
        if into in taken:
            into = target / place.with_name(f"{path.name}{into.suffix}")
        taken.add(into)
        if _same(path, into):
            raise InputError(f"{path} would be overwritten.", "Name another folder to write to.")
        pairs.append((path, into))
    if not pairs:
        raise InputError(f"{source} holds no picture.", "Name a folder with picture files.")
    return pairs


def check_place(target: Path) -> None:
    """Try whether files can be written below ``target``; nothing is left there.

    Raises:
        ImageError: they cannot.
    """
    reason = places.why_not_writable(target)
    if reason:
        raise ImageError(f"Nothing can be written to {target} ({reason}).", "Name another place.")


def _pictures(source: Path, target: Path) -> Iterator[Path]:
    """Yield the picture files below ``source``, without what an earlier run wrote to ``target``."""
    for folder, below, names in os.walk(source):  # folders that cannot be read are passed over
        below[:] = [name for name in below if not _hidden(name)]
        if Path(folder).resolve().is_relative_to(target):
            below.clear()
            continue
        for name in names:
            path = Path(folder) / name
            if not _hidden(name) and _is_picture(path):
                yield path


def _hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in _OF_SYSTEMS


def _is_picture(path: Path) -> bool:
    """Whether the ending says so, or else the content."""
    if not path.is_file():
        return False
    if path.suffix.lower() in photo_files.SUFFIXES:
        return True
    kind = _kind(path)
    return kind in _OTHERS or (kind in photo_files.SUFFIXES.values() and kind != "BMP")


def _kind(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return opening.kind_of(file.read(32))
    except OSError:
        return None


def _written_name(path: Path) -> str:
    return f"{path.stem}.jpg" if _kind(path) in _OTHERS else path.name


def _same(a: Path, b: Path) -> bool:
    if a.resolve() == b.resolve():
        return True
    try:
        return a.samefile(b)  # a link, or a disk that does not tell a.jpg from A.JPG
    except OSError:
        return False
