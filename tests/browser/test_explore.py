"""The Explore page in a real browser: a slider, the plane, an upload, a phone."""

import re

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
HERO = ".st-key-explore_hero img"


def moved(page) -> None:
    expect(page.locator(".st-key-explore_hero")).to_contain_text("moved away")


def test_a_slider_changes_the_picture_and_the_address_and_reset_undoes_it(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k16")
    hero = page.locator(HERO)
    before = hero.get_attribute("src")
    slider = page.locator(".st-key-latent_sliders").get_by_role("slider").first
    slider.focus()
    page.keyboard.press("Home")  # to its low end
    moved(page)
    expect(hero).not_to_have_attribute("src", before)
    page.wait_for_url(re.compile(r"[?&]z=-?[0-9]"))
    link = page.url
    settle(page)
    there = hero.get_attribute("src")
    page.get_by_role("button", name="Reset").click()
    expect(hero).to_have_attribute("src", before)
    again = visit("/" + link.split("/", 3)[3])
    # Pictures are served by their content, so equal addresses are equal pictures.
    expect(again.locator(HERO)).to_have_attribute("src", there)


def test_a_click_on_the_plane_decodes_there(visit, settle) -> None:
    page = visit("/explore?explore_model=autoencoder.mnist_k2")
    before = page.locator(HERO).get_attribute("src")
    plot = page.locator(".js-plotly-plot .plot-container .draglayer .nsewdrag").first
    plot.wait_for()
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    plot.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.7})
    moved(page)
    expect(page.locator(HERO)).not_to_have_attribute("src", before)


def test_an_upload_becomes_the_start_and_a_bad_one_one_sentence(visit, settle) -> None:
    from latentlab import images
    from latentlab.data import datasets

    digit = images.to_png(datasets.get("mnist").samples().tensor(slice(3, 4))[0], scale=8)
    page = visit("/explore?explore_model=vae.mnist_k16&explore_pic_from=upload")
    before = page.locator(HERO).get_attribute("src")
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": digit}
    )
    expect(page.locator(HERO)).not_to_have_attribute("src", before)
    expect(page.locator(".st-key-explore_hero")).to_contain_text("me.png")
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "bad.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    expect(page.get_by_role("alert")).to_contain_text("bad.png")
    expect(page.locator(HERO)).to_be_visible()


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
    page.locator(HERO).wait_for()
    assert page.evaluate(SIDEWAYS) <= 0


def test_on_a_phone_the_picture_stays_in_sight_of_the_sliders(visit, settle) -> None:
    page = visit("/explore?explore_model=vae.mnist_k16", width=390, height=844)
    page.locator(HERO).wait_for()
    settle(page)  # what arrives late pushes the sliders down again
    # The input itself is invisible and one pixel small: the widget around it is what one sees.
    last = page.locator(".st-key-latent_sliders [data-testid=stSlider]").last
    last.scroll_into_view_if_needed()
    expect(page.locator(HERO)).to_be_in_viewport(ratio=0.9)
    expect(last).to_be_in_viewport()
