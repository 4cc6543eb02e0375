"""The viewer of photographs in a real browser, on a page of its own whose server paints strokes.

Before is red, after is blue, clean is grey, each a gradient of whole pixels: so every pixel that is
shown says where it comes from.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from benchmarks.serving import served

ASSETS = "/_stcore/bidi-components/latentlab.photo_viewer"
STAGE, CANVAS = ".photo_viewer .stage", ".photo_viewer .surface > canvas"
WIDTH, HEIGHT = 1200, 900
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ONCE_DRAWN = "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"

# Keeps all bitmaps that are open.
COUNT = """
window.bitmaps = new Set();
const [make, close] = [window.createImageBitmap, ImageBitmap.prototype.close];
window.createImageBitmap = async (...given) => {
  const made = await make(...given);
  window.bitmaps.add(made);
  return made;
};
ImageBitmap.prototype.close = function () {
  window.bitmaps.delete(this);
  close.call(this);
};
"""

SCRIPT = f"""
import io

import numpy as np
import streamlit as st
from PIL import Image

from latentlab.noise import painting as brush
from latentlab.ui.shared import component
from latentlab.ui.denoise.viewer import (
    Brush, Layer, photo_viewer, read_place, read_strokes,
)

WIDTH, HEIGHT = SIZE = ({WIDTH}, {HEIGHT})
query, state = st.query_params, st.session_state
state.setdefault("centre", (600, 450))
state.setdefault("strokes", ())
state.setdefault("runs", 0)
state.runs += 1

def picture(red, blue):
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.dstack([x % 200 + red, y % 200, 0 * x + blue]).astype(np.uint8)

@st.cache_data(max_entries=20)
def encode(pixels):
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    return file.getvalue()

def publish(pixels, name):
    return component.publish(encode(pixels), "image/png", name)

def place():
    state.centre = read_place(state.photo.get("place"), SIZE)

def paint():
    state.strokes = read_strokes(state.photo.get("strokes"), brush.KINDS)

painting = "paint" in query
clean = picture(30, 128)
before = brush.paint(clean, state.strokes, 0) if painting else picture(55, 0)
if "unhurt" in query:
    before = clean
restored = st.checkbox("Restored", value="later" not in query)
after = Layer(publish(picture(0, 255), "after"), "Blue") if restored else None
if "broken" in query:
    after = Layer(component.publish(b"no picture", "image/png", "after"), "Blue")
if "lost" in query:
    after = Layer("/media/0000.png", "Blue")
revision = st.number_input("Revision", value=1)
if st.button("Centre"):
    state.centre, state.strokes = (600, 450), ()
if not st.checkbox("Away"):
    photo_viewer(
        key="photo", size=SIZE,
        clean=Layer(publish(clean, "clean"), "Clean") if painting else None,
        before=Layer(publish(before, "before"), "Red"), after=after,
        window=(state.centre[0] - 128, state.centre[1] - 128, 256, 256),
        brush=Brush({{name: kind.label for name, kind in brush.KINDS.items()}}),
        strokes=state.strokes, revision=revision, label="A test card",
        on_place=place, on_paint=paint,
    )
st.text(f"run {{state.runs}}, centre {{state.centre}}, strokes {{len(state.strokes)}}.")
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    script = tmp_path_factory.mktemp("viewer") / "viewer.py"
    script.write_text(SCRIPT, encoding="utf-8")
    with served(script) as server:
        yield server.address


@pytest.fixture
def view(chromium, address: str) -> Iterator[Callable[..., Any]]:
    """Function that opens the page as a new visitor and waits until the picture is there."""
    opened, complaints = [], []

    def open_it(query: str = "", *, counted: bool = False, **context: Any):
        page = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
        opened.append(page)
        page = page.new_page()
        if counted:
            page.add_init_script(COUNT)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + query)
        expect(page.locator(".photo_viewer .status")).to_contain_text("pixels")
        return page

    yield open_it
    for context in opened:
        context.close()
    assert complaints == []


def shown(page, x: float, y: float) -> list[int]:
    """The colour of the picture at a place, each from 0 to 1."""
    page.evaluate(ONCE_DRAWN)
    return page.locator(CANVAS).evaluate(
        """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
            Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data].slice(0, 3)""",
        [x, y],
    )


