"""The Pretrain page in a real browser: the scrubber, playing, the switch, a phone."""

import re

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIXELS = "(canvas) => canvas.toDataURL()"
MOMENTS = "/pretrain?pretrain_section=moments"


def first_layer(page, run: str):
    return page.locator(".layers").get_by_role("img", name=re.compile(f"^{run}.*Layer 1"))


def test_pictures_gradients_and_words_follow_the_slider_and_the_link_holds_it(
    visit, settle
) -> None:
    page = visit(MOMENTS)
    expect(page.locator(".layers .verdict")).to_contain_text("After 12 epochs with labels")
    trained = first_layer(page, "2006, greedy").evaluate(PIXELS)
    gradient = page.locator(".layers .words").first
    late = gradient.inner_text()
    page.get_by_role("slider", name="Moment of training").focus()
    page.keyboard.press("Home")
    expect(page.locator(".layers .verdict")).to_contain_text("Nothing is trained")
    expect(gradient).not_to_have_text(late)
    assert first_layer(page, "2006, greedy").evaluate(PIXELS) != trained
    page.wait_for_url(re.compile("pretrain_moment=0"))


def test_while_the_second_stack_is_pretrained_the_others_wait(visit, settle) -> None:
    page = visit(f"{MOMENTS}&pretrain_moment=0")
    slider = page.get_by_role("slider", name="Moment of training")
    expect(page.locator(".layers .verdict")).to_contain_text("Nothing is trained")
    before = [first_layer(page, run).evaluate(PIXELS) for run in ("2006, from", "2006, greedy")]
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".layers .verdict")).to_contain_text("The first layer is pretrained")
    after = [first_layer(page, run).evaluate(PIXELS) for run in ("2006, from", "2006, greedy")]
    assert before[0] == after[0] and before[1] != after[1]


def test_it_plays_to_the_end_and_stops(visit, settle) -> None:
    page = visit(f"{MOMENTS}&pretrain_moment=7")
    expect(page.locator(".layers .verdict")).to_contain_text("After 2 epochs")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(page.locator(".layers .verdict")).to_contain_text("After 12 epochs")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_the_broken_stack_stands_alone_until_it_is_mended(visit, settle) -> None:
    page = visit("/pretrain")
    page.get_by_role("button", name="Break the stack").click()
    expect(page.locator(".layers .run")).to_have_count(1)
    expect(page.locator(".layers .verdict")).to_contain_text("it stands still")
    page.get_by_role("button", name="Mend the stack").click()
    expect(page.locator(".layers .run")).to_have_count(3)


def test_another_era_changes_the_sentence_and_the_link(visit, settle) -> None:
    page = visit("/pretrain?pretrain_labels=1000")
    answer = page.locator(".st-key-pretrain_answer")
    expect(answer).to_contain_text("Trained as in 2006, with 1,000 labels")
    page.get_by_role("radio", name="Today").click()
    expect(answer).to_contain_text("Trained as today, with 1,000 labels")
    page.wait_for_url(re.compile("pretrain_era=today"))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("section", ["labels", "moments", "tuned"])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, section: str, dark: bool) -> None:
    address = f"/pretrain?pretrain_section={section}"
    page = visit(address, dark=dark, width=390, height=844)
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
