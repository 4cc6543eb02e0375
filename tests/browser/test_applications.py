"""The Applications page in a real browser: drawing, choosing, Back, a phone."""

import re

import pytest
from playwright.sync_api import expect

from latentlab.ui.shared import cache

pytestmark = pytest.mark.skipif(
    not cache.names(can=("enlarges",)), reason="no network that enlarges is here"
)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_another_sample_is_enlarged_and_the_link_holds_it(visit, settle) -> None:
    page = visit("/applications?applications_pic=1156")
    shown = page.locator(".applied.ways img").last
    before = shown.get_attribute("src")
    page.get_by_role("button", name="Others").click()
    expect(shown).not_to_have_attribute("src", before)
    page.wait_for_url(re.compile("applications_pic="))
    settle(page)
    chosen = shown.get_attribute("src")
    page.reload()
    expect(shown).to_have_attribute("src", chosen)


def test_what_is_drawn_is_made_small_and_enlarged(visit, settle) -> None:
    page = visit("/applications?applications_pic_from=draw")
    truth = page.locator(".applied.ways img").last
    before = truth.get_attribute("src")
    pad = page.locator(".draw_pad canvas").first
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.8 * box["height"], steps=5)
    page.mouse.up()
    expect(truth).not_to_have_attribute("src", before)
    expect(page.locator(".applied.ways figure")).to_have_count(7)


def test_sections_keep_what_was_chosen_and_back_returns(visit, settle) -> None:
    page = visit("/applications")
    page.get_by_role("radio", name="Toon faces").click()
    expect(page.locator(".applied.ways figcaption").first).to_contain_text("16 × 16")
    page.get_by_role("radio", name="Another style").click()
    expect(page.get_by_text("The CycleGAN errs by")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name="Sharper pictures").click()
    expect(page.locator(".applied.ways figcaption").first).to_contain_text("16 × 16")
    settle(page)
    page.get_by_role("link", name="Adversaries").click()
    expect(page.locator("h1")).to_have_text("Adversaries")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Applications")
    expect(page.locator(".applied.ways figcaption").first).to_contain_text("16 × 16")


def test_the_switch_says_why_the_blur_has_more_decibels(visit, settle) -> None:
    page = visit("/applications")
    page.get_by_text("Why does PSNR prefer the blur?").click()
    expect(page.get_by_text("beats all 5 of them")).to_be_visible()
    expect(page.locator(".applied.answers figure")).to_have_count(6)
    page.wait_for_url(re.compile("applications_blur=true"))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("section", ["enlarge", "more", "style"])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, section: str, dark: bool) -> None:
    address = f"/applications?applications_section={section}"
    page = visit(address, dark=dark, width=390, height=844)
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
