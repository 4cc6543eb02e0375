"""What is said of a picture beside its pixels (EXIF 2.32): what describes it is carried on.

How a file laid out its pixels is true of that file alone: carried into another it makes that
unreadable. So the list below is of what may be kept, and each entry is tried before it is.
"""

from typing import Any

from PIL import Image

ORIENTATION = 274
_CAMERA, _PLACE = 34665, 34853  # directories of their own
_DESCRIPTIVE = (
    270,  # ImageDescription
    271,  # Make
    272,  # Model
    ORIENTATION,
    282,  # XResolution
    283,  # YResolution
    296,  # ResolutionUnit
    305,  # Software
    306,  # DateTime
    315,  # Artist
    316,  # HostComputer
    18246,  # Rating
    18249,  # RatingPercent
    33432,  # Copyright
    40091,  # XPTitle and its like
    40092,
    40093,
    40094,
    40095,
)
_SIZES = (40962, 40963)  # width and height in the camera's directory: wrong once it is turned
_POINTER = 40965  # to a directory of which nobody speaks
MAX_BYTES = 1 << 20
MAX_IN_JPEG = 65_533 - 8  # one segment


def clean(exif: Image.Exif, limit: int = MAX_BYTES) -> bytes | None:
    """Return what describes the picture and can be written, in ``limit`` bytes; None if nothing.

    The longest entries go first where it is too much: what the camera's maker keeps there.
    """
    entries: list[tuple[int | None, int, Any, int]] = []
    for place in (None, _CAMERA, _PLACE):
        for tag, value in _entries(exif, place):
            size = _size(place, tag, value)
            if size is not None:
                entries.append((place, tag, value, size))
    entries.sort(key=lambda entry: (entry[1] != ORIENTATION, entry[3]))
    kept: list[tuple[int | None, int, Any, int]] = []
    total = 200  # headers
    for entry in entries:
        total += entry[3]
        if total > limit:
            break
        kept.append(entry)
    if not kept:
        return None
    made = Image.Exif()
    for place, tag, value, _ in kept:
        (made if place is None else made.get_ifd(place))[tag] = value
    try:
        return made.tobytes()
    except Exception:  # together they cannot be written, though each alone can
        return _alone(exif)


def read(exif: bytes | None) -> Image.Exif:
    """Return what ``clean`` made; empty where it cannot be read."""
    found = Image.Exif()
    try:
        found.load(exif or b"")
        found.get(ORIENTATION)
    except Exception:  # damaged metadata, and Pillow may raise anything
        return Image.Exif()
    return found


def orientation(exif: bytes | None) -> int:
    """Return what has to be done to stored pixels, 1 to 8 (section 4.6.5.1.6)."""
    value = read(exif).get(ORIENTATION, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(exif: bytes | None) -> bytes | None:
    """Return the same of a picture that has been turned as it said."""
    found = read(exif)
    found[ORIENTATION] = 1
    camera = found.get_ifd(_CAMERA) if _CAMERA in found else {}
    for tag in _SIZES:
        camera.pop(tag, None)
    return clean(found)


def _entries(exif: Image.Exif, place: int | None) -> list[tuple[int, Any]]:
    try:
        if place is None:
            return [(tag, exif[tag]) for tag in _DESCRIPTIVE if tag in exif]
        found = exif.get_ifd(place)
        return [(tag, value) for tag, value in found.items() if tag != _POINTER]
    except Exception:  # damaged metadata, and Pillow may raise anything
        return []


def _size(place: int | None, tag: int, value: Any) -> int | None:
    """Return how many bytes an entry takes; None for one that cannot be written."""
    if tag == ORIENTATION and not (isinstance(value, int) and 1 <= value <= 8):
        return None
    tried = Image.Exif()
    (tried if place is None else tried.get_ifd(place))[tag] = value
    try:
        return len(tried.tobytes())
    except Exception:  # whatever Pillow raises for values of the wrong type
        return None


def _alone(exif: Image.Exif) -> bytes | None:
    if _size(None, ORIENTATION, exif.get(ORIENTATION)) is None:
        return None
    made = Image.Exif()
    made[ORIENTATION] = exif[ORIENTATION]
    return made.tobytes()
