"""Tables of named things: families, data sets, corruptions, metrics, paths, projections."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from latentlab.errors import UnknownNameError

T = TypeVar("T")


class Registry(Generic[T]):
    """Names mapped to things of one kind, in the order in which they were registered.

    Example:
        >>> colours: Registry[str] = Registry("colour")
        >>> colours.add("red", "#f00")
        '#f00'
        >>> colours.get("red")
        '#f00'
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Store ``entry`` under ``name`` and return it; a name can be taken only once."""
        if name in self._entries:
            raise ValueError(f"{self.kind} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that stores what it decorates under ``name``."""
        return lambda entry: self.add(name, entry)

    def get(self, name: str) -> T:
        """Return the entry called ``name``.

        Raises:
            UnknownNameError: no such name; the message lists the nearest ones.
        """
        try:
            return self._entries[name]
        except (KeyError, TypeError):
            raise UnknownNameError(self.kind, name, self._entries) from None

    def names(self) -> list[str]:
        """All names, in the order of registration."""
        return list(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)
