"""From starting the server to the first interactive page, lazily and with eager imports."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.serving import FLAGS, ROOT, find_chromium, served
from benchmarks.timing import Row

EAGER = "import torch, sklearn.decomposition, sklearn.manifold, skimage.restoration\n"
ROUNDS = 3
BAR = 0.5


def startup() -> Iterator[Row]:
    """Yield both times and their ratio; rounds of the two alternate."""
    chromium = find_chromium()
    if chromium is None:
        yield Row("start to first interactive page", "no Chromium here to measure it with")
        return
    lazy, eager = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        # The eager variant is the same app behind the imports that it would otherwise put off.
        variant = Path(folder) / "eager.py"
        own = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        variant.write_text(own + EAGER + (ROOT / "app.py").read_text(encoding="utf-8"))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for _ in range(ROUNDS):
            lazy.append(_seconds(ROOT / "app.py", browser))
            eager.append(_seconds(variant, browser))
        browser.close()
    fast, slow = statistics.median(lazy), statistics.median(eager)
    yield Row("start to first interactive page", f"{fast:.2f} s (eager imports {slow:.2f} s)")
    ratio = fast / slow
    yield Row("  as a share of eager imports", f"{ratio:.2f}", f"≤ {BAR}", ratio <= BAR)


def _seconds(script: Path, browser: Browser) -> float:
    start = time.perf_counter()
    with served(script) as server:
        page = browser.new_page()
        page.goto(f"{server.address}/")
        page.get_by_role("heading", level=1).wait_for(timeout=120_000)
        seconds = time.perf_counter() - start
        page.close()
    return seconds
