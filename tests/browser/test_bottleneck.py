"""The Bottleneck page in a real browser: the slider, drawing, the opened network, a phone."""

import re

import pytest
from playwright.sync_api import expect

from latentlab.ui.bottleneck import linear, results
from latentlab.ui.shared import cache

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PIXELS = "(canvas) => canvas.toDataURL()"
COMPUTED = re.compile("at most .* from torch")

pytestmark = pytest.mark.skipif(
    not results.names("mnist"), reason="no networks of the study are here: latentlab train --all"
)


def ready(page) -> None:
    expect(page.locator(".squeeze .status")).to_have_text(COMPUTED)


def cell(page, method: str, k: int):
    return page.locator(".squeeze").get_by_role("img", name=re.compile(f"^{method}, k = {k}:"))


def test_the_slider_moves_the_look_and_the_link_holds_it(visit, settle) -> None:
    page = visit("/bottleneck")
    ready(page)
    layers = page.get_by_role("application", name="The opened network")
    before = layers.evaluate(PIXELS)
    slider = page.get_by_role("slider", name="how many numbers")
    assert slider.get_attribute("aria-valuetext") == "k = 8"
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".squeeze .verdict")).to_contain_text("Through 1 number,")
    assert layers.evaluate(PIXELS) != before
    page.wait_for_url(re.compile("bottleneck_k=1$"))
    page.get_by_role("button", name="PCA", exact=True).click()
    page.wait_for_url(re.compile("bottleneck_opened=pca"))
    shown = layers.evaluate(PIXELS)
    again = visit("/" + page.url.split("/", 3)[3])
    ready(again)
    expect(again.locator(".squeeze .verdict")).to_contain_text("Through 1 number,")
    button = again.get_by_role("button", name="PCA", exact=True)
    assert button.get_attribute("aria-pressed") == "true"
    layers = again.get_by_role("application", name="The opened network")
    assert layers.evaluate(PIXELS) == shown


def test_the_browser_makes_the_pictures_that_the_server_makes(visit, settle) -> None:
    own, servers = visit("/bottleneck"), visit("/bottleneck?decode=server")
    ready(own)
    expect(servers.locator(".squeeze .status")).to_contain_text("asks the server")
    for method, k in (("PCA", 1), ("PCA", 64), ("Autoencoder", 8)):
        labels = [cell(page, method, k).get_attribute("aria-label") for page in (own, servers)]
        assert labels[0] == labels[1]


def test_a_unit_shows_what_it_looks_for_and_what_it_draws(visit, settle) -> None:
    page = visit("/bottleneck")
    ready(page)
    looks = page.get_by_role("img", name="Looks for")
    draws = page.get_by_role("img", name="Draws")
    words = page.locator(".squeeze .words p").first
    expect(words).to_contain_text("The code: number 1 of 8")
    before = looks.evaluate(PIXELS), draws.evaluate(PIXELS)
    layers = page.get_by_role("application", name="The opened network")
    layers.scroll_into_view_if_needed()
    box = layers.bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"])
    expect(words).to_contain_text("Encoder, layer 1 of 4")
    assert looks.evaluate(PIXELS) != before[0] and draws.evaluate(PIXELS) != before[1]
    layers.focus()
    for _ in range(80):
        page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("Output: pixel")


def test_the_pictures_follow_the_pen(visit, settle) -> None:
    page = visit("/bottleneck?bottleneck_pic_from=draw")
    ready(page)
    before = cell(page, "Autoencoder", 8).evaluate(PIXELS)
    box = page.locator(".draw_pad .paper canvas").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.8 * box["height"], steps=6)
    expect(page.locator(".squeeze .original")).to_contain_text("your drawing")  # the pen is down
    assert cell(page, "Autoencoder", 8).evaluate(PIXELS) != before
    page.mouse.up()
    expect(page.get_by_text("Until then you see the sample.")).to_have_count(0)
    expect(page.locator(".squeeze .original")).to_contain_text("your drawing")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".squeeze .original")).to_contain_text("test picture 0")


def test_a_file_that_is_no_picture_is_one_sentence(visit, settle) -> None:
    page = visit("/bottleneck?bottleneck_pic_from=upload")
    files = [{"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}]
    page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.locator(".squeeze .original")).to_contain_text("test picture 0")


@pytest.mark.skipif(
    linear.NAME not in cache.names(study="bottleneck"), reason="no linear autoencoder is here"
)
def test_the_axes_turn_under_the_slider_and_the_link_holds_the_moment(visit, settle) -> None:
    page = visit("/bottleneck?bottleneck_section=linear")
    axis = page.get_by_role("img", name="Axis 1", exact=True)
    axis.wait_for()
    before = axis.evaluate(PIXELS)
    page.get_by_role("slider", name="Moment of training").focus()
    page.keyboard.press("Home")
    expect(page.locator(".turning .verdict")).to_contain_text("not PCA’s yet")
    assert axis.evaluate(PIXELS) != before
    page.wait_for_url(re.compile("bottleneck_moment=0"))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("section", ["picture", "linear", "copy"])
def test_on_a_phone_nothing_lies_beside_the_screen(visit, settle, section: str, dark: bool) -> None:
    page = visit(f"/bottleneck?bottleneck_section={section}", dark=dark, width=390, height=844)
    settle(page)
    assert page.evaluate(SIDEWAYS) <= 0
