"""The home page and navigation, in a real browser."""

import pytest
from playwright.sync_api import expect

from latentlab.ui.app import contents
from latentlab.ui.shared.entry import Entry

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_home_opens_and_shows_a_picture_of_every_page(visit) -> None:
    page = visit("/")
    expect(page).to_have_title("latentlab")
    for entry in contents.PAGES:
        picture = page.locator(f".st-key-card_{entry.name} img")
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


@pytest.mark.parametrize("entry", contents.PAGES, ids=lambda entry: entry.name)
def test_every_page_is_reached_by_clicking_its_picture(visit, settle, entry: Entry) -> None:
    page = visit("/")
    page.locator(f".st-key-card_{entry.name} img").click(force=True)  # through the link above it
    expect(page.get_by_role("heading", level=1)).to_have_text(entry.title)
    assert page.url.partition("?")[0].endswith(f"/{entry.name}")
    settle(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Home", exact=True).click()
    expect(page.locator("[class*='st-key-cards_']").first).to_be_visible()


@pytest.mark.parametrize("entry", contents.PAGES, ids=lambda entry: entry.name)
def test_every_page_opens_from_a_link(visit, entry: Entry) -> None:
    page = visit(f"/{entry.name}")
    expect(page.get_by_role("heading", level=1)).to_have_text(entry.title)
    expect(page).to_have_title(f"{entry.title} · latentlab")
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_count(
        1 + len(contents.PAGES)
    )


@pytest.mark.parametrize("path", ["/", *(f"/{entry.name}" for entry in contents.PAGES)])
def test_nothing_is_wider_than_a_phone(visit, path: str) -> None:
    page = visit(path, width=390, height=844)
    assert page.evaluate(SIDEWAYS) <= 0


def luminance(page, selector: str, what: str) -> float:
    """Relative luminance (WCAG 2.2) of a computed colour, 0 black to 1 white."""
    colour = page.locator(selector).first.evaluate(
        "(element, what) => getComputedStyle(element)[what]", what
    )
    channels = [float(part) / 255 for part in colour.strip("rgba()").split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_theme_follows_the_visitor_and_text_is_legible(visit, dark: bool) -> None:
    page = visit("/", dark=dark)
    paper = luminance(page, "[data-testid='stApp']", "backgroundColor")
    ink = luminance(page, "h1", "color")
    assert (paper < 0.05) if dark else (paper > 0.9)
    brighter, darker = max(paper, ink), min(paper, ink)
    assert (brighter + 0.05) / (darker + 0.05) >= 7  # WCAG AAA
