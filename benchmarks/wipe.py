"""Wipe and loupe over a photograph of 12 megapixels in a real Chromium.

The hand is Playwright's: 60 moves a second along a sine, for two seconds, several times. A frame
counts once it is on the screen: from the input's own time stamp to the beginning of the next frame.
"""

import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.serving import FLAGS, find_chromium, served
from benchmarks.timing import Row, percentiles

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZE = (4000, 3000)
SECONDS, MOVES = 2.0, 60  # of a drag; a second
DRAGS = 5  # and one before that does not count
FPS = 55
ASSETS = "/_stcore/bidi-components/latentlab.photo_viewer"

SCRIPT = f"""
import io

import numpy as np
import streamlit as st
from PIL import Image, ImageFilter

from latentlab.ui.denoise.viewer import Layer, photo_viewer
from latentlab.ui.shared import component

st.set_page_config(layout="wide")

@st.cache_data
def pictures():
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8))
    clean = coarse.resize({SIZE}, Image.Resampling.BICUBIC)
    grain = rng.integers(-40, 41, clean.size[::-1] + (1,), dtype=np.int16)
    noisy = Image.fromarray((np.asarray(clean) + grain).clip(0, 255).astype(np.uint8))
    files = []
    for picture in (noisy, clean):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=90)
        files.append(file.getvalue())
    return files

before, after = (
    Layer(component.publish(file, "image/jpeg", name), name)
    for file, name in zip(pictures(), ("Noisy", "Restored"))
)
photo_viewer(
    key="photo", size={SIZE}, clean=None, before=before, after=after,
    window=(1872, 1372, 256, 256), brush=None, strokes=(), revision=1, label="Benchmark",
    on_place=lambda: None, on_paint=lambda: None,
)
"""
WATCH = f"""async () => {{
  window.frames_ = [];
  const {{ watchers }} = await import("{ASSETS}/bundles/photo_viewer.js");
  watchers.add((input, paint) => window.frames_.push([input, paint]));
}}"""


def wipe() -> Iterator[Row]:
    """Yield how smoothly a large photograph is wiped and looked at."""
    from playwright.sync_api import sync_playwright

    chromium = find_chromium()
    if chromium is None:
        yield Row("wiping a photograph", "no Chromium here to measure it with")
        return
    megapixels = SIZE[0] * SIZE[1] / 1e6
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "viewer.py"
        script.write_text(SCRIPT, encoding="utf-8")
        with served(script) as server:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(server.address)
            page.locator(".photo_viewer .side.after", has_text="Restored").wait_for(timeout=120_000)
            page.evaluate(WATCH)
            for what, held in (("wipe", True), ("loupe", False)):
                yield from _rows(f"{what}, {megapixels:.0f} megapixels", page, held)
            browser.close()


def _rows(what: str, page: "Page", held: bool) -> Iterator[Row]:
    """Yield frames a second, and from input to pixels, of a hand that holds the button or not."""
    box = page.locator(".photo_viewer .stage").bounding_box()
    assert box is not None
    rates, waits = [], []
    for turn in range(1 + DRAGS):
        page.wait_for_timeout(600)
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.3 * box["height"])
        if held:
            page.mouse.down()
        page.evaluate("() => { window.frames_.length = 0; }")
        begun, moves = time.monotonic(), 0
        while (passed := time.monotonic() - begun) < SECONDS:
            across = 0.5 + 0.4 * math.sin(3 * passed + turn)
            down = 0.6 + 0.2 * math.cos(2 * passed)
            page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
            moves += 1
            time.sleep(max(0.0, begun + moves / MOVES - time.monotonic()))
        frames: list[tuple[float, float]] = page.evaluate("window.frames_")
        if held:
            page.mouse.up()
        if turn:
            rates.append(len(frames) / passed)
            waits += [paint - given for given, paint in frames]
    rate = statistics.median(rates)
    median, worst = percentiles(waits)
    yield Row(f"{what}: frames a second", f"{rate:.0f}", f"≥ {FPS}", rate >= FPS)
    yield Row("  from input to pixels", f"{median:.0f} ms p50, {worst:.0f} ms p95")
