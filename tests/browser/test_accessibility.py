"""Everybody can use every page: axe-core, contrast, names, the keyboard, phones, a lost server."""

import functools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

# Every page, and the views that hold what the page's first one does not.
VIEWS = (
    "/",
    "/denoise?denoise_pic_from=draw",
    "/denoise?denoise_of=photographs",
    "/explore?explore_model=vae.mnist_k2",
    "/interpolate",
    "/adversaries?adversaries_moves=5s",
    "/time_machine?time_machine_beside=true",
    "/time_machine?time_machine_section=critic",
    "/applications",
    "/applications?applications_data=toon_faces&applications_blur=true",
    "/applications?applications_section=more",
    "/applications?applications_section=style",
    "/adaptation?adaptation_rotation=40",
    "/adaptation?adaptation_section=models&adaptation_pair=mnist_scikit",
    "/adaptation?adaptation_section=live&adaptation_moves=5x100",
    "/adaptation?adaptation_section=balance",
    "/bottleneck",
    "/bottleneck?bottleneck_section=linear",
    "/bottleneck?bottleneck_section=copy&bottleneck_mend=true",
    "/disentangle",
    "/regularise",
    "/regularise?regularise_section=sampling",
    "/regularise?regularise_section=holes&regularise_mend=true",
    "/pretrain",
    "/pretrain?pretrain_section=moments",
    "/pretrain?pretrain_section=tuned&pretrain_mend=true",
    "/sentences",
    "/sentences?sentences_section=dials",
    "/sentences?sentences_section=health",
    "/sentences?sentences_section=map",
    "/sentences?sentences_section=change",
    "/sentences?sentences_section=leads",
    "/attention",
    "/attention?attention_section=positions",
    "/attention?attention_section=three",
    "/transfer",
    "/transfer?transfer_section=labels",
    "/transfer?transfer_section=depth",
    "/anomaly",
    "/anomaly?anomaly_section=simple&anomaly_mend=true",
    "/anomaly?anomaly_section=table",
    "/sequences",
    "/sequences?sequences_section=train",
    "/sequences?sequences_section=length",
    "/sequences?sequences_section=cost",
    "/embeddings",
    "/models?models_family=vae",
)

# What Streamlit draws itself and no style sheet can mend: rule -> the elements it may concern.
# Its navigation puts a section's heading and its pages, all <li>, into <header>s inside the <ul>.
OF_STREAMLIT = {
    "list": "stSidebarNavItems",
    "listitem": "stSidebarNav",
}

_CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
_IN_WORDS = """() => axe.run(document, {resultTypes: ['violations']}).then(found =>
  found.violations.filter(one => ['serious', 'critical'].includes(one.impact)).flatMap(one =>
    one.nodes.map(({target, html}) => {
      const node = target.length === 1 && document.querySelector(target[0]);
      const around = node ? node.closest('[data-testid^=stSidebarNav]')?.dataset.testid : '';
      return [one.id, around ?? '', `${one.help}: ${html.slice(0, 120)}`];
    })))"""


@functools.cache
def axe() -> str:
    import axe_playwright_python

    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


def open_all(page: Page) -> None:
    """Open every expander, so that what is in it is looked at as well."""
    page.evaluate(
        "document.querySelectorAll('details:not([open]) > summary').forEach(s => s.click())"
    )
    expect(page.locator("details:not([open])")).to_have_count(0)


@pytest.mark.parametrize("path", VIEWS)
def test_nothing_serious_is_wrong_for_anybody(visit, settle, path: str) -> None:
    page = visit(path)
    if path != "/":  # explanation and code end every page, in this order
        last = page.locator("[data-testid=stMain] summary p")
        expect(last.filter(has_text="Show the code")).to_have_count(1)
        assert last.all_inner_texts()[-2:] == ["What am I looking at?", "Show the code"]
    open_all(page)
    settle(page)
    page.evaluate(axe())
    serious = [
        f"{rule}: {words}"
        for rule, around, words in page.evaluate(_IN_WORDS)
        if not (around and around.startswith(OF_STREAMLIT.get(rule, "-")))
    ]
    assert serious == []
    for scheme in ("light", "dark"):  # colours are all that changes
        page.emulate_media(color_scheme=scheme)
        expect(page.locator("[data-testid=stApp]")).to_have_css("color-scheme", scheme)
        settle(page)
        assert page.evaluate(_CONTRAST) == [], scheme
    names = spoken_names(page)
    assert len(names) > 5
    assert [
        name for name in names if re.search(r":material|#[0-9a-f]{6}\b|\\[\\`*_=()-]", name)
    ] == []


