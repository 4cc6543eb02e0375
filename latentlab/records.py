"""Records from JSON that may come from a stranger: typed, complete, within the declared bounds.

A record is a frozen dataclass. Bounds stand in its annotations: ``Annotated[int, Meta(ge=1)]``;
the ones below are shared.
"""

from dataclasses import fields, is_dataclass
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

T = TypeVar("T")

# The upper bounds keep a hostile file from asking for all the memory there is.
Count = Annotated[int, Meta(ge=1, le=65536)]
Natural = Annotated[int, Meta(ge=0, le=65536)]  # as Count, and zero
Counts = Annotated[tuple[Count, ...], Meta(min_length=1, max_length=16)]
Number = Annotated[float, Meta(ge=-1e300, le=1e300)]  # neither infinite nor NaN
Positive = Annotated[float, Meta(ge=0, le=1e300)]


def read(kind: type[T], values: Any) -> T:
    """Return the record of type ``kind`` that JSON ``values`` describe.

    Raises:
        ValueError: a key is unknown or missing, or a value has the wrong type or size; the message
            names it.
    """
    record = msgspec.convert(values, kind, strict=True)
    _compare("", record, values)  # msgspec fills in defaults and passes over what it does not know
    return record


def _compare(place: str, record: Any, values: Any) -> None:
    """Raise a ValueError unless ``values`` has exactly the keys of ``record``, at every depth."""
    if is_dataclass(record):
        expected = {field.name for field in fields(record)}
        if wrong := sorted(expected ^ set(values)):
            raise ValueError(f"unknown or missing keys: {', '.join(place + key for key in wrong)}")
        for key in expected:
            _compare(f"{place}{key}.", getattr(record, key), values[key])
    elif isinstance(record, tuple):
        for part, value in zip(record, values, strict=True):
            _compare(place, part, value)
