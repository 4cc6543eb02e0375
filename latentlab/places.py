"""Where latentlab's own files lie, and whether a place takes files."""

import contextlib
import secrets
from pathlib import Path

_PACKAGE = Path(__file__).parent


def root() -> Path:
    """Return the folder with ``app.py``, ``pages`` and ``checkpoints``.

    That is the checkout; or, where a wheel was installed, ``share/latentlab`` beside the folder of
    the packages. Where neither is, it is the place of a checkout, and holds nothing.
    """
    checkout = _PACKAGE.parent
    if (checkout / "app.py").is_file():
        return checkout
    for parent in list(_PACKAGE.parents)[:6]:
        shared = parent / "share" / "latentlab"
        if (shared / "app.py").is_file():
            return shared
    return checkout


def expanded(path: str) -> Path:
    """Return a path whose ``~`` is the user's home, where there is one."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # a user without a name, as in many a container
        return Path(path)


def why_not_writable(folder: Path) -> str:
    """Return why files cannot be written below ``folder``; empty if they can. Leaves nothing."""
    place = folder
    while not _exists(place) and place != place.parent:
        place = place.parent
    trial = place / f".{secrets.token_hex(8)}.partial"
    try:
        trial.write_bytes(b"")
    except OSError as error:
        return error.strerror or str(error)
    finally:
        with contextlib.suppress(OSError):
            trial.unlink(missing_ok=True)
    return ""


def _exists(place: Path) -> bool:
    try:
        return place.exists()
    except OSError:  # below a folder that nobody may look into
        return False
