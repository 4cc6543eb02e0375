"""Presentations: what the last row of a lecture hall sees, and the keys that lead through it."""

import pytest
from playwright.sync_api import Page, expect

from latentlab.ui.app import contents
from latentlab.ui.shared.entry import Entry

HALL = {"width": 1920, "height": 1080, "dark": True}
PHOTOGRAPHS = "/denoise?denoise_of=photographs"
# Pages with scenes are looked at where their scenes are.
PATHS = [
    "/",
    *(f"/{entry.name}" for entry in contents.PAGES if not entry.scenes),
    PHOTOGRAPHS,
    f"{PHOTOGRAPHS}&denoise_photo=rocket",
    f"{PHOTOGRAPHS}&denoise_photo_noise=brush",
]

# Every text that can be seen, shadow roots included: its first words and the height of its type.
SMALL = """(least) => {
  const found = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      const own = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent.trim()).join("");
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (!own || box.width < 2 || box.height < 2 || style.visibility === "hidden") continue;
      if (element.closest("script, style, noscript, title, desc")) continue;
      if (box.bottom < 0 || box.top > innerHeight || !element.checkVisibility()) continue;
      const size = parseFloat(style.fontSize);
      if (size < least) found.push(`${size}px: ${own.slice(0, 30)}`);
    }
  };
  walk(document.body);
  return [...new Set(found)];
}"""
OVERFLOW = """() => {
  const main = document.querySelector("[data-testid='stMain']");
  const beyond = (all, seen) => Math.max(0, all - seen);
  return [beyond(main.scrollHeight, main.clientHeight), beyond(main.scrollWidth, main.clientWidth)];
}"""


def presented(path: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}present=1"


def fits(page: Page) -> None:
    """Nothing is cut off, once what is being drawn has found its place."""
    for _ in range(20):
        if page.evaluate(OVERFLOW) == [0, 0]:
            return
        page.wait_for_timeout(500)
    assert page.evaluate(OVERFLOW) == [0, 0]


def fits_and_is_read(page: Page) -> None:
    """Nothing is cut off or small, also where a screen is enlarged; the page is as it was then."""
    page.wait_for_timeout(1500)  # what a component draws late would be missed, not failed
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert page.evaluate(SMALL, 28) == []
    fits(page)
    page.set_viewport_size({"width": 960, "height": 540})  # what 200 % leaves of it
    page.wait_for_timeout(500)
    fits(page)
    page.set_viewport_size({"width": HALL["width"], "height": HALL["height"]})


@pytest.mark.parametrize("path", PATHS)
def test_a_presented_page_fits_the_screen_and_is_read_from_the_back_row(visit, path: str) -> None:
    page = visit(presented(path), **HALL)
    if path.startswith(PHOTOGRAPHS):
        page.locator(".verdict").first.wait_for()  # once the whole of it is restored
    fits_and_is_read(page)


def test_p_begins_and_leaves_and_the_page_is_as_it_was(visit, settle) -> None:
    page = visit("/denoise?denoise_gaussian=0.4&denoise_seed=3")
    before = page.url
    expect(page.get_by_role("button", name="Present")).to_be_visible()
    page.keyboard.press("p")
    bar = page.get_by_role("toolbar", name="Presentation")
    expect(bar).to_be_visible()
    settle(page)
    scenes = next(e for e in contents.PAGES if e.name == "denoise").scenes
    page.keyboard.press("PageDown")  # as a clicker says it
    expect(bar).to_contain_text(scenes[0].sentence)
    page.keyboard.press("p")
    expect(bar).to_be_hidden()
    settle(page)
    assert page.url == before
    expect(page.get_by_role("slider", name="Standard deviation")).to_have_value("0.4")


def test_the_button_presents_and_e_shows_everything(visit, settle) -> None:
    page = visit("/explore", width=1280, height=720)
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("toolbar", name="Presentation")).to_be_visible()
    settle(page)
    below = page.get_by_text("Show the code")
    expect(below).to_be_hidden()
    page.keyboard.press("e")
    expect(below).to_be_visible()
    page.keyboard.press("e")
    expect(below).to_be_hidden()


def test_the_button_scrolls_away_with_the_heading(visit, settle) -> None:
    page = visit("/denoise", height=720)
    button = page.get_by_role("button", name="Present")
    before = button.bounding_box()
    page.get_by_test_id("stMain").evaluate("node => node.scrollBy(0, 300)")
    after = button.bounding_box()
    assert after["y"] == pytest.approx(before["y"] - 300, abs=1)  # else it lies on the controls


def test_q_shows_a_code_of_the_view_and_escape_takes_it_away(visit, settle) -> None:
    page = visit("/denoise?denoise_gaussian=0.4&present=1")
    bar = page.get_by_role("toolbar", name="Presentation")
    expect(bar).to_be_visible()
    page.keyboard.press("q")
    code = page.get_by_role("dialog", name="Code of this view")
    expect(code).to_be_visible()
    address = code.get_by_role("paragraph").inner_text()
    assert address.endswith("/denoise?denoise_gaussian=0.4"), "who scans it does not present"
    assert code.get_by_role("img").evaluate("image => image.naturalWidth") > 100
    page.keyboard.press("Escape")
    expect(code).to_be_hidden()
    expect(bar).to_be_visible()


def test_arrows_move_a_slider_that_has_the_focus_and_no_scene(visit, settle) -> None:
    page = visit("/denoise?present=1")
    slider = page.get_by_role("slider", name="Standard deviation")
    slider.focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    assert "scene=" not in page.url
    expect(slider).to_have_value("0.35")  # one step above where it begins


@pytest.mark.parametrize(
    "entry", [entry for entry in contents.PAGES if entry.scenes], ids=lambda entry: entry.name
)
def test_a_page_and_its_scenes_a_step_away_fit_the_screen(visit, settle, entry: Entry) -> None:
    page = visit(f"/{entry.name}?present=1&scene=99", **HALL)  # there is no such scene: none is
    bar = page.get_by_role("toolbar", name="Presentation")
    expect(bar).to_contain_text(entry.title)
    fits_and_is_read(page)
    for number, scene in enumerate(entry.scenes, 1):
        page.keyboard.press("ArrowRight")
        expect(bar).to_contain_text(scene.sentence)
        settle(page)
        assert page.url.endswith(f"present=1&scene={number}")
        expect(page.get_by_text("This link asks for settings")).to_have_count(0)
        fits(page)
