"""The Regularise page in a real browser: columns, sliders, drawing, a VAE by hand, a phone."""

import re

import pytest
from playwright.sync_api import expect

from latentlab.ui.shared import cache

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIXELS = "(canvas) => canvas.toDataURL()"
COMPUTED = re.compile("at most .* from torch")

pytestmark = pytest.mark.skipif(
    not cache.names(study="regularise"), reason="no networks of the study are here: train --all"
)


def ready(page, component: str = "columns") -> None:
    expect(page.locator(f".{component} .status")).to_have_text(COMPUTED)


def cell(page, title: str, what: str):
    return page.locator(".columns").get_by_role("img", name=f"{title}: {what}", exact=True)


def test_noise_and_weight_move_the_columns_and_the_link_holds_them(visit, settle) -> None:
    page = visit("/regularise")
    ready(page)
    noisy, code = cell(page, "Denoising", "from noise"), cell(page, "Sparse", "its code")
    before = noisy.evaluate(PIXELS), code.evaluate(PIXELS)
    page.get_by_role("slider", name="Noise σ").focus()
    page.keyboard.press("End")
    expect(page.locator(".columns .tools")).to_contain_text("Noise σ = 0.80")
    page.wait_for_url(re.compile("regularise_sigma=0.8"))
    assert noisy.evaluate(PIXELS) != before[0]
    page.get_by_role("slider", name="Sparse: weight").focus()
    page.keyboard.press("End")
    page.wait_for_url(re.compile("regularise_sparse="))
    ready(page)
    page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before",
        arg=[code.element_handle(), before[1]],
    )
    again = visit("/" + page.url.split("/", 3)[3])
    ready(again)
    expect(again.locator(".columns .tools")).to_contain_text("Noise σ = 0.80")
    assert cell(again, "Sparse", "its code").evaluate(PIXELS) == code.evaluate(PIXELS)


def test_the_browser_says_what_the_server_says(visit, settle) -> None:
    own, servers = visit("/regularise"), visit("/regularise?decode=server")
    ready(own)
    expect(servers.locator(".columns .status")).to_contain_text("asks the server")
    for row in ("again", "noisy", "loss"):
        captions = [
            page.locator(f".columns .cell.{row} figcaption").all_inner_texts()
            for page in (own, servers)
        ]
        assert captions[0] == captions[1] and len(captions[0]) > 5, row


def test_pure_noise_is_judged_by_its_likeness(visit, settle) -> None:
    page = visit("/regularise?regularise_feed=true")
    ready(page)
    expect(page.locator(".columns .verdict")).to_contain_text("Pure noise comes back most from")
    expect(page.locator(".columns .cell.again figcaption").first).to_contain_text("likeness")


def test_the_columns_follow_the_pen(visit, settle) -> None:
    page = visit("/regularise?regularise_pic_from=draw")
    ready(page)
    picture = cell(page, "Plain", "comes back")
    before = picture.evaluate(PIXELS)
    box = page.locator(".draw_pad .paper canvas").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
    expect(page.locator(".columns .given.again")).to_contain_text("your drawing")
    page.wait_for_function(
        "([canvas, before]) => canvas.toDataURL() !== before",
        arg=[picture.element_handle(), before],
    )
    page.mouse.up()


def test_epsilon_rolls_and_a_collapsed_vae_says_nothing(visit, settle) -> None:
    page = visit("/regularise?regularise_section=sampling")
    ready(page, "gaussian")
    verdict = page.locator(".gaussian .verdict")
    expect(verdict).to_contain_text("β = 1:")
    draws = page.get_by_role("img", name="Decoded from z = μ + σ ε 1", exact=True)
    before = draws.evaluate(PIXELS)
    page.get_by_role("button", name="Roll ε").click()
    page.wait_for_url(re.compile("regularise_draw=1"))
    assert draws.evaluate(PIXELS) != before
    page.get_by_role("button", name="Collapse it").click()
    expect(verdict).to_contain_text("β = 200:")
    ready(page, "gaussian")
    expect(verdict).to_contain_text("0 of 16 numbers are in use")
    page.get_by_role("button", name="β = 1").click()
    expect(verdict).to_contain_text("β = 1:")


def test_a_phone_shows_everything_without_sliding_sideways(visit, settle) -> None:
    page = visit("/regularise", width=390, height=844)
    ready(page)
    assert page.evaluate(SIDEWAYS) <= 0
    page.goto(page.url.split("?")[0] + "?regularise_section=sampling")
    ready(page, "gaussian")
    assert page.evaluate(SIDEWAYS) <= 0
