"""The pad in a real browser: strokes of mouse, pen and keys, undo, and what becomes of them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CLEAN, RESTORED = "img[alt=Clean]", "img[alt=Restored]"
BLACK, WHITE = [0, 0, 0], [255, 255, 255]
CANVAS = ".draw_pad .paper canvas"


def inked(page, x: float, y: float) -> list[int]:
    """The colour of the pad at a place, each from 0 to 1."""
    return page.locator(CANVAS).evaluate(
        """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
            x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3)""",
        [x, y],
    )


def shown(page) -> str:
    """What the pad shows."""
    return page.locator(CANVAS).evaluate("canvas => canvas.toDataURL()")


def stroke(page, *places: tuple[float, float]) -> None:
    """Draw through places, each from 0 to 1."""
    page.locator(CANVAS).scroll_into_view_if_needed()
    before, box = None, page.locator(CANVAS).bounding_box()
    while box != before:  # a menu that opens slides
        page.wait_for_timeout(100)
        before, box = box, page.locator(CANVAS).bounding_box()
    for number, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def source(page, picture: str) -> str:
    return page.locator(picture).first.get_attribute("src")


def changes(page, picture: str, before: str) -> None:
    """Wait until the server has drawn another picture."""
    expect(page.locator(picture).first).not_to_have_attribute("src", before)


def test_a_stroke_is_prepared_and_restored_and_undo_brings_the_sample_back(visit, settle) -> None:
    page = visit("/denoise?denoise_pic_from=draw")
    sample, restored = source(page, CLEAN), source(page, RESTORED)
    empty = shown(page)
    stroke(page, (0.7, 0.2), (0.7, 0.8))
    assert inked(page, 0.7, 0.5) == WHITE and inked(page, 0.5, 0.5) == BLACK
    changes(page, CLEAN, sample)
    changes(page, RESTORED, restored)
    settle(page)
    one = shown(page)
    page.get_by_text("What the model sees, step by step").click()
    expect(page.get_by_text(re.compile("its centre of mass in the middle"))).to_be_visible()

    first = source(page, CLEAN)
    stroke(page, (0.3, 0.2), (0.3, 0.8))
    changes(page, CLEAN, first)
    page.get_by_role("button", name="Undo").click()
    assert shown(page) == one
    expect(page.locator(CLEAN).first).to_have_attribute("src", first)
    page.get_by_role("button", name="Clear").click()
    assert shown(page) == empty
    expect(page.locator(CLEAN).first).to_have_attribute("src", sample)
    page.keyboard.press("Control+z")  # clearing can be undone too
    assert shown(page) == one
    page.keyboard.press("Control+z")
    assert shown(page) == empty
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.locator(CLEAN).first).to_have_attribute("src", sample)


def test_a_drawing_outlives_visits_to_other_pages_and_is_drawn_on(visit, settle) -> None:
    page = visit("/denoise?denoise_pic_from=draw")
    sample = source(page, CLEAN)
    stroke(page, (0.6, 0.3), (0.6, 0.7))
    changes(page, CLEAN, sample)
    settle(page)
    drawn, link = source(page, CLEAN), page.url
    for _ in range(2):
        page.get_by_test_id("stSidebarNav").get_by_text("Models", exact=True).click()
        expect(page.locator(CANVAS)).to_have_count(0)
        page.get_by_test_id("stSidebarNav").get_by_text("Denoise", exact=True).click()
        expect(page.locator(CLEAN).first).to_have_attribute("src", drawn)
        page.wait_for_function(
            """() => {
                const pad = [...document.querySelectorAll('*')]
                    .map(one => one.shadowRoot?.querySelector('.draw_pad .paper canvas'))
                    .find(Boolean);
                const at = pad?.getContext('2d').getImageData(0.6 * 512, 0.5 * 512, 1, 1).data;
                return at?.[0] === 255;
            }"""
        )
    assert page.url == link
    stroke(page, (0.2, 0.5), (0.5, 0.5))
    changes(page, CLEAN, drawn)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(CLEAN).first).to_have_attribute("src", drawn)  # to the very pixel


def test_the_pad_is_drawn_on_with_keys(visit) -> None:
    page = visit("/denoise?denoise_pic_from=draw", dark=True)
    sample = source(page, CLEAN)
    pad = page.get_by_role("application", name="Pad")
    pad.focus()
    page.keyboard.press("Shift+ArrowUp")
    assert inked(page, 0.5, 0.4) == BLACK  # the pen is up
    page.keyboard.press("Space")
    expect(page.get_by_text("Pen down, 50% right, 38% down")).to_be_attached()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_text("Pen up, 50% right, 75% down")).to_be_attached()
    page.keyboard.press("Shift+ArrowDown")
    assert inked(page, 0.5, 0.6) == WHITE and inked(page, 0.5, 0.85) == BLACK
    changes(page, CLEAN, sample)


def test_a_pen_presses_and_a_finger_does_not_scroll(visit) -> None:
    page = visit("/denoise?denoise_pic_from=draw")
    widths = page.locator(CANVAS).evaluate(
        """canvas => [["pen", 0.1], ["pen", 0.9], ["touch", 0.9]].map((kind, k) => {
            const [pointerType, pressure] = kind;
            const box = canvas.getBoundingClientRect();
            const y = box.top + box.height * (k + 1) / 4;
            canvas.setPointerCapture = () => {};
            [["pointerdown", 0.3], ["pointermove", 0.5], ["pointermove", 0.7], ["pointerup", 0.7]]
                .forEach(([type, x]) => canvas.dispatchEvent(new PointerEvent(type, {
                    pointerId: k, pointerType, pressure, clientY: y,
                    clientX: box.left + box.width * x,
                })));
            const column = canvas.getContext("2d").getImageData(
                256, 128 * k + 64, 1, 128).data.filter((_, i) => i % 4 === 0);
            return column.filter(value => value > 127).length;
        })"""
    )
    light, heavy, finger = widths
    assert 0 < light < finger < heavy
    action = page.locator(CANVAS).evaluate("canvas => getComputedStyle(canvas).touchAction")
    assert action == "none"


def test_colours_of_the_faces_the_eraser_and_a_dot(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.toon_faces_k32&explore_pic_from=draw")
    ground = inked(page, 0.5, 0.5)
    assert ground not in (BLACK, WHITE)
    ink = page.locator(".draw_pad .ink").nth(3)
    ink.click()
    expect(ink).to_have_attribute("aria-pressed", "true")
    stroke(page, (0.5, 0.5))
    colour = ink.get_attribute("value")
    assert inked(page, 0.5, 0.5) == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    page.get_by_role("slider", name="Brush").fill("0.25")
    eraser = page.get_by_role("button", name="Eraser")
    eraser.click()
    stroke(page, (0.45, 0.5), (0.55, 0.5))
    assert inked(page, 0.5, 0.5) == ground
    expect(eraser).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Clear").click()
    expect(eraser).to_have_attribute("aria-pressed", "false")
    stroke(page, (0.5, 0.5))
    assert inked(page, 0.5, 0.5) != ground


@pytest.mark.parametrize(
    "path",
    [
        "/denoise?denoise_pic_from=draw",
        "/embeddings?embeddings_follow=true&embeddings_pic_from=draw",
    ],
)
def test_a_phone_has_room_for_the_pad(visit, settle, path: str) -> None:
    page = visit(path, width=390, height=844, dark=True)
    stroke(page, (0.3, 0.3), (0.6, 0.6))
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
    box = page.locator(CANVAS).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert box["width"] == pytest.approx(box["height"], abs=1) and box["width"] > 250


def test_an_end_of_a_path_can_be_drawn(visit, settle) -> None:
    page = visit("/interpolate?interpolate_a_from=draw")
    strip = page.locator(".walk-strip img").first
    before = strip.get_attribute("src")
    page.get_by_role("button", name="Start", exact=True).click()
    stroke(page, (0.5, 0.2), (0.5, 0.8))
    expect(strip).not_to_have_attribute("src", before)
    settle(page)
    drawn = strip.get_attribute("src")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Swap").click()
    expect(strip).not_to_have_attribute("src", drawn)
    page.get_by_role("button", name="Swap").click()
    expect(strip).to_have_attribute("src", drawn)


FOLLOWING = ".draw_pad .following"


def followed(page) -> list[str]:
    """What the model sees, and what it makes of it, as pictures."""
    return page.locator(f"{FOLLOWING} canvas").evaluate_all("all => all.map(c => c.toDataURL())")


def becomes(page, wanted: Callable[[list[str]], bool]) -> list[str]:
    """Wait until both pictures are as wanted, and return them."""
    for _ in range(600):
        if wanted(now := followed(page)):
            return now
        page.wait_for_timeout(50)
    raise AssertionError("the model does not follow")


def test_the_model_follows_the_pen_before_it_is_lifted(visit, settle) -> None:
    page = visit("/explore?explore_pic_from=draw")
    expect(page.locator(f"{FOLLOWING} .status")).to_contain_text("in your browser")
    settle(page)
    empty = followed(page)
    assert len(empty) == 2
    pad = page.locator(CANVAS)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    seen = [empty]
    page.evaluate(
        """() => { window.busy = 0; new MutationObserver(() => { window.busy += 1; }).observe(
          document.querySelector("[data-testid=stApp]"),
          { attributeFilter: ["data-test-script-state"] }); }"""
    )
    for number, y in enumerate((0.2, 0.4, 0.6, 0.8)):
        page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + y * box["height"], steps=4)
        if number == 0:
            page.mouse.down()
        seen.append(
            becomes(page, lambda now, last=seen[-1]: now[0] != last[0] and now[1] != last[1])
        )
    assert page.evaluate("window.busy") == 0  # and the server has not been asked
    page.mouse.up()
    page.wait_for_function("window.busy > 0")
    settle(page)
    page.get_by_role("button", name="Clear").click()
    becomes(page, lambda now: now == empty)


def test_a_model_that_has_to_stay_on_the_server_follows_no_pen(visit) -> None:
    page = visit("/denoise?denoise_pic_from=draw&decode=server")
    expect(page.locator(CANVAS)).to_be_visible()
    expect(page.locator(FOLLOWING)).to_be_hidden()
