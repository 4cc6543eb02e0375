"""The Transfer page in a real browser: drawing, teaching, the handle on the network, a phone."""

import re

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAD = ".draw_pad .paper canvas"
DEPTH = "/transfer?transfer_section=depth"


def stroke(page, *places: tuple[float, float]) -> None:
    """Draw through places, each from 0 to 1 of the pad."""
    page.locator(PAD).hover()  # once it stays where it is
    box = page.locator(PAD).bounding_box()
    for number, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def test_a_drawing_is_classified_after_the_stroke_and_taught_by_a_click(visit, settle) -> None:
    page = visit("/transfer")
    answers = page.locator(".answers")
    expect(answers).to_contain_text("a new triangle")
    stroke(page, (0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8), (0.2, 0.2))
    expect(answers).to_contain_text("your drawing")
    page.get_by_role("button", name="square", exact=True).click()
    expect(page.locator(".shelf > div").nth(1)).to_contain_text("4 drawings")
    # The pad is empty again, and so is what is classified.
    expect(answers).to_contain_text("a new triangle")
    stroke(page, (0.2, 0.5), (0.8, 0.5))
    expect(answers).to_contain_text("your drawing")
    page.get_by_role("button", name="Clear").click()
    expect(answers).to_contain_text("a new triangle")


def test_another_page_and_back_keeps_what_was_drawn(visit, settle) -> None:
    page = visit("/transfer")
    stroke(page, (0.2, 0.2), (0.8, 0.8))
    expect(page.locator(".answers")).to_contain_text("your drawing")
    page.get_by_role("button", name="heart", exact=True).click()
    expect(page.locator(".shelf > div").nth(3)).to_contain_text("4 drawings")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Models").click()
    page.wait_for_url(re.compile("/models"))
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Transfer").click()
    expect(page.locator(".shelf > div").nth(3)).to_contain_text("4 drawings")


def test_the_handle_follows_a_finger_on_the_network_and_the_link_holds_it(visit, settle) -> None:
    page = visit(DEPTH)
    expect(page.locator(".freezer .verdict")).to_contain_text("The first 3 layers are frozen")
    blocks = page.locator(".freezer .block")
    box, last = blocks.nth(2).bounding_box(), blocks.nth(0).bounding_box()
    page.mouse.move(box["x"] + box["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"], last["y"] + 20, steps=6)
    page.mouse.up()
    expect(page.locator(".freezer .verdict")).to_contain_text("The first layer is frozen")
    expect(page.locator(".freezer .block.frozen")).to_have_count(1)
    page.wait_for_url(re.compile("transfer_depth=1"))
    page.get_by_role("slider", name="Layers that are frozen").focus()
    page.keyboard.press("Home")
    expect(page.locator(".freezer .verdict")).to_contain_text("Nothing is taken over")
    page.wait_for_url(re.compile("transfer_depth=0"))


def test_another_pair_draws_other_curves_under_the_same_handle(visit, settle) -> None:
    page = visit(f"{DEPTH}&transfer_depth=4")
    verdict = page.locator(".freezer .verdict")
    expect(verdict).to_contain_text("The first 4 layers")
    before = verdict.inner_text()
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="MNIST → scikit-learn’s digits").click()
    expect(verdict).not_to_have_text(before)
    expect(page.locator(".freezer .block.frozen")).to_have_count(4)
    page.wait_for_url(re.compile("transfer_pair=mnist.digits"))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("section", ["teach", "labels", "depth"])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, section: str, dark: bool) -> None:
    page = visit(f"/transfer?transfer_section={section}", dark=dark, width=390, height=844)
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
