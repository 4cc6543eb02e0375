"""The Adversaries page in a real browser: training, going back, branches, drawing, a phone."""

import re

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIXELS = "(canvas) => canvas.toDataURL()"
SMALL = "adversaries_width_g=16&adversaries_width_d=16"  # so that tests do not wait for training


def ready(page) -> None:
    expect(page.locator(".duel .status")).to_contain_text("trains in this browser alone")


def clock(page):
    return page.locator(".duel .clock")


def board(page, name: str):
    return page.get_by_role("img", name=f"Arena: {name}", exact=True)


def test_it_trains_in_a_worker_that_ends_with_the_page(visit, settle) -> None:
    page = visit(f"/adversaries?{SMALL}")
    ready(page)
    assert len(page.workers) == 1
    before = board(page, "Non-saturating").evaluate(PIXELS)
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Pause", exact=True).wait_for()
    expect(clock(page)).not_to_have_text("step 0")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Run", exact=True).wait_for()
    assert board(page, "Non-saturating").evaluate(PIXELS) != before
    page.wait_for_url(re.compile(r"adversaries_moves=\d+s$"))
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".duel")).to_have_count(0)
    assert page.workers == []


def test_a_link_plays_the_very_run_and_its_slider_goes_back(visit, settle) -> None:
    address = f"/adversaries?{SMALL}&adversaries_moves=20d.100s"
    page, again = visit(address), visit(address)
    for one in (page, again):
        ready(one)
        expect(clock(one)).to_have_text("step 120")
    name = "Relativistic, R1 + R2"
    there = board(page, name).evaluate(PIXELS)
    assert board(again, name).evaluate(PIXELS) == there
    slider = page.get_by_role("slider", name="Moment of training")
    slider.focus()
    page.keyboard.press("Home")
    expect(clock(page)).to_have_text("step 0 of 120")
    assert board(page, name).evaluate(PIXELS) != there
    page.keyboard.press("End")
    expect(clock(page)).to_have_text("step 120")
    assert board(page, name).evaluate(PIXELS) == there


def test_the_networks_step_alone(visit, settle) -> None:
    page = visit(f"/adversaries?{SMALL}")
    ready(page)
    for button, address in (("Step D", "1d"), ("Step G", "1d.1g"), ("Step", "1d.1g.1s")):
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(re.compile(f"adversaries_moves={address}$"))
    page.get_by_role("button", name="Train D to its best").click()
    page.wait_for_url(re.compile(r"adversaries_moves=1d\.1g\.1s\.400d$"))


def test_a_branch_goes_on_with_another_loss_and_the_link_holds_it(visit, settle) -> None:
    page = visit(f"/adversaries?{SMALL}&adversaries_losses=minimax&adversaries_moves=40s")
    ready(page)
    expect(clock(page)).to_have_text("step 40")
    page.get_by_role("button", name="Branch from here").click()
    name = "Minimax, from step 40 Relativistic, R1 + R2"
    board(page, name).wait_for()
    page.wait_for_url(re.compile("adversaries_branches=minimax"))
    page.get_by_role("button", name="Step", exact=True).click()
    expect(clock(page)).to_have_text("step 41")
    page.wait_for_url(re.compile("adversaries_moves=41s"))
    shown = board(page, name).evaluate(PIXELS)
    again = visit("/" + page.url.split("/", 3)[3])
    expect(clock(again)).to_have_text("step 41")
    ready(again)
    assert board(again, name).evaluate(PIXELS) == shown
    page.get_by_role("button", name="Remove").click()
    expect(board(page, name)).to_have_count(0)
    expect(board(page, "Minimax")).to_have_count(1)


def test_a_drawing_becomes_what_is_to_be_learnt(visit, settle) -> None:
    page = visit(f"/adversaries?{SMALL}&adversaries_target=drawn&adversaries_losses=relativistic")
    ready(page)
    name = "Relativistic, R1 + R2"
    before = board(page, name).evaluate(PIXELS)
    box = page.get_by_role("img", name="Pad: draw a distribution here").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 180, box["y"] + 60, steps=8)
    page.mouse.up()
    page.wait_for_url(re.compile("adversaries_drawing="))
    for _ in range(100):  # the board is another element by then
        if board(page, name).evaluate(PIXELS) != before:
            break
        page.wait_for_timeout(300)
    else:
        pytest.fail("what was drawn is not shown")
    again = visit("/" + page.url.split("/", 3)[3])
    ready(again)
    assert board(again, name).evaluate(PIXELS) == board(page, name).evaluate(PIXELS)


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, dark: bool) -> None:
    page = visit("/adversaries?adversaries_target=drawn", dark=dark, width=390, height=844)
    ready(page)
    assert page.evaluate(SIDEWAYS) <= 0
