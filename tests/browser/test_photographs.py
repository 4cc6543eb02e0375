"""The photographs of the Denoise page in a real browser, with the checkpoints that ship."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

ADDRESS = "/denoise?denoise_of=photographs"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_a_sample_is_wiped_and_every_method_has_its_window(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(f"{ADDRESS}&denoise_photo=chelsea")
    page.get_by_text("The whole picture:").wait_for()
    handle = page.get_by_role("slider", name="Cat, before and after: divider")
    expect(handle).to_be_visible()
    before = handle.get_attribute("aria-valuenow")
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(handle).not_to_have_attribute("aria-valuenow", str(before))
    page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('.tiles.windows img')];"
        " return all.length >= 8 && all.every((each) => each.complete && each.naturalWidth); }"
    )
    page.get_by_text("wins by").wait_for()


def test_a_phone_uploads_a_picture_and_a_bad_one(
    visit: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = visit(f"{ADDRESS}&denoise_photo_from=upload", width=390)
    y, x = np.mgrid[:240, :320]
    noise = np.random.default_rng(0).normal(0, 12, (240, 320, 3))
    picture = (np.stack([x / 2, y / 2, 120 + 0 * x], 2) + noise).clip(0, 255).astype(np.uint8)
    Image.fromarray(picture).save(tmp_path / "wall.jpg", quality=92)
    page.locator("input[type=file]").set_input_files(tmp_path / "wall.jpg")
    page.get_by_text("PSNR cannot be known").first.wait_for(timeout=240_000)
    page.get_by_text("320 × 240 pixels").first.wait_for()
    assert page.evaluate(SIDEWAYS) == 0
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "wall.jpg").read_bytes()[:900])
    page.locator("input[type=file]").set_input_files(tmp_path / "cut.jpg")
    expect(page.get_by_test_id("stAlert")).to_contain_text("cut")
    page.get_by_text("The whole picture:").wait_for()  # the sample, as it was


def test_no_number_of_the_slider_stands_on_the_bar_of_what_was_trained(
    visit: Callable[..., Page],
) -> None:
    page = visit(f"{ADDRESS}&denoise_photo_sigma=75")  # the strongest of the training
    slider = page.get_by_test_id("stSlider").filter(has_text="Strength")
    slider.hover()
    page.wait_for_timeout(500)  # the numbers appear
    expect(slider.get_by_test_id("stSliderTickBar")).to_be_hidden()
    beyond = page.locator(".trained span").nth(1).bounding_box()
    thumb = slider.get_by_role("slider").locator("xpath=..").bounding_box()
    assert beyond and thumb
    assert abs(beyond["x"] - thumb["x"] - thumb["width"] / 2) <= 2


def test_a_link_to_painting_opens_painting(visit: Callable[..., Page]) -> None:
    page = visit(f"{ADDRESS}&denoise_photo_noise=brush")
    expect(page.get_by_role("button", name="Paint", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.get_by_role("button", name="Salt and pepper")).to_be_visible()


def test_a_phone_sees_the_choice_of_model_without_the_sidebar(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(ADDRESS, width=390, height=844)
    menu = page.get_by_role("combobox", name="Model")
    expect(menu).to_be_in_viewport()
    assert page.evaluate(SIDEWAYS) == 0
