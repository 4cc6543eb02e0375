"""What the browser's modules, style sheets and kernel load of one another, as people write them."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from latentlab.ui.browser.build import BROWSER, BUNDLES

Graph = dict[str, set[str]]  # a file's path below BROWSER -> paths of what it loads

_COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
# import … from, export … from; import "…"; import("…"), new URL("…", import.meta.url); @import "…".
_FROM = r"^\s*(?:import|export)\b[\w$*{},\s]*\bfrom\b\s*"
_WHOLE = r"^\s*@?import\s*(?=[\"'])"
_CALL = r"\bimport\(\s*|\bnew\s+URL\((?=[^)]*\bimport\.meta\.url)\s*"
_LOADS = re.compile(rf"(?:{_FROM}|{_WHOLE}|{_CALL})(?P<what>[^\s,);]*)", re.MULTILINE)
_OURS = re.compile(r"""(["'])(?P<name>\.[^"']*)\1""")
_PUBLISHED = "`../../../..${path}`"  # what Python publishes: no file of ours


def loads(path: str, source: str) -> set[str]:
    """Paths below BROWSER that a script or a style sheet may load.

    Raises:
        ValueError: it loads what cannot be read off the source, or none of our files.
    """
    found = set()
    source = _COMMENTS.sub(" ", source)
    for load in _LOADS.finditer(source):
        if load["what"] == _PUBLISHED:
            continue
        ours = _OURS.fullmatch(load["what"])
        if ours is None:
            raise ValueError(f"{path} loads what cannot be followed: {load[0].strip()}")
        found.add(posixpath.normpath(posixpath.join(posixpath.dirname(path), ours["name"])))
    return found


def written() -> list[Path]:
    """All files below BROWSER but the bundles, which say everything again."""
    return [file for file in sorted(BROWSER.rglob("*.*")) if BUNDLES not in file.parents]


def graph() -> Graph:
    """All scripts and style sheets below BROWSER that people write."""
    paths = [file for file in written() if file.suffix in (".js", ".css")]
    names = {file: file.relative_to(BROWSER).as_posix() for file in paths}
    return {name: loads(name, file.read_text(encoding="utf-8")) for file, name in names.items()}


def loaded_by(*first: str) -> set[str]:
    """Everything that a browser may fetch for these files, and they themselves."""
    edges = graph()
    found: set[str] = set()
    waiting = list(first)
    while waiting:
        found.add(current := waiting.pop())
        waiting += edges.get(current, set()) - found
    return found


def circles(edges: Graph) -> Iterator[list[str]]:
    """Ways that lead from a file back to it, none of them twice."""
    done: set[str] = set()

    def walk(way: list[str]) -> Iterator[list[str]]:
        for other in sorted(edges.get(way[-1], ())):
            if other in way:
                yield [*way[way.index(other) :], other]
            elif other not in done:
                yield from walk([*way, other])
        done.add(way[-1])

    for first in sorted(edges):
        if first not in done:
            yield from walk([first])
