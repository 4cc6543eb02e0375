"""The Embeddings page in a real browser: selection by click and lasso, linked over all planes."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

ADDRESS = "/embeddings?embeddings_planes=pca,autoencoder_k2&embeddings_points=300"


def chart(page: Page, plane: str) -> Locator:
    found = page.locator(f".st-key-embeddings_plane_{plane} .js-plotly-plot")
    # When something appears above it, Streamlit draws the new chart before it drops the old one.
    expect(found).to_have_count(1)
    found.locator("canvas").first.wait_for()
    # Not Playwright's own way, which waits for a chart that may be replaced meanwhile.
    found.last.evaluate("plot => plot.scrollIntoView({ block: 'nearest' })")
    return found.last  # it may be replaced once more at any time


def highlighted(page: Page, plane: str) -> int | None:
    """How many points of a plane stand out; None when nothing is selected."""
    return chart(page, plane).evaluate(
        "plot => plot.data.at(-1).selectedpoints ? [].concat(plot._fullData.at(-1)"
        ".selectedpoints).length : null"
    )


def lasso(page: Page, plane: str) -> None:
    """Draw around the whole plane."""
    box = chart(page, plane).bounding_box()
    assert box is not None
    left, top = box["x"] + 4, box["y"] + 4
    right, bottom = box["x"] + box["width"] - 4, box["y"] + box["height"] - 4
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in ((right, top), (right, bottom), (left, bottom), (left, top)):
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def test_a_lasso_in_one_plane_selects_in_the_other_until_it_is_cleared(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(f"{ADDRESS}&embeddings_select_by=lasso")
    assert highlighted(page, "pca") is None
    lasso(page, "pca")
    page.get_by_text("300 selected").wait_for()
    settle(page)
    page.get_by_text("8 of them below").wait_for()
    assert highlighted(page, "autoencoder_k2") == 300
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Select points to see their pictures").wait_for()
    settle(page)
    assert highlighted(page, "autoencoder_k2") is None
    assert highlighted(page, "pca") is None, "the outline must go with the selection"


def test_a_click_selects_one_point_everywhere_and_in_the_address(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(ADDRESS)
    # The point furthest to the left: nothing lies over it.
    place = chart(page, "autoencoder_k2").evaluate(
        """plot => {
            const {x, y} = plot._fullData.at(-1), {xaxis, yaxis} = plot._fullLayout;
            const first = x.indexOf(Math.min(...x)), box = plot.getBoundingClientRect();
            return {x: box.x + xaxis._offset + xaxis.d2p(x[first]),
                    y: box.y + yaxis._offset + yaxis.d2p(y[first])};
        }"""
    )
    page.mouse.move(place["x"] + 1, place["y"])
    page.mouse.move(place["x"], place["y"], steps=3)
    page.mouse.click(place["x"], place["y"])
    page.get_by_text("1 selected").wait_for()
    settle(page)
    assert highlighted(page, "pca") == 1
    assert re.search(r"[?&]embeddings_picked=\d+(&|$)", page.url)


def test_fewer_points_and_one_class_alone(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(ADDRESS)
    slider = page.get_by_role("slider", name="Points")
    slider.focus()
    slider.press("ArrowLeft")
    settle(page)
    page.locator(".st-key-class_legend").get_by_role("button", name="4", exact=True).click()
    settle(page)
    sizes = chart(page, "pca").evaluate("plot => plot._fullData.map(trace => trace._length)")
    assert sum(sizes) == 200
    assert 0 < sizes[1] < sizes[0]


def test_an_upload_is_a_star_in_the_planes_that_can_place_it(
    visit: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    from PIL import Image, ImageDraw

    page = visit(f"{ADDRESS}&embeddings_follow=true&embeddings_pic_from=upload", width=390)
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).line([(100, 30), (100, 170)], fill=0, width=18)
    picture.save(tmp_path / "one.png")
    page.locator("input[type=file]").set_input_files(tmp_path / "one.png")
    page.get_by_text("What the model sees, step by step").wait_for()
    settle(page)
    for plane in ("pca", "autoencoder_k2"):
        chart(page, plane)
        page.wait_for_function(
            "plane => [...document.querySelectorAll("
            "`.st-key-embeddings_plane_${plane} .js-plotly-plot`)]"
            ".at(-1).layout.annotations.at(-1).name === 'star'",
            arg=plane,
        )
    (tmp_path / "broken.png").write_bytes(b"<svg>not a picture</svg>")
    page.locator("input[type=file]").set_input_files(tmp_path / "broken.png")
    page.get_by_test_id("stAlert").wait_for()
    settle(page)
    chart(page, "pca")
