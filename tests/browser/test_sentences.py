"""The Sentences page in a real browser: typing, links, a phone."""

import re

import pytest
from playwright.sync_api import expect

from latentlab.ui.sentences import choices
from latentlab.ui.shared import cache

pytestmark = pytest.mark.skipif(
    not {choices.HEALTHY, choices.COLLAPSED} <= set(cache.names()), reason="no such networks here"
)
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_what_is_typed_is_walked_from_and_the_address_holds_it(visit, settle) -> None:
    page = visit("/sentences")
    lines = page.locator(".walk .lines li")
    expect(lines).to_have_count(9)
    before = lines.first.text_content()
    page.get_by_role("textbox", name="From").fill("she will not see a hat on the beach")
    page.wait_for_url(re.compile("sentences_from=she"))
    expect(lines.first).not_to_have_text(before or "")
    expect(
        page.get_by_role("textbox", name="From")
    ).to_be_focused()  # nothing takes the field away meanwhile
    page.get_by_role("textbox", name="To").fill("<b>wug</b>")
    expect(page.locator(".walk .note").last).to_contain_text("Read as unknown")
    expect(page.locator(".walk .note b")).to_have_count(0)
    page.get_by_role("textbox", name="To").fill("")
    expect(page.locator(".walk .note").last).to_contain_text("There is no word in this")
    expect(lines).to_have_count(0)
    page.get_by_role("button", name="Another").last.click()
    expect(lines).to_have_count(9)


def test_a_link_shows_the_same_lines_and_a_phone_scrolls_one_way(visit, settle) -> None:
    address = "/sentences?sentences_from=we+saw+a+kite+at+home&sentences_to=they+lost+a+hat+at+home"
    page, again = visit(address), visit(address)
    for one in (page, again):
        expect(one.locator(".walk .lines li")).to_have_count(9)
        expect(one.get_by_role("textbox", name="From")).to_have_value("we saw a kite at home")
    said = page.locator(".walk .lines").text_content()
    assert again.locator(".walk .lines").text_content() == said
    page.set_viewport_size({"width": 390, "height": 780})
    assert page.evaluate(SIDEWAYS) == 0
