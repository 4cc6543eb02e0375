"""Measures how fast the app is on this machine, and prints one table.

    python -m benchmarks                  # all of it
    python -m benchmarks drag visitors    # these sections

How well photographs are denoised is measured by ``python -m benchmarks.denoise``.

`python -m benchmarks fuzz` reads 12,000 damaged files.

A benchmark measures and never fails; bars that compare speeds compare them within this run. Run
it on a machine that does nothing else.
"""

import sys
from collections.abc import Callable, Iterator

from benchmarks.adversaries import adversaries
from benchmarks.decoding import decoding
from benchmarks.drag import drag
from benchmarks.embeddings import embeddings
from benchmarks.fuzz import fuzz
from benchmarks.home import home
from benchmarks.kernel import kernel
from benchmarks.lasso import lasso
from benchmarks.pages import pages
from benchmarks.photo_memory import photo_memory
from benchmarks.startup import startup
from benchmarks.teach import teach
from benchmarks.timing import Row
from benchmarks.visitors import visitors
from benchmarks.wipe import wipe

SECTIONS: tuple[Callable[[], Iterator[Row]], ...] = (
    startup,
    home,
    pages,
    decoding,
    kernel,
    drag,
    wipe,
    photo_memory,
    visitors,
    embeddings,
    fuzz,
    lasso,
    adversaries,
    teach,
)


def main() -> None:
    """Print the table as it grows."""
    wanted = sys.argv[1:]
    unknown = set(wanted) - {section.__name__ for section in SECTIONS}
    if unknown:
        known = ", ".join(section.__name__ for section in SECTIONS)
        sys.exit(f"There is no section {', '.join(sorted(unknown))}; there are {known}.")
    print(f"{'':58s} {'measured':34s} bar")
    for section in SECTIONS:
        if wanted and section.__name__ not in wanted:
            continue
        for row in section():
            mark = {None: "", True: "met", False: "MISSED"}[row.met]
            print(f"{row.what:58s} {row.measured:34s} {row.bar} {mark}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