def is_after(page, x: float) -> bool:
    return shown(page, x, 0.5)[2] == 255


def move(page, x: float, y: float) -> None:
    page.locator(STAGE).scroll_into_view_if_needed()
    box = page.locator(STAGE).bounding_box()
    page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)


def drag(page, *places: tuple[float, float]) -> None:
    for number, place in enumerate(places):
        move(page, *place)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def server(page) -> str:
    """What the server says of itself."""
    return page.get_by_text("centre (").inner_text()


def told(page, words: str) -> None:
    expect(page.get_by_text("centre (")).to_contain_text(words)


def test_the_wipe_is_dragged_and_moved_with_keys_without_the_server(view) -> None:
    page = view()
    divider = page.get_by_role("slider", name="A test card: divider")
    expect(divider).to_have_attribute("aria-valuenow", "50")
    page.wait_for_function(
        """() => [...document.querySelectorAll('*')].some((one) => one.shadowRoot
          ?.querySelector('.side.after')?.textContent === 'Blue')"""
    )
    before = server(page)
    assert not is_after(page, 0.48) and is_after(page, 0.52)
    drag(page, (0.3, 0.3), (0.8, 0.4))
    expect(divider).to_have_attribute("aria-valuetext", "Red 80 %, Blue the rest")
    assert not is_after(page, 0.78) and is_after(page, 0.82)
    divider.focus()
    page.keyboard.press("Home")
    assert is_after(page, 0.01)
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "11")
    page.keyboard.press("End")
    assert not is_after(page, 0.99)
    page.wait_for_timeout(300)
    assert server(page) == before


