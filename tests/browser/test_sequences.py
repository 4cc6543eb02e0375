"""The Sequences page in a real browser: answers to press, a sequence to type, a phone."""

import re

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_an_answer_is_pressed_and_explained(visit, settle) -> None:
    page = visit("/sequences")
    tape = page.locator(".tape")
    expect(tape.get_by_role("button", name="Transformer")).to_have_attribute("aria-pressed", "true")
    expect(tape).to_contain_text("layer 2, head 4")
    tape.get_by_role("button", name="LSTM").click()
    expect(tape).to_contain_text("forget gate")
    expect(tape.get_by_role("img", name="State of the LSTM over time")).to_be_visible()
    page.wait_for_url(re.compile("sequences_net=lstm"))
    page.keyboard.press("Tab")  # the keyboard is where it was
    page.keyboard.press("Enter")
    expect(tape).to_contain_text("update gate")


def test_a_typed_sequence_is_answered(visit, settle) -> None:
    page = visit("/sequences")
    page.get_by_role("textbox", name="Or your own sequence").fill("b4..d2....b")
    page.keyboard.press("Enter")
    expect(page.locator(".tape")).to_contain_text("right: 4")
    page.wait_for_url(re.compile("sequences_own="))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("section", ["ask", "length"])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, section: str, dark: bool) -> None:
    page = visit(f"/sequences?sequences_section={section}", dark=dark, width=390, height=844)
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
