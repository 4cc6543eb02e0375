"""Dragging a slider of Explore in a real Chromium, beside ``st.slider`` in the same run.

The hand is Playwright's: 60 moves a second along a sine, for two seconds, several times. A frame
counts once it is on the screen: from the input's own time stamp to the beginning of the next frame.
"""

import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.serving import FLAGS, Server, find_chromium, served
from benchmarks.timing import Row, percentiles

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

MODEL = "vae.mnist_k16"
SECONDS, MOVES = 2.0, 60  # of a drag; a second
DRAGS = 6  # and one before that does not count
FPS, LATENCY, LATE, CPU, FOLLOW, RUNTIME = 55, 25, 34, 20, 250, 40
ASSETS = "/_stcore/bidi-components/latentlab.latent_sliders"

# The same with Streamlit's own slider: one slider, one picture, a fragment.
PLAIN = f"""
import streamlit as st
from latentlab.latents import spaces
from latentlab.pictures import images
from latentlab.ui.shared.browser_models import latent_space

@st.fragment
def draw():
    space = latent_space("{MODEL}", "network")
    axis = spaces.axes(space, "dimensions")[3]
    to = st.slider(axis.name, axis.low, axis.high, 0.0, step=0.01)
    picture = spaces.decode(space, axis.move(space.statistics.mean, to)[None])[0]
    st.image(images.to_pil(picture, 16), output_format="PNG")

draw()
"""

# Notes every frame of ours, and when the button is released and the page's picture changes.
OURS = f"""async () => {{
  const {{ watchers }} = await import("{ASSETS}/bundles/latent_sliders.js");
  watchers.add((input, paint) => window.frames_.push([input, paint]));
}}"""
WATCH = """(where) => {
  Object.assign(window, { frames_: [], released: 0, followed: 0 });
  const picture = () => document.querySelector(where)?.getAttribute("src");
  let last = picture();
  new MutationObserver(() => {
    const now = picture();
    if (!now || now === last) return;
    last = now;
    const time = performance.now();
    window.followed ||= window.released && time;
    if (!window.released) window.changes.push(time);
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
  window.addEventListener("pointerup", () => (window.released = performance.now()), true);
}"""
BEGIN = "() => Object.assign(window, { frames_: [], changes: [], released: 0, followed: 0 })"


def drag() -> Iterator[Row]:
    """Yield what a drag shows, costs, and how soon the page follows it."""
    from playwright.sync_api import sync_playwright

    chromium = find_chromium()
    if chromium is None:
        yield Row("dragging a slider", "no Chromium here to measure it with")
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield from _ours(browser)
        yield from _plain(browser)
        browser.close()


def _ours(browser: "Browser") -> Iterator[Row]:
    with served() as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{server.address}/explore?explore_model={MODEL}&z_view=nearest")
        page.get_by_text("from torch").wait_for(timeout=120_000)
        slider = page.locator(".latent_sliders").get_by_role("slider").nth(3)
        page.evaluate(WATCH, "img[alt='the decoded picture']")
        page.evaluate(OURS)
        drags = _drags(page, slider, server)
        loaded: dict[str, int] = page.evaluate(
            """(part) => Object.fromEntries(performance.getEntriesByType("resource")
              .filter(({ name }) => name.includes(part) && !name.endsWith(".css"))
              .map(({ name, encodedBodySize }) => [name, encodedBodySize]))""",
            ASSETS,
        )
    rate = statistics.median(len(found["frames"]) / found["seconds"] for found in drags)
    waits = [paint - input_ for found in drags for input_, paint in found["frames"]]
    median, worst = percentiles(waits)
    yield Row(f"drag, {MODEL}: frames a second", f"{rate:.0f}", f"≥ {FPS}", rate >= FPS)
    yield Row(
        "  from input to pixels",
        f"{median:.0f} ms p50, {worst:.0f} ms p95",
        f"≤ {LATENCY} and {LATE} ms",
        median <= LATENCY and worst <= LATE,
    )
    if (cpu := _cpu(drags)) is not None:
        yield Row(f"  server CPU in {SECONDS:g} s", f"{cpu:.0f} ms", f"≤ {CPU} ms", cpu <= CPU)
    after = statistics.median(found["followed"] for found in drags)
    yield Row(
        "  page follows the release", f"{after:.0f} ms p50", f"≤ {FOLLOW} ms", after <= FOLLOW
    )
    size = sum(loaded.values()) / 1024
    yield Row(
        "  kernel and JavaScript, as sent", f"{size:.1f} KB", f"≤ {RUNTIME} KB", size <= RUNTIME
    )


def _plain(browser: "Browser") -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "plain.py"
        script.write_text(PLAIN, encoding="utf-8")
        with served(script) as server:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(server.address)
            page.locator("img").wait_for(timeout=120_000)
            page.evaluate(WATCH, "img")
            drags = _drags(page, page.get_by_role("slider"), server)
    rate = statistics.median(found["changes"] / found["seconds"] for found in drags)
    yield Row("drag, st.slider: pictures a second while held", f"{rate:.0f}")
    after = statistics.median(found["followed"] for found in drags)
    yield Row("  picture follows the release", f"{after:.0f} ms p50")


def _drags(page: "Page", slider: "Locator", server: Server) -> list[dict[str, Any]]:
    """What happened in each drag: frames, pictures, seconds, CPU; milliseconds to follow."""
    slider.scroll_into_view_if_needed()
    found = []
    for turn in range(1 + DRAGS):
        page.wait_for_timeout(600)
        # The input of st.slider is hidden in a box of one pixel: its track is further out.
        left, width, y = slider.evaluate(
            """(input) => {
              let track = input;
              while (track.getBoundingClientRect().width < 200) track = track.parentElement;
              const { left, width, top, height } = track.getBoundingClientRect();
              return [left, width, top + height / 2];
            }"""
        )
        grip = _grip(slider, left, width)
        page.evaluate(BEGIN)
        page.mouse.move(grip, y)
        page.mouse.down()
        begun, cpu, moves = time.monotonic(), server.cpu_seconds(), 0
        while (passed := time.monotonic() - begun) < SECONDS:
            place = 0.5 + 0.4 * math.sin(3 * passed + turn)  # each ends elsewhere
            page.mouse.move(left + place * width, y)
            moves += 1
            time.sleep(max(0.0, begun + moves / MOVES - time.monotonic()))
        now = server.cpu_seconds()
        held = page.evaluate("[window.frames_, window.changes.length]")
        page.mouse.up()
        page.wait_for_function("window.followed")
        found.append(
            {
                "frames": held[0],
                "changes": held[1],
                "seconds": passed,
                "cpu": None if cpu is None or now is None else 1000 * (now - cpu),
                "followed": page.evaluate("window.followed - window.released"),
            }
        )
    return found[1:]


def _grip(slider: "Locator", left: float, width: float) -> float:
    """Where the thumb is: there one takes hold of it."""
    place: float = slider.evaluate(
        "(input) => (input.value - input.min) / (input.max - input.min)",
    )
    return left + place * width


def _cpu(drags: list[dict[str, Any]]) -> float | None:
    """The mean over all drags: a single one is too short for the system's clock."""
    spent = [found["cpu"] for found in drags if found["cpu"] is not None]
    return statistics.mean(spent) if spent else None