def spoken_names(page: Page) -> list[str]:
    """What a screen reader calls the things on the page."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    controls = {"button", "link", "checkbox", "switch", "radio", "combobox", "slider", "image"}
    return [
        node["name"]["value"]
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in controls
    ]


def test_inks_have_names_and_no_two_the_same(visit) -> None:
    page = visit("/denoise?denoise_pic_from=draw&denoise_model=vae.toon_faces_k32")
    expect(page.locator(".draw_pad .ink").first).to_be_visible()
    names = page.locator(".draw_pad .ink").evaluate_all("inks => inks.map(ink => ink.ariaLabel)")
    assert len(set(names)) == len(names) >= 4
    assert all(re.fullmatch(r"[a-z ]+( \d+)?", name) for name in names)


FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  return {
    inside: at.closest('[data-testid=stSidebar]') !== null,
    toolbar: (at.shadowRoot?.activeElement ?? at).closest('.modebar, .zooms') !== null,
    plane: (at.shadowRoot?.activeElement ?? at).closest('.ground')?.ariaLabel ?? '',
    name: at.ariaLabel ?? at.textContent,
    ring: style.outlineStyle === 'solid' ? parseFloat(style.outlineWidth) : 0,
    around: [...Array(6)].reduce((found, _, up) => {
      let node = at; for (let i = 0; i < up && node; i++) node = node.parentElement;
      const s = node && getComputedStyle(node);
      return found || (s && s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 2);
    }, false),
  };
}"""


def test_the_keyboard_sees_where_it_is_and_meets_no_toolbars(visit) -> None:
    page = visit("/embeddings", dark=True)
    expect(page.locator(".point_cloud .zooms button").nth(8)).to_be_attached()
    stops = []
    for _ in range(70):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
        if re.fullmatch(r"\W*\w*Show the code", stops[-1]["name"].strip()):  # not all of the page
            break
    else:
        pytest.fail("the end of the page was not reached in 70 steps")
    assert not any(stop["toolbar"] for stop in stops)
    assert len([stop for stop in stops if "pictures on the plane of" in stop["plane"]]) == 3
    sidebar = [stop for stop in stops if stop["inside"]]
    assert len(sidebar) >= 7
    assert [stop["name"] for stop in sidebar if not stop["around"]] == []
    page.locator(".point_cloud .ground").first.hover()  # the pointer still finds it
    expect(page.locator(".point_cloud .zooms").first).to_have_css("opacity", "1")


def test_a_wide_table_shows_on_a_phone_that_it_scrolls(visit) -> None:
    page = visit("/interpolate", width=390, height=844, dark=True)
    table = page.locator("figure.scores").first
    table.scroll_into_view_if_needed()
    assert table.evaluate("figure => figure.scrollWidth - figure.clientWidth") > 60
    expect(table).to_have_attribute("tabindex", "0")  # arrow keys scroll it
    assert "radial-gradient" in table.evaluate("f => getComputedStyle(f).backgroundImage")
    heading = table.locator("tbody th").first
    before = heading.bounding_box()
    table.evaluate("figure => { figure.scrollLeft = 60; }")
    after = heading.bounding_box()
    assert before is not None and after is not None and abs(before["x"] - after["x"]) < 2


def test_a_lost_connection_is_said(visit) -> None:
    page = visit("/denoise")
    said = "getComputedStyle(document.querySelector('[data-testid=stApp]'), '::after').content"
    assert page.evaluate(said) == "none"
    # What the server's end does to a page; the server itself belongs to all tests.
    page.evaluate(
        "document.querySelector('[data-testid=stApp]')"
        ".setAttribute('data-test-connection-state', 'PINGING_SERVER')"
    )
    assert "connection to the server is lost" in page.evaluate(said)
