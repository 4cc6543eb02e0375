"""The Explore page in a real browser: a slider, the plane, an upload, a phone."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PICTURE = ".latent_sliders .stage canvas"
CAPTION = ".latent_sliders figcaption"
DECODED = re.compile("from torch")  # the browser's decoder is there


def ready(page) -> None:
    expect(page.locator(".latent_sliders .status")).to_have_text(DECODED)


def pixels(page) -> str:
    """What the large picture shows, once its frame is drawn."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return page.locator(PICTURE).evaluate("(canvas) => canvas.toDataURL()")


def test_a_slider_changes_the_picture_and_the_address_and_reset_undoes_it(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k16")
    ready(page)
    before = pixels(page)
    page.locator(".latent_sliders").get_by_role("slider").first.focus()
    page.keyboard.press("Home")  # to its low end
    expect(page.locator(CAPTION)).to_contain_text("moved away")
    assert pixels(page) != before  # at once: the server has not been asked
    page.wait_for_url(re.compile(r"[?&]z=-?[0-9]"))
    link = page.url
    there = pixels(page)
    page.get_by_role("button", name="Reset").click()
    assert pixels(page) == before
    page.wait_for_url(re.compile(r"k16$|/explore$"))
    again = visit("/" + link.split("/", 3)[3])
    ready(again)
    assert pixels(again) == there


def test_what_follows_the_sliders_follows_when_they_rest(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k16&z_view=nearest")
    ready(page)
    decoded = page.get_by_alt_text("the decoded picture")
    before = decoded.get_attribute("src")
    page.get_by_role("button", name="Shuffle sliders").click()
    expect(decoded).not_to_have_attribute("src", before)


def test_another_model_takes_the_place_of_the_last(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k16&z=" + ",".join(["1"] * 16))
    ready(page)
    before = pixels(page)
    page.get_by_role("radio", name="Toon faces").click()
    expect(page.locator(CAPTION)).to_contain_text("32 numbers")
    ready(page)
    assert pixels(page) != before
    assert page.locator(PICTURE).evaluate("(canvas) => canvas.width") == 64
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_one_click_leads_to_the_plane_above_the_fold(visit, settle) -> None:
    page = visit("/explore", width=1280, height=720)
    ready(page)
    page.get_by_role("button", name="Plane of two numbers").click()
    plane = page.get_by_role("application", name="Latent plane")
    expect(plane).to_be_in_viewport(ratio=0.9)
    page.wait_for_url(re.compile(r"explore_model=vae\.mnist_k2"))


def test_the_code_that_is_shown_follows_the_sliders(visit, settle) -> None:
    page = visit("/explore")
    ready(page)
    slider = page.locator(".latent_sliders").get_by_role("slider").first
    slider.focus()
    page.keyboard.press("Home")
    page.get_by_text("Show the code").click()
    shown = page.get_by_test_id("stCode")
    expect(shown).to_contain_text("where the sliders are")
    before = shown.inner_text()
    slider.focus()
    page.keyboard.press("End")
    expect(shown).not_to_have_text(before)


def test_the_plane_decodes_under_the_finger(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k2")
    ready(page)
    before = pixels(page)
    plane = page.get_by_role("application", name="Latent plane")
    plane.scroll_into_view_if_needed()
    box = plane.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.7)
    page.mouse.down()
    first = pixels(page)
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.2, steps=4)
    second = pixels(page)
    assert len({before, first, second}) == 3  # while the button is still held
    page.mouse.up()
    page.wait_for_url(re.compile(r"[?&]z=-?[0-9]"))
    plane.focus()
    page.keyboard.press("ArrowRight")
    assert pixels(page) != second
    # A class is hidden by its chip in the legend: fewer dots.
    dots = page.locator(".plane canvas").nth(1)
    drawn = dots.evaluate("(canvas) => canvas.toDataURL()")
    chip = page.get_by_role("group", name="Show").get_by_role("button").first
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    assert dots.evaluate("(canvas) => canvas.toDataURL()") != drawn


def test_an_upload_becomes_the_start_and_a_bad_one_one_sentence(visit, settle) -> None:
    from latentlab.data import datasets
    from latentlab.pictures import images

    digit = images.to_png(datasets.get("mnist").samples().tensor(slice(3, 4))[0], scale=8)
    page = visit("/explore?explore_model=vae.mnist_k16&explore_pic_from=upload")
    ready(page)
    before = pixels(page)
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": digit}
    )
    expect(page.locator(CAPTION)).to_contain_text("me.png")
    assert pixels(page) != before
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "bad.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    expect(page.get_by_role("alert")).to_contain_text("bad.png")
    expect(page.locator(PICTURE)).to_be_visible()


@pytest.mark.parametrize(
    ("model", "view"),
    [
        ("vae.toon_faces_k32", "pca"),
        ("autoencoder.mnist_k2", "traversal"),
        ("gan.mnist_k64", "nearest"),
    ],
)
def test_a_phone_needs_no_sideways_scrolling(visit, model: str, view: str) -> None:
    page = visit(f"/explore?explore_model={model}&z_view={view}", width=390, height=844)
    ready(page)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.locator(PICTURE).bounding_box()["width"] >= 330


def test_on_a_phone_the_picture_stays_in_sight_of_the_sliders(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k16", width=390, height=844)
    ready(page)
    settle(page)  # what arrives late pushes the sliders down again
    last = page.locator(".latent_sliders .row").last
    last.scroll_into_view_if_needed()
    expect(page.locator(PICTURE)).to_be_in_viewport(ratio=0.9)
    expect(last).to_be_in_viewport()


def test_what_nobody_reported_outlives_a_visit_to_another_page(visit, settle) -> None:
    """While nothing follows the code, the browser alone knows where it is when one leaves."""
    page = visit("/explore?explore_model=vae.mnist_k2")
    menu = page.get_by_test_id("stSidebarNav")
    ready(page)
    slider = page.locator(".latent_sliders").get_by_role("slider").first
    before = slider.input_value()
    slider.focus()
    page.keyboard.press("PageUp")
    moved = slider.input_value()
    assert moved != before
    menu.get_by_text("Home", exact=True).click()  # before it has come to rest
    expect(page.locator(".cards")).to_be_visible()
    settle(page)
    assert "z=" not in page.url
    menu.get_by_text("Explore", exact=True).click()
    ready(page)
    settle(page)
    again = page.locator(".latent_sliders").get_by_role("slider").first
    assert abs(float(again.input_value()) - float(moved)) < 0.002
    expect(page).to_have_url(re.compile(r"[?&]z="))
    with page.expect_download() as download:
        # A finger is down for a while: the report goes out when it touches.
        page.get_by_role("button", name="Code as JSON").click(delay=500)
    link = re.search(r"[?&]z=([^&]+)", page.url)
    assert link
    z = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["z"]
    numbers = [float(part) for part in unquote(link[1]).split(",")]
    assert z == pytest.approx(numbers, abs=2e-3)


def test_smooth_belongs_to_the_link_and_survives_another_model(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k16")
    smooth = page.get_by_role("checkbox", name="Smooth")
    smooth.check()
    expect(page).to_have_url(re.compile("z_smooth=true"))
    page.get_by_role("button", name="Shuffle sliders").click()
    expect(page).to_have_url(re.compile(r"[?&]z=.*z_smooth=true|z_smooth=true.*[?&]z="))
    page.reload()
    settle(page)
    expect(smooth).to_be_checked()
    expect(page.locator("canvas.picture.smooth").first).to_be_visible()
    page.get_by_text("Fashion-MNIST", exact=True).first.click()  # a run on the server
    settle(page)
    expect(page).to_have_url(re.compile("z_smooth=true"))
    smooth.uncheck()
    expect(page).not_to_have_url(re.compile("z_smooth"))
