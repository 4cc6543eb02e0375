"""The Interpolate page in a real browser: ends, slider, animation, upload, downloads."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

STAGE = ".walk-stage img"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sources(page, selector: str) -> list[str]:
    page.locator(selector).first.wait_for()
    return page.locator(selector).evaluate_all("images => images.map(image => image.src)")


def marked(page) -> list[int]:
    """The step that every strip marks, counted from 1; 0 where none is."""
    return page.locator(".walk-strip .ribbon").evaluate_all(
        """ribbons => ribbons.map(ribbon => 1 + [...ribbon.children].findIndex(
            column => getComputedStyle(column, '::before').opacity === '1'))"""
    )


def wait_for_pictures(page) -> None:
    """Wait until nothing moves any more because a picture or a font arrives."""
    page.wait_for_function("[...document.images].every(image => image.complete)")
    page.evaluate("document.fonts.ready.then(() => true)")


def stroke() -> bytes:
    """A digit one, dark on white, as somebody might upload it."""
    picture = Image.new("L", (90, 90), 255)
    ImageDraw.Draw(picture).line((45, 15, 45, 75), fill=0, width=9)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_the_slider_moves_all_three_pictures_and_the_marks(visit, settle) -> None:
    page = visit("/interpolate")
    expect(page.locator(STAGE)).to_have_count(3)
    before = sources(page, STAGE)
    assert marked(page) == [6, 6, 6]
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(STAGE).first).not_to_have_attribute("src", before[0])
    settle(page)
    assert marked(page) == [7, 7, 7]
    assert all(new != old for new, old in zip(sources(page, STAGE), before, strict=True))
    expect(page).to_have_url(re.compile("interpolate_step=7"))


def test_a_strip_lines_up_with_the_bars_under_it(visit) -> None:
    page = visit("/interpolate?interpolate_steps=9")
    edges = page.locator(".walk-strip").first.evaluate(
        """strip => {
            const image = strip.querySelector('img').getBoundingClientRect();
            const last = strip.querySelector('.column:last-child').getBoundingClientRect();
            return [image.width / 9 - last.width, image.right - last.right];
        }"""
    )
    assert all(abs(edge) < 1 for edge in edges)


def test_play_walks_through_the_pictures_and_nothing_jumps(visit, settle) -> None:
    page = visit("/interpolate")
    strip = page.locator(".walk-strip").first
    strip.wait_for()
    wait_for_pictures(page)
    before = strip.bounding_box()["y"]
    page.get_by_text("Play", exact=True).click()
    stage = page.locator(".walk-stage.playing img").first
    stage.wait_for()
    settle(page)
    where = "image => getComputedStyle(image).transform"
    seen = set()
    for _ in range(20):
        seen.add(stage.evaluate(where))
        page.wait_for_timeout(100)
    assert len(seen) > 2
    assert abs(strip.bounding_box()["y"] - before) < 2


def test_an_upload_becomes_the_start_and_stays_when_its_menu_closes(visit, settle) -> None:
    page = visit("/interpolate?interpolate_a_from=upload")
    fade = ".walk-strip:last-of-type img"
    before = sources(page, fade)
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "one.png", "mimeType": "image/png", "buffer": stroke()}
    )
    expect(page.locator(fade)).not_to_have_attribute("src", before[0])
    settle(page)
    uploaded = sources(page, fade)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(fade)).not_to_have_attribute("src", uploaded[0])
    page.get_by_role("button", name="Swap").click()
    expect(page.locator(fade)).to_have_attribute("src", uploaded[0])


def test_a_file_that_is_no_picture_is_one_sentence(visit, settle) -> None:
    page = visit("/interpolate?interpolate_a_from=upload")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("input[type=file]").set_input_files(
        {"name": "bad.png", "mimeType": "image/png", "buffer": b"<svg/>"}
    )
    expect(page.get_by_test_id("stAlert")).to_have_count(1)
    settle(page)
    expect(page.locator(".walk-strip")).to_have_count(3)


@pytest.mark.parametrize("kind", ["GIF", "WebP", "PNG"])
def test_the_walk_can_be_saved(visit, settle, kind: str) -> None:
    page = visit("/interpolate?interpolate_steps=5")
    page.get_by_text("Save", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=kind).click()
    with Image.open(download.value.path()) as picture:
        assert picture.format == kind.upper()
        if kind == "PNG":
            assert picture.height < picture.width  # three rows of five
        else:
            assert picture.is_animated
            assert picture.width > 2 * picture.height  # three methods side by side


@pytest.mark.parametrize("between", ["two", "four"])
def test_a_phone_shows_everything_without_scrolling_sideways(visit, between: str) -> None:
    page = visit(f"/interpolate?interpolate_between={between}", width=390, height=844)
    page.locator("figure.scores").wait_for()
    wait_for_pictures(page)
    assert page.evaluate(SIDEWAYS) <= 0
    first, second = page.locator("[class*='st-key-walk_'] [data-testid='stPopover']").all()[:2]
    assert first.bounding_box()["y"] == pytest.approx(second.bounding_box()["y"], abs=2)


def test_four_corners_fill_two_boards(visit) -> None:
    page = visit("/interpolate?interpolate_between=four", dark=True)
    expect(page.locator(".walk-board img")).to_have_count(2)
    wait_for_pictures(page)
    tops = page.locator(".walk-board img").evaluate_all(
        "boards => boards.map(board => board.getBoundingClientRect().top)"
    )
    assert tops[0] == tops[1]


def test_ends_and_steps_outlive_a_visit_to_another_page(visit, settle) -> None:
    page = visit("/interpolate?interpolate_steps=7")
    before = sources(page, ".walk-strip img")
    page.get_by_role("button", name="Draw others").click()
    expect(page.locator(".walk-strip img").first).not_to_have_attribute("src", before[0])
    settle(page)
    chosen, link = sources(page, ".walk-strip img"), page.url
    menu = page.get_by_test_id("stSidebarNav")
    menu.get_by_text("Home", exact=True).click()
    page.locator(".st-key-cards").wait_for()
    menu.get_by_text("Interpolate", exact=True).click()
    page.locator(".walk-strip").first.wait_for()
    settle(page)
    assert sources(page, ".walk-strip img") == chosen
    assert page.url == link
