"""Builds what visitors' browsers fetch: ``python -m latentlab.ui.browser.build kernel bundles``.

``kernel.wasm`` and ``matrix.wasm`` are compiled from the C beside them (``make kernel``).
``bundles/`` holds one script and one style sheet a component, with all that they import (``make
bundle``): else a hundred students who open a page at once ask for more than a thousand small files.
All of it is committed: visitors and most developers need neither a compiler nor node. Both tools
are pinned, and give the same bytes everywhere.
"""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from latentlab.errors import LatentLabError, UnsupportedError

BROWSER = Path(__file__).parent
SOURCE = BROWSER / "decoder" / "kernel.c"
KERNEL = SOURCE.with_suffix(".wasm")
MATRICES = BROWSER / "training" / "matrix.wasm"  # of matrix.c beside it, likewise
# -Os also gives the faster code: unrolled by more than the source says, loops run out of registers.
FLAGS = (
    "-target wasm32-freestanding -Os -s -msimd128 -nostdlib -Wall -Wextra -Werror -Wl,--no-entry"
)

BUNDLES = BROWSER / "bundles"
BUILT = "built.json"  # in BUNDLES: the sha256 of every source and of what was made of them
ESBUILD = "0.28.2"
# As the sources are but for their comments: browsers run them as written, and people may read them.
BUNDLING = (
    "--bundle --format=esm --target=esnext --charset=utf8 --legal-comments=inline"
    " --entry-names=[name] --log-level=warning"
)
NOTE = "/* Made by `make bundle` from the files named here: change those instead. */"


def compile_kernel(target: Path = KERNEL, source: Path = SOURCE) -> None:
    """Compile a kernel to ``target``.

    Raises:
        UnsupportedError: there is no compiler here, or it refuses the source.
    """
    if importlib.util.find_spec("ziglang") is None:
        raise UnsupportedError(
            "The kernel's compiler is not installed.", "Run: pip install 'latentlab[kernel]'"
        )
    # From the source's own folder, so that no path of this machine can get into the file.
    command = [sys.executable, "-m", "ziglang", "cc", *FLAGS.split(), source.name, "-o"]
    result = subprocess.run(
        [*command, str(target.resolve())], cwd=source.parent, capture_output=True, text=True
    )
    if result.returncode:
        raise UnsupportedError("The kernel does not compile.", result.stderr)
    target.chmod(0o644)


def compile_kernels() -> None:
    """Compile both kernels to where browsers fetch them."""
    for target in (KERNEL, MATRICES):
        compile_kernel(target, target.with_suffix(".c"))


def entries() -> list[str]:
    """Paths below BROWSER of what is bundled: scripts and styles of components, and the Workers."""
    listed = tomllib.loads((BROWSER.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    names = [part["name"] for part in listed["tool"]["streamlit"]["component"]["components"]]
    found = [
        file.relative_to(BROWSER).as_posix()
        for name in names
        for ending in ("js", "css")
        for file in BROWSER.glob(f"*/{name}.{ending}")
        if file.parent != BUNDLES
    ]
    return [*sorted(found), "decoder/worker.js", "training/trainer.js"]


def bundle(folder: Path = BUNDLES) -> None:
    """Bundle every component into ``folder``, and write down what was made from what.

    Addresses that a script builds itself (``new URL("../decoder/kernel.wasm", …)``) stay as they
    are: bundles lie one folder below BROWSER, as every source does.

    Raises:
        UnsupportedError: there is no esbuild here and none to be had, or it refuses a source.
    """
    npx = shutil.which("npx")
    if npx is None:
        raise UnsupportedError("There is no node here to bundle with.", "Run: apt install npm")
    with tempfile.TemporaryDirectory() as place:
        made, listing = Path(place, "made"), Path(place, "listing.json")
        # From the sources' own folder, so that no path of this machine can get into the files.
        command = [npx, "--yes", f"esbuild@{ESBUILD}", *entries(), *BUNDLING.split()]
        command += [f"--banner:{ending}={NOTE}" for ending in ("js", "css")]
        command += [f"--outdir={made}", f"--metafile={listing}"]
        result = subprocess.run(command, cwd=BROWSER, capture_output=True, encoding="utf-8")
        if result.returncode:
            raise UnsupportedError("The scripts cannot be bundled.", result.stderr)
        sources = json.loads(listing.read_text(encoding="utf-8"))["inputs"]
        built = {
            "esbuild": ESBUILD,
            "sources": {name: digest(BROWSER / name) for name in sorted(sources)},
            "bundles": {file.name: digest(file) for file in sorted(made.iterdir())},
        }
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
    (folder / BUILT).write_text(json.dumps(built, indent=1) + "\n", encoding="utf-8", newline="\n")


def digest(file: Path) -> str:
    """Return the sha256 of a text, whichever ends of lines git has given it."""
    return hashlib.sha256(file.read_text(encoding="utf-8").encode()).hexdigest()


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["kernel", "bundles"]
    try:
        for what in wanted:
            {"kernel": compile_kernels, "bundles": bundle}[what]()
    except LatentLabError as error:
        sys.exit(str(error))
    except KeyError as error:
        sys.exit(f"There is no {error} to build: say kernel or bundles.")
    for file in [KERNEL, MATRICES, *sorted(BUNDLES.glob("*.*s"))]:
        print(f"{file.name}: {file.stat().st_size:,} bytes")
