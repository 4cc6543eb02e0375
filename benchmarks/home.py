"""The home page on a warm server: when it can be used, when it moves, and how it follows the hand.

Times are the browser's own, from when it began to ask for the page, with nothing in its cache. A
page of Streamlit's own with one heading, visited in turn with it, says how much of them is not
ours: what Streamlit itself takes to arrive and to start.
"""

import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.serving import FLAGS, find_chromium, served
from benchmarks.timing import Row, percentiles

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VISITS = 5  # and one before that warms the server
HEADING = "import streamlit\n\nstreamlit.title('A heading')\n"
INTERACTIVE, MOVING, FPS = 1.5, 2.0, 55
SECONDS, MOVES = 2.0, 60  # of following the hand; a second

# From the first byte asked for: the cards can be clicked; the face has been painted twice.
MARK = """() => {
  window.marks_ = {};
  const look = () => {
    const now = performance.now();
    if (document.querySelector(".cards a")) window.marks_.interactive ??= now;
    const hero = [...document.querySelectorAll("*")].map((node) => node.shadowRoot)
      .find((root) => root?.querySelector(".hero"));
    const pad = hero?.querySelector(".face [role=application]");
    const said = pad?.getAttribute("aria-label");
    if (said && said !== window.said_) {
      if (window.said_) window.marks_.moving ??= now;
      window.said_ = said;
    }
    if (!window.marks_.moving) requestAnimationFrame(look);
  };
  document.addEventListener("DOMContentLoaded", look);
}"""
# The same of a page with one heading.
FLOOR = """() => {
  const look = () => {
    if (document.querySelector("h1")) window.floor_ = performance.now();
    else requestAnimationFrame(look);
  };
  document.addEventListener("DOMContentLoaded", look);
}"""
WATCH = """async () => {
  window.frames_ = [];
  const { watchers } = await import("/_stcore/bidi-components/latentlab.hero/bundles/hero.js");
  watchers.add((input, paint) => window.frames_.push([input, paint]));
}"""


def home() -> Iterator[Row]:
    """Yield when the page can be used and moves, and the frames a second under the pointer."""
    from playwright.sync_api import sync_playwright

    chromium = find_chromium()
    if chromium is None:
        yield Row("home", "no Chromium here to measure it with")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield from _visits(browser)
        browser.close()


def _visits(browser: "Browser") -> Iterator[Row]:
    interactive, moving, floor = [], [], []
    with ExitStack() as running:
        script = Path(running.enter_context(tempfile.TemporaryDirectory())) / "heading.py"
        script.write_text(HEADING, encoding="utf-8")
        heading, server = (running.enter_context(each) for each in (served(script), served()))
        for turn in range(1 + VISITS):
            bare = browser.new_context(viewport={"width": 1280, "height": 800})
            page = bare.new_page()
            page.add_init_script(f"({FLOOR})()")
            page.goto(heading.address)
            page.wait_for_function("window.floor_", timeout=120_000)
            if turn:
                floor.append(page.evaluate("window.floor_") / 1000)
            bare.close()
            context = browser.new_context(viewport={"width": 1280, "height": 800})
            page = context.new_page()
            page.add_init_script(f"({MARK})()")
            page.goto(server.address)
            page.wait_for_function("window.marks_?.moving", timeout=120_000)
            marks = page.evaluate("window.marks_")
            if turn:
                interactive.append(marks["interactive"] / 1000)
                moving.append(marks["moving"] / 1000)
            if turn < VISITS:
                context.close()
        face = page.get_by_role("application", name="A face")
        box = face.bounding_box()
        assert box is not None
        page.evaluate(WATCH)
        begun, moves = time.monotonic(), 0
        while (passed := time.monotonic() - begun) < SECONDS:
            x, y = 0.5 + 0.45 * math.sin(3 * passed), 0.5 + 0.45 * math.cos(2 * passed)
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            moves += 1
            time.sleep(max(0.0, begun + moves / MOVES - time.monotonic()))
        frames = page.evaluate("window.frames_")
    first, moved = statistics.median(interactive), statistics.median(moving)
    yield Row(
        "home: can be used, warm", f"{first:.2f} s", f"≤ {INTERACTIVE} s", first <= INTERACTIVE
    )
    yield Row(
        "  of it, a page of Streamlit's with one heading", f"{statistics.median(floor):.2f} s"
    )
    yield Row("  moves", f"{moved:.2f} s", f"≤ {MOVING:g} s", moved <= MOVING)
    rate = len(frames) / passed
    yield Row("  frames a second under the pointer", f"{rate:.0f}", f"≥ {FPS}", rate >= FPS)
    median, worst = percentiles([paint - given for given, paint in frames])
    yield Row("  from input to pixels", f"{median:.0f} ms p50, {worst:.0f} ms p95")
