"""The Denoise page in a real browser: gallery, slider, upload, phone."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def sources(page) -> list[str]:
    """The four large pictures: clean, noisy, restored, error."""
    return page.locator(".tiles.large img").evaluate_all("all => all.map(image => image.src)")


def drawn_digit() -> bytes:
    paper = np.full((140, 140, 3), 240, np.uint8)
    paper[30:110, 60:76] = (30, 30, 60)
    file = io.BytesIO()
    Image.fromarray(paper).save(file, "JPEG")
    return file.getvalue()


def test_the_four_pictures_are_squares_of_one_size_with_hard_edges(visit) -> None:
    page = visit("/denoise")
    images = page.locator(".tiles.large img")
    expect(images).to_have_count(4)
    boxes = [images.nth(i).bounding_box() for i in range(4)]
    assert (
        len({round(box["width"]) for box in boxes} | {round(box["height"]) for box in boxes}) == 1
    )
    assert boxes[0]["width"] > 160
    assert images.first.evaluate("image => getComputedStyle(image).imageRendering") == "pixelated"
    assert images.first.evaluate("image => image.naturalWidth") == 28
    expect(page.locator(".tiles.small figure.best")).to_have_count(1)
    expect(page.locator("figure.scores td.best").first).to_be_visible()


@pytest.mark.parametrize("source", ["sample", "draw"])
def test_verdict_scores_and_noise_are_above_the_fold(visit, source: str) -> None:
    page = visit(f"/denoise?denoise_pic_from={source}", width=1280, height=720)
    expect(page.locator(".verdict")).to_contain_text("wins by")
    rows = page.locator(".ranking [role=listitem]")
    expect(rows).to_have_count(10)
    slider = page.get_by_test_id("stSlider")
    slider.wait_for()
    for each in (page.locator(".verdict"), *rows.all(), slider):
        box = each.bounding_box()
        assert box["y"] + box["height"] <= 720


def test_the_slider_makes_new_noise_and_the_link_reproduces_it(visit, settle) -> None:
    page = visit("/denoise")
    expect(page.locator(".verdict")).to_be_visible()
    before = sources(page)
    slider = page.get_by_role("slider")
    slider.focus()
    for _ in range(4):
        slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("denoise_gaussian=0.5"))
    expect(page.locator(".tiles.large img").nth(1)).not_to_have_attribute("src", before[1])
    settle(page)
    stronger = sources(page)
    page.get_by_role("button", name="New noise").click()
    expect(page).to_have_url(re.compile("denoise_seed=1"))
    expect(page.locator(".tiles.large img").nth(1)).not_to_have_attribute("src", stronger[1])
    settle(page)
    again = visit("/denoise?" + page.url.partition("?")[2])
    expect(again.locator(".verdict")).to_be_visible()
    assert sources(again) == sources(page)


def test_another_sample_is_picked_from_the_gallery_and_kept(visit, settle) -> None:
    page = visit("/denoise")
    expect(page.locator(".verdict")).to_be_visible()
    before = sources(page)[0]
    page.locator(".st-key-gallery_denoise_pic button img").first.click()
    expect(page.locator(".tiles.large img").first).not_to_have_attribute("src", before)
    picked = sources(page)[0]
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Models", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Models")
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Denoise", exact=True).click()
    expect(page.locator(".tiles.large img").first).to_have_attribute("src", picked)


def test_an_upload_is_restored_and_a_bad_one_is_refused(visit, settle) -> None:
    page = visit("/denoise")
    expect(page.locator(".verdict")).to_be_visible()
    sample = sources(page)[0]
    page.get_by_role("radio", name="Upload").click()
    settle(page)
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "one.jpg", "mimeType": "image/jpeg", "buffer": drawn_digit()})
    first = page.locator(".tiles.large img").first
    expect(first).not_to_have_attribute("src", sample)
    page.get_by_text("What the model sees, step by step").click()
    expect(page.get_by_text("1 Picture.", exact=False)).to_be_visible()
    settle(page)
    chooser.set_input_files(
        {
            "name": "no.png",
            "mimeType": "image/png",
            "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        }
    )
    expect(page.get_by_text("no.png is an SVG drawing")).to_be_visible()
    expect(first).to_have_attribute("src", sample)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(visit, dark: bool) -> None:
    page = visit("/denoise", width=390, height=844, dark=dark)
    expect(page.locator(".verdict")).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0
    for image in page.locator(".tiles img").all():
        box = image.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["width"] > 90


def test_back_returns_to_the_strength_that_the_keyboard_set(visit, settle) -> None:
    page = visit("/denoise")
    slider = page.get_by_role("slider", name="Standard deviation")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("0.5")
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Explore", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
    settle(page)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Denoise")
    expect(slider).to_have_value("0.5")
    settle(page)
    page.go_forward()
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
