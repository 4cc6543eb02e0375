"""Builds kernel.wasm from kernel.c: ``python -m latentlab.ui.browser.build``, or ``make kernel``.

Both files are committed: visitors and most developers need no compiler. The extra ``kernel`` pins
one that runs anywhere and gives the same bytes everywhere.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

from latentlab.errors import LatentLabError, UnsupportedError

SOURCE = Path(__file__).parent / "decoder" / "kernel.c"
KERNEL = SOURCE.with_suffix(".wasm")
# -Os also gives the faster code: unrolled by more than the source says, loops run out of registers.
FLAGS = (
    "-target wasm32-freestanding -Os -s -msimd128 -nostdlib -Wall -Wextra -Werror -Wl,--no-entry"
)


def build(target: Path = KERNEL) -> None:
    """Compile the kernel to ``target``.

    Raises:
        UnsupportedError: there is no compiler here, or it refuses the source.
    """
    if importlib.util.find_spec("ziglang") is None:
        raise UnsupportedError(
            "The kernel's compiler is not installed.", "Run: pip install 'latentlab[kernel]'"
        )
    # From the source's own folder, so that no path of this machine can get into the file.
    command = [sys.executable, "-m", "ziglang", "cc", *FLAGS.split(), SOURCE.name, "-o"]
    result = subprocess.run(
        [*command, str(target.resolve())], cwd=SOURCE.parent, capture_output=True, text=True
    )
    if result.returncode:
        raise UnsupportedError("The kernel does not compile.", result.stderr)
    target.chmod(0o644)


if __name__ == "__main__":
    try:
        build()
    except LatentLabError as error:
        sys.exit(str(error))
    print(f"{KERNEL.name}: {KERNEL.stat().st_size:,} bytes")
