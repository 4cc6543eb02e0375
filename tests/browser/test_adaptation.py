"""The Domain adaptation page in a real browser: λ, going back, links, clouds, a phone."""

import re

import pytest
from playwright.sync_api import expect

from latentlab.experiments import adaptation_moments

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIXELS = "(canvas) => canvas.toDataURL()"
LIVE = "/adaptation?adaptation_section=live"


def clock(page):
    return page.locator(".alignment .clock")


def plane(page, name: str):
    return page.get_by_role("img", name=name, exact=True)


def ready(page) -> None:
    expect(page.locator(".alignment .status")).to_contain_text("trains in this browser alone")


def test_lambda_moves_while_it_trains_and_the_address_holds_how(visit, settle) -> None:
    page = visit(LIVE)
    ready(page)
    assert len(page.workers) == 1
    before = plane(page, "DANN: features").evaluate(PIXELS)
    page.get_by_role("button", name="Step", exact=True).click()
    expect(clock(page)).to_have_text("step 1")
    page.get_by_role("slider", name="λ, strength of the alignment").fill("30")
    page.get_by_role("button", name="300 steps").click()
    expect(clock(page)).to_have_text("step 301")
    assert plane(page, "DANN: features").evaluate(PIXELS) != before
    page.wait_for_url(re.compile(r"adaptation_moves=1x100\.300x30$"))
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("link", name="Home").click()
    expect(page.locator(".alignment")).to_have_count(0)
    assert page.workers == []


def test_a_link_plays_the_very_run_and_its_slider_goes_back(visit, settle) -> None:
    address = f"{LIVE}&adaptation_moves=100x50.100x100&adaptation_share=80"
    page, again = visit(address), visit(address)
    for one in (page, again):
        ready(one)
        expect(clock(one)).to_have_text("step 200")
    there = plane(page, "DANN: points").evaluate(PIXELS)
    assert plane(again, "DANN: points").evaluate(PIXELS) == there
    page.get_by_role("slider", name="Moment of training").focus()
    page.keyboard.press("Home")
    expect(clock(page)).to_have_text("step 0 of 200")
    expect(page.locator(".alignment .verdict")).to_contain_text("Before the first step")
    page.keyboard.press("End")
    expect(clock(page)).to_have_text("step 200")
    assert plane(page, "DANN: points").evaluate(PIXELS) == there


def test_turned_moons_are_learnt_by_the_same_moves(visit, settle) -> None:
    page = visit(f"{LIVE}&adaptation_moves=60x100")
    ready(page)
    expect(clock(page)).to_have_text("step 60")
    before = plane(page, "DANN: points").evaluate(PIXELS)
    thumb = page.get_by_role("slider", name="Target turned by, degrees")
    thumb.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("adaptation_angle=38"))
    ready(page)
    expect(clock(page)).to_have_text("step 60")
    page.wait_for_timeout(500)
    assert plane(page, "DANN: points").evaluate(PIXELS) != before


def test_clouds_are_scrubbed_and_played(visit, settle) -> None:
    if not adaptation_moments.PATH.is_file():
        pytest.skip("no moments have been kept")
    page = visit("/adaptation?adaptation_section=models&adaptation_pair=mnist_scikit")
    cloud = plane(page, "MMD: features of both domains")
    cloud.wait_for()
    last = cloud.evaluate(PIXELS)
    slider = page.get_by_role("slider", name="Moment of the adaptation")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".clouds .clock")).to_have_text("before adapting")
    assert cloud.evaluate(PIXELS) != last
    page.wait_for_url(re.compile("adaptation_moment=0"))
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".clouds .clock")).not_to_have_text("before adapting")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("section", ["shift", "models", "live", "balance"])
def test_on_a_phone_nothing_is_wider_than_the_screen(visit, section: str, dark: bool) -> None:
    address = f"/adaptation?adaptation_section={section}"
    page = visit(address, dark=dark, width=390, height=844)
    page.get_by_text("What am I looking at?").wait_for()
    assert page.evaluate(SIDEWAYS) == 0
