"""The home page and navigation, in a real browser."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from latentlab.ui.app import contents, hero
from latentlab.ui.shared.entry import Entry

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_home_opens_and_shows_a_picture_of_every_page(visit) -> None:
    page = visit("/")
    expect(page).to_have_title("latentlab")
    for entry in contents.PAGES:
        picture = page.locator(f".card[data-page='{entry.name}'] img")
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def test_every_page_is_reached_by_clicking_its_picture(visit, settle) -> None:
    page = visit("/")
    for entry in contents.PAGES:
        still_face(page)  # the page is drawn once more when it comes
        picture = page.locator(f".card[data-page='{entry.name}'] img")
        picture.click(force=True)  # through the link above it
        expect(page.get_by_role("heading", level=1)).to_have_text(entry.title)
        assert page.url.partition("?")[0].endswith(f"/{entry.name}")
        settle(page)
        navigation = page.get_by_test_id("stSidebarNav")
        expect(navigation.get_by_role("link")).to_have_count(1 + len(contents.PAGES))
        navigation.get_by_text("Home", exact=True).click()
        expect(page.locator(".cards")).to_be_visible()


def test_home_is_no_wider_than_a_phone(visit) -> None:
    assert visit("/", width=390, height=844).evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("entry", contents.PAGES, ids=lambda entry: entry.name)
def test_every_page_opens_from_a_link_on_a_phone(visit, entry: Entry) -> None:
    page = visit(f"/{entry.name}", width=390, height=844)
    expect(page.get_by_role("heading", level=1)).to_have_text(entry.title)
    expect(page).to_have_title(f"{entry.title} · latentlab")
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


PIXELS = """() => {
  const canvas = [...document.querySelectorAll("*")].map((node) => node.shadowRoot)
    .find((root) => root?.querySelector(".hero")).querySelector("canvas");
  return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
}"""


def still_face(page: Page) -> Locator:
    """The face, once it can be moved and has come to rest after moving by itself."""
    face = page.get_by_role("application", name="A face")
    face.wait_for()
    return face


def test_the_face_follows_the_pointer_and_the_keys(visit) -> None:
    page = visit("/")
    face = still_face(page)
    box = face.bounding_box()
    centre = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*centre)  # ends its own movement
    page.wait_for_timeout(100)
    middle = page.evaluate(PIXELS)
    page.mouse.move(centre[0] - 2, centre[1] + 2)
    expect(face).to_have_accessible_name(re.compile("direction . 0.0, direction . 0.0"))
    page.mouse.move(*centre)
    page.mouse.move(box["x"] + 8, box["y"] + 8, steps=8)
    expect(face).to_have_accessible_name(re.compile("−1.4.* 1.4"))
    page.wait_for_timeout(100)
    corner = page.evaluate(PIXELS)
    assert sum(abs(a - b) for a, b in zip(middle, corner, strict=True)) / len(middle) > 5
    page.mouse.move(*centre)
    page.wait_for_timeout(100)
    assert page.evaluate(PIXELS) == middle
    face.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(face).to_have_accessible_name(re.compile("direction .* 1.0, direction .* 0.[23]"))
    page.wait_for_timeout(100)
    assert page.evaluate(PIXELS) != middle


def test_all_numbers_of_the_face_go_on_to_explore(visit, settle) -> None:
    page = visit("/")
    face = still_face(page)
    box = face.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 3)
    page.get_by_role("button", name="Turn all").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore")
    settle(page)
    address = parse_qs(urlsplit(page.url).query)
    assert address["explore_model"] == [hero.FACES]
    made = hero.make()
    z = [float(number) for number in address["z"][0].split(",")]
    at = [face_at * made.reach for face_at in (-0.5, 1 / 3)]
    expected = made.code((at[0], at[1]))
    assert max(abs(a - b) for a, b in zip(z, expected, strict=True)) < 0.05  # a pixel or two


def test_the_photograph_is_wiped_and_leads_to_its_bench(visit, settle) -> None:
    page = visit("/")
    divider = page.get_by_role("slider", name="Divider")
    box = divider.bounding_box()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 40)
    expect(divider).to_have_value(re.compile(r"(19|20)\."))
    divider.focus()
    page.keyboard.press("End")
    expect(divider).to_have_value("100")
    page.get_by_role("button", name="Denoise one of yours").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Denoise")
    settle(page)
    assert "denoise_photo_sigma=50" in page.url
    assert "denoise_of=photographs" in page.url


def test_the_face_moves_before_a_quarter_of_a_megabyte_has_come(visit) -> None:
    page = visit("/")
    still_face(page)
    sizes = page.evaluate(
        """() => performance.getEntriesByType("resource")
          .filter(({ name }) => name.includes("latentlab.hero")
            || new URL(name).pathname.startsWith("/media/"))
          .filter(({ name }) => !/[.](svg|webp|png)$/.test(name)) // but what stands there at first
          .map(({ name, encodedBodySize }) => [name, encodedBodySize])"""
    )
    assert len(sizes) >= 4, sizes  # script, kernel, manifest, weights
    assert 150_000 < sum(size for _, size in sizes) <= 250_000, sizes


def test_who_wants_no_motion_gets_none_and_the_pointer_still_works(visit) -> None:
    page = visit("/")
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    face = still_face(page)
    for _ in range(3):
        expect(face).to_have_accessible_name(re.compile(r"direction \d 0.0, direction \d 0.0"))
        page.wait_for_timeout(300)
    face.hover(position={"x": 10, "y": 10})
    expect(face).to_have_accessible_name(re.compile("−1.4"))


def test_without_webassembly_the_face_stands_still(visit) -> None:
    page = visit("/")
    page.add_init_script("delete window.WebAssembly")
    page.reload()
    still = page.get_by_role("img", name="A cartoon face")
    assert still.evaluate("image => image.decode().then(() => image.naturalWidth)") == 64
    expect(page.get_by_text("A face that a network makes")).to_be_visible()
    expect(page.get_by_role("button", name="Turn all")).to_be_hidden()
    expect(page.get_by_role("slider", name="Divider")).to_be_visible()


def test_every_lesson_is_a_link_to_its_setting(visit, settle) -> None:
    lessons = [(entry, scene) for entry in contents.PAGES for scene in entry.scenes]
    page = visit("/")
    links = page.locator("div.lessons").get_by_role("link")
    expect(links).to_have_count(len(lessons))
    entry, scene = lessons[1]
    links.nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(entry.title)
    settle(page)
    for name, value in scene.settings.items():
        assert parse_qs(urlsplit(page.url).query)[name] == [value]


def test_a_lesson_opens_at_its_top_in_the_same_session_and_back_leads_home(visit, settle) -> None:
    page = visit("/")
    page.evaluate("window.same_ = true")
    link = page.locator("div.lessons").get_by_role("link").last
    link.scroll_into_view_if_needed()
    settle(page)
    link.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("boiled down")
    settle(page)
    assert page.get_by_test_id("stMain").evaluate("node => node.scrollTop") == 0
    page.go_back()
    expect(page.locator(".cards")).to_be_visible()
    assert urlsplit(page.url).path == "/"
    assert page.evaluate("window.same_") is True
