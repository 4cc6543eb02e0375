"""The Embeddings page in a real browser: planes that are pointed at, drawn on, swiped and keyed."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

ADDRESS = "/embeddings?embeddings_planes=pca,autoencoder_k2&embeddings_points=300"
ASSETS = "/_stcore/bidi-components/latentlab.point_cloud/bundles/point_cloud.js"
# Where the points of the plane in an element are drawn, and who they are.
VIEW = f"""async (ground) => {{
  const {{ views }} = await import("{ASSETS}");
  const {{ places, ids, view }} = [...views].find((view) => view.ground === ground);
  return {{ places: [...places], ids: [...ids], view }};
}}"""


def plane(page: Page, name: str) -> Locator:
    """A plane once its points are drawn."""
    found = page.locator(f".st-key-embeddings_plane_{name} .ground[data-scale]")
    # When something appears above it, Streamlit may draw the new one before it drops the old one.
    expect(found).to_have_count(1)
    found.scroll_into_view_if_needed()
    return found


def lone_point(page: Page, name: str) -> tuple[int, float, float]:
    """The point furthest to the left, over which nothing lies: its number, and where on screen."""
    ground = plane(page, name)
    state = ground.evaluate(VIEW)
    xs = state["places"][::2]
    first = xs.index(min(xs))
    box = ground.bounding_box()
    assert box is not None
    return state["ids"][first], box["x"] + xs[first], box["y"] + state["places"][2 * first + 1]


def lasso(page: Page, name: str, *, box: bool = False) -> None:
    """Draw around the whole plane."""
    frame = plane(page, name).bounding_box()
    assert frame is not None
    left, top = frame["x"] + 4, frame["y"] + 4
    right, bottom = frame["x"] + frame["width"] - 4, frame["y"] + frame["height"] - 4
    page.mouse.move(left, top)
    page.mouse.down()
    corners = ((right, top), (right, bottom), (left, bottom), (left, top))
    for x, y in corners[1:2] if box else corners:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


@pytest.mark.parametrize("shape", ["lasso", "box"])
def test_a_lasso_in_one_plane_selects_in_the_other_until_it_is_cleared(
    visit: Callable[..., Page], settle: Callable[[Page], None], shape: str
) -> None:
    page = visit(f"{ADDRESS}&embeddings_select_by={shape}")
    expect(plane(page, "pca")).to_have_attribute("data-selected", "0")
    lasso(page, "pca", box=shape == "box")
    page.get_by_text("300 selected").wait_for()
    settle(page)
    page.get_by_text("8 of them below").wait_for()
    expect(plane(page, "autoencoder_k2")).to_have_attribute("data-selected", "300")
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Select points to see their pictures").wait_for()
    settle(page)
    for name in ("pca", "autoencoder_k2"):
        expect(plane(page, name)).to_have_attribute("data-selected", "0")


def test_a_click_selects_one_point_everywhere_and_in_the_address(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(ADDRESS)
    number, x, y = lone_point(page, "autoencoder_k2")
    page.mouse.click(x + 1, y)
    page.get_by_text("1 selected").wait_for()
    settle(page)
    expect(plane(page, "pca")).to_have_attribute("data-selected", "1")
    assert re.search(rf"[?&]embeddings_picked={number}(&|$)", page.url)


def test_the_picture_under_the_pointer_is_shown_beside_it(visit: Callable[..., Page]) -> None:
    page = visit(ADDRESS)
    number, x, y = lone_point(page, "pca")
    card = plane(page, "pca").locator(".card")
    expect(card).to_be_hidden()
    asked: list[str] = []
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.mouse.move(x + 2, y)
    expect(card).to_be_visible()
    expect(card).to_contain_text(f"test picture {number}")
    expect(card).to_have_attribute("data-picture", str(number))  # it has arrived
    # Light on dark: a picture, and not an empty canvas.
    bright = card.locator("canvas").evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
        ".filter((v, i) => i % 4 === 0 && v > 128).length"
    )
    assert bright > 10
    assert asked == []
    page.mouse.move(0, 0)
    expect(card).to_be_hidden()


def test_pictures_stand_for_dots_and_more_of_them_from_near(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(ADDRESS)
    expect(plane(page, "pca")).to_have_attribute("data-pictures", "0")
    page.get_by_text("Pictures for dots").click()
    settle(page)
    ground = plane(page, "pca")
    expect(ground).not_to_have_attribute("data-pictures", "0")
    assert 30 < int(ground.get_attribute("data-pictures") or 0) < 300
    assert "embeddings_as_pictures=true" in page.url
    before = ground.get_attribute("data-scale")
    ground.hover()
    ground.get_by_role("button", name="Nearer").click()
    expect(ground).not_to_have_attribute("data-scale", before or "")
    ground.get_by_role("button", name="All points").click()
    expect(ground).to_have_attribute("data-scale", before or "")


def test_a_swipe_on_a_phone_scrolls_the_page_and_the_plane_stays(
    app: str, chromium: Browser, settle: Callable[[Page], None]
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    try:
        page = context.new_page()
        page.goto(app + ADDRESS)
        settle(page)
        before = plane(page, "pca").evaluate(VIEW)
        main = page.get_by_test_id("stMain")
        plane(page, "pca").evaluate("ground => ground.scrollIntoView({ block: 'center' })")
        scrolled = main.evaluate("main => main.scrollTop")
        box = plane(page, "pca").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.7
        session = context.new_cdp_session(page)
        session.send("Input.dispatchTouchEvent", touch("touchStart", x, y))
        for step in range(1, 16):
            session.send("Input.dispatchTouchEvent", touch("touchMove", x + step, y - 12 * step))
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function(
            "from => document.querySelector(\"[data-testid='stMain']\").scrollTop > from + 60",
            arg=scrolled,
        )
        after = plane(page, "pca").evaluate(VIEW)
        assert after["view"] == before["view"]
        # Sideways nothing moves either, and a tap selects.
        number, x, y = lone_point(page, "pca")
        session.send("Input.dispatchTouchEvent", touch("touchStart", x, y))
        for step in range(1, 10):
            session.send("Input.dispatchTouchEvent", touch("touchMove", x + 12 * step, y))
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        assert plane(page, "pca").evaluate(VIEW)["view"] == before["view"]
        number, x, y = lone_point(page, "pca")
        page.touchscreen.tap(x, y)
        page.get_by_text("1 selected").wait_for()
        settle(page)
        assert f"embeddings_picked={number}" in page.url
    finally:
        context.close()


def touch(kind: str, x: float, y: float) -> dict[str, object]:
    return {"type": kind, "touchPoints": [{"x": x, "y": y}]}


def test_keys_lead_from_picture_to_picture_and_choose_the_one_to_follow(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(ADDRESS)
    plane(page, "pca")
    ground = page.get_by_role("application", name="300 pictures on the plane of PCA")
    ground.focus()
    page.keyboard.press("ArrowRight")
    spoken = page.locator(".st-key-embeddings_plane_pca [aria-live]")
    expect(spoken).to_have_text(re.compile(r"^\d, test picture \d+$"))
    first = spoken.inner_text()
    page.keyboard.press("ArrowUp")
    expect(spoken).not_to_have_text(first)
    expect(ground.locator(".card")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_text("1 selected").wait_for()
    settle(page)
    expect(plane(page, "autoencoder_k2")).to_have_attribute("data-selected", "1")
    number = spoken.inner_text().rpartition(" ")[2]
    follow = page.get_by_role("button", name=re.compile(r"^Follow test picture \d+$"))
    expect(follow).to_have_accessible_name(f"Follow test picture {number}")
    follow.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="The followed picture, and what PCA makes")).to_be_visible()
    settle(page)
    assert "embeddings_follow=true" in page.url
    page.get_by_role("application", name="300 pictures on the plane of PCA").focus()
    page.keyboard.press("Escape")
    page.get_by_text("Select points to see their pictures").wait_for()


def test_the_followed_picture_and_its_errors_stand_on_the_first_screen(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit("/embeddings?embeddings_follow=true", width=1280, height=720)
    for name in ("pca", "autoencoder_k2", "vae_k2"):
        followed = page.locator(f".st-key-embeddings_plane_{name} .followed")
        expect(followed).to_contain_text("mse 0.")
        box = followed.bounding_box()
        assert box is not None and box["y"] + box["height"] < 720
        expect(followed.get_by_role("img")).to_be_visible()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0


def test_fewer_points_and_one_class_alone(
    visit: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = visit(f"{ADDRESS}&embeddings_select_by=lasso")
    slider = page.get_by_role("slider", name="Points")
    slider.focus()
    slider.press("ArrowLeft")
    settle(page)
    page.locator(".st-key-class_legend").get_by_role("button", name="4", exact=True).click()
    settle(page)
    page.get_by_role("application", name="200 pictures on the plane of PCA").wait_for()
    lasso(page, "pca")
    found = page.get_by_text(re.compile(r"^\d+ selected: \d+ × 4;"))
    found.wait_for()
    assert 0 < int(found.inner_text().split()[0]) < 50, "grey points are not meant"


def test_an_upload_is_a_star_in_the_planes_that_can_place_it(
    visit: Callable[..., Page], settle: Callable[[Page], None], tmp_path: Path
) -> None:
    from PIL import Image, ImageDraw

    page = visit(f"{ADDRESS}&embeddings_follow=true&embeddings_pic_from=upload", width=390)
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).line([(100, 30), (100, 170)], fill=0, width=18)
    picture.save(tmp_path / "one.png")
    sample = plane(page, "pca").locator(".followed img").get_attribute("src")
    page.locator("input[type=file]").set_input_files(tmp_path / "one.png")
    page.get_by_text("What the model sees, step by step").wait_for()
    settle(page)
    for name in ("pca", "autoencoder_k2"):
        image = plane(page, name).locator(".followed img")
        expect(image).not_to_have_attribute("src", sample or "")
    (tmp_path / "broken.png").write_bytes(b"<svg>not a picture</svg>")
    page.locator("input[type=file]").set_input_files(tmp_path / "broken.png")
    page.get_by_test_id("stAlert").first.wait_for()
    settle(page)
    plane(page, "pca")


def test_four_planes_share_a_presented_screen_at_every_zoom(visit: Callable[..., Page]) -> None:
    four = "/embeddings?embeddings_planes=pca,autoencoder_k2,vae_k2,codes&present=1"
    page = visit(four, width=1920, height=1080, dark=True)
    plane(page, "codes")
    for width, height in ((1920, 1080), (960, 540)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(  # once the planes have followed the window
            """document.querySelector("[data-testid=stMain]").scrollHeight
              <= document.querySelector("[data-testid=stMain]").clientHeight"""
        )
        box = plane(page, "codes").bounding_box()
        assert box is not None and box["height"] > height / 5