def test_a_click_does_not_wipe_and_keeps_the_loupe(view) -> None:
    page = view()
    move(page, 0.4, 0.6)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_role("slider", name="divider")).to_have_attribute("aria-valuenow", "50")
    page.mouse.move(5, 5)
    glass = page.locator(".photo_viewer .glass")
    expect(glass).to_be_visible()
    x, y = round(0.4 * WIDTH), round(0.6 * HEIGHT)
    for zoom in (1, 2, 4):
        page.get_by_role("button", name=f"{zoom}:1").click()
        page.evaluate(ONCE_DRAWN)
        side, panes = glass.locator("canvas").evaluate(
            """(canvas) => {
              const context = canvas.getContext("2d");
              const [w, h] = [canvas.width, canvas.height];
              const side = h > w ? (h - 2) / 2 : h;
              const second = h > w ? [0, side + 2] : [side + 2, 0];
              const rows = [0, side / 2, 7, side - 1].map(Math.floor);
              return [side, [[0, 0], second].map(([x, y]) => rows.flatMap((row) => {
                return rows.map((column) => [row, column, [...context.getImageData(
                  x + column, y + row, 1, 1).data].slice(0, 3)]);
              }))];
            }"""
        )
        part = side // zoom
        assert part * zoom == side
        # The very pixels of the picture, around the place that was clicked.
        left, top = round(x - part / 2), round(y - part / 2)
        for found, (red, blue) in zip(panes, ((55, 0), (0, 255)), strict=True):
            corner = found[0][2]
            off = (corner[0] - (left % 200 + red), corner[1] - top % 200)
            assert max(map(abs, off)) <= 3, "elsewhere"  # a click hits a pixel of the screen
            for row, column, colour in found:
                across = (left + off[0] + column // zoom) % 200 + red
                down = (top + off[1] + row // zoom) % 200
                assert colour == [across, down, blue]


def test_the_window_goes_where_it_is_wanted(view) -> None:
    page = view()
    frame = page.locator(".photo_viewer .window")
    move(page, 0.25, 0.75)
    page.mouse.dblclick(*[page.locator(STAGE).bounding_box()[k] + d for k, d in _at(page)])
    told(page, "centre (3")
    box, stage = frame.bounding_box(), page.locator(STAGE).bounding_box()
    middle = (box["x"] + box["width"] / 2 - stage["x"]) / stage["width"]
    assert middle == pytest.approx(0.25, abs=0.01)
    assert box["width"] == pytest.approx(256 / WIDTH * stage["width"], abs=1)
    # With the keyboard: the loupe goes right, and Enter compares there.
    page.get_by_role("application", name="Loupe").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    told(page, "centre (4")
    # Python's word counts where it says so.
    page.get_by_role("button", name="Centre").click()
    told(page, "centre (600, 450)")
    page.wait_for_timeout(100)
    box = frame.bounding_box()
    middle = (box["x"] + box["width"] / 2 - stage["x"]) / stage["width"]
    assert middle == pytest.approx(0.5, abs=0.01)


def _at(page) -> list[tuple[str, float]]:
    box = page.locator(STAGE).bounding_box()
    return [("x", 0.25 * box["width"]), ("y", 0.75 * box["height"])]


def test_until_it_is_restored_the_whole_picture_is_the_one_before(view) -> None:
    page = view("?later")
    after = page.locator(".photo_viewer .side.after")
    expect(after).to_have_text("Restoring …")
    drag(page, (0.5, 0.5), (0.2, 0.5))
    assert not is_after(page, 0.9)
    page.get_by_text("Restored", exact=True).click()
    expect(after).to_have_text("Blue")
    assert not is_after(page, 0.1) and is_after(page, 0.3)  # where the hand has left it


@pytest.mark.parametrize(("query", "why"), [("?broken", "decode"), ("?lost", "does not have it")])
def test_a_picture_that_cannot_be_had_is_one_sentence(view, query: str, why: str) -> None:
    page = view(query)
    expect(page.locator(".photo_viewer .trouble")).to_contain_text("“Blue” cannot be shown")
    expect(page.locator(".photo_viewer .trouble")).to_contain_text(why)
    assert shown(page, 0.9, 0.5)[2] == 0  # the rest goes on
    move(page, 0.4, 0.4)
    expect(page.locator(".photo_viewer .glass")).to_be_visible()


def grain(page, x: float, y: float) -> float:
    """How far pixels around a place are from their clean blue, on the average."""
    page.evaluate(ONCE_DRAWN)
    return page.locator(CANVAS).evaluate(
        """(canvas, [x, y]) => {
          const { data } = canvas.getContext("2d").getImageData(
            x * canvas.width - 5, y * canvas.height - 5, 10, 10);
          return data.reduce((sum, v, i) => sum + (i % 4 === 2 ? Math.abs(v - 128) : 0), 0) / 100;
        }""",
        [x, y],
    )


def becomes(page, noisy: bool, x: float, y: float) -> None:
    for _ in range(200):
        if (grain(page, x, y) > 3) == noisy:
            return
        page.wait_for_timeout(20)
    raise AssertionError(f"at {x}, {y} the noise is {grain(page, x, y)}")


def test_damage_is_seen_at_once_then_as_the_server_paints_it_and_can_be_undone(view) -> None:
    page = view("?paint&later")
    page.get_by_role("button", name="Paint").click()
    page.get_by_role("slider", name="Size").fill("0.7")
    page.get_by_role("slider", name="Strength").fill("1")
    first = server(page)
    move(page, 0.2, 0.3)
    page.mouse.down()
    move(page, 0.4, 0.3)
    becomes(page, True, 0.3, 0.3)
    becomes(page, False, 0.3, 0.7)
    assert server(page) == first  # while the pen is down, the server hears nothing
    page.mouse.up()
    told(page, "strokes 1")
    side = page.locator(".photo_viewer .side.before")
    expect(side).to_have_text("Red")  # the server's own, not the preview
    becomes(page, True, 0.3, 0.3)
    for name, y in (("Poisson", 0.5), ("Salt and pepper", 0.7), ("JPEG", 0.9)):
        page.get_by_role("button", name=name).click()
        drag(page, (0.6, y), (0.8, y))
        if name != "JPEG":  # which keeps a smooth blue
            becomes(page, True, 0.7, y)
    told(page, "strokes 4")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    becomes(page, False, 0.7, 0.7)
    becomes(page, True, 0.7, 0.5)
    told(page, "strokes 2")
    page.get_by_role("button", name="Clear").click()
    becomes(page, False, 0.3, 0.3)
    told(page, "strokes 0")
    page.get_by_role("button", name="Undo").click()
    becomes(page, True, 0.3, 0.3)
    told(page, "strokes 2")


def test_what_is_being_painted_outlives_the_servers_answers(view) -> None:
    page = view("?paint&later")
    page.get_by_role("button", name="Paint").click()
    drag(page, (0.2, 0.2), (0.3, 0.2))
    move(page, 0.6, 0.2)
    page.wait_for_timeout(250)  # the first stroke has been reported, its echo is on its way
    page.mouse.down()
    for step in range(12):
        move(page, 0.6, 0.2 + 0.04 * step)
        page.wait_for_timeout(60)
    page.mouse.up()
    told(page, "strokes 2")
    becomes(page, True, 0.6, 0.3)
    becomes(page, True, 0.6, 0.6)
    # Only another revision takes strokes away.
    page.get_by_role("button", name="Centre").click()
    told(page, "strokes 0")
    page.get_by_role("spinbutton", name="Revision").fill("2")
    page.keyboard.press("Enter")
    becomes(page, False, 0.6, 0.3)


def test_a_stroke_that_damages_nothing_is_waited_for_no_longer(view) -> None:
    page = view("?paint&unhurt")  # the picture keeps its address
    page.get_by_role("button", name="Paint").click()
    drag(page, (0.2, 0.2), (0.3, 0.2))
    told(page, "strokes 1")
    expect(page.locator(".photo_viewer .side.before")).to_have_text("Red")
    expect(page.locator(".photo_viewer .side.after")).to_have_text("Blue")
    becomes(page, False, 0.25, 0.2)


def test_a_keyboard_paints_too(view) -> None:
    page = view("?paint&later")
    page.get_by_role("button", name="Paint").click()
    page.get_by_role("application", name="Loupe").focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Space")
    told(page, "strokes 1")
    becomes(page, True, 0.4, 0.5)


def test_nothing_is_left_behind(view) -> None:
    page = view("?paint", counted=True)
    page.get_by_role("button", name="Paint").click()
    page.get_by_role("button", name="JPEG").click()
    drag(page, (0.2, 0.2), (0.3, 0.2))
    told(page, "strokes 1")
    expect(page.locator(".photo_viewer .side.after")).to_have_text("Blue")
    instances = f'import("{ASSETS}/bundles/photo_viewer.js").then((m) => m.instances())'
    assert page.evaluate(instances) == 1
    assert page.evaluate("window.bitmaps.size") >= 4
    page.get_by_text("Away", exact=True).click()
    expect(page.locator(STAGE)).to_have_count(0)
    page.wait_for_function(f"{instances}.then((n) => n === 0)")
    page.wait_for_function("window.bitmaps.size === 0")


def test_a_phone_wipes_and_holds_the_loupe(view) -> None:
    page = view(
        "?dark",
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
        color_scheme="dark",
    )
    assert page.evaluate(SIDEWAYS) <= 0
    box = page.locator(STAGE).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    for button in page.locator(".photo_viewer button:visible").all():
        assert button.bounding_box()["height"] >= 32
    glass = page.locator(".photo_viewer .glass")
    expect(glass).to_be_hidden()
    touch = page.context.new_cdp_session(page)

    def finger(kind: str, x: float, y: float) -> None:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}]
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [] if kind == "touchEnd" else points},
        )

    divider = page.get_by_role("slider", name="divider")
    finger("touchStart", 0.3, 0.8)
    for x in (0.4, 0.6, 0.9):
        finger("touchMove", x, 0.8)
    finger("touchEnd", 0.9, 0.8)
    expect(divider).to_have_attribute("aria-valuenow", "90")
    finger("touchStart", 0.5, 0.9)
    expect(glass).to_be_visible()  # it was held
    finger("touchMove", 0.6, 0.9)
    page.evaluate(ONCE_DRAWN)
    lens = glass.bounding_box()
    assert lens["y"] + lens["height"] < box["y"] + 0.9 * box["height"] - 30  # above the finger
    assert lens["x"] >= 0 and lens["x"] + lens["width"] <= 390
    finger("touchEnd", 0.6, 0.9)
    expect(divider).to_have_attribute("aria-valuenow", "90")
    expect(glass).to_be_visible()  # it stays, for the button
    page.get_by_role("button", name="Compare where the loupe is").click()
    told(page, "centre (7")
