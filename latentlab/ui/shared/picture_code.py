r"""The lines that make a picked picture without the app, for "Show the code".

    lines = picture_code.lines(picked, "mnist", model.image_shape)
    "\\n".join((*lines.imports, *lines.body))      # ends with x = …, [1,C,H,W]

A sample is there for everybody. Whoever has given a file has it too: the lines name that file, cut
out what the box holds, and take the negative where that was chosen.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from latentlab.ui.shared.picture_source import Picked


@dataclass(frozen=True)
class Lines:
    """Python: what is imported, sorted, and what is done."""

    imports: tuple[str, ...]
    body: tuple[str, ...]


_DATASETS = "from latentlab.data import datasets"


def lines(picked: "Picked", data: str, shape: tuple[int, int, int], *, to: str = "x") -> Lines:
    """Return what makes a picture of a data set's form, under the name ``to``."""
    if picked.sample is not None:
        end = picked.sample + 1
        made = f'{to} = datasets.get("{data}").samples().tensor()[{picked.sample}:{end}]'
        return Lines((_DATASETS,), (made,))
    part = ""
    if picked.part is not None:
        rows, columns = picked.part
        part = f"[:, {rows.start}:{rows.stop}, {columns.start}:{columns.stop}]  # the box"
    invert = "" if picked.invert == "auto" else f', "{picked.invert}"'
    file, said = file_named(picked.description)
    return Lines(
        (
            "from pathlib import Path",
            _DATASETS,
            "from latentlab.pictures import preparation, uploads",
        ),
        (
            f"upload = Path({file})  # {said}",
            f"upload = uploads.read_picture(upload.read_bytes(), upload.name){part}",
            f'convention = datasets.get("{data}").convention',
            f"{to} = preparation.prepare(upload, {shape}, convention{invert}).image[None]",
        ),
    )


def file_named(name: str) -> tuple[str, str]:
    """Return the name of a file that somebody gave as Python, and a comment on it."""
    if name == "your drawing":  # which lies in no file yet
        return repr("drawing.png"), "your drawing, saved"
    return repr(name), "your file"


def together(*parts: str | Lines) -> str:
    """Return one script: the imports of all first, sorted, then what each does.

    A part that is text holds its imports at its beginning, one a line.
    """
    imports: set[str] = set()
    bodies = []
    for part in parts:
        if isinstance(part, Lines):
            imports.update(part.imports)
            bodies.append("\n".join(part.body))
            continue
        rows = part.strip("\n").split("\n")
        first = next(
            (i for i, row in enumerate(rows) if not row.startswith(("from ", "import "))), 0
        )
        imports.update(rows[:first])
        bodies.append("\n".join(rows[first:]).strip("\n"))

    def order(line: str) -> tuple[bool, str]:
        return line.split()[1].startswith("latentlab"), line.split()[1]

    return "\n".join([*sorted(imports, key=order), "", *(body for body in bodies if body)])
