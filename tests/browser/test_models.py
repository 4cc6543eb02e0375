"""The Models page in a real browser: filters, a link to another page, the table's file, a phone."""

import csv

import pytest
from playwright.sync_api import expect

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_cards_have_pictures_and_a_filter_is_held_by_the_address(visit, settle) -> None:
    page = visit("/models")
    names = page.locator(".model code")
    expect(names.filter(has_text="vae.mnist_k16")).to_have_count(1)
    before = names.count()
    expect(page.locator(".st-key-zoo img")).to_have_count(before)
    settle(page)
    page.get_by_role("button", name="VAE", exact=True).or_(
        page.get_by_role("checkbox", name="VAE", exact=True)
    ).first.click()
    expect(names).to_have_text(["vae.mnist_k2", "vae.mnist_k16"])
    page.wait_for_url("**/models?models_family=vae")
    again = visit("/models?models_family=vae")
    expect(again.locator(".model code")).to_have_text(["vae.mnist_k2", "vae.mnist_k16"])


def test_a_card_leads_to_the_model_on_another_page(visit, settle) -> None:
    page = visit("/models?models_family=gan")
    page.locator(".st-key-zoo").get_by_role("link", name="Explore").first.click()
    page.wait_for_url("**/explore?explore_model=gan.mnist_k64*")
    expect(page.locator("h1")).to_have_text("Explore")
    settle(page)
    expect(page.get_by_role("combobox", name="Model")).to_have_value("GAN · 64 numbers")


def test_the_table_can_be_taken_home(visit, tmp_path) -> None:
    page = visit("/models?models_data=all")
    with page.expect_download() as download:
        page.get_by_role("button", name="Table as CSV").click()
    download.value.save_as(tmp_path / "table.csv")
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"mnist", "fashion_mnist", "toon_faces"} <= {row["data"] for row in rows}
    assert all(row["winner"] in ("model", "baseline", "tie") for row in rows if row["to beat"])


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_sticks_out_on_a_phone(visit, dark: bool) -> None:
    page = visit("/models", dark=dark, width=390, height=844)
    expect(page.locator(".st-key-zoo img").first).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0
    card = page.locator(".st-key-zoo figure.scores").first.bounding_box()
    assert card is not None and card["x"] >= 0 and card["x"] + card["width"] <= 390
