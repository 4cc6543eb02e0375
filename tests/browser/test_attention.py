"""The Attention page in a real browser: typing, pointing at numbers, layers, heads, a phone."""

import re

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PART = ".matrices .part canvas"


def test_a_sentence_that_is_typed_is_computed_and_held_by_the_link(visit, settle) -> None:
    page = visit("/attention")
    expect(page.locator(".matrices .verdict")).to_contain_text("“mat” looks most at")
    page.get_by_role("textbox", name="Your sentence").fill("A dog ran to zyzzyva")
    expect(page.locator(".matrices .note")).to_contain_text("“zyzzyva” is unknown")
    expect(page.locator(".matrices .verdict")).to_contain_text("“zyzzyva ?” looks most at")
    page.wait_for_url(re.compile("attention_sentence=A\\+dog\\+ran"))
    page.get_by_role("slider", name="Layer").press("ArrowRight")
    page.get_by_role("button", name="head 3").click()
    expect(page.locator(".matrices .verdict")).to_contain_text("Layer 2, head 3")
    page.wait_for_url(re.compile("attention_head=2"))
    page.reload()
    expect(page.locator(".matrices .verdict")).to_contain_text("Layer 2, head 3: “zyzzyva ?”")


def test_every_number_shows_the_sum_it_comes_from(visit, settle) -> None:
    page = visit("/attention")
    said = page.locator(".matrices .sum")
    expect(said).to_contain_text("looks at")
    # Pointed at: queries and scores; walked to with the keys: what is masked.
    page.locator(PART).nth(4).hover()
    expect(said).to_contain_text(re.compile("^Q\\(.* · K\\(.* = .*·"))
    page.locator(PART).nth(1).hover()
    expect(said).to_contain_text("(bias)")
    page.locator(PART).nth(5).focus()
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("comes after “▸”: masked, −∞")
    page.get_by_role("checkbox", name="causal mask").uncheck()
    expect(page.locator(".matrices .verdict")).to_contain_text("sees the future")
    expect(said).not_to_contain_text("−∞")


@pytest.mark.parametrize("section", ["hand", "positions", "three", "layers"])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, section: str) -> None:
    page = visit(
        f"/attention?attention_section={section}", dark=section == "hand", width=390, height=844
    )
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
