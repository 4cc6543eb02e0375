"""The Time machine page in a real browser: the slider, a sample growing up, codes, the critic."""

import re

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIXELS = "(canvas) => canvas.toDataURL()"
VALUES = "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
KEEPS = re.compile("decoded in your browser", re.IGNORECASE)


def picture(page, name: str):
    return page.locator(".reel").get_by_role("img", name=name, exact=True)


def sheet(page):
    return page.locator(".reel .sheet").first


def ready(page) -> None:
    expect(page.locator(".reel .note")).to_have_text(KEEPS)


def test_sheet_words_and_link_follow_the_slider(visit, settle) -> None:
    page = visit("/time_machine")
    expect(page.locator(".reel .verdict")).to_contain_text("At the end")
    ready(page)
    late = sheet(page).evaluate(PIXELS)
    page.get_by_role("slider", name="Moment of training").focus()
    page.keyboard.press("Home")
    expect(page.locator(".reel .verdict")).to_contain_text("Before the first step")
    assert sheet(page).evaluate(PIXELS) != late
    page.wait_for_url(re.compile("time_machine_moment=0"))
    early = sheet(page).evaluate(PIXELS)
    again = visit("/" + page.url.split("/", 3)[3])
    expect(again.locator(".reel .verdict")).to_contain_text("Before the first step")
    assert sheet(again).evaluate(PIXELS) == early


def test_a_click_chooses_a_sample_and_its_code_can_be_moved(visit, settle) -> None:
    page = visit("/time_machine")
    ready(page)
    before = picture(page, "The chosen sample").evaluate(PIXELS)
    box = sheet(page).bounding_box()
    sheet(page).click(position={"x": box["width"] * 0.3, "y": box["height"] * 0.3})
    page.wait_for_url(re.compile("time_machine_sample=18"))
    assert picture(page, "The chosen sample").evaluate(PIXELS) != before
    own = picture(page, "The code moved").evaluate(PIXELS)
    page.get_by_role("slider", name="Move the code along direction 1").focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("time_machine_moves="))
    assert picture(page, "The code moved").evaluate(PIXELS) != own
    page.get_by_role("button", name="Back to the sample").click()
    expect(page.get_by_role("button", name="Back to the sample")).to_be_disabled()
    assert picture(page, "The code moved").evaluate(PIXELS) == own


def test_the_generator_of_the_end_draws_the_sample_again(visit, settle) -> None:
    page = visit("/time_machine")
    ready(page)
    one, other = (
        picture(page, name).evaluate(VALUES) for name in ("The chosen sample", "The code moved")
    )
    difference = sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)
    assert difference <= 4  # of 255: its weights are stored on a grid


def test_another_code_is_held_by_the_link(visit, settle) -> None:
    page = visit("/time_machine")
    ready(page)
    page.get_by_role("button", name="Another code").click()
    page.wait_for_url(re.compile(r"time_machine_seed=\d+"))
    drawn = picture(page, "The code moved").evaluate(PIXELS)
    again = visit("/" + page.url.split("/", 3)[3])
    ready(again)
    assert picture(again, "The code moved").evaluate(PIXELS) == drawn


def test_it_plays_and_stops_at_the_end(visit, settle) -> None:
    page = visit("/time_machine?time_machine_moment=36")
    ready(page)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".reel .verdict")).to_contain_text("At the end")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_click_on_the_strip_goes_to_that_moment(visit, settle) -> None:
    page = visit("/time_machine")
    ready(page)
    strip = page.locator(".reel .strip")
    box = strip.bounding_box()
    strip.click(position={"x": box["width"] * 0.52, "y": box["height"] / 2})
    page.wait_for_url(re.compile("time_machine_moment=20"))


def test_the_collapsed_run_stands_beside(visit, settle) -> None:
    page = visit("/time_machine")
    ready(page)
    page.get_by_text("A run that collapsed beside it").click()
    expect(page.locator(".reel .run")).to_have_count(2)
    expect(page.locator(".reel .verdict").nth(1)).to_contain_text("The collapsed run")
    expect(page.locator(".reel table th[scope=col]")).to_have_count(4)


def test_the_critic_follows_the_pen(visit, settle) -> None:
    page = visit(
        "/time_machine?time_machine_section=critic&time_machine_pic_from=draw", height=1200
    )
    expect(page.locator(".opinion .status")).to_contain_text("runs in your browser")
    verdict = page.locator(".opinion .verdict")
    before = verdict.inner_text()
    box = page.locator(".draw_pad canvas").first.bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(middle[0], middle[1] - 50)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] + 50, steps=6)
    expect(page.locator(".opinion figcaption")).to_have_text("your drawing")
    expect(verdict).not_to_have_text(before)
    page.mouse.up()
    settle(page)
    expect(page.locator(".opinion figcaption")).to_contain_text("rawing")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("section", ["watch", "critic"])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, section: str, dark: bool) -> None:
    address = f"/time_machine?time_machine_section={section}&time_machine_beside=true"
    page = visit(address, dark=dark, width=390, height=844)
    page.locator(".reel .sheet, .opinion .scores").first.wait_for()
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
