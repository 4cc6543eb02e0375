"""Measures start-up, reruns, decoding and embeddings on this machine, and prints one table.

    python -m benchmarks

A benchmark measures and never fails; bars that compare speeds compare them within this run. Run
it on a machine that does nothing else.
"""

from collections.abc import Callable, Iterator

from benchmarks.decoding import decoding
from benchmarks.drag import drag
from benchmarks.embeddings import embeddings
from benchmarks.kernel import kernel
from benchmarks.pages import pages
from benchmarks.startup import startup
from benchmarks.timing import Row

SECTIONS: tuple[Callable[[], Iterator[Row]], ...] = (
    startup,
    pages,
    decoding,
    kernel,
    drag,
    embeddings,
)


def main() -> None:
    """Print the table as it grows."""
    print(f"{'':58s} {'measured':34s} bar")
    for section in SECTIONS:
        for row in section():
            mark = {None: "", True: "met", False: "MISSED"}[row.met]
            print(f"{row.what:58s} {row.measured:34s} {row.bar} {mark}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
