"""The box over an upload in a real browser: of the mouse, of a finger, of the keys."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

CLEAN = "img[alt=Clean]"
FRAME, SURFACE = ".crop_box .frame", ".crop_box .surface"
SEVERAL = "several digits"


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two ones beside one another."""
    picture = Image.fromarray(np.full((200, 400), 240, np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.line((100, 40, 95, 160), fill=20, width=18)
    draw.line((290, 40, 295, 160), fill=20, width=18)
    file = tmp_path / "two.png"
    picture.save(file)
    return file


def upload(page, file: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.locator(FRAME)).to_be_visible()
    page.locator(SURFACE).scroll_into_view_if_needed()


def place(page, x: float, y: float) -> tuple[float, float]:
    box = page.locator(SURFACE).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def drag(page, *places: tuple[float, float]) -> None:
    for number, each in enumerate(places):
        page.mouse.move(*place(page, *each), steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def shares(page) -> list[float]:
    """Where the box is: left, top, right, bottom."""
    inner, outer = (page.locator(each).bounding_box() for each in (FRAME, SURFACE))
    left = (inner["x"] - outer["x"]) / outer["width"]
    top = (inner["y"] - outer["y"]) / outer["height"]
    across, down = inner["width"] / outer["width"], inner["height"] / outer["height"]
    return [round(part, 2) for part in (left, top, left + across, top + down)]


def test_a_box_says_which_digit_is_meant_and_stays_with_the_upload(visit, settle, two) -> None:
    page = visit("/denoise?denoise_pic_from=upload", height=900)
    upload(page, two)
    expect(page.get_by_text(SEVERAL)).to_be_visible()
    settle(page)
    both = page.locator(CLEAN).first.get_attribute("src")
    drag(page, (0.55, 0.1), (0.95, 0.9))
    assert shares(page) == pytest.approx([0.55, 0.1, 0.95, 0.9], abs=0.02)
    expect(page.locator(CLEAN).first).not_to_have_attribute("src", both)
    expect(page.get_by_text(SEVERAL)).to_have_count(0)
    settle(page)
    one = page.locator(CLEAN).first.get_attribute("src")
    drag(page, (0.95, 0.9), (0.9, 0.95))  # by its corner
    assert shares(page) == pytest.approx([0.55, 0.1, 0.9, 0.95], abs=0.02)
    page.wait_for_timeout(500)  # it is reported, and what is above it comes to rest
    settle(page)
    drag(page, (0.7, 0.5), (0.2, 0.5))  # moved to the other one
    assert shares(page) == pytest.approx([0.05, 0.1, 0.4, 0.95], abs=0.02)
    expect(page.locator(CLEAN).first).not_to_have_attribute("src", one)
    settle(page)

    page.get_by_role("link", name="Models").first.click()
    page.get_by_role("heading", name="Models", level=1).wait_for()
    page.get_by_role("link", name="Denoise").first.click()
    expect(page.get_by_text("Still using two.png")).to_be_visible()
    expect(page.locator(FRAME)).to_be_visible()
    assert shares(page) == pytest.approx([0.05, 0.1, 0.4, 0.95], abs=0.02)
    page.get_by_role("button", name="Whole picture").click()
    expect(page.locator(CLEAN).first).to_have_attribute("src", both)


def test_the_keys_move_the_box_and_change_its_size(visit, settle, two) -> None:
    page = visit("/denoise?denoise_pic_from=upload", height=900)
    upload(page, two)
    settle(page)
    both = page.locator(CLEAN).first.get_attribute("src")
    frame = page.get_by_role("application", name="Your picture")
    frame.focus()
    for _ in range(25):
        page.keyboard.press("Shift+ArrowLeft")
    assert shares(page) == pytest.approx([0, 0, 0.5, 1], abs=0.02)
    expect(page.locator(CLEAN).first).not_to_have_attribute("src", both)
    page.keyboard.press("ArrowRight")
    assert shares(page) == pytest.approx([0.02, 0, 0.52, 1], abs=0.02)
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert shares(page) == pytest.approx([0.5, 0, 1, 1], abs=0.02), "no further than the picture"


def test_a_finger_draws_the_box(chromium, app, two) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{app}/denoise?denoise_pic_from=upload")
    page.locator("input[type=file]").first.wait_for(state="attached")
    upload(page, two)
    page.wait_for_timeout(500)
    touch = context.new_cdp_session(page)

    def finger(kind: str, x: float, y: float) -> None:
        left, top = place(page, x, y)
        points = [] if kind == "touchEnd" else [{"x": left, "y": top}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    before = page.evaluate("document.scrollingElement.scrollTop")
    finger("touchStart", 0.1, 0.2)
    for x, y in ((0.2, 0.5), (0.4, 0.9)):
        finger("touchMove", x, y)
    finger("touchEnd", 0.4, 0.9)
    assert shares(page) == pytest.approx([0.1, 0.2, 0.4, 0.9], abs=0.03)
    assert page.evaluate("document.scrollingElement.scrollTop") == before, "it does not scroll"
    context.close()


def test_a_model_of_squares_gets_a_square(visit, settle, two) -> None:
    page = visit("/denoise?denoise_model=vae.toon_faces_k32&denoise_pic_from=upload", height=900)
    upload(page, two)
    settle(page)  # what comes below the box may still move it
    assert shares(page) == pytest.approx([0.25, 0, 0.75, 1], abs=0.02), "what is cropped anyway"
    drag(page, (0.1, 0.1), (0.2, 0.6))
    assert shares(page) == pytest.approx([0.1, 0.1, 0.35, 0.6], abs=0.02)
