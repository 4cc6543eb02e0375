"""The Anomaly page in a real browser: the threshold under the finger, a drawing, a phone."""

import re

import pytest
from playwright.sync_api import expect

from latentlab.ui.shared import cache

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIXELS = "(canvas) => canvas.toDataURL()"

pytestmark = pytest.mark.skipif(
    not cache.names(study="anomaly"),
    reason="no networks of the study are here: latentlab train --all",
)


def number(page, name: str):
    return page.locator(f".threshold .{name} dd")


def test_the_numbers_follow_the_threshold_and_the_link_holds_it(visit, settle) -> None:
    page = visit("/anomaly")
    slider = page.get_by_role("slider", name="Threshold")
    expect(page.locator(".threshold .verdict")).to_contain_text("an alarm")
    expect(number(page, "area")).to_have_text(re.compile(r"^0\.9\d\d$"))
    slider.focus()
    page.keyboard.press("Home")
    expect(number(page, "recall")).to_have_text("100 %")
    expect(number(page, "falseAlarms")).to_have_text("100 %")
    page.keyboard.press("End")
    expect(number(page, "recall")).to_have_text("0 %")
    expect(number(page, "precision")).to_have_text("–")
    expect(page.locator(".threshold .verdict")).to_contain_text("it passes as normal")
    page.wait_for_url(re.compile("anomaly_at=1000"))
    again = visit("/" + page.url.split("/", 3)[3])
    expect(number(again, "recall")).to_have_text("0 %")
    again.get_by_role("button", name="held-out normal").click()
    expect(number(again, "falseAlarms")).to_have_text(re.compile(r"^\d %$"))


def test_a_finger_on_the_bars_moves_the_threshold(visit, settle) -> None:
    page = visit("/anomaly")
    bars = page.locator(".threshold .bars")
    expect(number(page, "recall")).not_to_be_empty()
    bars.scroll_into_view_if_needed()
    before = page.locator(".threshold .roc").evaluate(PIXELS)
    box = bars.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.5 * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 4, middle, steps=4)
    page.mouse.up()
    expect(number(page, "falseAlarms")).to_have_text("100 %")
    assert page.locator(".threshold .roc").evaluate(PIXELS) != before


def test_another_class_brings_other_scores(visit, settle) -> None:
    page = visit("/anomaly")
    area = number(page, "area")
    expect(area).not_to_be_empty()
    before = area.inner_text()
    page.get_by_role("combobox", name="Normal is").click()
    page.get_by_role("option", name="digit 8").click()
    expect(area).not_to_have_text(before)
    expect(page.get_by_text("test pictures of digit 8")).to_be_visible()


def test_breaking_and_mending(visit, settle) -> None:
    page = visit("/anomaly?anomaly_normal=8")
    page.get_by_role("button", name="Break it").click()
    expect(page.get_by_text(re.compile("^Autoencoder, error: [2-8] of 8 pass"))).to_be_visible()
    page.get_by_role("button", name="Mend it").click()
    expect(page.get_by_text(re.compile("Autoencoder, smoothed error: "))).to_be_visible()
    expect(page.get_by_role("img", name="all black, given back")).to_be_visible()


@pytest.mark.parametrize("section", ["picture", "simple", "hindsight", "table"])
def test_nothing_hangs_over_the_edge_of_a_phone(visit, section: str) -> None:
    page = visit(f"/anomaly?anomaly_section={section}", width=390, height=844)
    expect(page.get_by_text("What am I looking at?")).to_be_visible()
    assert page.evaluate(SIDEWAYS) == 0
