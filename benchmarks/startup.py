"""From starting the server to the first interactive page, lazily and with eager imports."""

import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.timing import Row

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking"
EAGER = "import torch, sklearn.decomposition, sklearn.manifold, skimage.restoration\n"
ROUNDS = 3
BAR = 0.5


def startup() -> Iterator[Row]:
    """Yield both times and their ratio; rounds of the two alternate."""
    chromium = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if chromium is None:
        yield Row("start to first interactive page", "no Chromium here to measure it with")
        return
    lazy, eager = [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        # The eager variant is the same app behind the imports that it would otherwise put off.
        variant = Path(folder) / "eager.py"
        own = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        variant.write_text(own + EAGER + (ROOT / "app.py").read_text(encoding="utf-8"))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
        for _ in range(ROUNDS):
            lazy.append(_seconds(ROOT / "app.py", browser))
            eager.append(_seconds(variant, browser))
        browser.close()
    fast, slow = statistics.median(lazy), statistics.median(eager)
    yield Row("start to first interactive page", f"{fast:.2f} s (eager imports {slow:.2f} s)")
    ratio = fast / slow
    yield Row("  as a share of eager imports", f"{ratio:.2f}", f"≤ {BAR}", ratio <= BAR)


def _seconds(script: Path, browser: Browser) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless", "true"]
    start = time.perf_counter()
    server = subprocess.Popen(
        [*command, "--server.port", str(port), "--server.address", "127.0.0.1"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            time.sleep(0.02)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("heading", level=1).wait_for(timeout=120_000)
        seconds = time.perf_counter() - start
        page.close()
        return seconds
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
            return True
    except OSError:
        return False
